"""The policy: a contradiction outweighs a gap, a gap what could not be read, and only silence verifies."""

from fractions import Fraction

import pytest

from assistant.checks.finding import Finding, Severity
from assistant.records import Verdict
from assistant.verdicts import decide, worst


def finding(severity: Severity, check: str = "values") -> Finding:
    return Finding(check, severity, "because", 0, 1)


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ((), Verdict.VERIFIED),
        ((Severity.UNREAD,), Verdict.NOT_CHECKABLE),
        ((Severity.ABSENT, Severity.UNREAD), Verdict.NOT_FOUND),
        ((Severity.UNREAD, Severity.CONFLICT, Severity.ABSENT), Verdict.CONTRADICTED),
    ],
)
def test_the_worst_finding_decides(severities: tuple[Severity, ...], verdict: Verdict) -> None:
    assert decide(map(finding, severities), overlap=Fraction(1)) is verdict


@pytest.mark.parametrize(
    ("check", "overlap", "verdict"),
    [
        ("values", Fraction(1, 2), Verdict.CONTRADICTED),
        ("values", Fraction(1, 3), Verdict.NOT_FOUND),  # another number in another context
        ("polarity", Fraction(1, 2), Verdict.NOT_FOUND),  # too little in common to be the same sentence
        ("polarity", Fraction(3, 4), Verdict.CONTRADICTED),
        ("forbidden", Fraction(0), Verdict.CONTRADICTED),  # a rule needs no likeness
    ],
)
def test_a_contradiction_needs_the_same_subject(check: str, overlap: Fraction, verdict: Verdict) -> None:
    assert decide([finding(Severity.CONFLICT, check)], overlap=overlap) is verdict


def test_worst_of_nothing_is_verified() -> None:
    assert worst(()) is Verdict.VERIFIED
    assert worst([Verdict.VERIFIED, Verdict.NOT_CHECKABLE, Verdict.NOT_FOUND]) is Verdict.NOT_FOUND
