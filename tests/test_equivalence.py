"""The stated table of what is the same, what is the same by convention, and what is not."""

from fractions import Fraction

import pytest

from assistant.equivalence import compare_quantities, compare_time, compare_timing, in_unit
from assistant.records import Comparator, Quantity, QuantityKind, Timing


def timing(frequency: int, period: int, unit: str, period_max: int | None = None) -> Timing:
    return Timing(Fraction(frequency), None, Fraction(period), Fraction(period_max) if period_max else None, unit)


@pytest.mark.parametrize(
    ("claim", "source", "same", "noted"),
    [
        (timing(1, 2, "d"), timing(1, 2, "d"), True, False),
        (timing(1, 7, "d"), timing(1, 1, "wk"), True, False),
        (timing(1, 1, "a"), timing(1, 12, "mo"), True, False),
        (timing(1, 8, "h"), timing(3, 1, "d"), True, True),
        (timing(2, 1, "d"), timing(1, 12, "h"), True, True),
        (timing(1, 4, "wk"), timing(1, 1, "mo"), True, True),
        (timing(3, 1, "wk"), timing(1, 2, "d"), False, False),  # 3 and 3.5 a week
        (timing(2, 1, "wk"), timing(1, 2, "wk"), False, False),
        (timing(1, 2, "mo", 3), timing(1, 2, "mo", 3), True, False),
        (timing(1, 2, "mo"), timing(1, 2, "mo", 3), False, False),
        (timing(1, 2, "mo", 4), timing(1, 2, "mo", 3), False, False),
        (timing(1, 8, "wk"), timing(1, 2, "mo"), True, True),
        (timing(1, 2, "wk"), timing(1, 2, "mo"), False, False),
        (timing(1, 1, "d"), Timing(), False, False),  # the source does not say how often
        (Timing(), timing(1, 1, "d"), True, False),  # the claim does not
    ],
)
def test_schedules(claim: Timing, source: Timing, same: bool, noted: bool) -> None:
    outcome = compare_timing(claim, source)
    assert (outcome.same, bool(outcome.note)) == (same, noted)


def quantity(
    value: str, unit: str, comparator: Comparator = Comparator.EQUAL, kind: QuantityKind = QuantityKind.DOSE
) -> Quantity:
    return Quantity(value, 0, len(value), value=Fraction(value), unit=unit, comparator=comparator, kind=kind)


@pytest.mark.parametrize(
    ("claim", "source", "same"),
    [
        (quantity("1", "mg"), quantity("1000", "ug"), True),
        (quantity("1", "mg"), quantity("1", "ug"), False),
        (quantity("1.0001", "mg"), quantity("1", "mg"), False),  # no tolerance
        (quantity("14", "d"), quantity("2", "wk"), True),
        (quantity("1", "mg"), quantity("1", "mL"), False),
        (quantity("180", "ng/L", Comparator.LESS), quantity("180", "pg/mL", Comparator.LESS), True),
        (quantity("180", "ng/L", Comparator.LESS), quantity("180", "ng/L", Comparator.MORE), False),
        (quantity("180", "ng/L", Comparator.LESS), quantity("180", "ng/L", Comparator.AT_MOST), False),
        (quantity("4", "g", kind=QuantityKind.MAXIMUM), quantity("4", "g", Comparator.AT_MOST), True),
        (quantity("4", "g"), quantity("4", "g", Comparator.AT_MOST), False),  # "4 g" is not "up to 4 g"
    ],
)
def test_amounts(claim: Quantity, source: Quantity, same: bool) -> None:
    assert compare_quantities(claim, source).same is same


def test_rounding_only_where_the_claim_says_about() -> None:
    source = quantity("738.1", "pmol/L")
    assert not compare_quantities(quantity("738", "pmol/L"), source).same
    assert compare_quantities(quantity("738", "pmol/L", Comparator.ABOUT), source).note
    assert compare_quantities(quantity("740", "pmol/L", Comparator.ABOUT), source).same
    assert not compare_quantities(quantity("700", "pmol/L", Comparator.ABOUT), source).same


def test_distrusted_and_unknown_are_never_the_same() -> None:
    doubtful = Quantity("1O mg", 0, 5, value=Fraction(10), unit="mg", distrust=("look-alike letter in a number",))
    assert not compare_quantities(doubtful, quantity("10", "mg")).same
    assert not compare_quantities(Quantity("5 flurbs", 0, 8, value=Fraction(5), unit=None), quantity("5", "mg")).same


def test_molar_units_need_an_analyte() -> None:
    assert in_unit(Fraction(1000), "ng/L", "pmol/L", None) is None
    converted = in_unit(Fraction(1000), "ng/L", "pmol/L", "vitamin-b12")
    assert converted is not None and 730 < converted < 745


def test_a_year_is_twelve_months_and_a_month_four_weeks_by_convention() -> None:
    assert compare_time(Fraction(1), "a", Fraction(12), "mo").note == ""
    assert compare_time(Fraction(4), "wk", Fraction(1), "mo").note
    assert not compare_time(Fraction(3), "wk", Fraction(1), "mo").same
