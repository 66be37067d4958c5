"""Is an amount for one dose, for a day, or shared out? "2 g a day in two divided doses" is not "2 g twice a day"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.frames import Frame, ReadText
from assistant.vocabulary import Vocabulary

_AMOUNTS = frozenset({"dose", "amount", "maximum", "rate"})
_NEAR = 48  # characters on either side of an amount in which such a word belongs to it
_EACH = re.compile(r"\b(?:per|each|every|a single|in (?:a|one|any one) single|at each|per single)\s*(?:dose|injection|infusion)\b"
                   r"|\bsingle (?:dose|infusion|injection)\b|\bat (?:a time|once)\b|\bin one go\b", re.IGNORECASE)  # fmt: skip
_SHARED = re.compile(
    r"\b(?:divided|split|shared)\b|\bin (?:two|three|four|2|3|4) (?:equal )?(?:doses|portions)\b(?!\s+\d)", re.IGNORECASE
)
_TOTAL = re.compile(r"\btotal\b|\bcumulative\b|\baltogether\b|\bin all\b", re.IGNORECASE)
_PACE = re.compile(
    r"(?:\b(?:per|an?|each|every|in\s+(?:an?|one|each|any))\s+|/\s?|\b(?:in|over|every)\s+(?P<count>24)\s+)(?P<unit>minute|min|hour|hr?|day|week|wk|month|year)s?\b"
    r"|\b(?P<word>hour|dai|week|fortnight|month|annual|year)ly\b|\b(?P<latin>od|bd|tds|qds|nocte|mane)\b|\b(?:over|in)\s+one\s+(?P<one>day|hour)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[;.,)](?=\s)|\s(?:and|then|but|or)\s|(?<!in )(?<!over )(?<!every )\b\d")
_PACES = {"min": "minute", "hr": "hour", "h": "hour", "wk": "week", "dai": "day", "annual": "year"}


def check_portions(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    for match in compared.matches:
        frame = asked.read.frames[match.claim]
        if frame.family not in _AMOUNTS or not match.agrees:
            continue
        faults = [
            _difference(frame, asked.read.text, evidence.read.frames[j], evidence.read.text)
            or _is_ceiling(frame, asked.read, evidence.read.frames[j], evidence.read)
            for j in match.agreeing
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
    stated = _paces(source_text[source.end : source.end + _NEAR]) | _paces(
        source_text[source.start : source.end], False
    )
    pace = _paces(text[claim.end : claim.end + _NEAR]) - stated
    if pace and claim.family != "maximum":
        return f"the statement gives this amount per {sorted(pace)[0]}, the source does not"
    if _SHARED.search(theirs) and not (_SHARED.search(mine) or _TOTAL.search(mine)):
        return "the source shares this amount out over several doses"
    if _SHARED.search(mine) and not _SHARED.search(theirs):
        return "the source does not share this amount out"
    if _TOTAL.search(mine) and not (_TOTAL.search(theirs) or _SHARED.search(theirs)):
        return "the statement calls this a total, the source does not"
    if _EACH.search(theirs) and claim.family == "maximum" and not _EACH.search(mine):
        return "the source gives this amount for each dose"
    return None


def _paces(text: str, behind: bool = True) -> frozenset[str]:
    """The units of time in which an amount is counted; ``behind`` it only those before the next number or stop."""
    if behind:
        text = _NEXT.split(text)[0]
    found = set()
    for match in _PACE.finditer(text):
        unit = "day" if match["count"] or match["latin"] else match["unit"] or match["word"] or match["one"] or ""
        found.add(_PACES.get(unit.casefold(), unit.casefold()))
    return frozenset(found)


_MOST = re.compile(
    r"\bmax(?:imum|imal|\.)?\b|\bat most\b|\bup to\b|\b(?:no|not) (?:more|exceed)\w*|\bceiling\b|\bhighest\b|\bgreatest\b|\blimit|\bexceed|\bcap(?:ped)?\b"
    r"|\bas (?:many|much|long|high) as\b|\bmost\b|\bnever (?:more|above|over)\b",
    re.IGNORECASE,
)


def _is_ceiling(claim: Frame, mine: ReadText, source: Frame, theirs: ReadText) -> str | None:
    """ "Maximum 2 mg in 24 hours" is not "2 mg every 24 hours"."""
    if claim.family == "maximum" or source.family == "maximum" or not _MOST.search(_lead_in(source, theirs)):
        return None
    return None if _MOST.search(mine.text) else "the source gives this amount as the most"


def _lead_in(frame: Frame, read: ReadText) -> str:
    """The words of its sentence before an amount, from the number before it."""
    amount = frame.dosage.dose if frame.dosage is not None and frame.dosage.dose is not None else frame
    at = max(amount.start, frame.start)
    begin = max((f.end for f in read.frames if f.end <= frame.start), default=0)
    text = read.text[max(begin, at - 100) : at]
    return re.split(r"[;.](?=\s)", text)[-1]


def _around(frame: Frame, text: str) -> str:
    """The frame with its surroundings up to the next stop."""
    after = re.split(
        r"[;.](?=\s)|,?\s+(?:then|and|but|or)\s+(?=\d|up to|at most)", text[frame.end : frame.end + _NEAR]
    )[0]
    before = re.split(r"[;.](?=\s)", text[max(0, frame.start - _NEAR // 2) : frame.start])[-1]
    return before + text[frame.start : frame.end] + after
