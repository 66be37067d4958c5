"""Limits read from statements, and whether a patient's value lies inside."""

from fractions import Fraction

import pytest

from assistant.limits import fits, meets_weight, overlap, read_limits


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


@pytest.mark.parametrize(
    ("text", "weight", "meets"),
    [
        ("below 30 kg: 12 mg/kg", "20", True),
        ("below 30 kg: 12 mg/kg", "40", False),
        ("30 kg or more: 8 mg/kg", "30", True),
        ("adults of 25–34 kg: 2 tablets", "58", False),
        ("adults of 55–69 kg: 4 tablets", "58", True),
        ("4 mg/kg daily", "58", None),  # a dose per kilogram is no band
        ("below 30 kg", "", None),
    ],
)
def test_bands_of_body_weight(text: str, weight: str, meets: bool | None) -> None:
    assert meets_weight(text, weight) is meets


@pytest.mark.parametrize(
    ("one", "other", "shares"),
    [
        ("creatinine clearance 15–30 mL/min", "creatinine clearance 30 mL/min or more", False),  # only an end
        ("creatinine clearance 15–29 mL/min", "creatinine clearance 15–50 mL/min", True),
        ("creatinine clearance above 50 mL/min", "creatinine clearance 80 mL/min or less", True),
    ],
)
def test_ranges_overlap_by_more_than_an_end(one: str, other: str, shares: bool) -> None:
    assert overlap(*(next(iter(read_limits(text))) for text in (one, other))) is shares


def test_a_creatinine_is_never_compared_with_a_clearance() -> None:
    limits = list(read_limits("with creatinine clearance above 30 mL/min"))
    assert list(fits(limits, {"creatinine": "155"})) == []
