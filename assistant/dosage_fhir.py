"""Owns the way from a ``Dosage`` record to FHIR R4 ``Dosage`` JSON.

Numbers: FHIR asks for JSON numbers, the product for exact ones. An integral value is an ``int``; a decimal fraction
of at
most 15 significant digits is a ``float``, whose shortest form (what ``json`` writes) is exactly that decimal. What
has no
such form (1/3, more digits) is left out, the text stands in its place, and the record keeps it exactly.
"""

from __future__ import annotations

from fractions import Fraction

from assistant.records import Comparator, Dosage, MaxDose, Quantity, Timing
from assistant.routes import route_to_fhir

UCUM = "http://unitsofmeasure.org"
Json = dict[str, object]

# HL7 v3 GTSAbbreviation codes, bound to Timing.code in FHIR R4: (frequency, period, unit) that they mean exactly
_TIMING_CODES = {
    (1, 1, "d"): "QD", (2, 1, "d"): "BID", (3, 1, "d"): "TID", (4, 1, "d"): "QID", (1, 2, "d"): "QOD",
    (1, 1, "h"): "Q1H", (1, 2, "h"): "Q2H", (1, 3, "h"): "Q3H", (1, 4, "h"): "Q4H", (1, 6, "h"): "Q6H",
    (1, 8, "h"): "Q8H", (1, 1, "wk"): "WK", (1, 1, "mo"): "MO",
}  # fmt: skip
_GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"


def dosage_to_fhir(dosage: Dosage) -> Json:
    """FHIR R4 Dosage; absent elements are left out. ``negated`` and ``distrust`` have no element and stay in the
    record."""
    out: Json = {"sequence": dosage.sequence, "text": dosage.text}
    extra = [text for text in (dosage.instruction, f"until {dosage.until}" if dosage.until else None) if text]
    extra += [_ceiling_text(ceiling) for ceiling in dosage.maxima if ceiling.per == "course"]
    if extra:
        out["additionalInstruction"] = [{"text": text} for text in extra]
    timing = _timing(dosage.timing)
    if timing:
        out["timing"] = timing
    if dosage.as_needed_for:
        out["asNeededCodeableConcept"] = {"text": dosage.as_needed_for}
    elif dosage.as_needed:
        out["asNeededBoolean"] = True
    if dosage.site:
        out["site"] = {"text": dosage.site}
    if dosage.route:
        out["route"] = route_to_fhir(dosage.route)
    given = _dose_and_rate(dosage)
    if given:
        out["doseAndRate"] = [given]
    for ceiling in dosage.maxima:
        _add_ceiling(out, ceiling)
    return out


def _add_ceiling(out: Json, ceiling: MaxDose) -> None:
    """The first ceiling of each kind: R4 holds one; others of the same kind say the same in other units."""
    amount = _quantity(ceiling.amount, plain=True)
    if amount is None:
        return
    if ceiling.per == "period" and ceiling.period is not None and ceiling.period_unit is not None:
        denominator = _simple(ceiling.period, ceiling.period_unit)
        if denominator is not None:
            out.setdefault("maxDosePerPeriod", {"numerator": amount, "denominator": denominator})
    elif ceiling.per == "administration":
        out.setdefault("maxDosePerAdministration", amount)
    elif ceiling.per == "lifetime":
        out.setdefault("maxDosePerLifetime", amount)


def _ceiling_text(ceiling: MaxDose) -> str:
    return f"maximum per course: {ceiling.amount.text or ''}".strip()


def _dose_and_rate(dosage: Dosage) -> Json:
    given: Json = {}
    dose, rate = dosage.dose, dosage.rate
    if dose is not None:
        if dose.is_range:
            span = _range(dose)
            if span:
                given["doseRange"] = span
        elif dose.comparator is Comparator.AT_MOST and dose.value is not None:
            high = _simple(dose.value, dose.unit)
            if high is not None:
                given["doseRange"] = {"high": high}
        else:
            quantity = _quantity(dose)
            if quantity is not None:
                given["doseQuantity"] = quantity
    if rate is not None:
        if rate.is_range:
            span = _range(rate)
            if span:
                given["rateRange"] = span
        else:
            quantity = _quantity(rate)
            if quantity is not None:
                given["rateQuantity"] = quantity
    return given


def _timing(timing: Timing) -> Json:
    repeat: Json = {}
    bounds = timing.bounds
    if bounds is not None:
        if bounds.is_range:
            repeat["boundsRange"] = _range(bounds)
        elif bounds.comparator is Comparator.AT_MOST and bounds.value is not None:
            repeat["boundsRange"] = {"high": _simple(bounds.value, bounds.unit)}
        else:
            repeat["boundsDuration"] = _quantity(bounds)
    for name, value in (("count", timing.count), ("countMax", timing.count_max)):
        if value is not None:
            repeat[name] = value
    if timing.duration is not None:
        _add_duration(repeat, timing.duration)
    for name, number in (("frequency", timing.frequency), ("frequencyMax", timing.frequency_max),
                         ("period", timing.period), ("periodMax", timing.period_max)):  # fmt: skip
        if number is not None and (exact := _number(number)) is not None:
            repeat[name] = exact
    if timing.period is not None:
        repeat["periodUnit"] = timing.period_unit
    for name, codes in (("dayOfWeek", timing.day_of_week), ("timeOfDay", timing.time_of_day)):
        if codes:
            repeat[name] = list(codes)
    if timing.when and not timing.time_of_day:  # tim-10: never both
        repeat["when"] = list(timing.when)
        if timing.offset_minutes is not None and not set(timing.when) <= {"C", "CM", "CD", "CV"}:  # tim-9
            repeat["offset"] = timing.offset_minutes
    out: Json = {key: value for key, value in (("repeat", repeat),) if value}
    code = _timing_code(timing)
    if code:
        out["code"] = {"coding": [{"system": _GTS, "code": code}], "text": code}
    return out


def _add_duration(repeat: Json, duration: Quantity) -> None:
    low = duration.value if duration.value is not None else duration.low
    if low is not None and (exact := _number(low)) is not None:
        repeat["duration"] = exact
        repeat["durationUnit"] = duration.unit
    if duration.high is not None and (exact := _number(duration.high)) is not None:
        repeat["durationMax"] = exact


def _timing_code(timing: Timing) -> str | None:
    if timing.frequency is None or timing.period is None or timing.frequency_max or timing.period_max:
        return None
    if timing.when or timing.day_of_week or timing.time_of_day:
        return None
    return _TIMING_CODES.get((int(timing.frequency), int(timing.period), timing.period_unit or "")) if (
        timing.frequency.denominator == 1 and timing.period.denominator == 1
    ) else None  # fmt: skip


def _number(value: Fraction) -> int | float | None:
    """A JSON number that says exactly ``value``; None where there is none."""
    if value.denominator == 1:
        return value.numerator
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if Fraction(repr(number)) == value else None


def _unit(code: str | None) -> Json:
    if code is None or code == "1":
        return {}
    return {"unit": code.strip("{}") if code.startswith("{") and code.endswith("}") else code, "system": UCUM,
            "code": code}  # fmt: skip


def _simple(value: Fraction, unit: str | None) -> Json | None:
    number = _number(value)
    return None if number is None else {"value": number, **_unit(unit)}


_FHIR_COMPARATORS = {Comparator.LESS: "<", Comparator.AT_MOST: "<=", Comparator.MORE: ">", Comparator.AT_LEAST: ">="}


def _quantity(quantity: Quantity, *, plain: bool = False) -> Json | None:
    """``plain`` leaves the comparator out, where the element itself says it (a maximum)."""
    value = quantity.value if quantity.value is not None else quantity.high
    out = None if value is None else _simple(value, quantity.unit)
    if out is not None and not plain and (sign := _FHIR_COMPARATORS.get(quantity.comparator)):
        out["comparator"] = sign
    return out


def _range(quantity: Quantity) -> Json:
    ends = (("low", quantity.low), ("high", quantity.high))
    return {name: found for name, value in ends if value is not None and (found := _simple(value, quantity.unit))}
