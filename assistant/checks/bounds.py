"""Does "at least" stay "at least"? A bound before words that are no number of their own: "at most once weekly", "at least a week"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.records import Comparator, QuantityKind
from assistant.vocabulary import Vocabulary

_LEAST = r"at least|no less than|not less than|no fewer than|a minimum of|or more|or longer|or above"
_MOST = r"at most|no more than|not more than|up to|a maximum of|maximum|or less|or fewer|or below|no longer than"
_BOUND = re.compile(rf"\b(?:(?P<least>{_LEAST})|(?P<most>{_MOST}))\b", re.IGNORECASE)
_SCHEDULE = frozenset({QuantityKind.FREQUENCY, QuantityKind.INTERVAL})  # a dosage holds them without their bound
_SIGNED = frozenset({Comparator.LESS, Comparator.AT_MOST, Comparator.MORE, Comparator.AT_LEAST})


def check_bounds(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    """A bound that no compared number carries must stand in the source; of the other kind alone, it is contradicted."""
    sides: set[str] | None = None
    for bound in _BOUND.finditer(asked.text):
        if _is_carried(bound, asked):
            continue
        if sides is None:
            sides = {str(found.lastgroup) for found in _BOUND.finditer(evidence.read.text)} | _signs(evidence)
        if bound.lastgroup in sides:
            continue
        severity = Severity.CONFLICT if sides else Severity.ABSENT
        yield Finding("bounds", severity, f"the source does not say {bound[0]!r}", bound.start(), bound.end())


def _is_carried(bound: re.Match[str], asked: Asked) -> bool:
    """Whether a quantity was read with this bound, so that its comparison has judged it."""
    return any(
        (q.comparator in _SIGNED or q.kind is QuantityKind.MAXIMUM or q.is_range)
        and q.start - 16 <= bound.end()
        and bound.start() <= q.end + 2
        for q in asked.read.reading.quantities
        if q.kind not in _SCHEDULE
    )


def _signs(evidence: Evidence) -> set[str]:
    """Sides that the source states by a sign or another word."""
    found = set()
    for quantity in evidence.read.reading.quantities:
        if quantity.comparator in (Comparator.AT_MOST, Comparator.LESS) or quantity.kind is QuantityKind.MAXIMUM:
            found.add("most")
        elif quantity.comparator in (Comparator.AT_LEAST, Comparator.MORE):
            found.add("least")
    return found
