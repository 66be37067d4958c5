"""Does one sentence of the source speak of the same thing? Only then can it contradict the claim.

In a long text every word of a claim may stand somewhere with another sign or another number beside it. Such a text does
not say the opposite; it does not say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from assistant.checks.finding import Asked, Finding, Severity
from assistant.evidence import Evidence
from assistant.wording_lists import COVERED_BY

SAME_THING = Fraction(11, 20)  # of the claim's meaningful words in one sentence, for a turned word
SAME_NUMBER = Fraction(3, 10)  # of them in the sentence that holds the other number
_ABOUT_NUMBERS = frozenset({"values", "binding", "steps", "crossing", "portions"})
_BY_ITSELF = frozenset({"consistency", "forbidden", "sums", "edits", "jurisdiction"})


def on_subject(findings: Iterable[Finding], asked: Asked, evidence: Evidence) -> Iterator[Finding]:
    """The findings, a conflict with a source that speaks of something else made a gap."""
    shares: list[tuple[int, int, Fraction]] | None = None
    for finding in findings:
        if finding.severity is not Severity.CONFLICT or finding.check in _BY_ITSELF:
            yield finding
            continue
        if shares is None:
            shares = list(_shares(asked, evidence))
        at = finding.source[0] if finding.source is not None else None
        if finding.check in _ABOUT_NUMBERS and at is not None:
            share = max((s for start, end, s in shares if start <= at < end), default=Fraction(1))
            needed = SAME_NUMBER
        else:
            share, needed = max((s for _, _, s in shares), default=Fraction(1)), SAME_THING
        yield finding if share >= needed else replace(finding, severity=Severity.ABSENT)


def _shares(asked: Asked, evidence: Evidence) -> Iterator[tuple[int, int, Fraction]]:
    """(start, end, share of the claim's meaningful words) for each sentence; what the headings name counts everywhere."""
    words = {w.stem for w in asked.read.words if not w.neutral and not w.part}
    stated = {
        stem for start, _, items in evidence.sentences if start not in evidence.open_sentences for stem, _ in items
    }
    everywhere = {stem for stem, _ in evidence.extra} | (evidence.read.topics & stated)
    for start, end, items in evidence.sentences:
        if start in evidence.open_sentences:
            yield start, end, Fraction(0)
            continue
        here = {stem for stem, _ in items} | everywhere
        shared = sum(1 for stem in words if stem in here or COVERED_BY.get(stem, frozenset()) & here)
        yield start, end, Fraction(shared, len(words)) if words else Fraction(1)
