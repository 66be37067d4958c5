"""Sums inside a sentence are recomputed exactly from operands that the source holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.corpus import read_corpus
from assistant.arithmetic import worked_out
from assistant.checker import Checker
from assistant.records import CheckedClaim, Verdict

PER_KG = "Give noxafen 15 mg/kg orally every 6 hours."
CAPPED = "Give noxafen 15 mg/kg orally every 6 hours, at most 1 g a dose."
FOR_LIGHT = "Give noxafen 15 mg/kg orally at a weight below 50 kg."
SINGLE = "Give noxafen 1 g orally three times a day."
TOTAL = "Give noxafen 3 g a day orally in three divided doses."
B12 = "A vitamin B12 of 1000 pmol/L or more is raised."


@pytest.fixture
def checker(tiny_corpus: Path) -> Checker:
    return Checker(read_corpus(tiny_corpus))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (PER_KG, "Give noxafen 15 mg/kg orally every 6 hours: for a 70 kg patient that is 1050 mg."),
        (PER_KG, "Give noxafen 15 mg/kg (1050 mg at 70 kg) orally every 6 hours."),
        (PER_KG, "Give noxafen 15 mg/kg (1.05 g at 70 kg) orally every 6 hours."),  # another unit of the same amount
        (PER_KG, "Give noxafen 15 mg/kg x 70 kg = 1050 mg orally every 6 hours."),
        (PER_KG, "Give noxafen 1050 mg (15 mg/kg × 70 kg) orally every 6 hours."),
        (PER_KG, "For a 70 kg patient, noxafen 15 mg/kg is 1050 mg."),
        (PER_KG, "Give noxafen 15 mg/kg (about 1100 mg at 73 kg) orally."),  # 1095 mg: rounding is stated
        (CAPPED, "Give noxafen 15 mg/kg orally every 6 hours: for 60 kg that is 900 mg."),
        (FOR_LIGHT, "Give noxafen 15 mg/kg orally at a weight below 50 kg: for 40 kg that is 600 mg."),
        (SINGLE, "Give noxafen 1 g orally three times a day (3 g a day in total)."),
        (SINGLE, "Give noxafen 1 g orally three times a day, a total of 3 g daily."),
        (SINGLE, "Give noxafen 3 g a day in three doses of 1 g orally."),
        (SINGLE, "Give noxafen 3 g a day orally in three doses of 1 g."),
        (TOTAL, "Give noxafen 3 g a day orally in three divided doses of 1 g."),
        (B12, "A vitamin B12 of 1000 pmol/L or more (about 1355 ng/L) is raised."),
        ("A calcium of 2.6 mmol/L is raised.", "A calcium of 2.6 mmol/L (10.4 mg/dL) is raised."),
        ("A haemoglobin below 70 g/L is low.", "A haemoglobin below 70 g/L (7 g/dL) is low."),
    ],
)
def test_a_right_result_of_verified_operands_is_verified(source: str, text: str, checker: Checker) -> None:
    (statement,) = checker.audit(text, source=source)
    assert statement.verdict is Verdict.VERIFIED, [claim.reason for claim in statement.claims]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        (PER_KG, "Give noxafen 15 mg/kg (10500 mg at 70 kg) orally every 6 hours.", ("1050", "mg")),  # tenfold
        (PER_KG, "Give noxafen 15 mg/kg (1100 mg at 73 kg) orally every 6 hours.", ("1095", "mg")),  # silent rounding
        (PER_KG, "Give noxafen 15 mg/kg (about 1200 mg at 73 kg) orally.", ("1095", "mg")),  # no rounding of 1095
        (PER_KG, "Give noxafen 15 mg/kg x 70 kg = 1050 micrograms orally.", ("1050000", "ug")),
        (CAPPED, "Give noxafen 15 mg/kg orally every 6 hours: for 80 kg that is 1200 mg.", ("1", "g")),  # above 1 g
        (SINGLE, "Give noxafen 1 g orally three times a day (4 g a day in total).", ("3", "g")),
        (SINGLE, "Give noxafen 4 g a day in three doses of 1 g orally.", ("3", "g")),
        (TOTAL, "Give noxafen 3 g a day orally in three divided doses of 2 g.", ("1", "g")),
        (B12, "A vitamin B12 of 1000 pmol/L or more (1355 ng/L) is raised.", ("~ 1355.0136", "ng/L")),
        (B12, "A vitamin B12 of 1000 pmol/L or more (about 1455 ng/L) is raised.", ("~ 1355.0136", "ng/L")),
        ("A haemoglobin below 70 g/L is low.", "A haemoglobin below 70 g/L (70 g/dL) is low.", ("7", "g/dL")),
    ],
)
def test_a_wrong_result_is_contradicted_with_what_it_should_be(
    source: str, text: str, expected: tuple[str, str], checker: Checker
) -> None:
    (statement,) = checker.audit(text, source=source)
    (claim,) = [c for c in statement.claims if c.verdict is Verdict.CONTRADICTED]
    assert claim.kind == "calculation"
    assert claim.expected == {"value": expected[0], "unit": expected[1]}
    assert text[claim.start : claim.end] == claim.text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (PER_KG, "Give noxafen 20 mg/kg (1400 mg at 70 kg) orally every 6 hours."),  # right sum of a wrong dose
        (PER_KG, "Give noxafen 15 mg/kg (1050 mg at 70 kg) intravenously every 6 hours."),  # wrong route
        (PER_KG, "Give examplamol 15 mg/kg (1050 mg at 70 kg) orally every 6 hours."),  # another drug
        (PER_KG, "Give noxafen 15 mg/kg orally, 20 mg/kg in sepsis: for a 70 kg patient that is 1050 mg."),  # which?
        (PER_KG, "For a 70 kg patient, noxafen 15 mg/kg is not 1050 mg."),
        (PER_KG, "Give noxafen 1050 mg orally every 6 hours to a 70 kg patient."),  # the sum is not shown
        (FOR_LIGHT, "Give noxafen 15 mg/kg orally at a weight below 50 kg: for 70 kg that is 1050 mg."),
        (SINGLE, "Give noxafen 6 g a day in three doses of 2 g orally."),
        (SINGLE, "Give noxafen 3 g a day orally."),  # a total that might be taken as one dose
    ],
)
def test_a_sum_does_not_save_what_the_source_does_not_say(source: str, text: str, checker: Checker) -> None:
    (statement,) = checker.audit(text, source=source)
    assert statement.verdict is not Verdict.VERIFIED


def test_a_result_is_proved_by_its_operand(checker: Checker) -> None:
    (statement,) = checker.audit("Give noxafen 15 mg/kg (1050 mg at 70 kg) orally every 6 hours.", source=PER_KG)
    claim: CheckedClaim = next(c for c in statement.claims if c.kind == "calculation")
    assert claim.source is not None
    assert claim.source.quote == PER_KG
    assert claim.observed == {"value": "1050", "unit": "mg"}
    assert claim.reason == "recomputed from what stands in the source"


PIECES = ["15 mg/kg ", "70 kg ", "1050 mg ", "= ", "(", ")", "for a ", "total ", "in three doses of ", "1 g ", "a day "]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_what_is_left_of_a_sentence_keeps_its_length(text: str) -> None:
    for worked in worked_out(text):
        assert len(worked.clean) == len(text)
        assert 0 <= worked.sum.start < worked.sum.end <= len(text)
