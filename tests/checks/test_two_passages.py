"""A statement may join what stands in two of its passages, if each part stands in one of them and nothing is left over."""

import pytest

from assistant.checker import Checker
from assistant.records import Verdict
from tests.tiny_checker_corpus import tiny_corpus

CHECKER = Checker(tiny_corpus())


@pytest.mark.parametrize(
    ("text", "names", "is_verified"),
    [
        ("A fictose above 300 mg/dL was associated with gout (OR 6.2), and a fictose below 180 mg/dL confirms deficiency.",
         ("effect", "threshold"), True),
        ("A fictose above 300 mg/dL was associated with gout (OR 6.2), and a fictose below 190 mg/dL confirms deficiency.",
         ("effect", "threshold"), False),
        ("With tremor, examplamol 5 mg IM on alternate days; without tremor, examplamol 5 mg IM three times a week for 2 "
         "weeks.", ("with", "without"), True),
        ("With tremor, examplamol 5 mg IM three times a week for 2 weeks; without tremor, examplamol 5 mg IM on alternate "
         "days.", ("with", "without"), False),  # the regimens changed places
        ("With tremor, examplamol 5 mg IM three times a week for 2 weeks.", ("with", "without"), False),
        ("Without tremor, examplamol 5 mg IM on alternate days.", ("with", "without"), False),
        ("Do not give samplamycin alone in undiagnosed tremor, and samplamycin 250 mg by mouth three times a day for 7 days.",
         ("negative", "twice"), False),  # the denial could reach over the comma
    ],
)  # fmt: skip
def test_each_part_stands_in_one_of_the_passages(text: str, names: tuple[str, ...], is_verified: bool) -> None:
    checked = CHECKER.check_statement(text, passage_ids=tuple(f"tiny#{name}.1" for name in names))
    assert (checked.verdict is Verdict.VERIFIED) is is_verified, [claim.reason for claim in checked.claims]


def test_every_number_is_shown_with_the_passage_that_holds_it() -> None:
    text = "A fictose above 300 mg/dL was associated with gout (OR 6.2), and a fictose below 180 mg/dL confirms deficiency."
    checked = CHECKER.check_statement(text, passage_ids=("tiny#effect.1", "tiny#threshold.1"))
    found = {claim.text.strip(): claim.source.passage for claim in checked.claims if claim.source is not None}
    assert found["180 mg/dL"] == "tiny#threshold.1" and found["300 mg/dL"] == "tiny#effect.1"
    assert all(text[claim.start : claim.end].strip() == claim.text.strip() for claim in checked.claims)


def test_a_wrong_number_does_not_blame_its_right_neighbour() -> None:
    text = "A fictose below 180 mg/dL confirms deficiency, and above 300 mg/dL it was associated with gout (OR 2.9)."
    checked = CHECKER.audit(text)[0]
    verdicts = {claim.text.strip(): claim.verdict for claim in checked.claims}
    assert verdicts["180 mg/dL"] is Verdict.VERIFIED
    assert verdicts["OR 2.9"] is Verdict.CONTRADICTED
