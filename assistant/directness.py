"""Which statement comes first: the one that tells just what was asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping

from assistant.asked import (
    AMOUNTS,
    Asked,
    meets_circumstance,
    names_drug,
    names_plan,
    tells,
)
from assistant.knowledge import Features, Knowledge, writer_table
from assistant.limits import fits
from assistant.records import Section
from assistant.relevance import CHILD, SPECIAL, Scored

_MEASURE = re.compile(r"\d\s?%|\b(?:OR|HR|RR|SIR|IRR)\b|\b\d+ (?:of|in) (?:\d|the )")


def choose_bottom_line(scored: list[Scored], asked: Asked, known: Knowledge, *, limit: int) -> list[Scored]:
    """One statement that answers what was asked; two when the answer depends on something the question leaves open,
    when another one tells it nearly as directly, or when the question is how to manage and the guidance has its own
    summary."""
    if not scored:
        return []
    headline = [entry for entry in scored if entry.passage.section is Section.BOTTOM_LINE]
    if asked.kind == "general" and headline and names_plan(asked):
        meeting = [entry for entry in headline if meets_circumstance(entry.passage, asked, known)]
        return list(dict.fromkeys([*meeting, *headline]))[:limit]
    rated = [(directness(entry, asked, known), entry) for entry in _speaking(scored, asked, known)]
    usual = [pair for pair in rated if not _is_special(known.features[pair[1].passage.id], asked)]
    usual = [pair for pair in usual if not _misses(known.features[pair[1].passage.id], asked)] or usual
    rated = usual or rated  # "on haemodialysis, no more than ..." does not open an answer about everybody else
    rated.sort(key=lambda pair: (-pair[0], pair[1].passage.id))
    top, best = rated[0]
    direct = [entry for _, entry in rated]
    other = _other_side(best, direct, asked, known)
    near = [entry for score, entry in rated[1:3] if score >= top - writer_table()["directness"]["near"]]
    second = [other] if other else near[:1]
    return [best, *second][:limit]


def directness(entry: Scored, asked: Asked, known: Knowledge) -> float:
    """How directly the statement tells what was asked: its signs, each by the weight in ``data/writer.toml``."""
    weights: Mapping[str, float] = writer_table()["directness"]
    return sum(weights[name] * value for name, value in signs(entry, asked, known).items())


def signs(entry: Scored, asked: Asked, known: Knowledge) -> dict[str, float]:
    """What speaks for (or, by a weight below nought, against) this statement as the first one; each 0 to 1 or a count,
    but for ``relevance``."""
    passage, feature = entry.passage, known.features[entry.passage.id]
    opening = known.opening(passage.id)
    strange = [term for term in feature.named if f"={term}" not in asked.words]
    outcomes = list(fits(feature.limits, asked.request.slots))
    is_dose = asked.kind == "dose"
    is_figure = asked.kind in {"prevalence", "prognosis", "threshold"}
    scores, likeness = asked.request.scores, asked.request.likeness
    return {
        "found": scores.get(passage.id, 0.0) / max(scores.values(), default=1.0),
        "likeness": likeness.get(passage.id, 0.0) / max(0.1, max(likeness.values(), default=1.0)),
        "relevance": entry.score,
        "words": known.coverage(asked.units, passage.id),
        "opening_words": known.share_in(asked.units, opening),
        "strange_names": min(4, len(strange)) / 4,
        "tells": float(tells(passage, asked)),
        "bottom_line": float(passage.section is Section.BOTTOM_LINE),
        "bottom_line_dose": float(is_dose and passage.section is Section.BOTTOM_LINE),
        "safety_met": float("safety" in passage.tags and not is_figure and meets_circumstance(passage, asked, known)),
        "measure": float(asked.kind in {"prevalence", "prognosis"} and bool(_MEASURE.search(passage.text))),
        "subjects": _share(asked.subjects, feature.words) if not asked.drugs else 0.0,
        "child": float(bool(asked.people.get("children")) and bool(CHILD.search(passage.text))),
        "amounts": len(asked.amounts & set(AMOUNTS.findall(passage.text))) / max(1, len(asked.amounts)),
        "second_hand": float(passage.evidence == "secondary"),
        "drug_leads": float(bool(asked.drugs & feature.lead)),
        "drug_class": float(not asked.drugs & feature.drugs and bool(asked.drug_classes & feature.terms)),
        "other_drug": float(bool(asked.drugs) and bool(feature.drugs) and not names_drug(feature, asked)),
        "whole_regimen": float(is_dose and " then " in passage.text),
        "no_practice": float(is_dose and not feature.is_practice),
        "special_people": float(_is_special(feature, asked)),
        "value_inside": float(any(outcomes)),
        "value_outside": float(bool(outcomes) and not any(outcomes)),
    }


def _misses(feature: Features, asked: Asked) -> bool:
    """All its limits on the patient's values are missed: "continue at 45 or more" does not open an answer at 25."""
    outcomes = list(fits(feature.limits, asked.request.slots))
    return bool(outcomes) and not any(outcomes)


def _is_special(feature: Features, asked: Asked) -> bool:
    """The statement is only for people whom the question does not name: on dialysis, pregnant, allergic ..."""
    return any(value and key in SPECIAL and key not in asked.people for key, value in feature.circumstances.items())


def _share(wanted: Collection[str], words: Container[str]) -> float:
    return sum(f"={term}" in words for term in wanted) / len(wanted) if wanted else 0.0


def _speaking(scored: list[Scored], asked: Asked, known: Knowledge) -> list[Scored]:
    """The statements that may come first: for a dose question those that give a dose or tell what is wanted, and where
    some of them name the asked drug, only those."""
    if asked.kind not in {"dose", "contraindication", "comparison", "monitoring"}:
        named = [entry for entry in scored if names_drug(known.features[entry.passage.id], asked)]
        return named if named and asked.drugs and not asked.is_story else scored
    speaking = scored
    if asked.kind == "dose":
        regimens = [entry for entry in scored if known.features[entry.passage.id].is_regimen]
        tagged = [entry for entry in regimens if "dose" in entry.passage.tags]
        telling = [entry for entry in scored if tells(entry.passage, asked)]
        met = [entry for entry in scored if _forbids(entry, asked, known)]
        both = list(dict.fromkeys([*(tagged or regimens), *telling, *met]))
        speaking = [entry for entry in both if "comparison" not in entry.passage.tags] or both or scored
    named = [entry for entry in speaking if names_drug(known.features[entry.passage.id], asked)]
    if named:  # what tells how long or how often without naming any drug holds for the asked one too
        drugless = [entry for entry in speaking if not known.features[entry.passage.id].drugs]
        named += [entry for entry in drugless if tells(entry.passage, asked)]
    anywhere = [entry for entry in scored if names_drug(known.features[entry.passage.id], asked)]
    return named or anywhere or speaking


def _forbids(entry: Scored, asked: Asked, known: Knowledge) -> bool:
    """It speaks against a dose in just this patient: a limit that the values meet, a state that the question names."""
    if not {"contraindication", "safety", "kidney"} & set(entry.passage.tags):
        return False
    inside = any(fits(known.features[entry.passage.id].limits, asked.request.slots))
    return inside or meets_circumstance(entry.passage, asked, known)


def _other_side(best: Scored, speaks: list[Scored], asked: Asked, known: Knowledge) -> Scored | None:
    """The statement for the opposite circumstance when the question does not say which holds."""
    mine = known.features[best.passage.id].circumstances
    open_keys = [key for key in mine if key not in asked.people and key not in SPECIAL]
    for entry in speaks:
        theirs = known.features[entry.passage.id].circumstances
        if (
            entry is not best
            and entry.passage.section is best.passage.section
            and any(theirs.get(key, mine[key]) is not mine[key] for key in open_keys)
        ):
            return entry
    return None
