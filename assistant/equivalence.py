"""When two quantities, schedules or routes are the same thing: exact arithmetic and one stated table, no tolerance.

Three outcomes: the same; the same by a convention that is named in a note ("every 8 hours" for "three times a day"); or
different. What cannot be compared (milligrams with millilitres) is different. Rounding is allowed only where the claim
itself says "about".

| claim | source | outcome |
|---|---|---|
| alternate days, every other day | every 2 days | same |
| every 7 days | once a week | same |
| annually | every 12 months | same |
| every 8 hours | three times a day | same, noted (n a day and every 24/n hours) |
| every 4 weeks, every 28 or 30 days | monthly | same, noted (n months and 4 n weeks, n up to 3; 26 and 52 weeks) |
| three times a week | every 2 days | different: 3 and 3.5 a week |
| twice a week | every 2 weeks | different |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from assistant.errors import QuantityError
from assistant.records import Comparator, Quantity, QuantityKind, Timing
from assistant.units import convert

_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800}
_MONTHS = {"mo": 1, "a": 12}
_MONTHS_NEAR: dict[Fraction, frozenset[Fraction]] = {  # months: days by convention
    Fraction(1): frozenset(map(Fraction, (28, 30))),
    Fraction(2): frozenset(map(Fraction, (56, 60))),
    Fraction(3): frozenset(map(Fraction, (84, 90, 91))),
    Fraction(6): frozenset(map(Fraction, (182,))),
    Fraction(12): frozenset(map(Fraction, (364, 365))),
}
_PER_DAY = frozenset(map(Fraction, (1, 2, 3, 4, 6, 8, 12, 24)))
_MOST_ROUNDING = Fraction(1, 50)  # "about 740" may stand for 738, never "about 700"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``same`` with an empty ``note`` is identity; with a note it is a convention that the reader should see."""

    same: bool
    note: str = ""


SAME = Outcome(True)
DIFFERENT = Outcome(False)


def is_time(unit: str | None) -> bool:
    return unit in _SECONDS or unit in _MONTHS


def compare_time(value: Fraction, unit: str, other: Fraction, other_unit: str) -> Outcome:
    """Two lengths of time, e.g. 14 days and 2 weeks (same), 4 weeks and 1 month (same, noted)."""
    if unit in _SECONDS and other_unit in _SECONDS:
        return SAME if value * _SECONDS[unit] == other * _SECONDS[other_unit] else DIFFERENT
    if unit in _MONTHS and other_unit in _MONTHS:
        return SAME if value * _MONTHS[unit] == other * _MONTHS[other_unit] else DIFFERENT
    if unit in _SECONDS and other_unit in _MONTHS:
        value, unit, other, other_unit = other, other_unit, value, unit
    if unit in _MONTHS and other_unit in _SECONDS:
        days = other * _SECONDS[other_unit] / _SECONDS["d"]
        if days in _MONTHS_NEAR.get(value * _MONTHS[unit], frozenset()):
            return Outcome(True, "a month is counted as 4 weeks or 30 days")
    return DIFFERENT


def compare_timing(claim: Timing, source: Timing) -> Outcome:
    """How often, ends of ranges included; the length of the whole schedule is compared apart (``bounds``)."""
    if claim.when or claim.day_of_week or claim.time_of_day:
        if (claim.when, claim.day_of_week, claim.time_of_day) != (source.when, source.day_of_week, source.time_of_day):
            return DIFFERENT
        if claim.frequency is None and claim.period is None:
            return SAME
    if claim.count is not None and (claim.count, claim.count_max) != (source.count, source.count_max):
        return DIFFERENT
    if claim.period is None and claim.frequency is None:
        return SAME
    if source.period is None and source.frequency is None:
        return DIFFERENT
    if _frequencies(claim) == _frequencies(source):
        return _compare_periods(claim, source)
    return _as_interval(claim, source)


def _frequencies(timing: Timing) -> tuple[Fraction, Fraction]:
    low = timing.frequency if timing.frequency is not None else Fraction(1)
    return low, timing.frequency_max if timing.frequency_max is not None else low


def _compare_periods(claim: Timing, source: Timing) -> Outcome:
    ends = []
    for mine, theirs in (
        (claim.period, source.period),
        (claim.period_max or claim.period, source.period_max or source.period),
    ):
        if mine is None or theirs is None or claim.period_unit is None or source.period_unit is None:
            return SAME if (mine, claim.period_unit) == (theirs, source.period_unit) else DIFFERENT
        ends.append(compare_time(mine, claim.period_unit, theirs, source.period_unit))
    return next((end for end in ends if not end.same), max(ends, key=lambda end: len(end.note)))


def _as_interval(claim: Timing, source: Timing) -> Outcome:
    """n times a day against every 24/n hours, either way round; no other rate is turned into an interval."""
    for daily, hourly in ((claim, source), (source, claim)):
        low, high = _frequencies(daily)
        if low == high and daily.period == 1 and daily.period_unit == "d" and low in _PER_DAY and not daily.period_max:
            same_hours = (
                hourly.period_unit == "h"
                and not hourly.period_max
                and _frequencies(hourly) == (Fraction(1), Fraction(1))
            )
            if same_hours and hourly.period == Fraction(24) / low:
                return Outcome(True, f"{low} times a day is counted as every {Fraction(24) / low} hours")
    return DIFFERENT


def compare_quantities(claim: Quantity, source: Quantity, *, analyte: str | None = None) -> Outcome:
    """Value or range, comparator and unit; ``analyte`` lets ng/L and pmol/L be compared. Both must be trusted."""
    if claim.unit is None or source.unit is None or claim.distrust or source.distrust:
        return DIFFERENT
    if is_time(claim.unit) and is_time(source.unit):
        return _compare_lengths(claim, source)
    if claim.is_range != source.is_range:
        return DIFFERENT
    about = claim.comparator is Comparator.ABOUT
    if not about and _comparator(claim) is not _comparator(source):
        if not (_comparator(source) is Comparator.ABOUT and _comparator(claim) is Comparator.EQUAL):
            return DIFFERENT
    if about and source.comparator not in {Comparator.ABOUT, Comparator.EQUAL}:
        return DIFFERENT
    if claim.is_range and (claim.low_included, claim.high_included) != (source.low_included, source.high_included):
        return DIFFERENT
    pairs = ((claim.low, source.low), (claim.high, source.high)) if claim.is_range else ((claim.value, source.value),)
    outcomes = [_compare_values(claim, mine, source, theirs, analyte, about) for mine, theirs in pairs]
    return next((o for o in outcomes if not o.same), max(outcomes, key=lambda o: len(o.note)))


def _compare_lengths(claim: Quantity, source: Quantity) -> Outcome:
    if claim.is_range != source.is_range or claim.unit is None or source.unit is None:
        return DIFFERENT
    signs = {_comparator(claim), _comparator(source)}
    if len(signs) > 1 and signs != {Comparator.ABOUT, Comparator.EQUAL}:  # "within about a month" is not "after a month"
        return DIFFERENT
    pairs = ((claim.low, source.low), (claim.high, source.high)) if claim.is_range else ((claim.value, source.value),)
    outcomes = []
    for mine, theirs in pairs:
        if mine is None or theirs is None:
            outcomes.append(SAME if mine is theirs else DIFFERENT)
        else:
            outcomes.append(compare_time(mine, claim.unit, theirs, source.unit))
    return next((o for o in outcomes if not o.same), max(outcomes, key=lambda o: len(o.note)))


def _comparator(quantity: Quantity) -> Comparator:
    """A ceiling is a ceiling whether or not the words say "up to"."""
    if quantity.kind is QuantityKind.MAXIMUM and quantity.comparator is Comparator.EQUAL:
        return Comparator.AT_MOST
    return quantity.comparator


def _compare_values(
    claim: Quantity, mine: Fraction | None, source: Quantity, theirs: Fraction | None, analyte: str | None, about: bool
) -> Outcome:
    if mine is None or theirs is None:
        return SAME if mine is theirs else DIFFERENT
    converted = in_unit(theirs, source.unit, claim.unit, analyte)
    if converted is None:
        return DIFFERENT
    if converted == mine:
        return SAME
    if about and converted and abs(converted - mine) <= min(_quantum(claim) / 2, abs(converted) * _MOST_ROUNDING):
        return Outcome(True, "rounded, as the statement says")
    return DIFFERENT


@lru_cache(maxsize=16384)
def in_unit(value: Fraction, unit: str | None, wanted: str | None, analyte: str | None) -> Fraction | None:
    """``value`` in the ``wanted`` unit, or None when the two cannot be compared."""
    if unit == wanted:
        return value
    if unit is None or wanted is None:
        return None
    try:
        return convert(value, unit, wanted, analyte)
    except QuantityError:
        return None


def _quantum(quantity: Quantity) -> Fraction:
    """The size of the last digit that was written: 738 -> 1, 740 -> 10, 0.74 -> 1/100."""
    found = re.search(r"\d[\d,]*(?:\.\d+)?", quantity.text)
    if not found:
        return Fraction(0)
    whole, _, decimals = found[0].replace(",", "").partition(".")
    if decimals:
        return Fraction(1, 10 ** len(decimals))
    return Fraction(10 ** (len(whole) - len(whole.rstrip("0"))))
