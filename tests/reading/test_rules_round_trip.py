"""Every rule of the corpus, written in plain words, reads back to the same slots."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.dosages import read_dosages
from assistant.normalise import normalise
from assistant.quantities import read_quantities
from assistant.records import Comparator, Dosage, Quantity, Rule, Timing
from assistant.rules import read_rules
from assistant.timing_text import timing_text
from assistant.units import decimal_text

FOLDER = Path(__file__).parents[2] / "corpus" / "rules"
RULES = [
    rule
    for path in sorted(FOLDER.glob("*.toml"))
    for rule in read_rules(path.read_text(encoding="utf-8"), path=path.name)[0]
]
DOSES = [rule for rule in RULES if rule.kind == "dose"]
VALUES = [rule for rule in RULES if rule.kind in ("threshold", "maximum", "percentage")]
_SIGNS = {Comparator.EQUAL: "", Comparator.ABOUT: "about "}


def _bare(quantity: Quantity | None) -> object:
    if quantity is None:
        return None
    ends = (quantity.value, quantity.low, quantity.high, quantity.low_included, quantity.high_included)
    return (*ends, quantity.comparator, quantity.unit)


_NAMES = {"1": "", "Cel": "°C", "/min": "per minute", "/wk": "times a week", "/d": "times a day", "a": "years"}


def _unit_name(code: str) -> str:
    if code.startswith("{"):
        return code.strip("{}").replace("_", " ") + "s"
    return _NAMES.get(code, code)


def _written(quantity: Quantity) -> str:
    unit = _unit_name(quantity.unit or "")
    if quantity.is_range:
        ends = [decimal_text(end) for end in (quantity.low, quantity.high) if end is not None]
        return f"{' to '.join(ends)} {unit}".strip()
    assert quantity.value is not None
    sign = _SIGNS.get(quantity.comparator, quantity.comparator.value + " ")
    return f"{sign}{decimal_text(quantity.value)} {unit}".strip()


def _without_places(timing: Timing) -> Timing:
    def bare(quantity: Quantity | None) -> Quantity | None:
        return None if quantity is None else replace(quantity, text="", start=0, end=0)

    return replace(timing, bounds=bare(timing.bounds), duration=bare(timing.duration))


def _read(text: str) -> tuple[Dosage, ...]:
    normal = normalise(text)
    return read_dosages(normal, read_quantities(normal))


def _slots(dosage: Dosage) -> tuple[object, ...]:
    return _bare(dosage.dose), _bare(dosage.rate), dosage.route, _without_places(dosage.timing)


def _of_rule(rule: Rule) -> str:
    words = [rule.slots.get("dose", ""), rule.slots.get("route", ""), rule.slots.get("frequency", "")]
    if rule.slots.get("duration"):
        words.append("for " + rule.slots["duration"])
    return "Give " + " ".join(word for word in words if word)


@pytest.mark.parametrize("rule", DOSES, ids=[rule.id for rule in DOSES])
def test_dose_reads_back(rule: Rule) -> None:
    for dosage in _read(_of_rule(rule)):
        if dosage.distrust or (dosage.dose is None and dosage.rate is None):
            continue  # said to be doubtful: kept as text, nothing to write from
        amount = dosage.dose or dosage.rate
        assert amount is not None
        parts = "" if not (amount.unit or "").endswith("/d") else "divided" if dosage.timing.period else "in divided doses"
        amount = replace(amount, unit=(amount.unit or "").removesuffix("/d"))
        words = ["Give", _written(amount), dosage.route or "", parts, timing_text(dosage.timing)]
        again = _read(" ".join(word for word in words if word))
        assert [_slots(other) for other in again] == [_slots(dosage)]


@pytest.mark.parametrize("rule", VALUES, ids=[rule.id for rule in VALUES])
def test_value_reads_back(rule: Rule) -> None:
    for quantity in read_quantities(normalise(rule.slots["value"])):
        if quantity.unit is None or quantity.distrust or not (quantity.low_included and quantity.high_included):
            continue
        again = read_quantities(normalise(_written(quantity)))
        assert [_bare(other) for other in again][:1] == [_bare(quantity)]
