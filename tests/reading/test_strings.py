"""Dose strings and quantity strings of our own with gold: the half used to build, and the half used to measure."""

from __future__ import annotations

import pytest

from assistant.parsing import read, reading_to_json
from tests.reading import gold, quantity_gold

DOSES = gold.lines("doses_dev.txt")
QUANTITIES = quantity_gold.lines("quantities_dev.txt")


@pytest.mark.parametrize(("text", "steps"), DOSES, ids=[text for text, _ in DOSES])
def test_dose_string(text: str, steps: list[gold.Row]) -> None:
    assert gold.wrong_slots(steps, reading_to_json(read(text))["dosages"]) == []


@pytest.mark.parametrize(("text", "expected"), QUANTITIES, ids=[text for text, _ in QUANTITIES])
def test_quantity_string(text: str, expected: str) -> None:
    assert quantity_gold.missed(expected, reading_to_json(read(text))["quantities"]) == []


def test_share_of_the_measured_half() -> None:
    """The other half is not a list of demands: a share of it must be right, so that it stays a measure."""
    doses = gold.lines("doses_test.txt") + gold.lines("doses_blind.txt")
    right = sum(not gold.wrong_slots(steps, reading_to_json(read(text))["dosages"]) for text, steps in doses)
    assert right / len(doses) >= 0.95
    rows = quantity_gold.lines("quantities_test.txt")
    right = sum(not quantity_gold.missed(expected, reading_to_json(read(text))["quantities"]) for text, expected in rows)
    assert right / len(rows) >= 0.93
