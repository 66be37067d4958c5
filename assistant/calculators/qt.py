"""Corrected QT interval: Bazett, Fridericia, Framingham, Hodges, Rautaharju."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import fixed, plain, root
from assistant.calculators.bedside import HEART_RATE
from assistant.calculators.model import Calculator, Given, Outcome, Quantity, Source

_QT = Quantity("qt", "QT interval", ("ms", "s"), "150", "900", ("qt interval",), bare=True)


_QT_INPUTS = (_QT, HEART_RATE)


_QTC_SOURCE = Source("Corrected QT formulas with their references", "https://qtc-calc.netlify.app/?desktop=1")


_HODGES_SOURCE = Source(
    "Formula of Hodges et al",
    "https://www.medicalalgorithms.com/formula-of-hodges-et-al-for-correction-of-the-q-t-interval-for-heart-rate-qtm",
)


def _cycle(given: Given) -> Fraction:
    """RR interval in seconds."""
    return 60 / given.number("heart_rate")


def _bazett(given: Given) -> Outcome:
    qt, cycle = given.number("qt"), _cycle(given)
    notes = ("overcorrects at fast and undercorrects at slow heart rates",)
    return Outcome(qt / root(cycle), (f"{plain(qt, 6)} ms / sqrt({fixed(cycle, 4)} s)",), "", notes)


def _fridericia(given: Given) -> Outcome:
    qt, cycle = given.number("qt"), _cycle(given)
    return Outcome(qt / root(cycle, 3), (f"{plain(qt, 6)} ms / ({fixed(cycle, 4)} s)^(1/3)",))


def _framingham_qt(given: Given) -> Outcome:
    qt, cycle = given.number("qt"), _cycle(given)
    return Outcome(qt + 154 * (1 - cycle), (f"{plain(qt, 6)} ms + 154 x (1 - {fixed(cycle, 4)} s)",))


def _hodges(given: Given) -> Outcome:
    qt, rate = given.number("qt"), given.number("heart_rate")
    return Outcome(qt + Fraction("1.75") * (rate - 60), (f"{plain(qt, 6)} ms + 1.75 x ({plain(rate, 6)} - 60)",))


def _rautaharju(given: Given) -> Outcome:
    qt, rate = given.number("qt"), given.number("heart_rate")
    return Outcome(
        qt * (120 + rate) / 180, (f"{plain(qt, 6)} ms x (120 + {plain(rate, 6)}) / 180",), "", ("narrow QRS",)
    )


CALCULATORS = (
    Calculator(
        "qtc_bazett",
        "Corrected QT (Bazett)",
        "qt",
        "QT / sqrt(RR in s), RR = 60 / heart rate",
        "ms",
        _QT_INPUTS,
        (_QTC_SOURCE,),
        _bazett,
        ("qtc", "qtc bazett calculator", "bazett"),
        1,
    ),
    Calculator(
        "qtc_fridericia",
        "Corrected QT (Fridericia)",
        "qt",
        "QT / (RR in s)^(1/3)",
        "ms",
        _QT_INPUTS,
        (_QTC_SOURCE,),
        _fridericia,
        ("qtc fridericia calculator", "fridericia"),
        1,
    ),
    Calculator(
        "qtc_framingham",
        "Corrected QT (Framingham)",
        "qt",
        "QT + 154 x (1 - RR in s)",
        "ms",
        _QT_INPUTS,
        (_QTC_SOURCE,),
        _framingham_qt,
        ("qtc framingham calculator",),
        1,
    ),
    Calculator(
        "qtc_hodges",
        "Corrected QT (Hodges)",
        "qt",
        "QT + 1.75 x (heart rate - 60)",
        "ms",
        _QT_INPUTS,
        (_HODGES_SOURCE, _QTC_SOURCE),
        _hodges,
        ("qtc hodges calculator", "hodges"),
        1,
    ),
    Calculator(
        "qtc_rautaharju",
        "Corrected QT (Rautaharju)",
        "qt",
        "QT x (120 + heart rate) / 180",
        "ms",
        _QT_INPUTS,
        (_QTC_SOURCE,),
        _rautaharju,
        ("qtc rautaharju calculator", "rautaharju"),
        1,
    ),
)
