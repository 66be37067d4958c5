"""A contradicted slot replaced by what the source says; whether the result holds is for the checker to decide again.

Only numbers are replaced, in place, by the source's own words for them. A turned negation, another drug in the words
around or a raised strength is not repaired: such a sentence is withheld.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.checks.finding import Asked, Finding, Severity
from assistant.evidence import Evidence

_REPAIRABLE = frozenset({"values", "binding"})


def repaired(text: str, asked: Asked, findings: Sequence[Finding], evidence: Evidence | None) -> str | None:
    """``text`` with every contradicted number replaced; None when a finding is not about a number the source has."""
    if evidence is None or not findings:
        return None
    for finding in findings:
        if finding.check not in _REPAIRABLE or finding.severity is not Severity.CONFLICT or finding.source is None:
            return None
    for finding in sorted(findings, key=lambda f: f.start, reverse=True):
        assert finding.source is not None
        start, end = finding.source
        start, end = evidence.written(start, end)
        words = evidence.original[start:end].strip()
        if evidence.offset is None or not words:
            return None
        text = text[: asked.place(finding.start)] + words + text[asked.place(finding.end - 1) + 1 :]
    return text
