"""How near each statement is to the question, and which apply to the patient at all.

A statement for other people, another country or another drug's dose is left out before anything is chosen. Scores are
sums of small credits; they order the statements of one question and mean nothing between questions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.asked import (
    Asked,
    grades_in,
    names_drug,
)
from assistant.knowledge import Features, Knowledge, writer_table
from assistant.limits import fits, meets_weight
from assistant.records import Audience, Passage, Section

# Groups of people that a statement is only for: without a word about them in the question it is no answer to it.
OPENING_WORDS = 10  # a band of weight among them says for whom the dose is; later ones may be one criterion of several
SPECIAL = frozenset(
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
CHILD = re.compile(
    r"\b(?:child|children|infants?|neonates?|under \d+ (?:months|years)|"
    r"\d+ (?:months|years)? ?(?:to|-|–) ?\d+ (?:months|years))\b"
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage with its relevance: higher is nearer to the question; not comparable between questions."""

    passage: Passage
    score: float
    rank: int = 1000  # among the hits, from 0


def score_passages(asked: Asked, known: Knowledge) -> list[Scored]:
    """Every passage of the guidelines in question that applies to the patient, best first. Where the asked country has
    no statement that answers, the other countries' stand in (each is named)."""
    scored = _score(asked, known, foreign=False)
    if asked.request.jurisdiction and not any(_answers(entry, asked, known) for entry in scored):
        return _score(asked, known, foreign=True)
    return scored


def _answers(entry: Scored, asked: Asked, known: Knowledge) -> bool:
    if asked.kind != "dose":
        return True
    drugs = known.features[entry.passage.id].drugs
    return gives_dose(entry, known) and (not asked.drugs or bool(asked.drugs & drugs))


def gives_dose(entry: Scored, known: Knowledge) -> bool:
    return known.features[entry.passage.id].is_regimen and "contraindication" not in entry.passage.tags


def _score(asked: Asked, known: Knowledge, *, foreign: bool) -> list[Scored]:
    weights = guideline_weights(asked, known)
    lead = leading(weights, asked, known)
    ranks = {passage.id: rank for rank, passage in enumerate(asked.request.passages)}
    scored = []
    for guideline in sorted(key for key, weight in weights.items() if weight >= 0.2 * max(weights.values())):
        for passage in known.by_guideline.get(guideline, ()):
            rank = ranks.get(passage.id)
            if (
                passage.section is Section.NOT_COVERED
                or not applies(passage, asked, known, foreign=foreign)
                or not (guideline in lead or _concerns(passage, asked, known, rank=rank))
            ):
                continue
            score = relevance(passage, asked, known, rank=rank) - (0.0 if guideline in lead else 0.2)
            scored.append(Scored(passage, score, 1000 if rank is None else rank))
    return sorted(scored, key=lambda entry: (-entry.score, entry.passage.id))


def leading(weights: Mapping[str, float], asked: Asked, known: Knowledge) -> frozenset[str]:
    """The guidelines that the question is about: those whose topic it names, else those with most of the hits."""
    named = {key for key in weights if anchor_strength(key, asked, known) == 2}
    top = max(weights.values())
    return frozenset(
        key for key, weight in weights.items() if weight >= (0.5 if key in named or not named else 0.9) * top
    )


def anchor_strength(guideline: str, asked: Asked, known: Knowledge) -> int:
    """2: the question names the guideline's topic or something narrower; 1: both belong to one wider class; else 0."""
    if set(known.corpus.guidelines[guideline].topics) & asked.anchors:
        return 2
    return 1 if known.anchors_of(guideline) & asked.anchors else 0


def _concerns(passage: Passage, asked: Asked, known: Knowledge, *, rank: int | None) -> bool:
    """A statement of another topic that still answers: it was found early, and names the asked drug and, if the
    question names conditions, one of them."""
    if rank is None or rank >= 12:
        return False
    words = known.features[passage.id].words
    drug = any(f"={term}" in words for term in asked.drugs)
    condition = any(f"={term}" in words for term in asked.conditions)
    if asked.drugs:
        return drug and (condition or not asked.conditions)
    return condition and known.coverage(asked.units, passage.id) >= 0.7


def guideline_weights(asked: Asked, known: Knowledge) -> dict[str, float]:
    """How much of the first twelve hits belongs to each guideline, the first ones counting most; more for a guideline
    whose topic the question names, less for one whose topic is the opposite of what it names or whose limits the
    patient's values miss."""
    weights: dict[str, float] = {}
    for rank, passage in enumerate(asked.request.passages[:12]):
        drugs = known.features[passage.id].drugs
        share = 1.0 if not asked.drugs or not drugs else 1.5 if names_drug(known.features[passage.id], asked) else 0.4
        weights[passage.guideline] = weights.get(passage.guideline, 0.0) + share / (rank + 2)
    named = known.named(asked.text)
    against = {other for term in named for other in known.opposites.get(term, ())}
    for key in weights:
        topics = set(known.corpus.guidelines[key].topics)
        strength = anchor_strength(key, asked, known)
        if strength == 2:
            weights[key] *= 2.0
        elif topics & against:
            weights[key] *= 0.3
        elif strength == 1:
            weights[key] *= 1.4
        if not topics & named:
            weights[key] *= 0.3 + 0.7 * _share_met(key, asked, known)
    return weights


def _share_met(guideline: str, asked: Asked, known: Knowledge) -> float:
    """Of the guideline's limits on the patient's values, the share that they meet; 1 where there is none."""
    outcomes = [
        outcome
        for passage in known.by_guideline[guideline]
        for outcome in fits(known.features[passage.id].limits, asked.request.slots)
    ]
    return sum(outcomes) / len(outcomes) if len(outcomes) >= 3 else 1.0


def applies(passage: Passage, asked: Asked, known: Knowledge, *, foreign: bool = False) -> bool:
    """False when the statement is for other people than the patient, or for another country's practice (``foreign``
    lets that through)."""
    feature = known.features[passage.id]
    for key, value in feature.circumstances.items():
        if key not in feature.sides and asked.people.get(key, value) is not value:
            if key == "children" and meets_weight(passage.text, asked.request.slots.get("weight_kg", "")):
                continue  # "below 30 kg" is a dose for this child, whatever heading it stands under
            return False
    if asked.people.get("children") and feature.is_regimen and not _for_children(passage, feature, asked):
        return False  # a dose is for adults unless it says otherwise
    is_dose = feature.is_regimen or passage.section is Section.DOSING
    if is_dose and not (_is_for_this_kidney(feature, asked) and _is_for_this_weight(passage, asked)):
        return False
    if asked.kind == "general" and feature.limits:
        outcomes = list(fits(feature.limits, asked.request.slots))
        if outcomes and not any(outcomes):
            return False
    wanted, own = asked.request.jurisdiction, known.jurisdiction(passage)
    return foreign or not (
        wanted
        and feature.is_practice
        and own not in {wanted, "international", None}
        and own in {"uk", "us", "eu", "other"}
    )


def _is_for_this_weight(passage: Passage, asked: Asked) -> bool:
    """False for a dose that opens with a band of body weight which the patient's misses."""
    opening = " ".join(passage.text.split()[:OPENING_WORDS])
    return meets_weight(f"{passage.population or ''} {opening}", asked.request.slots.get("weight_kg", "")) is not False


def _is_for_this_kidney(feature: Features, asked: Asked) -> bool:
    """False for a dose that is for another range of creatinine clearance or eGFR than the patient's."""
    about_kidney = [limit for limit in feature.limits if {"crcl", "egfr"} & set(limit.analytes)]
    outcomes = list(fits(about_kidney, asked.request.slots))
    return not outcomes or any(outcomes)


def _for_children(passage: Passage, feature: Features, asked: Asked) -> bool:
    """The statement names children, or doses by weight and gives a band that holds the patient's weight."""
    if feature.circumstances.get("children") or CHILD.search(passage.text):
        return True
    return meets_weight(passage.text, asked.request.slots.get("weight_kg", "")) is True


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
        elif value and key in SPECIAL and key not in asked.people:
            score -= 0.45
    if asked.routes and feature.routes:
        shared = set(asked.routes) & set(feature.routes)
        score += 0.3 * len(shared) / len(asked.routes) if shared else -0.5
    if asked.drugs:
        if feature.drugs and not names_drug(feature, asked):
            score -= 0.5
        elif asked.drugs <= feature.drugs:
            score += 0.15
    if asked.request.jurisdiction and known.jurisdiction(passage) == asked.request.jurisdiction:
        score += 0.1
    if asked.request.audience is Audience.PATIENT and passage.plain is None:
        score -= 0.25
    outcomes = list(fits(feature.limits, asked.request.slots))
    if outcomes:
        score += 0.35 if any(outcomes) else -0.5
    theirs = grades_in(passage.text)
    if asked.grades and theirs and asked.grades.keys() & theirs.keys():
        score += 0.3 if any(asked.grades[word] & theirs.get(word, set()) for word in asked.grades) else -0.5
    if "superseded" in passage.tags:
        score -= 0.4  # history: below what replaced it
    return score - (0.05 if passage.evidence == "secondary" else 0.0)
