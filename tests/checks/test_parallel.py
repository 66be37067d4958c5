"""What stands side by side in a source is never mixed up, and what limits a dose is never dropped."""

import pytest

from assistant.checker import Checker
from assistant.records import Verdict
from tests.checks.parallel_guidance import RIGHT, WRONG, parallel_corpus

CHECKER = Checker(parallel_corpus())


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_no_mixture_of_two_sides_is_verified(name: str, text: str) -> None:
    assert CHECKER.check_statement(text, passage_ids=(f"parallel#{name}.1",)).verdict is not Verdict.VERIFIED


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_one_side_by_itself_is_verified(name: str, text: str) -> None:
    checked = CHECKER.check_statement(text, passage_ids=(f"parallel#{name}.1",))
    assert checked.verdict is Verdict.VERIFIED, [claim.reason for claim in checked.claims]


@pytest.mark.parametrize(
    ("text", "name", "reader", "verdict"),
    [
        ("Give hydroxin 100 micrograms intramuscularly monthly.", "usa", "us", Verdict.VERIFIED),
        ("Give hydroxin 100 micrograms intramuscularly monthly.", "usa", None, Verdict.VERIFIED),
        ("Give hydroxin 100 micrograms intramuscularly monthly.", "usa", "uk", Verdict.NOT_FOUND),  # word for word too
        ("Hydroxin 100 mcg IM once a month.", "usa", "uk", Verdict.NOT_FOUND),
        ("US practice: hydroxin 100 mcg IM once a month.", "usa", "uk", Verdict.VERIFIED),  # the country is named
        ("Hydroxin 1 mg IM every 3 months.", "ukb", "us", Verdict.NOT_FOUND),
        ("Hydroxin 1 mg IM every 3 months.", "ukb", "uk", Verdict.VERIFIED),
        ("UK practice: hydroxin 1 mg IM every 3 months.", "uk", "us", Verdict.VERIFIED),
        ("Sensitivity was 92 %.", "sens", "uk", Verdict.VERIFIED),  # of no one country
    ],
)
def test_a_dose_of_another_country_says_whose_it_is(text: str, name: str, reader: str | None, verdict: Verdict) -> None:
    checked = CHECKER.check_statement(text, passage_ids=(f"parallel#{name}.1",), jurisdiction=reader)
    assert checked.verdict is verdict, [claim.reason for claim in checked.claims]


@pytest.mark.parametrize(
    ("heading", "verdict"),
    [
        ("Only if the eGFR is above 30 mL/min:", Verdict.VERIFIED),
        ("Only if the eGFR is above 45 mL/min:", Verdict.NOT_FOUND),
        ("For everybody:", Verdict.NOT_FOUND),
    ],
)
def test_a_condition_may_stand_in_the_heading_above(heading: str, verdict: Verdict) -> None:
    text = f"# Nordine\n\n{heading}\n\n- nordine 400 mg twice daily\n"
    assert CHECKER.audit(text)[0].verdict is verdict
