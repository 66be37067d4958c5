"""What can be known about a corpus before any question: words, circumstances, routes and limits of each passage.

Computed once for a corpus and kept; the writer, the floor and the follow-ups ask it. Words are compared by a light
stem, names by vocabulary id (a synonym counts as the name), each weighted by rarity over the passages.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from assistant.records import Corpus, Guideline, Passage, Rule, Section
from assistant.slots import both_sides, circumstances
from assistant.understanding import read_routes
from assistant.vocabulary import Vocabulary

# Works that describe practice; the others (studies) hold in any country.
PRACTICE = (
    "guideline",
    "consensus",
    "formulary",
    "label",
    "summary",
    "teaching",
    "textbook",
    "protocol",
    "safety",
    "official",
)

_WORD = re.compile(r"vitamins? (?!b)[a-k]\d?\b|\bca ?\d+-\d\b|cut-offs?\b|[a-z0-9]+(?:[.'’][a-z0-9]+)*")
_LIMIT = re.compile(
    r"(?:(?P<below>below|under|less than|<|≤|up to)|(?P<above>above|over|more than|at least|>|"
    r"≥))\s?(?P<value>\d[\d,]*(?:\.\d+)?)\s?(?P<unit>[a-zµμ]+/[a-zA-Z]+)|"
    r"(?P<value2>\d[\d,]*(?:\.\d+)?)\s?(?P<unit2>[a-zµμ]+/[a-zA-Z]+)\s(?:\([^)]{1,30}\)\s)?or (?P<or>more|less|"
    r"above|below|higher|lower)"
)
_AMOUNT = re.compile(
    r"\d\s?(?:mg|micrograms?|g|units?|mmol|mL|international units|IU)\b(?!\s?/\s?(?:d?L|mL)\b)", re.IGNORECASE
)
_OFTEN = re.compile(
    r"\b(?:every|daily|a day|per day|once|twice|times|alternate days|weekly|monthly|a week|a month|hourly|as a "
    r"single|single dose|over \d+|infusion|bolus|"
    r"loading|maintenance|then|mg/kg|for \d+)\b"
)
_MEMO: dict[tuple[str, int], Knowledge] = {}


@dataclass(frozen=True, slots=True)
class Limit:
    """``is_above``: the passage speaks of values above ``value`` (in ``unit`` as written)."""

    is_above: bool
    value: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Features:
    """``circumstances`` are those of the people a passage is about; ``sides`` those of which it names both.

    ``content`` are the stems of its own text; ``is_regimen``: it gives an amount and how often or how fast."""

    words: frozenset[str]
    circumstances: Mapping[str, bool]
    sides: frozenset[str]
    routes: tuple[str, ...]
    limits: tuple[Limit, ...]
    is_practice: bool
    content: frozenset[str]
    is_regimen: bool
    drugs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing a question asks for: its ``weight``, and the passage words that meet it with their credit (to 1)."""

    weight: float
    keys: tuple[tuple[str, float], ...]


class Knowledge:
    """Everything derived from one corpus; immutable after it was made."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.vocabulary = Vocabulary(corpus.terms)
        self.features: Mapping[str, Features] = {
            key: self._features(passage) for key, passage in corpus.passages.items()
        }
        counts = Counter(word for feature in self.features.values() for word in feature.words)
        self._counts = counts
        self._rarity = {word: math.log(1 + len(self.features) / count) for word, count in counts.items()}
        self._unseen = math.log(1 + len(self.features))
        self.words = frozenset(counts)
        self.raw_words = frozenset(
            word for passage in corpus.passages.values() for word in _WORD.findall(_searched(corpus, passage).lower())
        ) | frozenset(
            word
            for term in corpus.terms
            for form in (term.name, *term.synonyms, *term.brands)
            for word in _WORD.findall(form.lower())
        )
        self.by_guideline: Mapping[str, tuple[Passage, ...]] = {
            key: guideline.passages for key, guideline in corpus.guidelines.items()
        }
        opposites: dict[str, set[str]] = {term.id: set(term.opposite) for term in corpus.terms}
        for term in corpus.terms:
            for other in term.opposite:
                opposites.setdefault(other, set()).add(term.id)
        self.opposites: Mapping[str, frozenset[str]] = {key: frozenset(found) for key, found in opposites.items()}
        gaps = [passage for passage in corpus.passages.values() if passage.section is Section.NOT_COVERED]
        self.gaps: Mapping[str, frozenset[str]] = {passage.id: self._gap_words(passage.text) for passage in gaps}
        self._anchors = {key: self._guideline_anchors(guideline) for key, guideline in corpus.guidelines.items()}
        rules: dict[str, list[Rule]] = {}
        for rule in corpus.rules.values():
            rules.setdefault(rule.passage, []).append(rule)
        self.rules: Mapping[str, tuple[Rule, ...]] = {key: tuple(found) for key, found in rules.items()}

    def words_of(self, text: str) -> frozenset[str]:
        """Stems of the words that carry a topic, and ``=id`` for every name found, with its broader names."""
        found = {
            stem(word) for _, word in _tokens(text) if len(word) > 1 and word not in stop_words() and not word.isdigit()
        }
        for mention in self.vocabulary.find(text):
            if not mention.ambiguous:
                found.update(f"={name}" for name in self.vocabulary.broader(mention.term))
        return frozenset(found)

    def _gap_words(self, text: str) -> frozenset[str]:
        """The words of a not-covered line that are its own: no everyday English, no word most passages have."""
        common = max(2.0, len(self.features) * 0.1)
        return frozenset(word for word in self.words_of(text) - plain_words() if self._counts.get(word, 0) <= common)

    def anchors(self, text: str) -> frozenset[str]:
        """Terms named in ``text`` that a guideline can be about, with their broader names."""
        kinds = {"topic", "drug", "analyte", "condition", "finding"}
        found = (
            mention.term for mention in self.vocabulary.find(text) if mention.kind in kinds and not mention.ambiguous
        )
        return frozenset(name for term in found for name in self.vocabulary.broader(term))

    def anchors_of(self, guideline_id: str) -> frozenset[str]:
        """The topics of a guideline and the names of its title, with their broader names, but for those that half of
        the
        corpus shares ("cancer" tells nothing about a guideline on B12 in cancer)."""
        return self._anchors[guideline_id]

    def _guideline_anchors(self, guideline: Guideline) -> frozenset[str]:
        topics = frozenset(name for topic in guideline.topics for name in self.vocabulary.broader(topic))
        return topics if topics - set(guideline.topics) else topics | self.anchors(guideline.title)

    def named(self, text: str) -> frozenset[str]:
        """Ids of all terms named in ``text`` without doubt."""
        return frozenset(mention.term for mention in self.vocabulary.find(text) if not mention.ambiguous)

    def drugs(self, text: str) -> frozenset[str]:
        """Ids of the drugs named in ``text``."""
        return frozenset(mention.term for mention in self.vocabulary.find(text) if mention.kind == "drug")

    def weight(self, word: str) -> float:
        return self._rarity.get(word, self._unseen)

    def units_of(self, text: str, *, subject_only: bool = False) -> tuple[Unit, ...]:
        """What ``text`` asks for, each once: names found, then the other words. A name is also met, for part of its
        credit, by a broader one ("colon cancer" by "cancer"). ``subject_only`` leaves out everyday English."""
        units: dict[str, Unit] = {}
        covered: list[tuple[int, int]] = []
        for mention in self.vocabulary.find(text):
            covered.append((mention.start, mention.end))
            key = f"={mention.term}"
            if mention.ambiguous or (subject_only and mention.kind == "route"):
                continue
            broader = tuple(
                (f"={name}", 0.6) for name in sorted(self.vocabulary.broader(mention.term)) if f"={name}" != key
            )
            units[key] = Unit(self.weight(key), ((key, 1.0), *broader))
        for start, word in _tokens(text):
            if (
                any(first <= start < last for first, last in covered)
                or len(word) < 2
                or word in stop_words()
                or word.isdigit()
            ):
                continue
            key = stem(word)
            if not (subject_only and key in plain_words()):
                units.setdefault(key, Unit(self.weight(key), ((key, 1.0),)))
        return tuple(units.values())

    def coverage(self, asked: tuple[Unit, ...], passage_id: str) -> float:
        """Share of what is asked for that the passage has, weighted by rarity; 0 to 1."""
        total = sum(unit.weight for unit in asked)
        words = self.features[passage_id].words
        met = sum(
            unit.weight * max((credit for key, credit in unit.keys if key in words), default=0.0) for unit in asked
        )
        return met / total if total else 0.0

    def jurisdiction(self, passage: Passage) -> str | None:
        return passage.jurisdiction or self.corpus.guidelines[passage.guideline].jurisdiction

    def _features(self, passage: Passage) -> Features:
        about = passage.population or ""
        people = dict(circumstances(about))
        head = (
            re.split(r"[,:;]", passage.text, maxsplit=1)[0]
            if re.match(r"(?:with|without|in|after|on|for)\b", passage.text, re.IGNORECASE)
            else ""
        )
        for text in (passage.headings[-1] if len(passage.headings) > 1 else "", head):
            for key, value in circumstances(text).items():
                people.setdefault(key, value)
        if re.search(r"\badults?\b|\baged 1[68]\b|\bover 16\b", about):
            people.setdefault("children", False)
        types = [self.corpus.references[key].type.lower() for key in passage.citations if key in self.corpus.references]
        return Features(
            self.words_of(_searched(self.corpus, passage)),
            people,
            both_sides(passage.text),
            read_routes(passage.text),
            tuple(_limits(passage.text)),
            any(kind in name for name in types for kind in PRACTICE),
            frozenset(word for word in self.words_of(passage.text) if not word.startswith("=")),
            bool(_AMOUNT.search(passage.text) and _OFTEN.search(passage.text)),
            self.drugs(passage.text),
        )


def know(corpus: Corpus) -> Knowledge:
    """``Knowledge`` of ``corpus``, made once and kept for the last few corpora."""
    key = (corpus.digest, id(corpus))
    if key not in _MEMO:
        if len(_MEMO) >= 4:
            _MEMO.pop(next(iter(_MEMO)))
        _MEMO[key] = Knowledge(corpus)
    return _MEMO[key]


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """Words in lower case with their start; "vitamin D" and "CA 19-9" are one word, or "vitamin C" would be B12."""
    for match in _WORD.finditer(text.lower()):
        yield match.start(), match.group().replace(" ", "").replace("cut-off", "cutoff")


def _searched(corpus: Corpus, passage: Passage) -> str:
    guideline = corpus.guidelines.get(passage.guideline)
    title = guideline.title if guideline else ""
    headings = " ".join(passage.headings[1:]) if passage.section is not Section.NOT_COVERED else ""
    return " ".join(
        [title, headings, passage.text, passage.plain or "", passage.population or "", " ".join(passage.tags)]
    )


def _limits(text: str) -> Iterable[Limit]:
    for match in _LIMIT.finditer(text):
        value, unit = match["value"] or match["value2"], match["unit"] or match["unit2"]
        above = bool(match["above"]) or match["or"] in {"more", "above", "higher"}
        yield Limit(above, Fraction(value.replace(",", "")), unit)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light English stem: plural, -ing, -ed, -ly and American spellings; never shorter than four letters."""
    word = word.replace("ae", "e").replace("oe", "e") if len(word) > 5 else word
    word = re.sub(r"['’]s$", "", word)
    for ending, instead in (
        ("icities", "ic"),
        ("icity", "ic"),
        ("ities", ""),
        ("ity", ""),
        ("ies", "y"),
        ("sses", "ss"),
        ("ations", ""),
        ("ation", ""),
        ("ings", ""),
        ("ing", ""),
        ("edly", ""),
        ("ed", ""),
        ("ly", ""),
        ("es", ""),
        ("s", ""),
    ):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) + len(instead) >= 4:
            word = word[: -len(ending)] + instead
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def stop_words() -> frozenset[str]:
    return _word_lists()["stop"]


@cache
def plain_words() -> frozenset[str]:
    """Everyday words whose absence from the corpus says nothing; as stems."""
    return frozenset(map(stem, _word_lists()["plain"] | _word_lists()["stop"]))


@cache
def _word_lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in writer_table()["words"].items()}


@cache
def writer_table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).with_name("data") / "writer.toml").read_text(encoding="utf-8"))
