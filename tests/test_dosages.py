
"""Dosing instructions: whole sentences to Dosage records and FHIR R4."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ceilings import NO_PERIOD
from assistant.dosages import dosage_to_fhir, read_dosages
from assistant.dosing_step import CHANGE_AS_TEXT, EVENTS_DIFFER, NUMBER_LEFT, TWO_ROUTES
from assistant.normalise import normalise
from assistant.numbers import AMBIGUOUS_SEPARATOR
from assistant.parsing import read as read_all
from assistant.records import Comparator, Dosage, Quantity
from assistant.schedule_words import TWO_FREQUENCIES
from tests.test_schedules import short


def amount(quantity: Quantity | None) -> str:
    if quantity is None:
        return ""
    sign = "" if quantity.comparator is Comparator.EQUAL else quantity.comparator.value
    ends = str(quantity.value) if quantity.value is not None else f"{quantity.low}-{quantity.high}"
    return f"{sign}{ends} {quantity.unit}"


def read(text: str) -> tuple[Dosage, ...]:
    return read_dosages(normalise(text))


def row(dosage: Dosage) -> str:
    """One dosage in one line: dose | schedule | route | what else."""
    ceilings = [
        f"max {m.amount.value} {m.amount.unit} {m.per} {m.period or ''}{m.period_unit or ''}".strip()
        for m in dosage.maxima
    ]
    extra = [*ceilings]
    if dosage.as_needed:
        extra.append(f"prn {dosage.as_needed_for or ''}".strip())
    if dosage.negated:
        extra.append("not")
    if dosage.until:
        extra.append(f"until {dosage.until}")
    if dosage.phase:
        extra.append(dosage.phase)
    return " | ".join(
        [amount(dosage.dose or dosage.rate), short(dosage.timing) or "", dosage.route or "", ", ".join(extra)]
    )


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Take two tablets by mouth three times a day", ["2 {tablet} | 3/1d | oral | "]),
        ("5 mg od im", ["5 mg | 1/1d | intramuscular | "]),
        ("12 500 units daily", ["12500 U | 1/1d |  | "]),
        ("give 12 500 units daily", ["12500 U | 1/1d |  | "]),
        ("take 1 500 mg tablet daily", ["1 {tablet} | 1/1d |  | "]),
        ("on day 10 500 mg im", ["500 mg |  | intramuscular | "]),
        ("250 mg-1 g every 6 hours", ["250-1000 mg | 1/6h |  | "]),
        ("3 mg orally or intravenously bd", ["3 mg | 2/1d | oral | ", "3 mg | 2/1d | intravenous | "]),
        ("3 mg SC or IV daily", ["3 mg | 1/1d | subcutaneous | ", "3 mg | 1/1d | intravenous | "]),
        ("3 mg PO, IM or IV", ["3 mg |  | oral | ", "3 mg |  | intramuscular | ", "3 mg |  | intravenous | "]),
        ("buccal examplam 7 mg or rectal samplam 8 mg", ["7 mg |  | buccal | ", "8 mg |  | rectal | "]),
        ("0.02 mg/kg im, maximum 0.6 mg", ["1/50 mg/kg |  | intramuscular | max 3/5 mg administration"]),
        ("4 mg/kg/day in 2 divided doses, max 300 mg", ["4 mg/kg/d | 2/1d |  | max 300 mg period 1d"]),
        ("20 mg bd, maximum 60 mg twice daily", ["20 mg | 2/1d |  | max 60 mg administration"]),
        ("take 200 miligrams daily", ["200 mg | 1/1d |  | "]),
        ("1-2 puffs q4-6h prn for wheeze", ["1-2 {puff} | 1/4-6h |  | prn wheeze"]),
        ("one or two four times a day when required", ["1-2 1 | 4/1d |  | prn"]),
        ("TAKE ONE 3 TIMES/DAY", ["1 1 | 3/1d |  | "]),  # a dose and a count, not one number
        ("half a tablet at night", ["1/2 {tablet} | 1/1d NIGHT |  | "]),
        ("3 x 250 mg capsules twice daily", ["3 {capsule} | 2/1d |  | "]),
        ("inject 12 units subcut 15 minutes before dinner", ["12 U | 1/1d ACV @15 | subcutaneous | "]),
        ("4 in the morning and 2 at night", ["4 1 | 1/1d MORN |  | ", "2 1 | 1/1d NIGHT |  | "]),
        ("20 mg/kg/day in 4 divided doses", ["20 mg/kg/d | 4/1d |  | "]),
        ("2 micrograms/kg/min by intravenous infusion", ["2 ug/kg/min |  | intravenous | "]),
        ("1.5 g IV every 8 hours over 30 minutes for 5 days", ["3/2 g | 1/8h for5d over30min | intravenous | "]),
        ("apply sparingly twice daily", [" | 2/1d |  | "]),
        # ceilings
        ("1 g every 6 hours, maximum 4 g in 24 hours", ["1 g | 1/6h |  | max 4 g period 24h"]),
        ("2 tablets tds, max six in twenty four hours", ["2 {tablet} | 3/1d |  | max 6 {tablet} period 24h"]),
        ("take 1 at onset, not to exceed 3 a week", ["1 1 |  |  | max 3 1 period 1wk"]),
        ("500 mg twice daily. Do not exceed 2 g per day.", ["500 mg | 2/1d |  | max 2 g period 1d"]),
        ("up to 10 mg daily", ["<=10 mg | 1/1d |  | "]),
        # steps
        (
            "Give examplamol 2 mg intramuscularly twice a week for 3 weeks, then every 4 months.",
            ["2 mg | 2/1wk for3wk | intramuscular | loading", "2 mg | 1/4mo | intramuscular | maintenance"],
        ),
        (
            "4 tablets bd for 2 days followed by 2 tablets for 3 days then 1 tablet thereafter",
            ["4 {tablet} | 2/1d for2d |  | ", "2 {tablet} | 2/1d for3d |  | ", "1 {tablet} | 2/1d |  | maintenance"],
        ),
        ("1 po bid x 4 days 1/2 po qd x 4 days", ["1 1 | 2/1d for4d | oral | ", "1/2 1 | 1/1d for4d | oral | "]),
        (
            "3 mg on alternate days until the rash clears, then 3 mg monthly",
            ["3 mg | 1/2d |  | until the rash clears, loading", "3 mg | 1/1mo |  | maintenance"],
        ),
        # denied, compared, remarked
        ("Do not give 5 mg daily.", ["5 mg | 1/1d |  | not"]),
        ("5 mg daily is not recommended.", ["5 mg | 1/1d |  | not"]),
        ("Do not stop 5 mg daily.", ["5 mg | 1/1d |  | "]),
        ("In adults without neuropathy, give 5 mg daily.", ["5 mg | 1/1d |  | "]),
        ("give 5 mg IM every 3 months instead of every 2 months", ["5 mg | 1/3mo | intramuscular | "]),
        (
            "Oral examplamol 5 mg daily gave levels that did not differ from intramuscular ones",
            ["5 mg | 1/1d | oral | "],
        ),
        ("Examplamol 5 mg once a week, not daily.", ["5 mg | 1/1wk |  | "]),
        ("Examplamol must never be given intrathecally.", [" |  | intrathecal | not"]),
        ("5 mg/kg/day for 4 weeks, then taper over 2 months.", ["5 mg/kg | 1/1d for4wk |  | "]),
        # run together by an export
        ("1 tabs po bidx14 days", ["1 {tablet} | 2/1d for14d | oral | "]),
        ("2 caps po tidprnas needed for cramps", ["2 {capsule} | 3/1d | oral | prn cramps"]),
        # no instruction in it
        ("The patient had a B12 of 150 ng/L and an eGFR of 30 mL/min.", []),
        ("Check the level every 6 months.", []),
        ("The daily intake was 2 micrograms.", []),
        ("HR 5.90 (95% CI 2.79 to 12.45) within 1 year", []),
        ("Monthly vitamin B12 levels fell", []),
        ("1.", []),
        ("", []),
    ],
)
def test_reads(text: str, rows: list[str]) -> None:
    assert [row(dosage) for dosage in read(text)] == rows


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("5 mg bd every 7 days", TWO_FREQUENCIES),
        ("5 mg daily IM and PO", TWO_ROUTES),
        ("one tablet 60 bid", NUMBER_LEFT),
        ("5 mg daily, max 20 mg", NO_PERIOD),
        ("10 mg for 5 days, then reduce by 2 mg every 2 days until stopped", CHANGE_AS_TEXT),
        ("2 tablets twice daily in the evening", EVENTS_DIFFER),
        ("20 mg daily for 5 days, reducing by 5 mg every week", CHANGE_AS_TEXT),
    ],
)
def test_doubts_are_named(text: str, doubt: str) -> None:
    assert doubt in read(text)[0].distrust


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Give 5 000 units daily", 5000),
        ("Give 10,000 units daily", 10000),
        ("30 units am and 20 units pm", 30),
        ("take 2 500 mg tablets daily", 2),
    ],
)
def test_grouped_numbers(text: str, value: int) -> None:
    dose = read(text)[0].dose
    assert dose is not None and dose.value == value


@pytest.mark.parametrize("text", ["1,5 mg daily", "Give l0 mg daily", "give .5 mg daily"])
def test_doubts_of_the_number_reader_pass_on(text: str) -> None:
    assert all(dosage.distrust for dosage in read_all(text).dosages)


def test_strength_and_total() -> None:
    counted = read("take three tablets (15 mg) at night")[0]
    assert (amount(counted.dose), amount(counted.total)) == ("3 {tablet}", "15 mg")
    product = read("Examplamol 5mg/ml solution for injection ampoules, two to be given by IM injection weekly")[0]
    assert (amount(product.dose), product.route) == ("2 {ampule}", "intramuscular")
    assert amount(read("take 3 capsules of examplamol 20mg daily")[0].strength) == "20 mg"


def test_offsets_are_of_the_original() -> None:
    text = "Known.\u00a0Give ½ tablet twice daily; then rest."
    dosage = read(text)[0]
    assert dosage.dose is not None and dosage.dose.value == Fraction(1, 2)
    assert text[dosage.start : dosage.end] == dosage.text
    assert text[dosage.dose.start : dosage.dose.end].startswith("½")


def test_fhir() -> None:
    first, second = (
        dosage_to_fhir(d)
        for d in read("2.5 mg IM three times a week for 2 weeks as needed for pain, then every 2-3 months")
    )
    assert first["doseAndRate"] == [
        {"doseQuantity": {"value": 2.5, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}}
    ]
    assert first["timing"] == {
        "repeat": {
            "boundsDuration": {"value": 2, "unit": "wk", "system": "http://unitsofmeasure.org", "code": "wk"},
            "frequency": 3, "period": 1, "periodUnit": "wk",
        }
    }  # fmt: skip
    assert first["asNeededCodeableConcept"] == {"text": "pain"} and "asNeededBoolean" not in first
    repeat = second["timing"]
    assert repeat == {"repeat": {"frequency": 1, "period": 2, "periodMax": 3, "periodUnit": "mo"}}
    assert (first["sequence"], second["sequence"]) == (1, 2)


def test_fhir_ceilings_and_ranges() -> None:
    fhir = dosage_to_fhir(
        read("1-2 tablets daily, maximum dose per administration 2 tablets, maximum 4 tablets in 24 hours")[0]
    )
    assert fhir["maxDosePerPeriod"]["denominator"] == {
        "value": 24,
        "unit": "h",
        "system": "http://unitsofmeasure.org",
        "code": "h",
    }  # type: ignore[index]
    assert fhir["maxDosePerAdministration"]["value"] == 2  # type: ignore[index]
    assert set(fhir["doseAndRate"][0]["doseRange"]) == {"low", "high"}  # type: ignore[index]


def test_a_group_of_one_digit_is_doubted() -> None:
    dosage = read_all("1 500 units daily").dosages[0]  # fifteen hundred, or one of 500
    assert dosage.dose is not None and dosage.dose.value == 1500
    assert AMBIGUOUS_SEPARATOR in dosage.distrust


def test_a_daily_something_else_is_no_frequency() -> None:
    dosage = read("2 tablets three times a day and a daily vitamin")[0]
    assert (row(dosage), dosage.distrust) == ("2 {tablet} | 3/1d |  | ", ())


def test_a_number_without_an_exact_decimal_is_left_out() -> None:
    fhir = dosage_to_fhir(read("1/3 tablet daily")[0])
    assert "doseAndRate" not in fhir and fhir["text"] == "1/3 tablet daily"


WORDS = """take 1 2 1/2 5 mg tablets ( ) , . ; and or then for x days every 6 hours bd im prn max in until do not from
(4 mg/kg/day""".split()


@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_never_raises_and_stays_in_bounds(words: list[str]) -> None:
    text = " ".join(words)
    for dosage in read(text):
        assert 0 <= dosage.start < dosage.end <= len(text)
        assert text[dosage.start : dosage.end] == dosage.text
        json.dumps(dosage_to_fhir(dosage))


@given(st.text(max_size=120))
def test_never_raises_on_any_text(text: str) -> None:
    for dosage in read(text):
        json.dumps(dosage_to_fhir(dosage))


@pytest.mark.parametrize("value", ["0.1", "0.25", "1.15", "1000", "3.024"])
@pytest.mark.parametrize("unit", ["mg", "micrograms", "g", "mL", "units"])
def test_values_are_exact(value: str, unit: str) -> None:
    dosage = read(f"Give {value} {unit} daily")[0]
    assert dosage.dose is not None and dosage.dose.value == Fraction(value)
