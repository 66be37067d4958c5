"""Questions a reader may ask next, each checked before it is shown: the corpus must have guidance on it.

Templates are filled from the guidance that was used; a question is shown only when that guidance has a statement of the
kind it asks for and the question finds it: it names the guidance's topic by its name, or its own search leads there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from assistant.coverage import judge
from assistant.knowledge import Knowledge, writer_table
from assistant.records import Hit, Passage, Section, Understanding
from assistant.understanding import kind_of

MOST = 3
_MEMO: dict[tuple[str, str, str], bool] = {}
_MEMO_LIMIT = 2000
# kind -> (section that must have statements, tag one of them must carry, wording); the order is that of usefulness
_TEMPLATES: tuple[tuple[str, Section, str, str], ...] = (
    ("dose", Section.DOSING, "dose", "What is the dose in {topic}?"),
    ("monitoring", Section.MONITORING, "monitoring", "How should {topic} be monitored?"),
    ("workup", Section.STEPS, "workup", "Which investigations does {topic} need?"),
    ("diagnosis", Section.RED_FLAGS, "", "What are the red flags in {topic}?"),
    ("threshold", Section.STEPS, "threshold", "What are the thresholds for {topic}?"),
    ("prognosis", Section.MEANING, "effect", "How strongly is {topic} associated with outcome?"),
    ("prevalence", Section.MEANING, "prevalence", "How common is {topic}?"),
)


class Searcher(Protocol):
    def search(self, text: str, limit: int) -> tuple[Hit, ...]: ...


def suggest(
    meant: Understanding, guideline_ids: Sequence[str], known: Knowledge, retriever: Searcher, *, floor: float
) -> tuple[str, ...]:
    """At most three questions, of other kinds than the one just asked; none when none can be answered."""
    found: list[str] = []
    for key in guideline_ids[:1]:
        for text in _candidates(key, meant, known):
            if len(found) < MOST and _can_be_answered(text, key, known, retriever, floor=floor):
                found.append(text)
    return tuple(found)


def _candidates(key: str, meant: Understanding, known: Knowledge) -> Iterator[str]:
    topic = topic_name(key, known)
    passages = known.by_guideline[key]
    yield from _by_heading(key, meant, known)
    for kind, section, tag, form in _TEMPLATES:
        if kind != meant.kind and any(p.section is section and (not tag or tag in p.tags) for p in passages):
            yield form.format(topic=topic)


def _by_heading(key: str, meant: Understanding, known: Knowledge) -> Iterator[str]:
    """For a dose question: the other circumstances under which the guidance gives a dose."""
    if meant.kind != "dose":
        return
    topic = topic_name(key, known)
    headings = dict.fromkeys(
        p.headings[-1] for p in known.by_guideline[key] if p.section is Section.DOSING and len(p.headings) > 1
    )
    for heading in headings:
        if re.match(r"(?:With|Without|After|In|During)\b", heading) and heading.lower() not in meant.text.lower():
            yield f"What is the dose in {topic} {heading[:1].lower()}{heading[1:]}?"


def topic_name(key: str, known: Knowledge) -> str:
    """The guideline's first topic by its name in the vocabulary, else its title in lower case."""
    guideline = known.corpus.guidelines[key]
    for topic in guideline.topics:
        if topic in known.vocabulary.terms:
            return known.vocabulary.terms[topic].name
    return guideline.title[:1].lower() + guideline.title[1:]


def _can_be_answered(text: str, key: str, known: Knowledge, retriever: Searcher, *, floor: float) -> bool:
    memo = (known.corpus.digest, f"{id(retriever)}:{floor}", text)
    if memo not in _MEMO:
        if len(_MEMO) >= _MEMO_LIMIT:
            _MEMO.clear()
        _MEMO[memo] = _check(text, key, known, retriever, floor=floor)
    return _MEMO[memo]


def _check(text: str, key: str, known: Knowledge, retriever: Searcher, *, floor: float) -> bool:
    kind = kind_of(text)[0]
    if set(known.corpus.guidelines[key].topics) & known.named(text):
        return _speaks(known.by_guideline[key], kind)  # a search for the topic's own name finds its guidance
    hits = [hit for hit in retriever.search(text, 8) if hit.passage_id in known.corpus.passages]
    if not judge(text, kind, hits, known, floor=floor).is_covered:
        return False
    found = (known.corpus.passages[hit.passage_id] for hit in hits)
    return _speaks([passage for passage in found if passage.guideline == key], kind)


def _speaks(passages: Iterable[Passage], kind: str) -> bool:
    table = writer_table()[kind]
    return any(set(p.tags) & set(table["tags"]) or p.section.value in table["sections"] for p in passages)
