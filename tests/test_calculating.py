"""Calculations out of the patient's facts, and what is asked for when one is missing."""

from types import SimpleNamespace
from typing import Any

import pytest

from assistant.calculating import calculate_for
from assistant.limits import read_limits

LIMITS = tuple(read_limits("with creatinine clearance 15–29 mL/min"))


class _Known:
    """Knowledge of one statement that doses examplamol by creatinine clearance."""

    features = {"g#1": SimpleNamespace(drugs={"examplamol"}, limits=LIMITS)}  # noqa: RUF012

    def named(self, text: str) -> frozenset[str]:
        return self.drugs(text)

    def drugs(self, text: str) -> frozenset[str]:
        return frozenset(name for name in ("examplamol", "carboplatin", "nordine") if name in text)


KNOWN: Any = _Known()
WOMAN = {"age_years": "72", "sex": "female", "weight_kg": "54", "creatinine": "1.9 mg/dL"}


@pytest.mark.parametrize(
    ("text", "slots", "clearance", "line"),
    [
        # (140 - 72) x 54 x 0.85 / (72 x 1.9) = 22.8
        ("examplamol dose", WOMAN, "22.8 mL/min", "creatinine clearance 22.8 mL/min"),
        ("examplamol dose", {**WOMAN, "creatinine": "168"}, "22.8 mL/min", "creatinine 168 umol/L"),  # can only be that
        ("examplamol dose", {**WOMAN, "creatinine": "20"}, None, "still needed: creatinine with its unit"),
        ("examplamol dose", {"creatinine": "140 umol/L", "sex": "male"}, None, "still needed: age, weight"),
        ("examplamol dose", {**WOMAN, "crcl": "30 mL/min"}, "30 mL/min", None),  # given, not calculated
        ("examplamol dose", {"age_years": "72"}, None, None),  # nobody spoke of the kidney
        ("nordine dose", WOMAN, None, None),  # no statement on it depends on the clearance
    ],
)
def test_creatinine_clearance(text: str, slots: dict[str, str], clearance: str | None, line: str | None) -> None:
    result = calculate_for(text, slots, KNOWN)
    assert result.slots.get("crcl") == clearance
    assert (line in result.lines[0]) if line else not result.lines


def test_carboplatin_by_calvert_follows_the_clearance() -> None:
    result = calculate_for("carboplatin AUC 5", {"crcl": "90 mL/min"}, KNOWN)
    assert "carboplatin 575 mg for AUC 5" in result.lines[0]  # 5 x (90 + 25)


def test_calcium_is_corrected_in_the_unit_it_was_given_in() -> None:
    result = calculate_for("high calcium", {"calcium": "2.9 mmol/L", "albumin": "28 g/L"}, KNOWN)
    assert "3.14 mmol/L" in result.lines[0]


def test_the_facts_that_were_given_are_not_changed() -> None:
    slots = dict(WOMAN)
    calculate_for("examplamol dose", slots, KNOWN)
    assert slots == WOMAN
