"""Grades and stages of a question, and those of statements."""

import pytest

from assistant.asked import grades_in


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("Grade 3 toxicity", {"grade": {3}}),
        ("grade 3–4 colitis", {"grade": {3, 4}}),
        ("CKD stage 3b", {}),  # a letter belongs to it: no whole number
        ("NYHA class II", {"class": {2}}),
        ("stage 2 of acute kidney injury, grade 1", {"stage": {2}, "grade": {1}}),
        ("first class care", {}),
    ],
)
def test_grades(text: str, grades: dict[str, set[int]]) -> None:
    assert grades_in(text) == grades
