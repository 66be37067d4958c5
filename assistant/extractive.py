"""The offline writer ``extractive/1``: an answer composed from statements of the guidance, word for word.

It answers the asked thing first, adds what must be mentioned, and leaves out what does not apply to the patient, what
repeats, and what goes beyond the limits in ``data/writer.toml``. It writes no words of its own, so that every
statement is a passage; whether it may be shown is still the checker's decision. Deterministic: equal scores keep the
order of ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from assistant.errors import QuantityError
from assistant.knowledge import Knowledge, Unit, know, writer_table
from assistant.prompts import WriteRequest
from assistant.records import Audience, Corpus, Draft, DraftStatement, MustMention, Passage, Section
from assistant.slots import circumstances, patient_circumstances
from assistant.understanding import kind_of, read_routes
from assistant.units import canonical_unit, convert

PLAIN_AUDIENCES = (Audience.PATIENT, Audience.STUDENT)
ORDER = tuple(section for section in Section if section is not Section.NOT_COVERED)
# Groups of people that a statement is only for: without a word about them in the question it is no answer to it.
_SPECIAL = frozenset(
    [
        "pregnancy",
        "breastfeeding",
        "children",
        "dialysis",
        "nitrous-oxide",
        "bariatric-surgery",
        "gastrectomy",
        "ileal-resection",
        "g6pd",
        "allergy",
        "dietary",
    ]
)
_PLAN = re.compile(
    r"\b(?:manag|approach|next step|is (?:that|this|it) (?:bad|dangerous|serious)|"
    r"what does (?:it|this|that) mean|worried|"
    r"what (?:to do|now|next|should (?:i|we) do)|deal with)\w*",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
_LABORATORY = {"b12": "vitamin B12", "creatinine": "creatinine", "calcium": "calcium", "glucose": "glucose"}


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage with its relevance: higher is nearer to the question; not comparable between questions."""

    passage: Passage
    score: float
    rank: int = 1000  # among the hits, from 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as the writer looks at it."""

    kind: str
    words: frozenset[str]
    units: tuple[Unit, ...]
    people: Mapping[str, bool]
    routes: tuple[str, ...]
    drugs: frozenset[str]
    request: WriteRequest


class ExtractiveWriter:
    """A ``Writer`` over one corpus; needs no model and no network."""

    name = "extractive/1"

    def __init__(self, corpus: Corpus) -> None:
        self._known = know(corpus)

    def write(self, request: WriteRequest) -> Draft:
        """A draft whose statements are passages; empty when nothing found applies. Raises nothing."""
        return Draft(tuple(compose(request, self._known)), self.name)


def compose(request: WriteRequest, known: Knowledge) -> list[DraftStatement]:
    """Statements in the order of the sections of an answer, within a section as in the guideline."""
    if not request.passages:
        return []
    asked = read_asked(request, known)
    limits: Mapping[str, int] = writer_table()[asked.kind]["limits"]
    scored = score_passages(asked, known)
    if (
        asked.kind == "dose"
        and not any(
            known.features[entry.passage.id].is_regimen and "contraindication" not in entry.passage.tags
            for entry in scored
        )
        and _has_regimen(asked, known)
    ):
        return []  # doses there are, but for other people than this patient
    chosen: dict[str, tuple[Section, Passage]] = {}
    for entry in choose_bottom_line(scored, asked, known, limit=limits["bottom_line"]):
        chosen[entry.passage.id] = (Section.BOTTOM_LINE, entry.passage)
    for section in ORDER[1:]:
        room = limits[section.value]
        for entry in _of_section(scored, section, asked, known):
            if room <= 0:
                break
            if not _repeats(entry.passage, [passage for _, passage in chosen.values()], known, section=section):
                chosen.setdefault(entry.passage.id, (section, entry.passage))
                room -= 1
    for passage in missing_mentions(chosen, scored, asked, known):
        chosen[passage.id] = (passage.section, passage)
    ordered = sorted(chosen.values(), key=lambda pair: (ORDER.index(pair[0]), _place(pair, list(chosen), known)))
    return [DraftStatement(section, wording(passage, request.audience), (passage.id,)) for section, passage in ordered]


def wording(passage: Passage, audience: Audience) -> str:
    """The passage's plain variant for patients and students where there is one; the numbers are the same."""
    return passage.plain if passage.plain and audience in PLAIN_AUDIENCES else passage.text


def read_asked(request: WriteRequest, known: Knowledge) -> Asked:
    kind = kind_of(request.understood_as)[0]
    people = patient_circumstances(request.slots)
    mentioned = circumstances(request.understood_as)
    for key, value in mentioned.items():
        people.setdefault(key, value)
    extra = " ".join(value for name, value in request.slots.items() if name == "conditions")
    text = f"{request.understood_as} {extra}"
    return Asked(
        kind,
        known.words_of(text),
        known.units_of(text),
        people,
        read_routes(request.understood_as),
        known.drugs(request.understood_as),
        request,
    )


# --------------------------------------------------------------------------- relevance


def score_passages(asked: Asked, known: Knowledge) -> list[Scored]:
    """Every passage of the guidelines in question that applies to the patient, best first."""
    weights = guideline_weights(asked, known)
    top = max(weights.values())
    near = {key for key, weight in weights.items() if weight >= 0.3 * top}
    ranks = {passage.id: rank for rank, passage in enumerate(asked.request.passages)}
    scored = []
    for guideline in sorted(near):
        for passage in known.by_guideline.get(guideline, ()):
            if passage.section is Section.NOT_COVERED or not applies(passage, asked, known):
                continue
            rank = ranks.get(passage.id)
            far = (
                0.0
                if weights[guideline] == top or (rank is not None and rank < 5)
                else 0.35 * (1 - weights[guideline] / top)
            )
            scored.append(
                Scored(passage, relevance(passage, asked, known, rank=rank) - far, 1000 if rank is None else rank)
            )
    return sorted(scored, key=lambda entry: (-entry.score, entry.passage.id))


def guideline_weights(asked: Asked, known: Knowledge) -> dict[str, float]:
    """How much of the first twelve hits belongs to each guideline, the first ones counting most; more for a guideline
    whose topic the question names, less for one whose topic is the opposite of what it names."""
    weights: dict[str, float] = {}
    for rank, passage in enumerate(asked.request.passages[:12]):
        weights[passage.guideline] = weights.get(passage.guideline, 0.0) + 1 / (rank + 2)
    named = known.named(asked.request.understood_as)
    against = {other for term in named for other in known.opposites[term]}
    for key in weights:
        topics = set(known.corpus.guidelines[key].topics)
        if topics & named:
            weights[key] *= 2.0
        elif topics & against:
            weights[key] *= 0.3
    return weights


def _has_regimen(asked: Asked, known: Knowledge) -> bool:
    return any(known.features[passage.id].is_regimen for passage in asked.request.passages)


def applies(passage: Passage, asked: Asked, known: Knowledge) -> bool:
    """False when the statement is for other people than the patient, or for another country's practice."""
    feature = known.features[passage.id]
    for key, value in feature.circumstances.items():
        if key not in feature.sides and asked.people.get(key, value) is not value:
            return False
    if asked.people.get("children") and feature.is_regimen and not feature.circumstances.get("children"):
        return False  # a dose is for adults unless it says otherwise
    if any(limit_misses(passage, asked, known)):
        return False
    wanted, own = asked.request.jurisdiction, known.jurisdiction(passage)
    return not (
        wanted
        and feature.is_practice
        and own not in {wanted, "international", None}
        and own in {"uk", "us", "eu", "other"}
    )


def limit_misses(passage: Passage, asked: Asked, known: Knowledge) -> Iterable[bool]:
    """True for a statement whose every limit the patient's laboratory value lies clearly outside of."""
    limits = known.features[passage.id].limits
    if limits and asked.kind == "general":
        outcomes = [
            outcome
            for limit in limits
            for outcome in _outcomes(limit.value, limit.unit, limit.is_above, asked.request.slots)
        ]
        if outcomes and not any(outcomes):
            yield True


def _outcomes(value: Fraction, unit: str, is_above: bool, slots: Mapping[str, str]) -> Iterable[bool]:
    for name, analyte in _LABORATORY.items():
        parts = slots.get(name, "").split()
        if len(parts) != 2 or not re.fullmatch(r"\d+(?:\.\d+)?", parts[0]):
            continue
        source, target = canonical_unit(parts[1]), canonical_unit(unit)
        if source is None or target is None:
            continue
        try:
            mine = convert(Fraction(parts[0]), source, target, analyte=analyte)
        except QuantityError:
            continue
        yield mine >= value if is_above else mine <= value


def relevance(passage: Passage, asked: Asked, known: Knowledge, *, rank: int | None) -> float:
    """Shared words, place among the hits, the kind of statement, the patient's circumstances, route and country."""
    feature = known.features[passage.id]
    table = writer_table()[asked.kind]
    score = known.coverage(asked.units, passage.id)
    if rank is not None:
        score += 0.6 / (1 + 0.15 * rank)
    if set(table["tags"]) & set(passage.tags):
        score += 0.35
    if passage.section.value in table["sections"]:
        score += 0.2
    if passage.section is Section.BOTTOM_LINE:
        score += 0.1
    is_finding = passage.section is Section.MEANING and {"effect", "prevalence", "threshold"} & set(passage.tags)
    if is_finding and asked.kind in {"general", "prognosis", "prevalence", "threshold"}:
        score += 0.2  # what a finding means is above all how strongly it goes with what
    for key, value in feature.circumstances.items():
        if asked.people.get(key) is value and (
            value or key in asked.request.slots.get("without", "").replace(" ", "-")
        ):
            score += 0.3
        elif value and key in _SPECIAL and key not in asked.people:
            score -= 0.45
    if asked.routes and feature.routes:
        score += 0.3 if set(asked.routes) & set(feature.routes) else -0.2
    if asked.drugs and feature.drugs and not asked.drugs & feature.drugs:
        score -= 0.5
    if asked.request.jurisdiction and known.jurisdiction(passage) == asked.request.jurisdiction:
        score += 0.1
    if asked.request.audience is Audience.PATIENT and passage.plain is None:
        score -= 0.25
    if any(
        limit.is_above and any(_outcomes(limit.value, limit.unit, True, asked.request.slots))
        for limit in feature.limits
    ):
        score += 0.1
    return score - (0.05 if passage.evidence == "secondary" else 0.0)


# --------------------------------------------------------------------------- choosing


def choose_bottom_line(scored: list[Scored], asked: Asked, known: Knowledge, *, limit: int) -> list[Scored]:
    """One statement that answers what was asked; two when the answer depends on something the question leaves open, or
    when the question is how to manage and the guidance has its own summary."""
    if not scored:
        return []
    headline = [entry for entry in scored if entry.passage.section is Section.BOTTOM_LINE]
    if asked.kind == "general" and headline and _asks_for_plan(asked):
        meeting = [entry for entry in headline if _meets_circumstance(entry.passage, asked, known)]
        return list(dict.fromkeys([*meeting, *headline]))[:limit]
    direct = sorted(
        _speaking(scored, asked, known), key=lambda entry: (-_directness(entry, asked, known), entry.passage.id)
    )
    best = direct[0]
    summary = [entry for entry in direct if entry.passage.section is Section.BOTTOM_LINE]
    if summary and _directness(summary[0], asked, known) >= _directness(best, asked, known) - (
        0.3 if asked.kind == "dose" else 0.1
    ):
        best = summary[0]
    other = _other_side(best, direct, asked, known)
    return [best, other][:limit] if other else [best]


def _asks_for_plan(asked: Asked) -> bool:
    return bool(_PLAN.search(asked.request.understood_as)) or len(asked.units) <= 1


def _directness(entry: Scored, asked: Asked, known: Knowledge) -> float:
    """Relevance with the question's own words counted once more: the first sentence must be about just that."""
    feature = known.features[entry.passage.id]
    score = entry.score + 0.8 * known.coverage(asked.units, entry.passage.id)
    if "safety" in entry.passage.tags and _meets_circumstance(entry.passage, asked, known):
        score += 0.8  # what cannot wait in this patient comes before everything else
    if asked.kind == "dose":  # a whole regimen before a part of one, practice before a study's schedule
        score += 0.2 * (" then " in entry.passage.text) - 0.6 * (not feature.is_practice)
    return score


def _speaking(scored: list[Scored], asked: Asked, known: Knowledge) -> list[Scored]:
    """For a dose question the statements that give a dose; else all of them."""
    if asked.kind != "dose":
        return scored
    regimens = [
        entry for entry in scored if known.features[entry.passage.id].is_regimen and "dose" in entry.passage.tags
    ]
    regimens = regimens or [entry for entry in scored if known.features[entry.passage.id].is_regimen]
    return [entry for entry in regimens if "comparison" not in entry.passage.tags] or regimens or scored


def _other_side(best: Scored, speaks: list[Scored], asked: Asked, known: Knowledge) -> Scored | None:
    """The statement for the opposite circumstance when the question does not say which holds."""
    mine = known.features[best.passage.id].circumstances
    open_keys = [key for key in mine if key not in asked.people and key not in _SPECIAL]
    for entry in speaks:
        theirs = known.features[entry.passage.id].circumstances
        if (
            entry is not best
            and entry.passage.section is best.passage.section
            and any(theirs.get(key, mine[key]) is not mine[key] for key in open_keys)
        ):
            return entry
    return None


def _of_section(scored: list[Scored], section: Section, asked: Asked, known: Knowledge) -> list[Scored]:
    """The section's statements worth showing: not far below the section's best, and near to the question."""
    entries = [entry for entry in scored if entry.passage.section is section]
    if section is Section.DOSING and asked.kind == "general" and not _speaks_of_dose(asked):
        entries = [entry for entry in entries if entry.rank < 8 or _is_close(entry.passage, asked, known)]
    if not entries:
        return []
    floor = max(0.5 * entries[0].score, 0.35)
    near = [entry for entry in entries if entry.score >= floor or entry.rank < 5]
    if _asks_for_plan(asked):
        return near
    return [entry for entry in near if entry.rank < 12 or known.coverage(asked.units, entry.passage.id) >= 0.4]


def _is_close(passage: Passage, asked: Asked, known: Knowledge) -> bool:
    return _meets_circumstance(passage, asked, known) or known.coverage(asked.units, passage.id) >= 0.4


def _meets_circumstance(passage: Passage, asked: Asked, known: Knowledge) -> bool:
    return any(value and asked.people.get(key) for key, value in known.features[passage.id].circumstances.items())


def _speaks_of_dose(asked: Asked) -> bool:
    return bool(re.search(r"\b(?:treat|replac|manag|giv|start)\w*", asked.request.understood_as, re.IGNORECASE))


def _repeats(passage: Passage, chosen: list[Passage], known: Knowledge, *, section: Section) -> bool:
    """Says nothing new: the same figures and mostly the same words as a statement already chosen.

    A dosing statement may repeat the bottom line: there it is a row of the table."""
    words, numbers = known.features[passage.id].content, set(_NUMBERS.findall(passage.text))
    for other in chosen:
        if section is Section.DOSING and other.section is Section.BOTTOM_LINE:
            continue
        theirs = known.features[other.id].content
        overlap = len(words & theirs) / max(1, min(len(words), len(theirs)))
        new_numbers = numbers - set(_NUMBERS.findall(other.text))
        if overlap >= 0.6 and not new_numbers:
            return True
    return False


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
            added.append(max(own, key=lambda entry: entry.score).passage)
    return list(dict.fromkeys(added))


def due_mentions(asked: Asked, known: Knowledge, *, guidelines: Iterable[str]) -> list[MustMention]:
    """The must-mention items of these guidelines' topics that this kind of question calls for, in the corpus' order."""
    topics = {topic for key in guidelines for topic in known.corpus.guidelines[key].topics}
    return [item for item in known.corpus.must_mention if item.topic in topics and _is_due(item, asked)]


def _is_due(item: MustMention, asked: Asked) -> bool:
    if item.question_kinds:
        return asked.kind in item.question_kinds
    return item.kind in {"red_flag", "safety"} or asked.kind == "general"


def _place(pair: tuple[Section, Passage], order: list[str], known: Knowledge) -> tuple[int, int, str, int]:
    """The bottom line in order of relevance; elsewhere the order of the guideline, the leading guideline first."""
    section, passage = pair
    if section is Section.BOTTOM_LINE:
        return (0, order.index(passage.id), "", 0)
    lead = order[0].split("#")[0] if order else ""
    return (0 if passage.guideline == lead else 1, 0, passage.guideline, passage.line)
