"""A given text contradicts only what one of its sentences speaks of, and its aims and questions prove nothing."""

import pytest

from assistant.checker import Checker
from assistant.records import Verdict
from tests.checks.parallel_guidance import parallel_corpus

CHECKER = Checker(parallel_corpus())
STUDY = (
    "The aim of this study was to determine whether nordine lowers fictose in people with gout. We enrolled 100 adults with "
    "gout and 30 healthy controls. Tremor was present in 42 % of the adults with gout. Fictose was lower with gabbroxil than "
    "with placebo. Headache was not more frequent with gabbroxil."
)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Nordine lowers fictose in people with gout.", Verdict.NOT_FOUND),
        ("Nordine does not lower fictose in people with gout.", Verdict.NOT_FOUND),
        ("Fictose was lower with gabbroxil than with placebo.", Verdict.VERIFIED),
        ("Tremor was present in 42 % of adults with gout.", Verdict.VERIFIED),
        ("Tremor was present in 24 % of adults with gout.", Verdict.CONTRADICTED),
        ("Fictose was higher with gabbroxil than with placebo.", Verdict.CONTRADICTED),
        ("Headache was more frequent with gabbroxil.", Verdict.CONTRADICTED),
        ("Nordine saved 24 % of the costs of a clinic for headache.", Verdict.NOT_FOUND),
    ],
)
def test_only_what_is_said_proves_or_disproves(text: str, verdict: Verdict) -> None:
    checked = CHECKER.audit(text, source=STUDY)[0]
    assert checked.verdict is verdict, [claim.reason for claim in checked.claims]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Give nordine after assessing the kidneys.", "To assess the kidneys, measure creatinine. Give nordine after assessing the kidneys."),
        ("Fictose is measured to find out whether gout is active.", "Measure fictose to find out whether gout is active."),
    ],
)  # fmt: skip
def test_an_instruction_to_assess_is_no_question(text: str, source: str) -> None:
    assert CHECKER.audit(text, source=source)[0].verdict is Verdict.VERIFIED
