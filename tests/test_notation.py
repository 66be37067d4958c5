"""Risky notation is flagged with a safe form; the safe forms themselves are not."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.corpus import read_corpus
from assistant.checker import Checker
from assistant.extractive import ExtractiveWriter
from assistant.normalise import normalise
from assistant.notation import guard, read_flags, written_safely
from assistant.pipeline import answer
from assistant.quantities import read_quantities
from assistant.records import Flag, Question
from assistant.settings import default_corpus
from evals.cases import read_cases
from tests.small_guidance import WordRetriever


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
     "levothyroxine 75 micrograms", "levothyroxine 75 mcg daily", "atenolol 50 mg every other day", "enoxaparin 40 mg subcutaneously",
     "10 mL", "morphine sulfate 5 mg", "methotrexate 10 mg once weekly", "methotrexate 10 mg weekly with folic acid 5 mg daily",
     "stop aspirin", "discharge home", "at bedtime", "3 times weekly", "for 5 days", "more than 5 mg", "senna and docusate",
     "heparin 25,000 units", "Zorgol 150 mg", "half tablet", "2 tablets", "both eyes", "by mouth", "creatinine 1.0 mg/dL",
     "potassium 4.0 mmol/L", "ALT 35 U/L", "INR 3.0", "adrenaline 1 mg/mL", "overall survival (OS) was 14 months", "paracetamol 1 g"],
)  # fmt: skip
def test_safe(text: str) -> None:
    assert flags(text) == ()


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    assert all(0 <= flag.start < flag.end <= len(text) for flag in flags(text))


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Give insulin 4 U QD.", "Give insulin 4 units daily."),
        ("Give digoxin .25 mg.", "Give digoxin 0.25 mg."),
        ("Give ramipril 2.0 mg daily.", "Give ramipril 2 mg daily."),
        ("Give levothyroxine 75 µg.", "Give levothyroxine 75 micrograms."),
        ("Give insulin 4U.", "Give insulin 4 units."),
        ("Give colecalciferol 400 IU.", "Give colecalciferol 400 international units."),
        ("Give 2O mg.", None),  # a letter in a number: nobody knows what was meant
        ("HBV DNA below 1000 IU/mL.", "HBV DNA below 1000 IU/mL."),  # a laboratory's unit, not a dose
        ("Potassium of 6.0 mmol/L.", "Potassium of 6.0 mmol/L."),  # nor is the zero of a measured value misread
        ("Give examplamol 1 mg twice daily.", "Give examplamol 1 mg twice daily."),
    ],
)
def test_what_has_been_misread_is_written_safely(text: str, safe: str | None) -> None:
    assert written_safely(text) == safe


def test_no_statement_of_the_corpus_needs_to_be_written_safely() -> None:
    corpus = read_corpus(default_corpus())
    texts = [text for p in corpus.passages.values() for text in (p.text, p.plain) if text]
    texts += [rule.slots["instead"] for rule in corpus.rules.values() if "instead" in rule.slots]
    risky = {text: guard(text)[0].kind for text in texts if guard(text)}
    assert not risky


def test_no_answer_to_the_eval_questions_holds_risky_notation() -> None:
    """Statements, rows of the dosing table, notices and follow-ups, over every thirtieth question of the evals."""
    corpus = read_corpus(default_corpus())
    checker, retriever = Checker(corpus), WordRetriever(corpus)
    shown: set[str] = set()
    for case in read_cases()[::30]:
        answered = answer(
            Question(case.question, jurisdiction=case.jurisdiction, slots=case.slots),
            corpus=corpus,
            retriever=retriever,
            writer=None,
            fallback=ExtractiveWriter(corpus),
            checker=checker,
            today=date(2026, 11, 22),
        )
        shown |= {text for s in answered.statements for text in (s.text, *(s.dosage or {}).values())}
        shown |= {*answered.notices, *answered.follow_ups}
    assert len(shown) > 50
    assert not {text: guard(text)[0].kind for text in shown if guard(text)}
