"""Do two frames agree slot by slot? Every slot the claim fills must be filled, and equal, in the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from assistant.checks.finding import Mismatch
from assistant.equivalence import compare_quantities, compare_timing
from assistant.frames import Frame
from assistant.records import Comparator, Dosage, Effect, MaxDose, Quantity, QuantityKind, Timing
from assistant.units import decimal_text
from assistant.wording import stem_of
from assistant.wording_lists import STOP

_SIGN = {
    Comparator.LESS: "< ",
    Comparator.AT_MOST: "<= ",
    Comparator.MORE: "> ",
    Comparator.AT_LEAST: ">= ",
    Comparator.ABOUT: "~ ",
}


def quantity_text(quantity: Quantity) -> str:
    """``< 180 ng/L``, ``2-3 mo``, ``1 mg``: exact decimals, UCUM unit."""
    unit = "" if quantity.unit in {None, "1"} else f" {quantity.unit}"
    if quantity.value is not None:
        return f"{_SIGN.get(quantity.comparator, '')}{decimal_text(quantity.value)}{unit}"
    low = decimal_text(quantity.low) if quantity.low is not None else ""
    high = decimal_text(quantity.high) if quantity.high is not None else ""
    return f"{low}-{high}{unit}"


def timing_text(timing: Timing) -> str:
    """``3 per 1 wk``, ``1 per 2-3 mo``, with the moments of the day behind it."""
    parts = []
    if timing.frequency is not None or timing.period is not None:
        often = decimal_text(timing.frequency) if timing.frequency is not None else "1"
        if timing.frequency_max is not None:
            often += f"-{decimal_text(timing.frequency_max)}"
        period = decimal_text(timing.period) if timing.period is not None else "?"
        if timing.period_max is not None:
            period += f"-{decimal_text(timing.period_max)}"
        parts.append(f"{often} per {period} {timing.period_unit or ''}".strip())
    parts += list(timing.when) + list(timing.day_of_week) + list(timing.time_of_day)
    if timing.count is not None:
        parts.append(f"{timing.count} times in all")
    return ", ".join(parts)


def frame_slots(frame: Frame) -> dict[str, str]:
    """The filled slots of a frame as exact strings, for ``expected`` and ``observed``."""
    if frame.dosage is not None:
        return _dosage_slots(frame)
    if frame.effect is not None:
        return _effect_slots(frame.effect)
    quantity = frame.quantity
    if quantity is None:
        return {}
    slots = {"value": quantity_text(quantity).removesuffix(f" {quantity.unit}")}
    if quantity.unit not in {None, "1"}:
        slots["unit"] = str(quantity.unit)
    return slots


def _dosage_slots(frame: Frame) -> dict[str, str]:
    dosage = frame.dosage
    assert dosage is not None
    slots: dict[str, str] = {}
    if frame.drugs:
        slots["drug"] = ", ".join(sorted(frame.drugs))
    amount = dosage.dose or dosage.rate
    if amount is not None:
        slots["value"] = quantity_text(amount).removesuffix(f" {amount.unit}")
        if amount.unit not in {None, "1"}:
            slots["unit"] = str(amount.unit)
    if dosage.route:
        slots["route"] = dosage.route
    if timing_text(dosage.timing):
        slots["frequency"] = timing_text(dosage.timing)
    if dosage.timing.bounds is not None:
        slots["duration"] = quantity_text(dosage.timing.bounds)
    if dosage.until:
        slots["until"] = dosage.until
    for maximum in dosage.maxima:
        slots["maximum"] = max_text(maximum)
    if dosage.phase:
        slots["phase"] = dosage.phase
    return slots


def max_text(maximum: MaxDose) -> str:
    per = f"{decimal_text(maximum.period)} {maximum.period_unit}" if maximum.period is not None else maximum.per
    return f"{quantity_text(maximum.amount)} per {per}"


def _effect_slots(effect: Effect) -> dict[str, str]:
    slots = {"measure": effect.measure}
    if effect.value is not None:
        slots["value"] = decimal_text(effect.value)
    if effect.ci_low is not None and effect.ci_high is not None:
        slots["ci"] = f"{decimal_text(effect.ci_low)} to {decimal_text(effect.ci_high)}"
    if effect.ci_level is not None:
        slots["ci_level"] = decimal_text(effect.ci_level)
    if effect.p_value is not None:
        slots["p"] = f"{_SIGN.get(effect.p_comparator or Comparator.EQUAL, '')}{decimal_text(effect.p_value)}"
    return slots


# --------------------------------------------------------------------------- comparison


def differences(claim: Frame, source: Frame, analytes: tuple[str, ...]) -> tuple[tuple[Mismatch, ...], str] | None:
    """The slots in which ``claim`` differs from ``source``, and a note; None when the two are not the same sort of
    claim.
    """
    if claim.effect is not None and source.effect is not None:
        return tuple(_effect_differences(claim.effect, source.effect)), ""
    if claim.dosage is not None and source.dosage is not None:
        return _dosage_differences(claim, source, analytes)
    if claim.quantity is not None:
        nearest = _nearest_quantity(claim.quantity, claim.family, source, analytes)
        if nearest is not None and claim.negated != source.negated and source.quantity is not None:
            said = ("affirmed", "negated")
            return (*nearest[0], Mismatch("polarity", said[source.negated], said[claim.negated])), nearest[1]
        return nearest
    if claim.dosage is not None and source.quantity is not None:
        return _dosage_against_quantity(claim.dosage, source.quantity, analytes)
    return None


def _effect_differences(claim: Effect, source: Effect) -> Iterator[Mismatch]:
    if claim.measure != source.measure and source.measure != f"a{claim.measure}":
        yield Mismatch("measure", source.measure, claim.measure)
    if claim.value is not None and claim.value != source.value:
        yield Mismatch("value", _number(source.value), decimal_text(claim.value))
    if claim.ci_low is not None and (claim.ci_low, claim.ci_high) != (source.ci_low, source.ci_high):
        expected = None
        if source.ci_low is not None and source.ci_high is not None:
            expected = f"{decimal_text(source.ci_low)} to {decimal_text(source.ci_high)}"
        yield Mismatch("ci", expected, f"{_number(claim.ci_low)} to {_number(claim.ci_high)}")
    if claim.ci_level is not None and source.ci_level is not None and claim.ci_level != source.ci_level:
        yield Mismatch("ci_level", decimal_text(source.ci_level), decimal_text(claim.ci_level))
    if claim.p_value is not None and (claim.p_value, claim.p_comparator) != (source.p_value, source.p_comparator):
        yield Mismatch("p", _number(source.p_value), decimal_text(claim.p_value))
    if claim.unit != source.unit:
        yield Mismatch("unit", source.unit, str(claim.unit))


def _number(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _dosage_differences(claim: Frame, source: Frame, analytes: tuple[str, ...]) -> tuple[tuple[Mismatch, ...], str]:
    mine, theirs = claim.dosage, source.dosage
    assert mine is not None and theirs is not None
    found: list[Mismatch] = []
    notes: list[str] = []
    for slot, ours, other in (("dose", mine.dose, theirs.dose), ("rate", mine.rate, theirs.rate)):
        if ours is not None:
            held = other if other is not None else _amount_held(theirs)
            _compare(slot, ours, held, analytes, found, notes)
    if mine.route and mine.route != theirs.route and not _route_covers(mine.route, theirs.route):
        found.append(Mismatch("route", theirs.route, mine.route))
    outcome = compare_timing(mine.timing, theirs.timing)
    if not outcome.same:
        found.append(Mismatch("frequency", timing_text(theirs.timing) or None, timing_text(mine.timing)))
    elif outcome.note:
        notes.append(outcome.note)
    for slot, ours, other in (
        ("duration", mine.timing.bounds, theirs.timing.bounds),
        ("over", mine.timing.duration, theirs.timing.duration),
    ):
        if ours is not None:
            _compare(slot, ours, other, analytes, found, notes)
    found.extend(_dosage_rest(mine, theirs, analytes, notes))
    if claim.negated != source.negated:
        said = ("given", "not given")
        found.append(Mismatch("polarity", said[source.negated], said[claim.negated]))
    return tuple(found), "; ".join(dict.fromkeys(notes))


def _dosage_rest(mine: Dosage, theirs: Dosage, analytes: tuple[str, ...], notes: list[str]) -> Iterator[Mismatch]:
    if mine.until and not _same_words(mine.until, theirs.until):
        yield Mismatch("until", theirs.until, mine.until)
    if mine.as_needed and not theirs.as_needed:
        yield Mismatch("as needed", "regular", "as needed")
    if theirs.as_needed and not mine.as_needed and mine.timing.frequency is not None:
        yield Mismatch("as needed", "as needed", "regular")
    if mine.phase and theirs.phase and mine.phase != theirs.phase:
        yield Mismatch("phase", theirs.phase, mine.phase)
    if mine.site and theirs.site and mine.site != theirs.site:
        yield Mismatch("site", theirs.site, mine.site)
    for maximum in mine.maxima:
        if not any(_same_maximum(maximum, other, analytes) for other in theirs.maxima):
            expected = max_text(theirs.maxima[0]) if theirs.maxima else None
            yield Mismatch("maximum", expected, max_text(maximum))


def _same_maximum(claim: MaxDose, source: MaxDose, analytes: tuple[str, ...]) -> bool:
    return (claim.per, claim.period, claim.period_unit) == (source.per, source.period, source.period_unit) and _same(
        claim.amount, source.amount, analytes
    )[0]


def _amount_held(dosage: Dosage) -> Quantity | None:
    return dosage.dose or dosage.rate or (dosage.maxima[0].amount if dosage.maxima else None)


def _route_covers(claim: str, source: str | None) -> bool:
    """A claim may say less than its source: "by injection" for intramuscular, never the other way round."""
    injected = {"intramuscular", "subcutaneous", "intravenous", "intradermal"}
    return claim in {"injection", "parenteral"} and source in injected


def _same_words(claim: str, source: str | None) -> bool:
    if source is None:
        return False

    def content(text: str) -> list[str]:
        words = [word.strip(".,;:()").casefold() for word in text.split()]
        return sorted(
            {
                stem_of(word)
                for word in words
                if word and (word not in STOP or word in {"no", "not", "further", "until"})
            }
        )

    return content(claim) == content(source)


def _compare(
    slot: str,
    claim: Quantity,
    source: Quantity | None,
    analytes: tuple[str, ...],
    found: list[Mismatch],
    notes: list[str],
) -> None:
    if source is None:
        found.append(Mismatch(slot, None, quantity_text(claim)))
        return
    same, note = _same(claim, source, analytes)
    if not same:
        found.append(Mismatch(slot, quantity_text(source), quantity_text(claim)))
    elif note:
        notes.append(note)


def _same(claim: Quantity, source: Quantity, analytes: tuple[str, ...]) -> tuple[bool, str]:
    for analyte in (None, *analytes):
        outcome = compare_quantities(claim, source, analyte=analyte)
        if outcome.same:
            return True, outcome.note
    return False, ""


def _nearest_quantity(
    claim: Quantity, family: str, source: Frame, analytes: tuple[str, ...]
) -> tuple[tuple[Mismatch, ...], str] | None:
    """A plain quantity of the claim against any quantity the source frame states in the same role."""
    candidates = list(_in_role(family, source, claim))
    if not candidates:
        return None
    best: tuple[tuple[Mismatch, ...], str] | None = None
    for candidate in candidates:
        same, note = _same(claim, candidate, analytes)
        if same:
            return (), note
        best = best or ((Mismatch("value", quantity_text(candidate), quantity_text(claim)),), "")
    return best


def _in_role(family: str, source: Frame, claim: Quantity) -> Iterator[Quantity]:
    if source.quantity is not None and (source.family == family or {source.family, family} <= _LOOSE):
        yield source.quantity
    elif source.dosage is not None:
        d = source.dosage
        if family in {"amount", "rate", "number"}:
            yield from (q for q in (d.dose, d.rate) if q is not None)
            paced = _per_time(d)
            if paced is not None:
                yield paced
        if family in {"maximum", "amount"}:
            yield from (m.amount for m in d.maxima)
        if family == "time":
            yield from (q for q in (d.timing.bounds, d.timing.duration) if q is not None)
        if family == "interval":
            yield from _interval_of(d.timing)
        if family == "frequency" and d.timing.frequency is not None:
            yield from _frequency_of(d.timing)
    elif source.effect is not None and family in {"effect"} and source.effect.value is not None:
        yield Quantity(source.text, source.start, source.end, value=source.effect.value, unit=source.effect.unit)


_LOOSE = frozenset({"number", "count"})


def _interval_of(timing: Timing) -> Iterator[Quantity]:
    """ "every 2-3 months" as a quantity of time, so that it can be compared with one read outside a dosage."""
    if timing.period is None or timing.period_unit is None or (timing.frequency or 1) != 1:
        return
    if timing.period_max is not None:
        yield Quantity(
            "", 0, 0, low=timing.period, high=timing.period_max, unit=timing.period_unit, kind=QuantityKind.INTERVAL
        )
    else:
        yield Quantity("", 0, 0, value=timing.period, unit=timing.period_unit, kind=QuantityKind.INTERVAL)


def _per_time(dosage: Dosage) -> Quantity | None:
    """ "30 mg a day": the dose with its pace as one rate; None where it is given otherwise than once in a unit of time."""
    timing, dose = dosage.timing, dosage.dose
    once = timing.period == 1 and timing.period_max is None and (timing.frequency or 1) == 1 and not timing.frequency_max
    if dose is None or dose.unit is None or not once or timing.period_unit is None:
        return None
    return replace(dose, unit=f"{dose.unit}/{timing.period_unit}")


def _frequency_of(timing: Timing) -> Iterator[Quantity]:
    units = {f"/{timing.period_unit}"} if timing.period == 1 else set()
    for unit in sorted(units | {"1"}):
        if timing.frequency_max is not None:
            yield Quantity(
                "", 0, 0, low=timing.frequency, high=timing.frequency_max, unit=unit, kind=QuantityKind.FREQUENCY
            )
        else:
            yield Quantity("", 0, 0, value=timing.frequency, unit=unit, kind=QuantityKind.FREQUENCY)


def _dosage_against_quantity(
    claim: Dosage, source: Quantity, analytes: tuple[str, ...]
) -> tuple[tuple[Mismatch, ...], str] | None:
    """A dosage that states one thing only ("1 mg", "every 3 months") against a plain quantity of the source."""
    timing = claim.timing
    parts = [
        q for q in (claim.dose, claim.rate, timing.bounds, timing.duration, *(m.amount for m in claim.maxima)) if q
    ]
    paced = _per_time(claim)
    if paced is not None and len(parts) == 1:
        parts = [paced]  # "30 mg a day" read as a dose here and as a rate there
    else:
        parts += list(_interval_of(timing))
    if len(parts) != 1 or claim.route or claim.until or timing.when or (timing.frequency or 1) != 1:
        return None
    same, note = _same(parts[0], source, analytes)
    return ((), note) if same else ((Mismatch("value", quantity_text(source), quantity_text(parts[0])),), "")
