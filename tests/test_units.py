"""Ward spellings to UCUM codes, and conversions through the bound analyte."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.analytes import analyte_names, find_analyte
from assistant.errors import UnitMismatch, UnknownUnit
from assistant.ucum import is_valid
from assistant.units import analyte_conversion, canonical_unit, comparable, convert, decimal_text, read_unit


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("mcg", "ug"), ("µg", "ug"), ("microgrammes", "ug"), ("nanograms", "ng"), ("MG", "mg"), ("Kg", "kg"),
        ("ML", "mL"), ("millilitres", "mL"), ("cc", "mL"), ("litre", "L"), ("µL", "uL"), ("IU", "[iU]"),
        ("international units", "[iU]"), ("units", "U"), ("mU/L", "mU/L"), ("mega units", "MU"), ("mEq", "meq"),
        ("mEq/L", "meq/L"), ("micromol/L", "umol/L"), ("nanomoles per litre", "nmol/L"), ("mM", "mmol/L"),
        ("pg/ml", "pg/mL"), ("×10⁹/L", "10*9/L"), ("x 10^9 / l", "10*9/L"), ("10^12/L", "10*12/L"),
        ("K/µL", "10*3/uL"), ("cells/mm3", "/mm3"), ("cells per microlitre", "/uL"), ("%", "%"), ("per cent", "%"),
        ("mmHg", "mm[Hg]"), ("cmH2O", "cm[H2O]"), ("°C", "Cel"), ("degrees Fahrenheit", "[degF]"),
        ("mL/min/1.73 m²", "mL/min/{1.73_m2}"), ("ml per minute per 1.73m2", "mL/min/{1.73_m2}"),
        ("mg per kg", "mg/kg"), ("milligrams per kilogram per day", "mg/kg/d"), ("mcg/kg/min", "ug/kg/min"),
        ("mg/m²", "mg/m2"), ("mg per square metre", "mg/m2"), ("mg kg⁻¹ h⁻¹", "mg/kg/h"), ("units/kg/hour", "U/kg/h"),
        ("mg/5 mL", "mg/(5.mL)"), ("g/24 h", "g/d"), ("mg/day", "mg/d"), ("mg per week", "mg/wk"),
        ("tablets", "{tablet}"), ("caps", "{capsule}"), ("puffs", "{puff}"), ("drops", "[drp]"),
        ("teaspoonfuls", "[tsp_us]"), ("suppositories", "{suppository}"), ("patches", "{patch}"),
        ("days", "d"), ("hrs", "h"), ("weeks", "wk"), ("months", "mo"), ("years", "a"), ("min", "min"),
        ("stone", "[stone_av]"), ("lbs", "[lb_av]"), ("feet", "[ft_i]"), ("miles per hour", "[mi_i]/h"),
        ("mg/mmol", "mg/mmol"), ("mmol/mol", "mmol/mol"), ("mOsm/kg", "mosm/kg"), ("copies/mL", "{copies}/mL"),
        ("{tablet}", "{tablet}"), ("10*3/uL", "10*3/uL"), ("a", "a"), ("1", "1"),
        ("zorg", None), ("", None), ("mg per zorg", None), ("x" * 200, None),
    ],
)  # fmt: skip
def test_spelling(spelling: str, code: str | None) -> None:
    assert canonical_unit(spelling) == code
    assert code is None or is_valid(code)


def test_longest_unit_at_a_place() -> None:
    match = read_unit("5 mg/kg/day orally", 2)
    assert match is not None
    assert (match.code, match.end) == ("mg/kg/d", 11)
    assert read_unit("5 mgs of it", 2) is not None
    assert read_unit("5 mgx", 2) is None
    dose = read_unit("200 mg per dose", 4)
    assert dose is not None and dose.code == "mg"  # per dose says when, not what


@pytest.mark.parametrize(
    ("value", "source", "target", "analyte", "expected"),
    [
        ("300", "ng/L", "pg/mL", None, "300"),
        ("250", "ng/L", "pmol/L", "B12", "184.5"),
        ("30", "ng/mL", "nmol/L", "25-OH vitamin D", "75"),
        ("800", "IU", "ug", "vitamin D", "20"),
        ("5", "ng/mL", "nmol/L", "folate", "11.35"),
        ("2.5", "mmol/L", "mg/dL", "Calcium", "10"),
        ("2", "mg/dL", "umol/L", "creatinine", "176.8"),
        ("6", "mg/dL", "umol/L", "uric acid", "357"),
        ("2", "mmol/L", "mg/dL", "phosphate", "6.2"),
        ("5", "mmol/L", "mg/dL", "glucose", "90"),
        ("2", "meq/L", "mmol/L", "magnesium", "1"),
        ("140", "meq/L", "mmol/L", "Na+", "140"),
        ("6.5", "%", "mmol/mol", "HbA1c", "47.545"),
        ("5", "U", "[iU]", None, "5"),
        ("150", "K/uL", "10*9/L", "platelets", "150"),
        ("100", "mg/L", "ug/mL", "anything at all", "100"),
    ],
)
def test_conversion(value: str, source: str, target: str, analyte: str | None, expected: str) -> None:
    assert convert(Fraction(value), source, target, analyte) == Fraction(expected)


@pytest.mark.parametrize(
    ("source", "target", "analyte"),
    [
        ("mg/dL", "mmol/L", None),  # no analyte bound
        ("mg/dL", "mmol/L", "unobtainium"),
        ("mg", "mL", "glucose"),
        ("mg", "{tablet}", None),
        ("{tablet}", "{capsule}", None),
        ("mmol/mol", "%", None),  # would be 4.8 % for 48 mmol/mol
        ("mg/kg", "%", None),  # the patient's kilogram does not cancel
        ("mmol/L", "10*9/L", None),  # a mole is no count of cells
        ("meq", "mmol", None),
        ("mL/min", "mL/min/{1.73_m2}", None),
        ("U", "umol/min", None),
    ],
)
def test_no_way(source: str, target: str, analyte: str | None) -> None:
    assert not comparable(source, target, analyte)
    with pytest.raises(UnitMismatch):
        convert(Fraction(1), source, target, analyte)


def test_unknown_unit_is_an_error() -> None:
    with pytest.raises(UnknownUnit):
        convert(Fraction(1), "zorg", "mg")
    assert not comparable("zorg", "mg")


def test_formula_masses() -> None:
    # phenytoin C15H12N2O2, 252.27 g/mol
    factor = analyte_conversion("phenytoin", "mg/L", "umol/L")
    assert factor is not None and float(factor) == pytest.approx(1000 / 252.27, rel=1e-4)
    assert analyte_conversion("HbA1c", "%", "mmol/mol") is None  # a line, not a factor


def test_names_are_exact() -> None:
    assert find_analyte("Serum FERRITIN level") is find_analyte("ferritin")
    assert find_analyte("ferritine") is None
    assert len(analyte_names()) > 300


@pytest.mark.parametrize(
    ("value", "text"), [("0.50", "0.5"), ("1/3", "1/3"), ("-1.25", "-1.25"), ("1000", "1000"), ("0", "0")]
)
def test_decimal_text(value: str, text: str) -> None:
    assert decimal_text(Fraction(value)) == text


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    code = canonical_unit(text)
    assert code is None or is_valid(code)


@given(st.fractions(), st.sampled_from(["mg", "ug/kg/min", "mmol/L", "Cel", "10*9/L", "mL/h"]))
def test_there_and_back(value: Fraction, unit: str) -> None:
    other = {"mg": "g", "ug/kg/min": "mg/kg/h", "mmol/L": "umol/mL", "Cel": "[degF]", "10*9/L": "/uL", "mL/h": "L/d"}[
        unit
    ]
    assert convert(convert(value, unit, other), other, unit) == value
