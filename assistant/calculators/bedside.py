"""Owns the inputs that many calculators share, with their units, names and bounds, and the counting of points.

Bounds are wide on purpose: they catch a slipped decimal or a wrong unit, not an ill patient.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from assistant.calculators.arithmetic import plain
from assistant.calculators.model import Choice, Given, Outcome, Quantity

SEX = Choice(
    "sex",
    "sex",
    {"female": ("f", "woman", "girl"), "male": ("m", "man", "boy")},
    ("gender", "patient sex"),
)
WEIGHT = Quantity(
    "weight",
    "body weight",
    ("kg", "lb", "g"),
    "0.3",
    "500",
    ("actual weight", "actual body weight", "total body weight", "wt"),
)
HEIGHT = Quantity("height", "height", ("cm", "m", "in", "ft"), "20", "272", ("body height", "length", "ht"))
CREATININE = Quantity(
    "creatinine",
    "serum creatinine",
    ("mg/dL", "umol/L"),
    "0.05",
    "40",
    ("scr", "plasma creatinine", "pre-operative creatinine", "preoperative creatinine", "creat"),
    "creatinine",
)
BILIRUBIN = Quantity(
    "bilirubin", "total bilirubin", ("mg/dL", "umol/L"), "0.01", "80", ("serum bilirubin",), "bilirubin"
)
ALBUMIN = Quantity("albumin", "serum albumin", ("g/dL", "g/L"), "0.3", "8", ("plasma albumin", "alb"), "albumin")
INR = Quantity("inr", "international normalised ratio", ("1",), "0.5", "20", ("international normalized ratio",))
SODIUM = Quantity(
    "sodium", "serum sodium", ("mmol/L", "mEq/L"), "80", "220", ("na", "plasma sodium"), "sodium", bare=True
)
POTASSIUM = Quantity(
    "potassium", "serum potassium", ("mmol/L", "mEq/L"), "0.5", "15", ("k", "plasma potassium"), "potassium", bare=True
)
CHLORIDE = Quantity("chloride", "serum chloride", ("mmol/L", "mEq/L"), "40", "180", ("cl",), "chloride", bare=True)
BICARBONATE = Quantity(
    "bicarbonate",
    "serum bicarbonate",
    ("mmol/L", "mEq/L"),
    "1",
    "80",
    ("hco3", "total co2", "co2"),
    "bicarbonate",
    bare=True,
)
GLUCOSE = Quantity(
    "glucose",
    "blood glucose",
    ("mg/dL", "mmol/L"),
    "5",
    "3000",
    ("serum glucose", "plasma glucose", "blood sugar"),
    "glucose",
)
# the same number of mmol/L, but mg/dL of urea weighs twice as much as mg/dL of its nitrogen: the name tells which
UREA = Quantity(
    "urea",
    "blood urea",
    ("mmol/L", "mg/dL"),
    "0.2",
    "120",
    ("serum urea", "bun", "blood urea nitrogen", "blood urea nitrogen bun", "urea nitrogen"),
    "urea",
    {name: "urea nitrogen" for name in ("bun", "blood_urea_nitrogen", "blood_urea_nitrogen_bun", "urea_nitrogen")},
)
BUN = Quantity(
    "bun",
    "blood urea nitrogen",
    ("mg/dL", "mmol/L"),
    "0.5",
    "340",
    ("blood urea nitrogen bun", "urea nitrogen", "urea", "blood urea", "serum urea"),
    "urea nitrogen",
    {name: "urea" for name in ("urea", "blood_urea", "serum_urea")},
)
HAEMOGLOBIN = Quantity(
    "haemoglobin", "haemoglobin", ("g/dL", "g/L", "mmol/L"), "1", "27", ("hemoglobin", "hb", "hgb"), "haemoglobin"
)
HAEMATOCRIT = Quantity(
    "haematocrit", "haematocrit", ("%",), "3", "80", ("hematocrit", "hct", "packed cell volume", "pcv"), percent=True
)
PLATELETS = Quantity(
    "platelets",
    "platelet count",
    ("10^9/L", "/uL"),
    "0.1",
    "5000",
    ("platelet", "plt", "pre-chemotherapy platelet count"),
)
WHITE_CELLS = Quantity(
    "white_cells",
    "white cell count",
    ("10^9/L", "/uL"),
    "0.01",
    "1000",
    ("wbc", "white blood cell count", "white blood cells", "leukocytes", "leucocytes", "leukocyte count", "wcc"),
)
HEART_RATE = Quantity(
    "heart_rate", "heart rate", ("/min",), "10", "350", ("pulse", "hr", "heart rate or pulse", "pulse rate"), bare=True
)
RESPIRATORY_RATE = Quantity(
    "respiratory_rate", "respiratory rate", ("/min",), "1", "120", ("rr", "respiration rate", "respirations"), bare=True
)
SYSTOLIC = Quantity(
    "systolic",
    "systolic blood pressure",
    ("mmHg",),
    "20",
    "350",
    ("sbp", "systolic bp", "systolic pressure"),
    bare=True,
)
DIASTOLIC = Quantity(
    "diastolic",
    "diastolic blood pressure",
    ("mmHg",),
    "5",
    "250",
    ("dbp", "diastolic bp", "diastolic pressure"),
    bare=True,
)
TEMPERATURE = Quantity("temperature", "body temperature", ("Cel", "degF"), "20", "46", ("temp", "core temperature"))
PAO2 = Quantity(
    "pao2",
    "arterial oxygen pressure",
    ("mmHg", "kPa"),
    "10",
    "760",
    (
        "partial pressure of oxygen",
        "po2",
        "partial pressure of oxygen pao2",
        "partial pressure of oxygen (PaO2) for Apache II",
    ),
)
FIO2 = Quantity(
    "fio2",
    "inspired oxygen fraction",
    ("%",),
    "21",
    "100",
    ("fraction of inspired oxygen", "inspired oxygen"),
    percent=True,
)
SPO2 = Quantity(
    "spo2",
    "oxygen saturation",
    ("%",),
    "20",
    "100",
    ("o2 saturation", "o2 saturation percentage", "sao2", "o2 sat", "sats"),
    percent=True,
)
PH = Quantity("ph", "arterial pH", ("1",), "6.4", "8.2", ("arterial ph", "blood ph"))
GCS = Quantity("gcs", "Glasgow Coma Scale total", ("1",), "3", "15", ("glasgow coma score", "glasgow coma scale"))
BMI = Quantity("bmi", "body mass index", ("kg/m2",), "5", "150", ("body mass index bmi",), bare=True)


def age(low: str = "18", high: str = "120") -> Quantity:
    """Age in years; months, weeks and days are converted. The bounds are the ages the formula is meant for."""
    return Quantity("age", "age", ("years", "months", "days"), low, high, ("patient age", "age in years"), bare=True)


def optional(item: Quantity) -> Quantity:
    return replace(item, required=False)


@dataclass(slots=True)
class Tally:
    """Counts points and keeps, for every criterion, what was counted and why."""

    given: Given
    total: Fraction = Fraction(0)
    steps: list[str] = field(default_factory=list)

    def add(self, points: int | Fraction, why: str) -> None:
        """Add points; a criterion with none is written down as well."""
        self.total += points
        self.steps.append(f"{why}: {'+' if points > 0 else ''}{plain(Fraction(points))}")

    def when(self, holds: bool, points: int | Fraction, why: str) -> None:
        self.add(points if holds else 0, why)

    def flags(self, points: int | Fraction, why: str, *names: str) -> None:
        """Points when any of the flags is yes."""
        self.when(self.given.flag(*names), points, why)

    def outcome(self, reading: str = "", notes: tuple[str, ...] = (), **also: str) -> Outcome:
        return Outcome(self.total, tuple(self.steps), reading, notes, also)


def band(value: Fraction, *ends: tuple[int | Fraction, int], above: int) -> int:
    """Points by bands ``(lower end, points)`` from the highest down: the first end that ``value`` reaches."""
    return next((points for end, points in ends if value >= end), above)


def mean_pressure(systolic: Fraction, diastolic: Fraction) -> Fraction:
    """Mean arterial pressure in mmHg: a third of systolic and two thirds of diastolic."""
    return (systolic + 2 * diastolic) / 3
