"""Owns ``read``: one text read completely into a ``Reading``, and its row in the contract of ``assistant parse``."""

from __future__ import annotations

import gc
from bisect import bisect_right
from dataclasses import replace
from fractions import Fraction
from typing import Any

from assistant.dosages import dosage_to_fhir, read_dosages
from assistant.effects import read_effects
from assistant.normalise import normalise
from assistant.notation import read_flags
from assistant.polarity import read_polarity
from assistant.quantities import read_quantities
from assistant.records import Dosage, Effect, Flag, PolaritySpan, Quantity, QuantityKind, Reading
from assistant.units import decimal_text


def read(text: str, locale: str | None = None) -> Reading:
    """Everything the readers find in ``text``; ``locale`` as in "de" or "en-GB", None is English.

    Pure, linear in the length, never raises. All offsets count code points of ``text`` itself.
    """
    if len(text) > _LONG and gc.isenabled():  # many records and no cycle among them: nothing for a collector to find
        gc.disable()
        try:
            return _read(text, locale)
        finally:
            gc.enable()
    return _read(text, locale)


_LONG = 50_000


def _read(text: str, locale: str | None) -> Reading:
    normal = normalise(text)
    quantities = read_quantities(normal, locale)
    effects = read_effects(normal, quantities)
    return Reading(
        text=text,
        quantities=_with_effects(quantities, effects),
        dosages=read_dosages(normal, quantities),
        polarity=read_polarity(normal),
        effects=effects,
        flags=read_flags(normal, quantities),
    )


def _with_effects(quantities: tuple[Quantity, ...], effects: tuple[Effect, ...]) -> tuple[Quantity, ...]:
    """Bare numbers, percentages and ratios inside an effect's span get the kind ``effect``."""
    starts = [effect.start for effect in effects]
    marked = []
    for quantity in quantities:
        at = bisect_right(starts, quantity.start) - 1
        inside = at >= 0 and quantity.end <= effects[at].end
        marked.append(replace(quantity, kind=QuantityKind.EFFECT) if inside and quantity.kind in _BARE else quantity)
    return tuple(marked)


_BARE = frozenset({QuantityKind.NUMBER, QuantityKind.PERCENTAGE, QuantityKind.RATIO, QuantityKind.PROPORTION})


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """The row of ``assistant parse``: numbers as exact decimal strings, units as UCUM codes."""
    return {
        "quantities": [_quantity(quantity) for quantity in reading.quantities],
        "dosages": [_dosage(dosage) for dosage in reading.dosages],
        "polarity": [_polarity(span) for span in reading.polarity],
        "effects": [_effect(effect) for effect in reading.effects],
        "flags": [_flag(flag) for flag in reading.flags],
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _quantity(quantity: Quantity) -> dict[str, Any]:
    row: dict[str, Any] = {"text": quantity.text, "start": quantity.start, "end": quantity.end}
    if quantity.is_range:
        row["low"], row["high"] = _text(quantity.low), _text(quantity.high)
        row["low_included"], row["high_included"] = quantity.low_included, quantity.high_included
    else:
        row["value"] = _text(quantity.value)
    row["comparator"], row["unit"], row["kind"] = quantity.comparator.value, quantity.unit, quantity.kind.value
    if quantity.distrust:
        row["distrust"] = list(quantity.distrust)
    return row


def _dosage(dosage: Dosage) -> dict[str, Any]:
    """FHIR R4 Dosage, and beside it what FHIR has no element for: ``negated``, ``distrust``, ``phase``, ``until``."""
    row: dict[str, Any] = dosage_to_fhir(dosage)
    row["negated"] = dosage.negated
    if dosage.distrust:
        row["distrust"] = list(dosage.distrust)
    for name, value in (("phase", dosage.phase), ("until", dosage.until)):
        if value:
            row[name] = value
    return row


def _polarity(span: PolaritySpan) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "value": span.value.value, "cue": span.cue}


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "text": effect.text,
        "start": effect.start,
        "end": effect.end,
        "measure": effect.measure,
        "value": _text(effect.value),
        "ci_low": _text(effect.ci_low),
        "ci_high": _text(effect.ci_high),
        "ci_level": _text(effect.ci_level),
        "p_value": _text(effect.p_value),
        "p_comparator": effect.p_comparator.value if effect.p_comparator else None,
        "unit": effect.unit,
    }


def _flag(flag: Flag) -> dict[str, Any]:
    return {"start": flag.start, "end": flag.end, "kind": flag.kind, "why": flag.why, "safe_form": flag.safe_form}
