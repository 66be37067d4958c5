"""UCUM's grammar and exact conversion."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import ucum
from assistant.errors import UnitMismatch, UnknownUnit


@pytest.mark.parametrize(
    "code",
    ["1", "m", "mg/dL", "kg.m/s2", "/min", "10*9/L", "10^3/uL", "mm[Hg]", "m[H2O]", "Cel", "[degF]", "%", "[iU]/mL",
     "{tablet}", "mL/min/{1.73_m2}", "umol{hb}/L", "(mg/kg)/d", "mg/(kg.d)", "[in_i'Hg]", "10*-6", "ug/kg/min", "dar",
     "[CFU]/mL", "B[SPL]", "[m/s2/Hz^(1/2)]", "4.[pi].10*-7.N/A2", "/100{cells}", "m+2", "mU/L", "kcal_th", "a_g"],
)  # fmt: skip
def test_valid(code: str) -> None:
    assert ucum.is_valid(code)


@pytest.mark.parametrize(
    "code",
    ["", " ", "mg dL", "foo", "mg/", "mg//dL", "2mg", "k%", "kmin", "mg{", "mg}", "m{a}{", "(mg", "mg)", ".", "m..s",
     "{a}2", "m{a}2", "{µ}", "10*x", "[foo]", "mcg", "KG", "0", "m" * 300, "(" * 60 + "m" + ")" * 60],
)  # fmt: skip
def test_invalid(code: str) -> None:
    assert not ucum.is_valid(code)


def test_every_unit_of_the_table_is_defined() -> None:
    assert [code for code in ucum.atom_codes() if not ucum.is_valid(code)] == []


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("1", "[in_i]", "cm", "2.54"),
        ("1", "[lb_av]", "g", "453.59237"),
        ("90", "km/h", "m/s", "25"),
        ("3", "wk", "h", "504"),
        ("37", "Cel", "[degF]", "98.6"),
        ("-40", "[degF]", "Cel", "-40"),
        ("310.15", "K", "Cel", "37"),
        ("6", "10*3/uL", "10*9/L", "6"),
        ("1", "mm[Hg]", "Pa", "133.322"),
        ("2", "mg/kg", "ug/g", "2"),
        ("1", "cal", "J", "4.184"),
        ("5", "%", "1", "0.05"),
    ],
)
def test_exact_conversion(value: str, source: str, target: str, expected: str) -> None:
    assert ucum.convert(Fraction(value), source, target) == Fraction(expected)
    assert ucum.convert(Fraction(expected), target, source) == Fraction(value)


def test_logarithmic_scale_goes_through_a_float() -> None:
    assert float(ucum.convert(Fraction("7.4"), "[pH]", "nmol/L")) == pytest.approx(39.8107, rel=1e-5)
    with pytest.raises(UnitMismatch):
        ucum.convert(Fraction(0), "mol/L", "[pH]")


def test_errors() -> None:
    with pytest.raises(UnitMismatch):
        ucum.convert(Fraction(1), "mg", "mL")
    with pytest.raises(UnknownUnit):
        ucum.convert(Fraction(1), "mg", "zorg")


@given(st.text(alphabet="mgkLdu/.*^10{}[]()iU%+-2 ", max_size=40))
def test_any_text_is_valid_or_refused(code: str) -> None:
    try:
        unit = ucum.parse(code)
    except UnknownUnit:
        return
    assert unit.factor != 0
