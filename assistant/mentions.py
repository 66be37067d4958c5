"""What an answer may not leave out: the must-mention items that are due for a question, and their statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.asked import (
    Asked,
)
from assistant.knowledge import Knowledge
from assistant.records import MustMention, Passage, Section
from assistant.relevance import Scored


def missing_mentions(
    chosen: Mapping[str, tuple[Section, Passage]], scored: list[Scored], asked: Asked, known: Knowledge
) -> list[Passage]:
    """Passages of must-mention items that no chosen statement covers: red flags and safety always, core points when the
    question is general or of the item's kind."""
    if not scored:
        return []
    scores = {entry.passage.id: entry for entry in scored}
    guidelines = {passage.guideline for _, passage in chosen.values()} or {scored[0].passage.guideline}
    added: list[Passage] = []
    for item in due_mentions(asked, known, guidelines=guidelines):
        if any(key in chosen for key in item.passages):
            continue
        candidates = [scores[key] for key in item.passages if key in scores]
        below = [entry for entry in candidates if entry.passage.section is not Section.BOTTOM_LINE] or candidates
        own = [
            entry for entry in below if item.kind == "red_flag" and entry.passage.section is Section.RED_FLAGS
        ] or below
        if own:
            # the passages of an item stand in the order of aptness; only a clearly nearer one goes before the first
            apt = {key: 0.15 * place for place, key in enumerate(item.passages)}
            added.append(max(own, key=lambda entry: entry.score - apt[entry.passage.id]).passage)
    return list(dict.fromkeys(added))


def due_mentions(asked: Asked, known: Knowledge, *, guidelines: Iterable[str]) -> list[MustMention]:
    """The must-mention items of these guidelines' topics that this kind of question calls for, in the corpus' order."""
    topics = {topic for key in guidelines for topic in known.corpus.guidelines[key].topics}
    return [item for item in known.corpus.must_mention if item.topic in topics and _is_due(item, asked, known)]


def _is_due(item: MustMention, asked: Asked, known: Knowledge) -> bool:
    """Red flags always; safety points unless they are all about other drugs than the asked one; core points when the
    question is general. An item that names kinds of question is due for those."""
    if item.question_kinds and asked.kind not in item.question_kinds:
        return False
    if item.kind == "safety" and asked.drugs and asked.kind != "general":
        about = [known.features[key].drugs for key in item.passages if key in known.features]
        if about and all(drugs and not drugs & asked.drugs for drugs in about):
            return False
    if item.question_kinds or item.kind == "red_flag" or asked.kind == "general":
        return True
    return item.kind == "safety" and _is_near(item, asked, known)


def _is_near(item: MustMention, asked: Asked, known: Knowledge) -> bool:
    """A statement of the item was found early, or is about the asked drug."""
    early = {passage.id for passage in asked.request.passages[:12]}
    return any(key in early or asked.drugs & known.features[key].lead for key in item.passages if key in known.features)
