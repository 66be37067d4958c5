
"""Schedules: every way of saying when, and back again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.records import Comparator, Quantity, QuantityKind, Timing
from assistant.schedule_words import OD_AMBIGUOUS
from assistant.schedules import read_part
from assistant.timing_text import read_timing, timing_text
from assistant.timings import clashes_with_events, merge
from assistant.tokens import tokenise


def short(timing: Timing | None) -> str | None:
    """The timing in one line, so that a table of cases can be read: ``frequency[-max]/period[-max]unit ...``."""
    if timing is None:
        return None
    words = []
    if timing.period is not None:
        low = "" if timing.frequency is None else str(timing.frequency)
        high = "" if timing.frequency_max is None else f"-{timing.frequency_max}"
        most = "" if timing.period_max is None else f"-{timing.period_max}"
        words.append(f"{low}{high}/{timing.period}{most}{timing.period_unit}")
    words.extend(timing.when)
    if timing.offset_minutes is not None:
        words.append(f"@{timing.offset_minutes}")
    words.extend(timing.day_of_week + timing.time_of_day)
    for name, quantity in (("for", timing.bounds), ("over", timing.duration)):
        if quantity is not None:
            sign = "" if quantity.comparator is Comparator.EQUAL else quantity.comparator.value
            ends = quantity.value if quantity.value is not None else f"{quantity.low}-{quantity.high}"
            words.append(f"{name}{sign}{ends}{quantity.unit}")
    if timing.count is not None or timing.count_max is not None:
        words.append(
            f"count{timing.count if timing.count is not None else ''}"
            + (f"-{timing.count_max}" if timing.count_max else "")
        )
    return " ".join(words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("once a day", "1/1d"),
        ("thrice daily", "3/1d"),
        ("five times per day", "5/1d"),
        ("2 times/week", "2/1wk"),
        ("3x a day", "3/1d"),
        ("twice every 10 days", "2/10d"),
        ("once or twice a day", "1-2/1d"),
        ("2 to 3 times every 4 to 5 weeks", "2-3/4-5wk"),
        ("up to three times a day", "-3/1d"),  # a ceiling, no lower end
        ("b.d.", "2/1d"),
        ("TDS", "3/1d"),
        ("q.i.d.", "4/1d"),
        ("bd to tds", "2-3/1d"),
        ("eod", "1/2d"),
        ("tiw", "3/1wk"),
        ("q8h", "1/8h"),
        ("q 4-6 hrs", "1/4-6h"),
        ("q2wk", "1/2wk"),
        ("4 hourly", "1/4h"),
        ("4-hourly", "1/4h"),
        ("six-hourly", "1/6h"),
        ("hourly", "1/1h"),
        ("every 12 hours", "1/12h"),
        ("every three days", "1/3d"),
        ("every third day", "1/3d"),
        ("every second week", "1/2wk"),
        ("each day", "1/1d"),
        ("on alternate nights", "1/2d NIGHT"),
        ("every fortnight", "1/2wk"),
        ("fortnightly", "1/2wk"),
        ("quarterly", "1/3mo"),
        ("twice yearly", "2/1a"),
        ("twice daily (every 12 hours)", "2/1d"),  # the same said twice
        ("every 12 hours daily", "1/12h"),
        # events of the day
        ("nocte", "1/1d NIGHT"),
        ("every night at bedtime", "1/1d HS"),
        ("morning, noon and evening", "3/1d MORN NOON EVE"),
        ("with breakfast and dinner", "2/1d CM CV"),
        ("after meals", "3/1d PC"),
        ("with each meal", "3/1d C"),
        ("with food", "C"),  # how, not how often
        ("before or with food", "AC C"),
        ("20 minutes before lunch", "1/1d ACD @20"),
        ("half an hour after dinner", "1/1d PCV @30"),
        ("on waking", "1/1d WAKE"),
        ("at 9 am and 9 pm", "2/1d 09:00:00 21:00:00"),
        ("at 14:30", "1/1d 14:30:00"),
        ("on Tuesdays and Fridays", "1/1d tue fri"),
        ("on Sunday", "1/1wk sun"),
        ("Monday to Wednesday", "1/1d mon tue wed"),
        # lengths
        ("daily for 10 days", "1/1d for10d"),
        ("bd x 3/7", "2/1d for3d"),  # British charts: 3/7 is three days
        ("for 2/52", "for2wk"),
        ("for up to 6 weeks", "for<=6wk"),
        ("for at least 3 months", "for>=3mo"),
        ("for a fortnight", "for2wk"),
        ("for 3 to 5 days", "for3-5d"),
        ("for ten nights", "for10d"),
        ("weekly x6", "1/1wk count6"),
        ("monthly for four doses", "1/1mo count4"),
        ("stat", "count1"),
        ("single dose", "count1"),
        ("over 90 minutes", "over90min"),
        ("every 3 weeks over 2 hours", "1/3wk over2h"),
        # not schedules
        ("yesterday", None),
        ("over 65 years", None),
        ("biweekly", None),  # two meanings
        ("od", None),  # two meanings
        ("twice daily every week", None),  # two frequencies that differ
    ],
)
def test_reads(text: str, expected: str | None) -> None:
    assert short(read_timing(text)) == expected


def test_od_is_read_and_doubted() -> None:
    part = read_part(tokenise("od"), 0)
    assert part is not None
    assert short(part.timing) == "1/1d"
    assert part.distrust == (OD_AMBIGUOUS,)


def test_two_frequencies_are_doubted() -> None:
    one, two = read_timing("twice daily"), read_timing("every 8 hours")
    assert one is not None and two is not None
    merged, doubts = merge(one, two)
    assert (merged.frequency, bool(doubts)) == (Fraction(2), True)


@pytest.mark.parametrize(
    ("text", "clash"), [("twice daily in the evening", True), ("twice daily morning and night", False)]
)
def test_frequency_against_events(text: str, clash: bool) -> None:
    timing = read_timing(text)
    assert timing is not None and clashes_with_events(timing) is clash


# --------------------------------------------------------------------------- words and back

_UNITS = ("h", "d", "wk", "mo", "a")
_EVENTS = ("MORN", "NOON", "AFT", "EVE", "HS", "ACM", "CD", "PCV", "WAKE")


def _length(low: int, high: int | None, unit: str, comparator: Comparator, kind: str) -> Quantity:
    return Quantity(
        text=kind, start=0, end=0,
        value=Fraction(low) if high is None else None,
        low=None if high is None else Fraction(low),
        high=None if high is None else Fraction(high),
        comparator=comparator if high is None else Comparator.EQUAL,
        unit=unit, kind=QuantityKind.DURATION,
    )  # fmt: skip


@st.composite
def timings(draw: st.DrawFn) -> Timing:
    low = draw(st.integers(1, 9))
    period = draw(st.integers(1, 30))
    unit = draw(st.sampled_from(_UNITS))
    if unit == "h" and period == 1:
        period = 2
    high = draw(st.one_of(st.none(), st.integers(low + 1, 12)))
    most = draw(st.one_of(st.none(), st.integers(period + 1, 40)))
    bounds = draw(st.one_of(st.none(), st.builds(
        _length, st.integers(1, 40), st.one_of(st.none(), st.integers(41, 60)), st.sampled_from(("d", "wk", "mo", "a")),
        st.sampled_from((Comparator.EQUAL, Comparator.AT_MOST, Comparator.AT_LEAST)), st.just(""))))  # fmt: skip
    return Timing(
        frequency=Fraction(low), frequency_max=None if high is None else Fraction(high),
        period=Fraction(period), period_max=None if most is None else Fraction(most), period_unit=unit, bounds=bounds,
        count=draw(st.one_of(st.none(), st.integers(1, 30))),
        when=tuple(draw(st.lists(st.sampled_from(_EVENTS), max_size=3, unique=True))),
        day_of_week=tuple(draw(st.lists(st.sampled_from(("mon", "wed", "sat")), max_size=2, unique=True))),
    )  # fmt: skip


def _bare(timing: Timing | None) -> Timing | None:
    if timing is None or timing.bounds is None:
        return timing
    return replace(timing, bounds=replace(timing.bounds, text="", start=0, end=0))


@given(timings())
def test_words_read_back_as_the_same_timing(timing: Timing) -> None:
    assert _bare(read_timing(timing_text(timing))) == timing


@given(st.text(max_size=80))
def test_never_raises(text: str) -> None:
    read_timing(text)


@given(
    st.lists(
        st.sampled_from(
            "1 2 1/2 half every q day hours x for to - or and with before meals at am bd od on / up".split()
        ),
        max_size=14,
    )
)
def test_never_raises_on_words_of_dosing(words: list[str]) -> None:
    read_timing(" ".join(words))
