"""Owns a Timing in plain words, and such words read back."""

from __future__ import annotations

from fractions import Fraction

from assistant.records import Comparator, Quantity, Timing
from assistant.schedule_words import Part, Tokens
from assistant.schedules import per_part, read_part
from assistant.timings import merge, with_derived_frequency
from assistant.tokens import END, tokenise


def read_timing(text: str) -> Timing | None:
    """The Timing that ``text`` says, when the whole text is an expression of time; else None. Never raises."""
    tokens = tokenise(text)
    timing, i, plural = Timing(), 0, False
    while i < len(tokens):
        if tokens[i].text in (",", "and", "(", ")", ";") or tokens[i].kind == END:
            i += 1
            continue
        part = read_part(tokens, i) or _until_part(tokens, i)
        if part is None or part.distrust:
            return None
        timing, doubts = merge(timing, part.timing)
        if doubts:
            return None
        plural = plural or part.plural_meals
        i = part.end
    return with_derived_frequency(timing, plural_meals=plural) if timing != Timing() else None


def _until_part(tokens: Tokens, i: int) -> Part | None:
    return None if tokens[i].text == "in" else per_part(tokens, i)


_UNIT_NAMES = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_WHEN_NAMES = {
    "MORN": "in the morning", "NOON": "at noon", "AFT": "in the afternoon", "EVE": "in the evening",
    "NIGHT": "at night", "HS": "at bedtime", "WAKE": "on waking", "C": "with meals", "CM": "with breakfast",
    "CD": "with lunch", "CV": "with dinner", "AC": "before meals", "ACM": "before breakfast", "ACD": "before lunch",
    "ACV": "before dinner", "PC": "after meals", "PCM": "after breakfast", "PCD": "after lunch", "PCV": "after dinner",
    "MORN.early": "in the early morning", "MORN.late": "in the late morning", "AFT.early": "in the early afternoon",
    "AFT.late": "in the late afternoon", "EVE.early": "in the early evening", "EVE.late": "in the late evening",
}  # fmt: skip
_DAY_NAMES = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
              "sat": "Saturday", "sun": "Sunday"}  # fmt: skip


def _number_text(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    scaled, places = value, 0
    while scaled.denominator != 1 and places < 12:
        scaled, places = scaled * 10, places + 1
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = str(scaled.numerator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def _amount_text(low: Fraction | None, high: Fraction | None, unit: str) -> str:
    if low is None:
        return f"up to {_amount_text(high, None, unit)}"
    name = _UNIT_NAMES.get(unit, unit)
    if high is None:
        return f"{_number_text(low)} {name}{'' if low == 1 else 's'}"
    return f"{_number_text(low)} to {_number_text(high)} {name}s"


def timing_text(timing: Timing) -> str:
    """The Timing in plain words, which ``read_timing`` reads back to the same Timing (offsets of quantities apart)."""
    words = [_frequency_text(timing)]
    if timing.offset_minutes is not None and timing.when:
        words.append(f"{timing.offset_minutes} minutes")
    words.append(" and ".join(_WHEN_NAMES.get(code, code) for code in timing.when))
    if timing.day_of_week:
        words.append("on " + " and ".join(_DAY_NAMES.get(day, day) for day in timing.day_of_week))
    if timing.time_of_day:
        words.append("at " + " and ".join(time[:5] for time in timing.time_of_day))
    if timing.duration is not None:
        words.append("over " + _quantity_text(timing.duration))
    if timing.bounds is not None:
        words.append("for " + _quantity_text(timing.bounds))
    if timing.count is not None or timing.count_max is not None:
        words.append(_count_text(timing))
    return " ".join(word for word in words if word)


def _count_text(timing: Timing) -> str:
    if timing.count is None:
        return f"for up to {timing.count_max} doses"
    if timing.count_max is not None:
        return f"for {timing.count} to {timing.count_max} doses"
    return f"for {timing.count} dose{'' if timing.count == 1 else 's'}"


def _quantity_text(quantity: Quantity) -> str:
    lead = {Comparator.AT_MOST: "up to ", Comparator.AT_LEAST: "at least ", Comparator.ABOUT: "about "}
    low = quantity.value if quantity.value is not None else quantity.low
    return lead.get(quantity.comparator, "") + _amount_text(low, quantity.high, quantity.unit or "")


def _frequency_text(timing: Timing) -> str:
    if timing.period is None or timing.period_unit is None:
        return ""
    every = f"every {_amount_text(timing.period, timing.period_max, timing.period_unit)}"
    if timing.period == 1 and timing.period_max is None:
        every = f"a {_UNIT_NAMES[timing.period_unit]}" if timing.period_unit != "h" else "an hour"
    elif timing.frequency == 1 and timing.frequency_max is None:
        return every
    low, high = timing.frequency, timing.frequency_max
    if low is None:
        return f"up to {_number_text(high)} times {every}" if high is not None else every
    if high is not None:
        return f"{_number_text(low)} to {_number_text(high)} times {every}"
    if low == 1:
        return f"once {every}"
    return f"twice {every}" if low == 2 else f"{_number_text(low)} times {every}"
