"""The question as the offline writer looks at it: kind, words, names, people, routes and what it wants to know.

Pure; made once for a question from its ``WriteRequest`` and the corpus' ``Knowledge``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.knowledge import Features, Knowledge, Unit, writer_table
from assistant.prompts import WriteRequest
from assistant.records import Passage
from assistant.slots import circumstances, patient_circumstances
from assistant.understanding import kind_of, read_routes
from assistant.vignettes import focus

_PLAN = re.compile(
    r"\b(?:manag|prevent|approach|next step|is (?:that|this|it) (?:bad|dangerous|serious)|"
    r"what does (?:it|this|that) mean|worried|"
    r"what (?:to do|now|next|should (?:i|we) do)|deal with)\w*",
    re.IGNORECASE,
)
AMOUNTS = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?= ?(?:mg|mcg|micrograms?|units|g\b))|(?<![\w.])\d+\.\d+")
SUBJECT_KINDS = frozenset({"analyte", "condition", "topic", "finding", "procedure", "test", "class"})
_DOSE_WANTED = re.compile(r"\b(?:treat|replac|manag|giv|start)\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as the writer looks at it: ``text`` is its short form, ``aspects`` the patterns of statements that
    tell what it wants to know, ``conditions`` the terms it is about besides drugs."""

    kind: str
    text: str
    words: frozenset[str]
    units: tuple[Unit, ...]
    people: Mapping[str, bool]
    routes: tuple[str, ...]
    drugs: frozenset[str]
    drug_classes: frozenset[str]
    drug_words: tuple[frozenset[str], ...]
    conditions: frozenset[str]
    subjects: frozenset[str]
    anchors: frozenset[str]
    aspects: tuple[re.Pattern[str], ...]
    amounts: frozenset[str]
    grades: Mapping[str, set[int]]
    is_story: bool
    request: WriteRequest


def read_asked(request: WriteRequest, known: Knowledge) -> Asked:
    kind = kind_of(request.understood_as, known.find(request.understood_as))[0]
    short = known.asked_in(request.understood_as, request.slots)
    people = patient_circumstances(request.slots)
    mentioned = circumstances(request.understood_as)
    for key, value in mentioned.items():
        people.setdefault(key, value)
    extra = " ".join(value for name, value in request.slots.items() if name == "conditions")
    text = f"{short} {extra}"
    conditions = {
        mention.term
        for mention in known.find(short)
        if not mention.ambiguous and mention.kind in {"condition", "topic", "finding", "procedure", "test"}
    }
    return Asked(
        kind,
        short,
        known.words_of(text),
        known.units_of(text),
        people,
        read_routes(short),
        known.drugs(short),
        known.classes_of(known.drugs(short)),
        tuple(known.words_of(mention.text, ()) for mention in known.find(short) if mention.kind == "drug"),
        frozenset(conditions),
        frozenset(
            mention.term for mention in known.find(short) if not mention.ambiguous and mention.kind in SUBJECT_KINDS
        ),
        known.anchors(short),
        tuple(pattern for wanted, pattern in _aspects() if wanted.search(short)),
        frozenset(AMOUNTS.findall(short)) - {value.split()[0] for value in request.slots.values() if value},
        grades_in(short),
        focus(request.understood_as).is_vignette,
        request,
    )


_GRADE = re.compile(
    r"\b(grade|stage|class)s?\s(?P<low>\d|III|II|IV|I)\b(?:\s?(?:[-–]|to|or|and)\s?(?P<high>\d)\b)?",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def grades_in(text: str) -> dict[str, set[int]]:
    """Grades, stages and classes named in ``text``: "grade 3-4" gives ``{"grade": {3, 4}}``."""
    found: dict[str, set[int]] = {}
    for match in _GRADE.finditer(text):
        low = _ROMAN.get(match["low"].lower()) or int(match["low"])
        found.setdefault(match[1].lower(), set()).update(range(low, int(match["high"] or low) + 1))
    return found


@cache
def _aspects() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    table = writer_table()["aspects"]
    return tuple((re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE)) for asked, told in table.items())


def tells(passage: Passage, asked: Asked) -> bool:
    """The passage tells what the question wants to know: how long, how often, which first ..."""
    return any(pattern.search(passage.text) for pattern in asked.aspects)


def names_drug(feature: Features, asked: Asked) -> bool:
    """The statement names an asked drug, be it as part of a longer name ("insulin" in "insulin with glucose"), or,
    where no dose is asked for, the class that it belongs to."""
    if asked.drugs & feature.drugs or any(words <= feature.content for words in asked.drug_words):
        return True
    return asked.kind != "dose" and bool(asked.drug_classes & feature.terms)


def meets_circumstance(passage: Passage, asked: Asked, known: Knowledge) -> bool:
    return any(value and asked.people.get(key) for key, value in known.features[passage.id].circumstances.items())


def names_plan(asked: Asked) -> bool:
    """The words ask for the whole plan and not for one drug."""
    return not asked.drugs and (bool(_PLAN.search(asked.text)) or len(asked.units) <= 1)


def asks_for_plan(asked: Asked) -> bool:
    return (asked.is_story and asked.kind == "general") or names_plan(asked)


def speaks_of_dose(asked: Asked) -> bool:
    return bool(_DOSE_WANTED.search(asked.text)) or asks_for_plan(asked)
