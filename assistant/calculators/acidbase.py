"""Acid and base: anion gap, delta gap and delta ratio, each also corrected for albumin."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import plain
from assistant.calculators.bedside import (
    ALBUMIN,
    BICARBONATE,
    CHLORIDE,
    SODIUM,
)
from assistant.calculators.model import Calculator, Given, Outcome, Source
from assistant.errors import InputError

NORMAL_GAP, NORMAL_BICARBONATE, NORMAL_ALBUMIN = Fraction(12), Fraction(24), Fraction(4)


def anion_gap(given: Given) -> Fraction:
    """Sodium less chloride and bicarbonate, in mmol/L; potassium is left out."""
    return given.number("sodium") - given.number("chloride") - given.number("bicarbonate")


def _gap_step(given: Given) -> str:
    numbers = [plain(given.number(name), 6) for name in ("sodium", "chloride", "bicarbonate")]
    return f"anion gap = {numbers[0]} - ({numbers[1]} + {numbers[2]}) = {plain(anion_gap(given), 6)}"


def _corrected_gap(given: Given) -> tuple[Fraction, str]:
    albumin = given.number("albumin")
    value = anion_gap(given) + Fraction("2.5") * (NORMAL_ALBUMIN - albumin)
    return value, f"corrected gap = {plain(anion_gap(given), 6)} + 2.5 x (4 - {plain(albumin, 6)}) = {plain(value, 6)}"


def _gap(given: Given) -> Outcome:
    return Outcome(anion_gap(given), (_gap_step(given),))


def _albumin_gap(given: Given) -> Outcome:
    value, step = _corrected_gap(given)
    return Outcome(value, (_gap_step(given), step))


def _delta_gap(given: Given) -> Outcome:
    value, steps = _delta(given)
    return Outcome(value, steps)


def _delta(given: Given) -> tuple[Fraction, tuple[str, ...]]:
    """Rise of the gap over 12, corrected for albumin when albumin was given, with its steps."""
    gap, steps = anion_gap(given), [_gap_step(given)]
    if given.has("albumin"):
        gap, step = _corrected_gap(given)
        steps.append(step)
    steps.append(f"delta gap = {plain(gap, 6)} - 12 = {plain(gap - NORMAL_GAP, 6)}")
    return gap - NORMAL_GAP, tuple(steps)


def _delta_ratio(given: Given) -> Outcome:
    delta, steps = _delta(given)
    fall = NORMAL_BICARBONATE - given.number("bicarbonate")
    if fall == 0:
        raise InputError(
            "out_of_range", "bicarbonate is 24 mmol/L, exactly normal: there is no fall to compare the gap with"
        )
    ratio = delta / fall
    steps += (f"delta ratio = {plain(delta, 6)} / (24 - {plain(given.number('bicarbonate'), 6)})",)
    if delta <= 0 or fall < 0:
        notes: tuple[str, ...] = ("without a raised gap and a low bicarbonate the ratio has no meaning",)
        return Outcome(ratio, steps, "", notes)
    readings = (
        (Fraction(2), "above 2: high-gap acidosis with metabolic alkalosis or compensated respiratory acidosis"),
        (Fraction(1), "1 to 2: high-gap acidosis"),
        (Fraction("0.4"), "0.4 to 1: high-gap and normal-gap acidosis together"),
    )
    reading = next(
        (words for end, words in readings if ratio > end or (end == 1 and ratio == 1)), "below 0.4: normal-gap acidosis"
    )
    return Outcome(ratio, steps, reading)


_GAP_SOURCE = Source("Albumin-corrected anion gap", "https://rxmedcalc.com/medical-calculators/albumin-corrected-ag")


_DELTA_SOURCE = Source(
    "Anion gap formula, delta gap and delta ratio", "https://myendoconsult.com/learn/anion-gap-formula/"
)


_IONS = (SODIUM, CHLORIDE, BICARBONATE)

CALCULATORS = (
    Calculator(
        "anion_gap",
        "Anion gap",
        "acidbase",
        "sodium - (chloride + bicarbonate)",
        "mmol/L",
        _IONS,
        (_GAP_SOURCE, _DELTA_SOURCE),
        _gap,
        ("ag", "serum anion gap"),
        1,
    ),
    Calculator(
        "albumin_corrected_anion_gap",
        "Albumin-corrected anion gap",
        "acidbase",
        "anion gap + 2.5 x (4.0 - albumin g/dL)",
        "mmol/L",
        (*_IONS, ALBUMIN),
        (_GAP_SOURCE,),
        _albumin_gap,
        ("corrected anion gap",),
        2,
    ),
    Calculator(
        "delta_gap",
        "Delta gap",
        "acidbase",
        "anion gap - 12",
        "mmol/L",
        _IONS,
        (_DELTA_SOURCE,),
        _delta_gap,
        ("delta anion gap",),
        1,
    ),
    Calculator(
        "albumin_corrected_delta_gap",
        "Albumin-corrected delta gap",
        "acidbase",
        "albumin-corrected anion gap - 12",
        "mmol/L",
        (*_IONS, ALBUMIN),
        (_DELTA_SOURCE, _GAP_SOURCE),
        _delta_gap,
        ("corrected delta gap",),
        2,
    ),
    Calculator(
        "delta_ratio",
        "Delta ratio",
        "acidbase",
        "(anion gap - 12) / (24 - bicarbonate)",
        "1",
        _IONS,
        (_DELTA_SOURCE,),
        _delta_ratio,
        ("delta delta", "delta-delta ratio"),
        2,
        "raised anion gap acidosis",
    ),
    Calculator(
        "albumin_corrected_delta_ratio",
        "Albumin-corrected delta ratio",
        "acidbase",
        "(albumin-corrected anion gap - 12) / (24 - bicarbonate)",
        "1",
        (*_IONS, ALBUMIN),
        (_DELTA_SOURCE, _GAP_SOURCE),
        _delta_ratio,
        ("corrected delta ratio",),
        3,
        "raised anion gap acidosis",
    ),
)
