"""Owns what the parts of one schedule mean together: joined, completed from the events they name, and checked."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from assistant.records import Quantity, Timing
from assistant.schedule_words import GROUP, MEAL_CODES, TWO_FREQUENCIES


def merge(first: Timing, second: Timing) -> tuple[Timing, tuple[str, ...]]:
    """Both said of one dose. Where they disagree the first stands and the reason for distrust is returned."""
    doubts: list[str] = []
    values: dict[str, object] = {}
    a = (first.frequency, first.frequency_max, first.period, first.period_max, first.period_unit)
    b = (second.frequency, second.frequency_max, second.period, second.period_max, second.period_unit)
    names = ("frequency", "frequency_max", "period", "period_max", "period_unit")
    if not any(value is not None for value in a):
        values.update(zip(names, b, strict=True))
    elif any(value is not None for value in b) and a != b:
        chosen, doubt = _one_frequency(first, second)
        values.update((name, getattr(chosen, name)) for name in names)
        doubts.extend(doubt)
    for name in ("bounds", "duration", "count", "count_max", "offset_minutes"):
        one, two = getattr(first, name), getattr(second, name)
        if one is None:
            values[name] = two
        elif two is not None and _differ(one, two):
            doubts.append(f"two readings of {name.removesuffix('_minutes')}")
    for name in ("when", "day_of_week", "time_of_day"):
        values[name] = tuple(dict.fromkeys(getattr(first, name) + getattr(second, name)))
    when = values["when"]
    assert isinstance(when, tuple)
    if "HS" in when and "NIGHT" in when:
        values["when"] = tuple(code for code in when if code != "NIGHT")  # "every night at bedtime"
    return replace(first, **values), tuple(doubts)  # type: ignore[arg-type]


def _differ(one: object, two: object) -> bool:
    if isinstance(one, Quantity) and isinstance(two, Quantity):
        if one.value is not None and two.value is not None and one.unit in _HOURS and two.unit in _HOURS:
            return one.value * _HOURS[one.unit] != two.value * _HOURS[two.unit]  # "7 days 1 week"
        return (one.value, one.low, one.high, one.unit) != (two.value, two.low, two.high, two.unit)
    return one != two


_HOURS = {"h": Fraction(1), "d": Fraction(24), "wk": Fraction(168), "min": Fraction(1, 60)}


def _one_frequency(first: Timing, second: Timing) -> tuple[Timing, tuple[str, ...]]:
    """Two frequencies of one dose: "twice daily (every 12 hours)" is one said twice, "bd every 7 days" is a doubt."""
    if first.period is None and second.period is not None and second.frequency in (None, 1):
        # "3 times ... daily" with words between
        return replace(first, period=second.period, period_unit=second.period_unit), ()
    one, two = _rate(first), _rate(second)
    if one is not None and one == two:
        return first, ()
    daily = Timing(frequency=Fraction(1), period=Fraction(1), period_unit="d")
    for plain, other in ((first, second), (second, first)):
        bare = (plain.frequency, plain.frequency_max, plain.period, plain.period_unit)
        is_daily = bare == (daily.frequency, None, daily.period, "d")
        if is_daily and other.period_unit in ("h", "min") and other.period is not None and other.period <= 24:
            return other, ()  # "every 12 hours daily"
        if is_daily and other.period_unit == "d" and other.period == 1 and plain.when:
            return other, (TWO_FREQUENCIES,)
    return first, (TWO_FREQUENCIES,)


def _rate(timing: Timing) -> tuple[Fraction, Fraction] | None:
    """Fewest and most occasions per hour, when both are stated in units of fixed length."""
    hours = _HOURS.get(timing.period_unit or "")
    if hours is None or timing.frequency is None or not timing.period:
        return None
    least = timing.frequency / ((timing.period_max or timing.period) * hours)
    return least, (timing.frequency_max or timing.frequency) / (timing.period * hours)


def with_derived_frequency(timing: Timing, *, plural_meals: bool = False) -> Timing:
    """Fill in the frequency that the named events imply, where none is stated; see the module's text for the rule."""
    if timing.frequency is not None or timing.frequency_max is not None or timing.period is not None:
        return timing
    if timing.count is not None or timing.count_max is not None:
        return timing
    events = len({GROUP[code] for code in timing.when if code in GROUP}) + len(timing.time_of_day)
    generic = any(code in MEAL_CODES for code in timing.when)
    if generic and plural_meals and not {GROUP[code] for code in timing.when if code in GROUP} & {"m", "d", "v"}:
        events += 3  # "with meals and at bedtime"; "morning and evening after meals" is twice
    elif generic and not events and not timing.day_of_week:
        return timing  # "with food" says how, not how often
    one = Fraction(1)
    if timing.day_of_week:
        if len(timing.day_of_week) == 1:
            return replace(timing, frequency=Fraction(events or 1), period=one, period_unit="wk")
        return replace(timing, frequency=Fraction(events or 1), period=one, period_unit="d")
    if not events:
        return timing
    if timing.offset_minutes is not None and events == 1 and not timing.time_of_day and timing.bounds is None:
        return replace(timing, frequency=one, period=one, period_unit="d")
    return replace(timing, frequency=Fraction(events), period=one, period_unit="d")


def clashes_with_events(timing: Timing) -> bool:
    """Whether a stated daily frequency and the named events count differently ("twice daily in the evening")."""
    if timing.frequency is None or timing.period != 1 or timing.period_unit != "d" or timing.frequency_max is not None:
        return False
    if not timing.when or any(code in MEAL_CODES for code in timing.when) or timing.day_of_week:
        return False
    return timing.frequency != len({GROUP[code] for code in timing.when if code in GROUP})
