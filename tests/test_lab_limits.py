"""Limits read from statements, and whether a patient's value lies inside."""

from fractions import Fraction

import pytest

from assistant.limits import fits, read_limits


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "analyte"),
    [
        ("Potassium above 5.5 mmol/L is raised.", Fraction(11, 2), None, "mmol/L", "potassium"),
        ("Below 180 ng/L vitamin B12 is low.", None, Fraction(180), "ng/L", "b12"),
        ("With creatinine clearance 15–29 mL/min halve it.", Fraction(15), Fraction(29), "mL/min", "crcl"),
        ("A glucose of 11.1 mmol/L or more counts.", Fraction(111, 10), None, "mmol/L", "glucose"),
        ("Sodium aside, calcium 2.6 to 2.8 mmol/L is mild.", Fraction(13, 5), Fraction(14, 5), "mmol/L", "calcium"),
    ],
)
def test_one_limit(text: str, low: Fraction | None, high: Fraction | None, unit: str, analyte: str) -> None:
    (limit,) = read_limits(text)
    assert (limit.low, limit.high, limit.unit) == (low, high, unit)
    assert analyte in limit.analytes


@pytest.mark.parametrize(
    ("text", "slots", "outcomes"),
    [
        ("Potassium above 5.5 mmol/L", {"potassium": "6.1 mmol/L"}, [True]),
        ("Potassium above 5.5 mmol/L", {"potassium": "6.1"}, [True]),
        ("Potassium above 5.5 mmol/L", {"sodium": "131 mmol/L"}, []),
        ("Vitamin B12 below 133 pmol/L", {"b12": "110 ng/L"}, [True]),
        ("Creatinine clearance 15–29 mL/min", {"crcl": "30 mL/min"}, [False]),
        ("Creatinine clearance 15–29 mL/min", {"egfr": "22 mL/min"}, [True]),
        ("Give 5 mg twice daily.", {"potassium": "6.1"}, []),
        ("Potassium above 5.5 mmol/L", {"potassium": "high"}, []),
        ("Potassium above 5.5 mmol/L", {"weight_kg": "70"}, []),
    ],
)
def test_fits(text: str, slots: dict[str, str], outcomes: list[bool]) -> None:
    assert list(fits(read_limits(text), slots)) == outcomes
