"""Findings to verdicts: the whole policy, on one screen.

| what was found | verdict |
|---|---|
| a number that was not understood, or words the source puts otherwise | not checkable |
| the source says the same thing with another value, sign, strength or country; or a rule forbids the statement | contradicted |
| the source does not say it | not found |
| nothing, and every number and meaningful word stands in the source | verified |

A contradiction outweighs a gap, a gap outweighs what could not be read, and only silence of every check verifies. A
contradiction counts only when the source speaks of the same thing: ``ON_TOPIC`` of the meaningful words in common for a
number, ``SAME_SENTENCE`` for a turned word. Another number in another context is a gap, not a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from assistant.checks.finding import Finding, Severity
from assistant.records import Verdict

ON_TOPIC = Fraction(2, 5)
SAME_SENTENCE = Fraction(7, 10)
_ABOUT_NUMBERS = frozenset({"values", "binding", "steps"})
_ALWAYS = frozenset({"consistency", "forbidden", "edits"})

_VERDICTS = {
    Severity.CONFLICT: Verdict.CONTRADICTED,
    Severity.ABSENT: Verdict.NOT_FOUND,
    Severity.UNREAD: Verdict.NOT_CHECKABLE,
}
_ORDER = (Verdict.CONTRADICTED, Verdict.NOT_FOUND, Verdict.NOT_CHECKABLE, Verdict.VERIFIED)


def decide(findings: Iterable[Finding], *, overlap: Fraction) -> Verdict:
    """The verdict on one claim; ``overlap`` is the share of its meaningful words that the source has."""
    return worst(verdict_of(finding, overlap=overlap) for finding in findings)


def verdict_of(finding: Finding, *, overlap: Fraction) -> Verdict:
    severity = finding.severity
    needed = ON_TOPIC if finding.check in _ABOUT_NUMBERS else SAME_SENTENCE
    if severity is Severity.CONFLICT and overlap < needed and finding.check not in _ALWAYS:
        severity = Severity.ABSENT
    return _VERDICTS[severity]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The first in the order contradicted, not found, not checkable, verified; verified when there is none."""
    found = set(verdicts)
    return next((verdict for verdict in _ORDER if verdict in found), Verdict.VERIFIED)
