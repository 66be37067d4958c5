"""Passed statements to the parts of an Answer: order, numbered references, guidance used, dosing rows, conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from assistant.gate import Passed
from assistant.knowledge import Knowledge
from assistant.limits import overlap
from assistant.notices import COUNTRIES
from assistant.records import Conflict, Corpus, GuidanceUsed, NumberedReference, Passage, Rule, Section, Statement
from assistant.slots import circumstances

ORDER = tuple(Section)
_SITE = {"intramuscular": "IM", "intravenous": "IV", "subcutaneous": "SC"}


def order_statements(passed: Sequence[Passed]) -> list[Passed]:
    """By section; within a section as they came."""
    return sorted(passed, key=lambda entry: ORDER.index(entry.section))


def number_references(
    ordered: Sequence[Passed], corpus: Corpus
) -> tuple[tuple[NumberedReference, ...], dict[str, int]]:
    """References in the order of their first citation, from 1; and the number of each id."""
    cited = [
        key for entry in ordered for passage_id in entry.passage_ids for key in corpus.passages[passage_id].citations
    ]
    keys = [key for key in dict.fromkeys(cited) if key in corpus.references]
    return tuple(NumberedReference(n, corpus.references[key]) for n, key in enumerate(keys, 1)), {
        key: n for n, key in enumerate(keys, 1)
    }


def guidance_used(ordered: Sequence[Passed], corpus: Corpus) -> tuple[GuidanceUsed, ...]:
    keys = dict.fromkeys(corpus.passages[passage_id].guideline for entry in ordered for passage_id in entry.passage_ids)
    found = [corpus.guidelines[key] for key in keys]
    return tuple(GuidanceUsed(g.id, g.title, g.version, g.status, g.updated, g.review_by) for g in found)


def dosage_row(passage: Passage, known: Knowledge) -> dict[str, str] | None:
    """A row of the dosing table out of the passage's dose rules, phases joined with "; then "; None without a rule."""
    rules = [rule for rule in known.rules.get(passage.id, ()) if rule.kind == "dose"]
    if not rules:
        return None
    first = rules[0].slots
    row = {
        "drug": first.get("drug", ""),
        "dose": _joined(rule.slots.get("dose", "") for rule in rules),
        "route": _joined(rule.slots.get("route", "") for rule in rules),
        "frequency": "; then ".join(filter(None, (_how_often(rule) for rule in rules))),
        "duration": _joined(rule.slots.get("duration", "") for rule in rules),
        "population": rules[0].population or passage.population or "",
    }
    return {key: value for key, value in row.items() if value}


def _how_often(rule: Rule) -> str:
    frequency, until = rule.slots.get("frequency", ""), rule.slots.get("until", "")
    return f"{frequency} until {until}" if frequency and until else frequency


def _joined(values: Iterable[str]) -> str:
    return "; then ".join(dict.fromkeys(value for value in values if value))


def build_conflicts(statements: Sequence[Statement], known: Knowledge) -> tuple[Conflict, ...]:
    """Pairs of statements whose rules give the same thing a different figure: drug, phase and people of a dose, drug
    and people of a maximum, analyte and meaning of a threshold; where neither phase nor meaning is named, only
    statements of two countries. Both stay; ``about`` names the country, figure and year of each side."""
    keyed: dict[tuple[str, ...], dict[tuple[str, ...], tuple[str, Rule]]] = {}
    for statement in statements:
        for rule in known.rules.get(statement.passage or "", ()):
            key = _subject(rule)
            if key:
                keyed.setdefault(key, {}).setdefault((*_figure(rule), *_country(rule, key)), (statement.id, rule))
    conflicts: dict[tuple[str, ...], str] = {}
    for key, figures in keyed.items():
        for (_, (one, first)), (_, (other, second)) in combinations(figures.items(), 2):
            if one != other and _figure(first) != _figure(second) and _may_differ(key, first, second, known):
                sides = "; ".join(_side(rule, known) for rule in (first, second))
                conflicts.setdefault(tuple(sorted((one, other), key=_number)), f"{_about(key)} ({sides})")
    return tuple(Conflict(about, sides) for sides, about in conflicts.items())


def _country(rule: Rule, key: tuple[str, ...]) -> tuple[str, ...]:
    return () if key[3] else (rule.jurisdiction or "",)


def _may_differ(key: tuple[str, ...], one: Rule, other: Rule, known: Knowledge) -> bool:
    """A phase or a meaning makes two figures comparable; without one, two countries and one group of people do."""
    places = {known.jurisdiction(known.corpus.passages[rule.passage]) for rule in (one, other)}
    if not _for_same_values(one, other, known):
        return False
    return bool(key[3]) or (key[0] == "threshold" and bool(key[2])) or len(places - {None, "international"}) == 2


def _for_same_values(one: Rule, other: Rule, known: Knowledge) -> bool:
    """Both statements hold for a common range of some laboratory value, or neither has a limit: a dose for a clearance
    of 15 to 30 does not disagree with one for 30 and more."""
    mine, theirs = (known.features[rule.passage].limits for rule in (one, other))
    if not mine and not theirs:
        return True
    return any(set(a.analytes) & set(b.analytes) and a.unit == b.unit and overlap(a, b) for a in mine for b in theirs)


def _side(rule: Rule, known: Knowledge) -> str:
    """ "United Kingdom: 2.5 mg twice daily (2023)": country, figure and the year of the work behind a statement."""
    passage = known.corpus.passages[rule.passage]
    country = COUNTRIES.get(known.jurisdiction(passage) or "", "no country named")
    years = [known.corpus.references[key].year for key in passage.citations if key in known.corpus.references]
    figure = " ".join(part for part in _figure(rule) if part)
    newest = max((year for year in years if year), default=None)
    return f"{country}: {figure}" + (f" ({newest})" if newest else "")


def _number(statement_id: str) -> int:
    return int(statement_id.removeprefix("s"))


def _subject(rule: Rule) -> tuple[str, ...]:
    people = ",".join(
        f"{'' if value else 'no '}{key}" for key, value in sorted(circumstances(rule.population or "").items())
    )
    slots: Mapping[str, str] = rule.slots
    if rule.kind == "dose" and slots.get("phase"):
        return ("dose", slots.get("drug", ""), slots.get("route", ""), slots["phase"], people)
    if rule.kind in {"dose", "maximum"} and rule.population:
        return (
            rule.kind,
            slots.get("drug", ""),
            slots.get("route", ""),
            "",
            f"{rule.population} {slots.get('per', '')}",
        )
    if rule.kind == "threshold":
        return ("threshold", slots.get("analyte", ""), slots.get("meaning", ""), "", people)
    return ()


def _figure(rule: Rule) -> tuple[str, ...]:
    keys = ("dose", "frequency", "duration") if rule.kind == "dose" else ("value",)
    return tuple(rule.slots.get(key, "") for key in keys)


def _about(key: tuple[str, ...]) -> str:
    kind, name, *rest = key
    return ", ".join(part for part in (f"{name}: {kind}", *rest[:2]) if part)
