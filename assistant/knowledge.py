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
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from assistant.limits import Limit, fits, laboratory_values, read_limits
from assistant.naming import meant_by_values, read_mentions, spelled_out, together
from assistant.records import Corpus, Passage, Rule, Section
from assistant.slots import both_sides, circumstances, known_circumstances
from assistant.understanding import read_routes
from assistant.vignettes import focus, short_form
from assistant.vocabulary import Mention, Vocabulary

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
_AMOUNT = re.compile(
    r"(?:\d|\b(?:one|two|half an?))\s?"
    r"(?:mg|micrograms?|g|units?|mmol|mL|international units|IU|tablets?|capsules?|puffs?|drops?)\b"
    r"(?!\s?/\s?(?:d?L|mL)\b)",
    re.IGNORECASE,
)
_OFTEN = re.compile(
    r"\b(?:every|daily|a day|per day|once|twice|times|alternate days|weekly|monthly|a week|a month|hourly|as a "
    r"single|single dose|over \d+|infusion|bolus|"
    r"loading|maintenance|then|mg/kg|for \d+)\b"
)
NAMING_KINDS = frozenset({"drug", "class", "condition", "topic", "finding", "procedure", "test"})
_MEASURED = re.compile(r"\d[\d.,]*[a-zµ]{0,5}")  # "48h", "1.5", "20mmol": a value, not what is asked about
ANCHOR_KINDS = frozenset({"topic", "drug", "class", "analyte", "condition", "finding", "procedure"})
OPENING = 14  # words at the start of a statement that tell what it is about
COMMON_ANCHOR = 5  # a name that so many guidelines share tells none of them apart
_MEMO: dict[tuple[str, int], Knowledge] = {}


@dataclass(frozen=True, slots=True)
class Features:
    """``circumstances`` are those of the people a passage is about; ``sides`` those of which it names both.

    ``content`` are the stems of its own text; ``is_regimen``: it gives an amount, and how often
    or how fast unless it stands as a dose among the doses; ``terms``
    are the ids its own text names, ``lead`` the drugs its first words name, ``signed`` its names and their broader ones
    as they stand among words, ``named`` the drugs, conditions, tests and procedures it names."""

    words: frozenset[str]
    circumstances: Mapping[str, bool]
    sides: frozenset[str]
    routes: tuple[str, ...]
    limits: tuple[Limit, ...]
    is_practice: bool
    content: frozenset[str]
    is_regimen: bool
    drugs: frozenset[str]
    terms: frozenset[str]
    lead: frozenset[str]
    signed: frozenset[str]
    named: frozenset[str]


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
        self._broader = {term.id: self.vocabulary.broader(term.id) for term in corpus.terms}
        self._signed = {key: frozenset(f"={name}" for name in names) for key, names in self._broader.items()}
        self._once: dict[str, frozenset[str]] = {}
        self._usual: dict[str, frozenset[str]] = {}
        self._openings: dict[str, frozenset[str]] = {}
        self._mentions: dict[str, tuple[Mention, ...]] = {}
        self._short: dict[tuple[str, tuple[object, ...]], str] = {}
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
        self.gaps_of: Mapping[str, tuple[Passage, ...]] = {
            key: tuple(passage for passage in gaps if passage.guideline == key)
            for key in {passage.guideline for passage in gaps}
        }
        self._limits_of: Mapping[str, tuple[Limit, ...]] = {
            key: tuple(
                limit
                for passage in guideline.passages
                if passage.section is not Section.NOT_COVERED
                for limit in self.features[passage.id].limits
            )
            for key, guideline in corpus.guidelines.items()
        }
        self._anchors = self._all_anchors()
        self.topics = frozenset(topic for guideline in corpus.guidelines.values() for topic in guideline.topics)
        self._subjects = frozenset().union(*self._anchors.values())
        self.holders: Mapping[str, frozenset[str]] = self._all_holders()
        self.dosed = frozenset(
            name
            for key, feature in self.features.items()
            if feature.is_regimen and corpus.passages[key].section is not Section.NOT_COVERED
            for term in feature.terms
            for name in self.broader(term)
        )
        rules: dict[str, list[Rule]] = {}
        for rule in corpus.rules.values():
            rules.setdefault(rule.passage, []).append(rule)
        self.rules: Mapping[str, tuple[Rule, ...]] = {key: tuple(found) for key, found in rules.items()}

    def words_of(self, text: str, mentions: Iterable[Mention] | None = None) -> frozenset[str]:
        """Stems of the words that carry a topic, and ``=id`` for every name found, with its broader names."""
        stops = stop_words()
        found = {stem(word) for _, word in _tokens(text) if len(word) > 1 and word not in stops and not word.isdigit()}
        for mention in self.vocabulary.find(text) if mentions is None else mentions:
            if not mention.ambiguous:
                found |= self._signed[mention.term]
        return frozenset(found)

    def _gap_words(self, text: str) -> frozenset[str]:
        """The words of a not-covered line that are its own: no everyday English, no word most passages have."""
        common = max(2.0, len(self.features) * 0.1)
        return frozenset(word for word in self.words_of(text) - plain_words() if self._counts.get(word, 0) <= common)

    def usual_words(self, guideline_id: str) -> frozenset[str]:
        """The words and names that several statements of a guideline have: its subject."""
        if guideline_id not in self._usual:
            counts = Counter(
                word
                for passage in self.by_guideline[guideline_id]
                if passage.section is not Section.NOT_COVERED
                for word in self.features[passage.id].content | {f"={t}" for t in self.features[passage.id].terms}
            )
            self._usual[guideline_id] = frozenset(word for word, count in counts.items() if count >= 3)
        return self._usual[guideline_id]

    def find(self, text: str) -> tuple[Mention, ...]:
        """The names in ``text``; kept for the last texts, because one question is looked at from several sides."""
        if text not in self._mentions:
            if len(self._mentions) > 200:
                self._mentions.clear()
            self._mentions[text] = read_mentions(text, self.vocabulary)
        return self._mentions[text]

    def asked_in(self, text: str, slots: Mapping[str, str]) -> str:
        """The short form of a question: of a patient's story only the names that may matter, and the state that a
        laboratory value in ``slots`` means. Equal for a short question without one."""
        key = (text, tuple(laboratory_values(slots)))
        if key not in self._short:
            if len(self._short) > 200:
                self._short.clear()
            parted = focus(text)
            present = circumstances(parted.story) if parted.story else {}
            states = [entry.name for entry in known_circumstances() if present.get(entry.id)]
            meant = [*self._states(text, slots), *self._also_named(text, slots)]
            short = short_form(parted, self.find(parted.story), subjects=self._subjects, states=[*meant, *states])
            if meant and not parted.is_vignette:
                short = f"{short.rstrip(' ?.')} ({', '.join(meant)})?"
            self._short[key] = short
        return self._short[key]

    def _also_named(self, text: str, slots: Mapping[str, str]) -> Iterator[str]:
        """Names for what ``text`` names without saying so: short forms spelled out, topics that several names make
        together, and, where no topic is named, what the patient's values mean."""
        mentions = self.find(text)
        yield from spelled_out(text, mentions, self.vocabulary)
        joint = list(together(text, mentions, self.vocabulary))
        if not joint and not (focus(text).is_vignette and self.named(text) & self.topics):
            joint = list(meant_by_values(slots, self.vocabulary))
            if joint:
                values = ", ".join(self.vocabulary.terms[term].name for term in joint)
                joint += [
                    topic for topic in together(f"{text} {values}", self.find(f"{text} {values}"), self.vocabulary)
                ]
        yield from (self.vocabulary.terms[term].name for term in joint)

    def _states(self, text: str, slots: Mapping[str, str]) -> Iterator[str]:
        """The topic that a patient's value means, where two topics are each other's opposite (raised or deficient) and
        ``text`` names neither: the one whose limits the value meets."""
        if not laboratory_values(slots):
            return
        named = self.named(text)
        shares: dict[str, float] = {}
        for key, limits in self._limits_of.items():
            for topic in self.corpus.guidelines[key].topics:
                outcomes = list(fits(limits, slots)) if self.opposites.get(topic) else []
                if len(outcomes) >= 3:
                    shares[topic] = max(shares.get(topic, 0.0), sum(outcomes) / len(outcomes))
        for topic, share in sorted(shares.items()):
            others = [shares[other] for other in self.opposites[topic] if other in shares]
            is_named = bool(named & ({topic} | self.opposites[topic]))
            if others and not is_named and share >= 0.3 and share >= 2 * max(others):
                yield self.vocabulary.terms[topic].name

    def broader(self, term: str) -> frozenset[str]:
        """The term itself and every class above it."""
        return self._broader.get(term) or self.vocabulary.broader(term)

    def classes_of(self, drugs: Iterable[str]) -> frozenset[str]:
        """The classes of medicines that ``drugs`` belong to, near and far."""
        names = (name for drug in drugs for name in self.broader(drug) if name != drug)
        return frozenset(name for name in names if self.vocabulary.terms[name].kind == "class")

    def anchors(self, text: str) -> frozenset[str]:
        """Terms named in ``text`` that a guideline can be about, with their broader names."""
        found = (mention.term for mention in self.find(text) if mention.kind in ANCHOR_KINDS and not mention.ambiguous)
        return frozenset(name for term in found for name in self.broader(term))

    def anchors_of(self, guideline_id: str) -> frozenset[str]:
        """The topics of a guideline and the names of its title, with their broader names, but for those that many
        guidelines share ("cancer" tells nothing about a guideline on B12 in cancer)."""
        return self._anchors[guideline_id]

    def _all_anchors(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for key, guideline in self.corpus.guidelines.items():
            topics = frozenset(name for topic in guideline.topics for name in self.broader(topic))
            found[key] = topics if topics - set(guideline.topics) else topics | self.anchors(guideline.title)
        shared = Counter(name for names in found.values() for name in names)
        return {
            key: frozenset(
                name for name in names if shared[name] < COMMON_ANCHOR or name in self.corpus.guidelines[key].topics
            )
            for key, names in found.items()
        }

    def _all_holders(self) -> Mapping[str, frozenset[str]]:
        """For every term the guidelines whose statements, titles or topics name it or something narrower."""
        holders: dict[str, set[str]] = {}
        for passage_id, feature in self.features.items():
            passage = self.corpus.passages[passage_id]
            if passage.section is not Section.NOT_COVERED:
                for word in feature.words:
                    if word.startswith("="):
                        holders.setdefault(word[1:], set()).add(passage.guideline)
        for key, names in self._anchors.items():
            for name in names:
                holders.setdefault(name, set()).add(key)
        return {term: frozenset(keys) for term, keys in holders.items()}

    def named(self, text: str) -> frozenset[str]:
        """Ids of all terms named in ``text`` without doubt."""
        return frozenset(mention.term for mention in self.find(text) if not mention.ambiguous)

    def drugs(self, text: str) -> frozenset[str]:
        """Ids of the drugs named in ``text``."""
        return frozenset(mention.term for mention in self.find(text) if mention.kind == "drug")

    def weight(self, word: str) -> float:
        return self._rarity.get(word, self._unseen)

    def units_of(self, text: str, *, subject_only: bool = False) -> tuple[Unit, ...]:
        """What ``text`` asks for, each once: names found, then the other words. A name is also met, for part of its
        credit, by a broader one ("colon cancer" by "cancer"). ``subject_only`` leaves out everyday English."""
        units: dict[str, Unit] = {}
        covered: list[tuple[int, int]] = []
        for mention in self.find(text):
            covered.append((mention.start, mention.end))
            key = f"={mention.term}"
            if mention.ambiguous or (subject_only and mention.kind == "route"):
                continue
            broader = tuple((f"={name}", 0.6) for name in sorted(self.broader(mention.term)) if f"={name}" != key)
            units[key] = Unit(self.weight(key), ((key, 1.0), *broader))
        for start, word in _tokens(text):
            if (
                any(first <= start < last for first, last in covered)
                or len(word) < 2
                or word in stop_words()
                or word.isdigit()
                or (subject_only and _MEASURED.fullmatch(word))
            ):
                continue
            key = stem(word)
            if not (subject_only and key in plain_words()):
                units.setdefault(key, Unit(self.weight(key), ((key, 1.0),)))
        return tuple(units.values())

    def unseen_share(self, asked: tuple[Unit, ...]) -> float:
        """Share of what is asked for, by weight, that no statement at all has; 0 to 1."""
        total = sum(unit.weight for unit in asked)
        unseen = sum(unit.weight for unit in asked if not any(key in self.words for key, _ in unit.keys))
        return unseen / total if total else 0.0

    def coverage(self, asked: tuple[Unit, ...], passage_id: str) -> float:
        """Share of what is asked for that the passage has, weighted by rarity; 0 to 1."""
        return self.share_in(asked, self.features[passage_id].words)

    def opening(self, passage_id: str) -> frozenset[str]:
        """Stems and names of the first words of a statement: what it is about."""
        if passage_id not in self._openings:
            start = " ".join(self.corpus.passages[passage_id].text.split()[:OPENING])
            self._openings[passage_id] = self.words_of(start)
        return self._openings[passage_id]

    @staticmethod
    def share_in(asked: tuple[Unit, ...], words: frozenset[str]) -> float:
        """Share of what is asked for that ``words`` have, weighted by rarity; 0 to 1."""
        total = sum(unit.weight for unit in asked)
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
        own = [mention for mention in self.vocabulary.find(passage.text) if not mention.ambiguous]
        content = self.words_of(passage.text, ())
        drugs = [mention for mention in own if mention.kind == "drug"]
        return Features(
            content.union(
                self._around(passage),
                *(self._signed[mention.term] for mention in own),
                self.words_of(passage.plain or "", ()),
            ),
            people,
            both_sides(passage.text),
            read_routes(passage.text),
            tuple(read_limits(passage.text)),
            any(kind in name for name in types for kind in PRACTICE),
            content,
            bool(_AMOUNT.search(passage.text) and (_is_dosing(passage) or _OFTEN.search(passage.text))),
            frozenset(mention.term for mention in drugs),
            frozenset(mention.term for mention in own),
            frozenset(mention.term for mention in drugs if mention.start <= max(60, drugs[0].start)),
            frozenset().union(*(self._signed[mention.term] for mention in own)),
            frozenset(mention.term for mention in own if mention.kind in NAMING_KINDS),
        )

    def _around(self, passage: Passage) -> frozenset[str]:
        """The words of title, headings, population and tags; shared by many passages and so read once."""
        guideline = self.corpus.guidelines.get(passage.guideline)
        headings = passage.headings[1:] if passage.section is not Section.NOT_COVERED else ()
        parts = (guideline.title if guideline else "", *headings, passage.population or "", " ".join(passage.tags))
        return frozenset().union(*(self._words_once(part) for part in parts if part))

    def _words_once(self, text: str) -> frozenset[str]:
        if text not in self._once:
            self._once[text] = self.words_of(text)
        return self._once[text]


def _is_dosing(passage: Passage) -> bool:
    return passage.section is Section.DOSING and "dose" in passage.tags


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
    return " ".join([passage.text, passage.plain or "", passage.population or "", *passage.headings, *passage.tags])


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
