"""A contradicted number is replaced by the source's words for it; anything else is not repaired."""

import pytest

from assistant.checker import Checker
from tests.tiny_checker_corpus import tiny_corpus

CHECKER = Checker(tiny_corpus())


@pytest.mark.parametrize(
    ("text", "passage", "repaired"),
    [
        (
            "A fictose below 190 mg/dL confirms deficiency.",
            "threshold",
            "A fictose below 180 mg/dL confirms deficiency.",
        ),
        ("Fictose above 300 mg/dL was associated with gout (OR 6.2). ", "effect", None),  # nothing is wrong with it
        ("With tremor, samplamycin 5 mg IM on alternate days.", "with", None),  # the drug is not a number
        ("Give samplamycin alone in undiagnosed tremor.", "negative", None),
        ("Offer a repeat fictose test after 3 months.", "consider", None),
    ],
)
def test_repair(text: str, passage: str, repaired: str | None) -> None:
    ids = (f"tiny#{passage}.1",)
    checked = CHECKER.check_statement(text, passage_ids=ids)
    assert CHECKER.repair(checked, passage_ids=ids) == repaired


def test_what_was_repaired_verifies() -> None:
    ids = ("tiny#with.1",)
    checked = CHECKER.check_statement(
        "With tremor, examplamol 50 mg intramuscularly on alternate days.", passage_ids=ids
    )
    better = CHECKER.repair(checked, passage_ids=ids)
    assert better is not None and "50" not in better
    assert CHECKER.check_statement(better, passage_ids=ids).verdict == "verified"
