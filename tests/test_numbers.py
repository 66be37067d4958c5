"""Numbers as people write them, exact, with the reason where they must not be trusted."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.normalise import normalise
from assistant.numbers import AMBIGUOUS_SEPARATOR, LOOK_ALIKE, NAKED_DECIMAL, read_numbers


def values(text: str, locale: str | None = None) -> list[Fraction]:
    return [number.value for number in read_numbers(normalise(text), locale)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17", "17"),
        ("0.35", "0.35"),
        ("3,250", "3250"),
        ("3,250.75", "3250.75"),
        ("12,345,678", "12345678"),
        ("4'500", "4500"),
        ("7 000 000", "7000000"),
        ("3\u202f600", "3600"),
        ("2/3", "2/3"),
        ("4 3/4", "19/4"),
        ("1½", "3/2"),
        ("⅓", "1/3"),
        ("thirty-four", "34"),
        ("seventy five", "75"),
        ("one hundred and six", "106"),
        ("two thousand three hundred", "2300"),
        ("three and a half", "7/2"),
        ("half", "1/2"),
        ("three quarters", "3/4"),
        ("a quarter", "1/4"),
        ("two thirds", "2/3"),
        ("twice", "2"),
        ("thrice", "3"),
        ("a dozen", "12"),
        ("half a dozen", "6"),
        ("1.5 million", "1500000"),
        ("two and a half million", "2500000"),
        ("250k", "250000"),
        ("2.5e4", "25000"),
        ("4 x 10^6", "4000000"),
        ("4 × 10⁶", "4000000"),
        ("10^5", "100000"),
        ("zero point two five", "0.25"),
        ("5 thousand 2 hundred and 14", "5214"),
        ("three quarters of a million", "750000"),
    ],
)
def test_one_number(text: str, value: str) -> None:
    assert values(text) == [Fraction(value)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("140/90", ["140", "90"]),  # a blood pressure is no fraction
        ("five or six", ["5", "6"]),
        ("a second dose", []),  # a place in a row
        ("the third visit", []),
        ("the twenty-first patient", []),
        ("a half-life of 8 hours", ["8"]),
        ("1/0", ["0"]),  # kept as "nothing", which quantities leave out
        ("3 x 10^9/L", ["3", "1000000000"]),  # the power belongs to the unit
    ],
)
def test_what_is_apart(text: str, expected: list[str]) -> None:
    assert values(text) == [Fraction(value) for value in expected]


@pytest.mark.parametrize(
    ("text", "locale", "value", "doubt"),
    [
        ("2,5", None, "2.5", AMBIGUOUS_SEPARATOR),
        ("2,5", "de", "2.5", None),
        ("2.500", None, "2.5", AMBIGUOUS_SEPARATOR),
        ("2.500", "de-DE", "2500", None),
        ("2.500,75", "it", "2500.75", None),
        ("2,500", "en-GB", "2500", None),
        ("0.125", None, "0.125", None),
        ("1.234", None, "1.234", None),
        (".75", None, "0.75", NAKED_DECIMAL),
        ("2O mg", None, "20", LOOK_ALIKE),
        ("l5 mg", None, "15", LOOK_ALIKE),
        ("7\u200b5", None, "75", "hidden character"),
        ("７", None, "7", "digit of another script or width"),
        ("9" * 60, None, "0", "too many digits"),
    ],
)
def test_doubt(text: str, locale: str | None, value: str, doubt: str | None) -> None:
    (number,) = read_numbers(normalise(text), locale)
    assert number.value == Fraction(value)
    assert number.distrust == (() if doubt is None else (doubt,))


@given(st.fractions(min_value=0, max_value=10**9).map(lambda f: Fraction(round(f * 1000), 1000)))
def test_decimals_are_read_exactly(value: Fraction) -> None:
    text = f"{value.numerator * (1000 // value.denominator) / 1000:.3f}"
    assert values(f"about {text} of them")[0] == Fraction(text)


@given(st.text())
def test_any_text(text: str) -> None:
    numbers = read_numbers(normalise(text))
    assert all(a.end <= b.start for a, b in pairwise(numbers))
