"""A unit that only the header of a table names belongs to every bare number under it."""

from __future__ import annotations

import pytest

from assistant.tables import missing_units, with_units

HEADER = "| Drug | Dose (mg/kg) | Route | Duration (days) | Age, years | Note (1) |"


@pytest.mark.parametrize(
    ("row", "read"),
    [
        ("| Noxafen | 0.2 | IV | 5 | 18 | 3 |", "| Noxafen | 0.2 mg/kg | IV | 5 days | 18 years | 3 |"),
        (
            "| Noxafen | 0.2–0.4 | IV | up to 5 | ≥ 18 | 3 |",
            "| Noxafen | 0.2–0.4 mg/kg | IV | up to 5 days | ≥ 18 years | 3 |",
        ),
        ("| Noxafen | 0.2 mg/kg | IV | five | - | 3 |", "| Noxafen | 0.2 mg/kg | IV | five | - | 3 |"),  # not bare
        ("| Noxafen | 0.2 then 0.4 | IV | | | |", "| Noxafen | 0.2 then 0.4 | IV | | | |"),
        ("| Noxafen | 0.2 |", "| Noxafen | 0.2 |"),  # another number of cells: nobody knows the column
    ],
)
def test_a_bare_number_takes_the_unit_of_its_column(row: str, read: str) -> None:
    text, places = with_units(row, missing_units(row, HEADER))
    assert text == read
    assert len(places) == len(text)
    assert all(row[place] == char for place, char in zip(places, text, strict=True) if char in "|")
    assert list(places) == sorted(places)


def test_a_table_without_outer_bars_is_read_too() -> None:
    assert with_units("Noxafen | 2", missing_units("Noxafen | 2", "Drug | Dose [mg]"))[0] == "Noxafen | 2 mg"
