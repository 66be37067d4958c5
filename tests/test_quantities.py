"""Quantities out of sentences: value or range, unit, comparator, kind; and what is none."""

import time
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.normalise import normalise
from assistant.quantities import read_quantities
from assistant.records import Comparator, Quantity
from assistant.units import decimal_text


def shown(quantity: Quantity) -> str:
    """One line per quantity: ``<=4 g dose``, ``[5,10] mg dose``."""
    if quantity.value is not None:
        comparator = "" if quantity.comparator.value == "=" else quantity.comparator.value
        number = comparator + decimal_text(quantity.value)
    else:
        assert quantity.low is not None and quantity.high is not None
        left, right = "[" if quantity.low_included else "(", "]" if quantity.high_included else ")"
        comparator = "" if quantity.comparator.value == "=" else quantity.comparator.value
        number = f"{comparator}{left}{decimal_text(quantity.low)},{decimal_text(quantity.high)}{right}"
    return f"{number} {quantity.unit} {quantity.kind.value}"


def read(text: str) -> list[str]:
    return [shown(quantity) for quantity in read_quantities(normalise(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # values and ranges
        ("Give 250 mg now.", ["250 mg dose"]),
        ("take 2-3 tablets", ["[2,3] {tablet} dose"]),
        ("20 mg to 40 mg", ["[20,40] mg dose"]),
        ("500 micrograms to 1 mg", ["[0.5,1] mg dose"]),
        ("between 3 and 6 mg", ["[3,6] mg dose"]),
        ("from 15 up to 30 mg", ["[15,30] mg dose"]),
        ("an 8- to 16-week course", ["[8,16] wk duration"]),
        ("5, 10 or 20 mg", ["5 mg dose", "10 mg dose", "20 mg dose"]),
        ("1½ tablets", ["1.5 {tablet} dose"]),
        ("half a tablet", ["0.5 {tablet} dose"]),
        ("two and a half tablets", ["2.5 {tablet} dose"]),
        # comparators
        ("not more than 60 mg", ["<=60 mg dose"]),
        ("no less than 3 mmol/L", [">=3 mmol/L concentration"]),
        ("up to 8 tablets", ["<=8 {tablet} dose"]),
        ("at least 6 hours apart", [">=6 h interval"]),
        ("levels above 700 ng/L", [">700 ng/L concentration"]),
        ("it must not exceed 3 g", ["<=3 g maximum"]),
        ("potassium ≥ 6.5 mmol/L", [">=6.5 mmol/L concentration"]),
        ("<130 mmol/L", ["<130 mmol/L concentration"]),
        ("900 ng/L or more", [">=900 ng/L concentration"]),
        ("30 mL/min or less", ["<=30 mL/min rate"]),
        ("65 years and over", [">=65 a age"]),
        ("about 40 mL", ["~40 mL dose"]),
        ("not above 4 mmol/L", ["<=4 mmol/L concentration"]),
        ("never under 2 mg", [">=2 mg dose"]),
        ("below 3 or above 7 mmol/L", ["<3 mmol/L concentration", ">7 mmol/L concentration"]),
        (">2 to <5 mmol/L", ["(2,5) mmol/L concentration"]),
        ("within 36 hours", ["<=36 h duration"]),
        ("infuse over 45 minutes", ["45 min duration"]),  # over is how long here
        ("<1.1 mmol/L (<44 mg/dL)", ["<1.1 mmol/L concentration", "<44 mg/dL concentration"]),
        ("below 160 ng/L (118 pmol/L)", ["<160 ng/L concentration", "<118 pmol/L concentration"]),  # one bound
        ("2 mg/dL (177 micromol/L) or more", [">=2 mg/dL concentration", ">=177 umol/L concentration"]),
        ("28 per minute or more", [">=28 /min frequency"]),
        ("60 mg a day or more", [">=60 mg dose"]),
        ("twice the dose", ["2 1 ratio"]),
        ("below glucose 12 mmol/L", ["<12 mmol/L concentration"]),
        ("no faster than 25 mg/min", ["<=25 mg/min rate"]),
        ("in girls (over 12 years)", [">12 a age"]),
        # rates, strengths, supplies, maxima
        ("7 mg/kg", ["7 mg/kg dose"]),
        ("80 mg per square metre", ["80 mg/m2 dose"]),
        ("0.05 micrograms/kg/min", ["0.05 ug/kg/min rate"]),
        ("125 mL/hour", ["125 mL/h rate"]),
        ("250 mg/5 mL", ["250 mg/(5.mL) strength"]),
        ("40 mg tablets", ["40 mg strength"]),
        ("dispense 56 tablets", ["56 {tablet} supply"]),
        ("maximum 6 g in 24 hours", ["<=6 g maximum", "24 h duration"]),
        # cells, percentages, proportions, ratios
        ("platelets 70 × 10⁹/L", ["70 10*9/L concentration"]),
        ("9.1 K/µL", ["9.1 10*3/uL concentration"]),
        ("12.5%", ["12.5 % percentage"]),
        ("1% cream", ["1 % strength"]),
        ("1 in 250", ["0.004 1 proportion"]),
        ("9 of 36 patients", ["0.25 1 proportion"]),
        ("1.7 times the upper limit", ["1.7 1 ratio"]),
        ("a 4-fold rise", ["4 1 ratio"]),
        ("adrenaline 1:1000", ["0.001 1 proportion"]),
        ("250 patients", ["250 {person} count"]),
        # time
        ("for three weeks", ["3 wk duration"]),
        ("for a fortnight", ["2 wk duration"]),
        ("wait an hour and a half", ["1.5 h duration"]),
        ("after an hour and a half", ["1.5 h duration"]),
        ("every 6 to 8 hours", ["[6,8] h interval"]),
        ("three times a week", ["3 /wk frequency"]),
        ("twice daily", ["2 /d frequency"]),
        ("3 consecutive days", ["3 d duration"]),
        ("q8h", ["8 h interval"]),
        ("for 5 nights", ["5 d duration"]),
        ("4 or more years", [">=4 a duration"]),
        ("every 6 hours an hour before food", ["6 h interval"]),  # not hours per hour
        ("breathing rate 28 per minute", ["28 /min frequency"]),
        # the patient
        ("a 54-year-old woman", ["54 a age"]),
        ("aged 12 and under", ["<=12 a age"]),
        ("weighs 82 kg", ["82 kg weight"]),
        ("5 feet 6 inches", ["5.5 [ft_i] length"]),
        ("> 15 cm", [">15 cm length"]),
        ("38.4 °C", ["38.4 Cel temperature"]),
        ("BP 135/85", ["135 mm[Hg] pressure", "85 mm[Hg] pressure"]),
        ("31 weeks' gestation", ["31 wk gestation"]),
        ("pH below 7.2", ["<7.2 [pH] concentration"]),
        ("a CHA2DS2-VASc score of 3", ["3 1 score"]),
        ("MASCC 19", ["19 1 score"]),
        ("grade 2 diarrhoea", ["2 1 stage"]),
        ("NYHA class III", ["3 1 stage"]),
        ("on 4 March 2021", ["20210304 1 date"]),
        ("2021-03-04", ["20210304 1 date"]),
        ("published in 2018", ["2018 1 date"]),
        ("-12 °C", ["-12 Cel temperature"]),
    ],
)
def test_reading(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    ["vitamin B12", "HbA1c", "CA 19-9", "PD-L1", "type 2 diabetes", "HSV-1", "step 3", "days 1–14", "Table 4",
     "T1N0M0", "CD20", "as shown [7]", "as shown [3,5-8]", "was seen.12", "was seen¹²", "5-HT3 antagonists", "5-FU",
     "1. Stop", "at 9 am", "at 21:30", "see section 4.2.1", "https://example.org/5/10", "COVID-19", "figure 2",
     "a second dose", "half-life", "the 1980s", "IL-6", "no one knows", "one of them", "page 12", "cycle 3", "12-lead"],
)  # fmt: skip
def test_no_quantity(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2,5 mg", "ambiguous separator"),
        ("2.000 mg", "ambiguous separator"),
        ("2O mg", "look-alike letter in a number"),
        ("l5 mg", "look-alike letter in a number"),
        ("7\u200b5 mg", "hidden character"),
        ("７５ mg", "digit of another script or width"),
        ("Zorgol75 mg", "number run together with a word"),
        ("40 zorg/L", "unit not in the table"),
        (".4 mg", "decimal point without a digit before it"),
        ("150 x 109/L", "exponent written flat"),
    ],
)
def test_distrust(text: str, reason: str) -> None:
    (quantity,) = read_quantities(normalise(text))
    assert reason in quantity.distrust


def test_locale() -> None:
    (quantity,) = read_quantities(normalise("2,5 mg"), "de")
    assert (shown(quantity), quantity.distrust) == ("2.5 mg dose", ())


def test_text_is_the_span_of_the_original() -> None:
    text = "Give 2½ tablets, then 10⁹ cells and ５\u00a0mg."
    for quantity in read_quantities(normalise(text)):
        assert text[quantity.start : quantity.end] == quantity.text


@settings(max_examples=300, deadline=None)
@given(st.text() | st.text(alphabet="0123456789.,/-– mgL%½⁹x×^<>≤()[]toandperOl\u200b\n", max_size=60))
def test_any_text(text: str) -> None:
    quantities = read_quantities(normalise(text))
    assert all(text[q.start : q.end] == q.text for q in quantities)
    assert all(a.end <= b.start for a, b in pairwise(quantities))
    assert all((q.value is None) == (q.low is not None) for q in quantities)


def one(text: str, locale: str | None = None) -> Quantity:
    return read_quantities(normalise(text), locale)[0]


@pytest.mark.parametrize(
    ("text", "value", "sign", "unit"),
    [
        ("at or above 0.7 mmol/L", "0.7", ">=", "mmol/L"),
        ("at or below 0.7 mmol/L", "0.7", "<=", "mmol/L"),
        ("should not normally exceed 12 mmol/hour", "12", "<=", "mmol/h"),
        ("limits the rise to 9 mmol/L", "9", "<=", "mmol/L"),
        ("cap the clearance used in the formula at 110 mL/min", "110", "<=", "mL/min"),
        ("maximum oral dose 180 mg", "180", "<=", "mg"),
        ("no stronger than 8 mg/mL", "8", "<=", "mg/mL"),
        ("not before 36 hours", "36", ">=", "h"),
        ("never aim above 120 g/L", "120", ">", "g/L"),  # as written; polarity says the rest
        ("percent of 15", "15", "=", "%"),
        ("one over four", "1/4", "=", "1"),
        ("25 500 units", "25500", "=", "U"),
        ("300 microgams", "300", "=", "ug"),
    ],
)
def test_bounds_and_numbers_in_prose(text: str, value: str, sign: str, unit: str) -> None:
    found = one(text)
    assert (found.value, found.comparator.value, found.unit, found.distrust) == (Fraction(value), sign, unit, ())


def test_one_bound_in_two_units() -> None:
    first, second = read_quantities(normalise("above 4 kPa, 30 mmHg"))
    assert first.comparator is second.comparator is Comparator.MORE


@pytest.mark.parametrize(
    ("text", "locale", "value", "doubted"),
    [
        ("05/06/2031", None, 20310605, True),
        ("05/06/2031", "en-GB", 20310605, False),
        ("05/06/2031", "en-US", 20310506, False),
        ("06/25/2031", None, 20310625, False),
        ("25/06/2031", None, 20310625, False),
        ("06/06/2031", None, 20310606, False),
    ],
)
def test_day_and_month(text: str, locale: str | None, value: int, doubted: bool) -> None:
    found = one(text, locale)
    assert (found.value, bool(found.distrust)) == (value, doubted)


@pytest.mark.parametrize(
    "unit",
    [
        "5 mg ",
        "1",
        "1,",
        "1-",
        "1/",
        "one ",
        "two and a half and ",
        "1O.",
        "[1,",
        "mg/kg/",
        "not more than ",
        "x 10",
        "(",
        "a.",
        "- 1 ",
        "5 to ",
        "é",
    ],
)
def test_time_grows_with_the_length(unit: str) -> None:
    def seconds(size: int) -> float:
        normal = normalise((unit * size)[:size])
        start = time.process_time()
        read_quantities(normal)
        return time.process_time() - start

    seconds(500)
    small = min(seconds(3000) for _ in range(2))
    assert seconds(24000) < 8 * small * 4 + 0.2  # quadratic would be 64 times
