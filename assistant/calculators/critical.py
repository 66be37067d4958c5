"""The APACHE II score of the first day in intensive care."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from assistant.calculators.arithmetic import fixed, plain
from assistant.calculators.bedside import (
    CREATININE,
    DIASTOLIC,
    FIO2,
    GCS,
    HAEMATOCRIT,
    HEART_RATE,
    PAO2,
    PH,
    POTASSIUM,
    RESPIRATORY_RATE,
    SODIUM,
    SYSTOLIC,
    TEMPERATURE,
    WHITE_CELLS,
    Tally,
    age,
    mean_pressure,
    optional,
)
from assistant.calculators.model import Calculator, Choice, Flag, Given, Outcome, Quantity, Source
from assistant.errors import InputError

# input -> lower ends of its bands with their points, from the highest down; below the last end: the points after it
_BANDS: dict[str, tuple[tuple[tuple[str, int], ...], int]] = {
    "temperature": ((("41", 4), ("39", 3), ("38.5", 1), ("36", 0), ("34", 1), ("32", 2), ("30", 3)), 4),
    "heart_rate": ((("180", 4), ("140", 3), ("110", 2), ("70", 0), ("55", 2), ("40", 3)), 4),
    "respiratory_rate": ((("50", 4), ("35", 3), ("25", 1), ("12", 0), ("10", 1), ("6", 2)), 4),
    "ph": ((("7.7", 4), ("7.6", 3), ("7.5", 1), ("7.33", 0), ("7.25", 2), ("7.15", 3)), 4),
    "sodium": ((("180", 4), ("160", 3), ("155", 2), ("150", 1), ("130", 0), ("120", 2), ("111", 3)), 4),
    "potassium": ((("7", 4), ("6", 3), ("5.5", 1), ("3.5", 0), ("3", 1), ("2.5", 2)), 4),
    "haematocrit": ((("60", 4), ("50", 2), ("46", 1), ("30", 0), ("20", 2)), 4),
    "white_cells": ((("40", 4), ("20", 2), ("15", 1), ("3", 0), ("1", 2)), 4),
}
_PRESSURE = ((("160", 4), ("130", 3), ("110", 2), ("70", 0), ("50", 2)), 4)
_CREATININE = ((("3.5", 4), ("2", 3), ("1.5", 2), ("0.6", 0)), 2)
_GRADIENT = ((("500", 4), ("350", 3), ("200", 2)), 0)


def _points(value: Fraction, table: tuple[tuple[tuple[str, int], ...], int]) -> int:
    ends, below = table
    return next((points for end, points in ends if value >= Fraction(end)), below)


def _oxygenation(given: Given, tally: Tally) -> None:
    """The gradient counts from an inspired fraction of 50 % on, the arterial pressure below it."""
    if given.number("fio2") >= 50:
        if not given.has("aa_gradient"):
            raise InputError("missing_input", "apache_ii needs aa_gradient (mmHg), because fio2 is 50 % or more")
        gradient = given.number("aa_gradient")
        tally.add(_points(gradient, _GRADIENT), f"alveolar-arterial gradient {plain(gradient, 4)} mmHg")
        return
    if not given.has("pao2"):
        raise InputError("missing_input", "apache_ii needs pao2 (mmHg or kPa), because fio2 is below 50 %")
    oxygen = given.number("pao2")
    tally.add(0 if oxygen > 70 else 1 if oxygen > 60 else 3 if oxygen >= 55 else 4, f"PaO2 {plain(oxygen, 4)} mmHg")


def _apache(given: Given) -> Outcome:
    tally = Tally(given)
    labels = {"ph": "arterial pH", "white_cells": "white cells"}
    for name, table in _BANDS.items():
        tally.add(
            _points(given.number(name), table),
            f"{labels.get(name, name.replace('_', ' '))} {plain(given.number(name), 5)}",
        )
    pressure = given.numbers.get("mean_pressure")
    if pressure is None:
        if not (given.has("systolic") and given.has("diastolic")):
            raise InputError("missing_input", "apache_ii needs mean_pressure, or systolic and diastolic (mmHg)")
        pressure = mean_pressure(given.number("systolic"), given.number("diastolic"))
    # the table is in whole mmHg: 109.7 belongs to 110
    tally.add(_points(Fraction(round(pressure)), _PRESSURE), f"mean arterial pressure {fixed(pressure, 0)} mmHg")
    _oxygenation(given, tally)
    kidney = _points(given.number("creatinine"), _CREATININE)
    acute = given.flag("acute_renal_failure")
    why = (
        f"creatinine {plain(given.number('creatinine'), 4)} mg/dL{', doubled in acute renal failure' if acute else ''}"
    )
    tally.add(kidney * 2 if acute else kidney, why)
    tally.add(15 - given.number("gcs"), f"15 - Glasgow Coma Scale {plain(given.number('gcs'))}")
    years = given.number("age")
    tally.add(
        6 if years >= 75 else 5 if years >= 65 else 3 if years >= 55 else 2 if years >= 45 else 0,
        f"age {plain(years, 4)} years",
    )
    ill, admission = given.flag("organ_failure_or_immunocompromise"), given.choice("admission")
    points = (2 if admission == "elective_surgery" else 5) if ill else 0
    tally.add(points, f"severe organ insufficiency or immunocompromise ({admission.replace('_', ' ')})")
    return tally.outcome("", ("worst values of the first 24 hours",))


CALCULATORS = (
    Calculator(
        "apache_ii",
        "APACHE II score",
        "critical",
        "twelve physiological variables 0 to 4 points, creatinine doubled in acute renal failure, 15 - GCS, age 0 "
        "to 6, "
        "chronic health 2 or 5",
        "{score}",
        (
            age("16"),
            TEMPERATURE,
            HEART_RATE,
            RESPIRATORY_RATE,
            PH,
            SODIUM,
            POTASSIUM,
            CREATININE,
            HAEMATOCRIT,
            WHITE_CELLS,
            GCS,
            FIO2,
            optional(PAO2),
            Quantity(
                "aa_gradient",
                "alveolar-arterial oxygen gradient",
                ("mmHg",),
                "0",
                "700",
                ("a-a gradient", "aado2"),
                bare=True,
                required=False,
            ),
            Quantity(
                "mean_pressure",
                "mean arterial pressure",
                ("mmHg",),
                "10",
                "250",
                ("map", "mean arterial pressure"),
                bare=True,
                required=False,
            ),
            replace(SYSTOLIC, required=False),
            replace(DIASTOLIC, required=False),
            Flag("acute_renal_failure", "acute renal failure", ("acute renal failure", "arf")),
            Flag(
                "chronic_renal_failure", "chronic renal failure (creatinine is not doubled)", ("chronic renal failure",)
            ),
            Flag(
                "organ_failure_or_immunocompromise",
                "severe organ insufficiency or immunocompromise",
                ("history of severe organ failure or immunocompromise", "chronic health problem"),
            ),
            Choice(
                "admission",
                "kind of admission",
                {
                    "nonoperative": ("medical", "non-operative"),
                    "emergency_surgery": ("emergency", "emergency postoperative"),
                    "elective_surgery": ("elective", "elective postoperative"),
                },
                ("surgery type", "type of admission"),
                "nonoperative",
            ),
        ),
        (
            Source("APACHE II scoring system, Gut, table 2", "https://gut.bmj.com/highwire/markup/160002/expansion"),
            Source(
                "The APACHE II severity of disease classification system, table 2",
                "https://www.scribd.com/doc/59024636/APACHEII",
            ),
            Source("APACHE II point values (half-open bands)", "https://scribd.com/document/530208593/Apache-Skor-2"),
        ),
        _apache,
        ("apache ii score", "apache 2", "apache"),
        0,
        "intensive care, adults",
    ),
)
