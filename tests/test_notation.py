"""Risky notation is flagged with a safe form; the safe forms themselves are not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.normalise import normalise
from assistant.notation import read_flags
from assistant.quantities import read_quantities
from assistant.records import Flag


def flags(text: str) -> tuple[Flag, ...]:
    normal = normalise(text)
    return read_flags(normal, read_quantities(normal))


@pytest.mark.parametrize(
    ("text", "kind", "safe_form"),
    [
        ("ramipril 2.0 mg daily", "trailing_zero", "2"),
        ("lorazepam 0.50 mg", "trailing_zero", "0.5"),
        ("digoxin .25 mg", "naked_decimal", "0.25"),
        ("insulin 8 U at night", "U", "units"),
        ("insulin 8u at night", "U", "units"),
        ("colecalciferol 400 IU", "IU", "international units"),
        ("levothyroxine 75 µg", "microgram_sign", "micrograms"),
        ("atenolol 50 mg QD", "QD", "daily"),
        ("atenolol 50 mg q.d.", "QD", "daily"),
        ("atenolol 50 mg qod", "QOD", "every other day"),
        ("atenolol 50 mg od", "OD_daily", "daily"),
        ("enoxaparin 40 mg SC", "SC", "subcutaneously"),
        ("heparin sub q", "SC", "subcutaneously"),
        ("10 cc", "cc", "mL"),
        ("MSO4 5 mg", "MS", "morphine sulfate"),
        ("MgSO4 4 g", "MgSO4", "magnesium sulfate"),
        ("MTX 10 mg weekly", "drug_abbrev", "the full drug name"),
        ("methotrexate 10 mg daily", "mtx_daily", "once weekly"),
        ("methotrexate 12.5 mg every day", "mtx_daily", "once weekly"),
        ("d/c aspirin", "D/C", "discharge or stop"),
        ("zopiclone 7.5 mg HS", "HS", "bedtime"),
        ("BT", "BT", "bedtime"),
        ("epoetin TIW", "TIW", "3 times weekly"),
        ("ondansetron x5d", "x3d", "for 5 days (or doses, in words)"),
        ("inhale @ night", "at_sign", "at"),
        ("if > 5 mg is needed", "greater_less_sign", "more than, less than"),
        ("senna & docusate", "ampersand", "and"),
        ("insulin 20 units/15 units", "slash", "and, or per"),
        ("heparin 25000 units", "no_comma", "25,000"),
        ("Zorgol150 mg", "run_together", "Zorgol 150"),
        ("150mg", "dose_unit_run_together", "150 mg"),
        ("1/2 tablet", "half_tablet", "half tablet, in words"),
        ("II tablets", "roman_numeral", "ordinary numerals"),
        ("5 grains", "apothecary", "metric units"),
        ("adrenaline 1:1000", "ratio_strength", "the amount per mL"),
        ("AZT", "drug_abbrev", "the full drug name"),
        ("1 drop OU", "eye", "right eye, left eye or both eyes"),
        ("5 mg. nightly", "unit_with_full_stop", "mg"),
        ("2O mg", "look_alike", None),
        ("2,5 mg", "ambiguous_separator", None),
        ("7\u200b5 mg", "hidden_character", None),
        ("４ mg", "foreign_digit", None),
    ],
)
def test_flagged(text: str, kind: str, safe_form: str | None) -> None:
    found = {flag.kind: flag for flag in flags(text)}
    assert kind in found
    assert found[kind].safe_form == safe_form
    assert found[kind].why


@pytest.mark.parametrize(
    "text",
    ["ramipril 2 mg daily", "lorazepam 0.5 mg", "insulin 8 units at night", "colecalciferol 400 international units",
     "levothyroxine 75 micrograms", "levothyroxine 75 mcg daily", "atenolol 50 mg every other day", "enoxaparin 40 mg subcutaneously",  # noqa: E501
     "10 mL", "morphine sulfate 5 mg", "methotrexate 10 mg once weekly", "methotrexate 10 mg weekly with folic acid 5 mg daily",  # noqa: E501
     "stop aspirin", "discharge home", "at bedtime", "3 times weekly", "for 5 days", "more than 5 mg", "senna and docusate",  # noqa: E501
     "heparin 25,000 units", "Zorgol 150 mg", "half tablet", "2 tablets", "both eyes", "by mouth", "creatinine 1.0 mg/dL",  # noqa: E501
     "potassium 4.0 mmol/L", "ALT 35 U/L", "INR 3.0", "adrenaline 1 mg/mL", "overall survival (OS) was 14 months", "paracetamol 1 g"],  # noqa: E501
)  # fmt: skip
def test_safe(text: str) -> None:
    assert flags(text) == ()


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    assert all(0 <= flag.start < flag.end <= len(text) for flag in flags(text))
