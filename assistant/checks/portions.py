"""Is an amount for one dose, for a day, or shared out? "2 g a day in two divided doses" is not "2 g twice a day"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.frames import Frame
from assistant.vocabulary import Vocabulary

_AMOUNTS = frozenset({"dose", "amount", "maximum", "rate"})
_NEAR = 48  # characters on either side of an amount in which such a word belongs to it
_EACH = re.compile(r"\b(?:per|each|every|a single|in (?:a|one|any one) single|at each|per single)\s*(?:dose|injection|infusion)\b"
                   r"|\bsingle (?:dose|infusion|injection)\b|\bat (?:a time|once)\b|\bin one go\b", re.IGNORECASE)  # fmt: skip
_SHARED = re.compile(
    r"\b(?:divided|split|shared)\b|\bin (?:two|three|four|2|3|4) (?:equal )?(?:doses|portions)\b", re.IGNORECASE
)
_TOTAL = re.compile(r"\btotal\b|\bcumulative\b|\baltogether\b|\bin all\b", re.IGNORECASE)


def check_portions(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    for match in compared.matches:
        frame = asked.read.frames[match.claim]
        if frame.family not in _AMOUNTS or not match.agrees:
            continue
        faults = [
            _difference(frame, asked.read.text, evidence.read.frames[j], evidence.read.text) for j in match.agreeing
        ]
        if faults and all(faults):
            yield Finding(
                "portions", Severity.CONFLICT, str(faults[0]), frame.start, frame.end, match.claim,
                source=(evidence.read.frames[match.agreeing[0]].start, evidence.read.frames[match.agreeing[0]].end),
            )  # fmt: skip


def _difference(claim: Frame, text: str, source: Frame, source_text: str) -> str | None:
    mine, theirs = _around(claim, text), _around(source, source_text)
    if _EACH.search(mine) and not _EACH.search(theirs):
        return "the statement gives this amount for each dose, the source does not"
    if _SHARED.search(theirs) and not (_SHARED.search(mine) or _TOTAL.search(mine)):
        return "the source shares this amount out over several doses"
    if _SHARED.search(mine) and not _SHARED.search(theirs):
        return "the source does not share this amount out"
    if _TOTAL.search(mine) and not (_TOTAL.search(theirs) or _SHARED.search(theirs)):
        return "the statement calls this a total, the source does not"
    if _EACH.search(theirs) and claim.family == "maximum" and not _EACH.search(mine):
        return "the source gives this amount for each dose"
    return None


def _around(frame: Frame, text: str) -> str:
    """The frame with its surroundings up to the next stop."""
    after = re.split(
        r"[;.](?=\s)|,?\s+(?:then|and|but|or)\s+(?=\d|up to|at most)", text[frame.end : frame.end + _NEAR]
    )[0]
    before = re.split(r"[;.](?=\s)", text[max(0, frame.start - _NEAR // 2) : frame.start])[-1]
    return before + text[frame.start : frame.end] + after
