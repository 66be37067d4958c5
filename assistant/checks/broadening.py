"""Does an instruction keep what it is limited to? "With an eGFR below 30, stop X" is not "stop X".

Doses are looked after by ``conditions``. Here are the sentences without one that tell the reader to do something or to
leave it: what stands before their first comma, a limit with a number in it, and what a bare "contraindicated" is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.regions import Span, lead_of
from assistant.vocabulary import Vocabulary
from assistant.wording import countries_in
from assistant.wording_lists import NEUTRAL

_LEAD = re.compile(
    r"[;,\s]*(?:(?:then|and|but)\s+)*(?:only\s+)?(?:with|without|if|when|where|during|unless|once|while|until|"
    r"(?:in|for|among)(?!\s+(?:the\s+)?(?:US|UK|EU|USA)\b)|patients|people|adults|children|women|men|those)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:with|without|if|when|in|for|at|below|above|over|under|once|until|unless|from)\b(?:[^,;:.()]|\.(?=\d))*",
    re.IGNORECASE,
)
_FORBIDS = re.compile(r"\bcontraindicat\w*|\b(?:do|must|should)\s+not\b|\bnever\b|\bavoid", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:in|with|if|when|where|during|for|after|before|unless|without|by|to|on|until|within|together)\b",
    re.IGNORECASE,
)
_NO_LIMIT = frozenset({"time", "interval", "frequency", "number", "effect", "proportion", "dose", "amount", "maximum"})
_GIVEN = frozenset({"dose", "amount", "maximum", "rate"})
_SAME = 7  # of ten words of the claim that stand in one sentence of the source


def check_broadening(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    """At most one finding, and none where some sentence of the source says it without a limit."""
    if not _instructs(asked) or any(frame.family in _GIVEN for frame in asked.read.frames):
        return
    if _has_limit(asked, evidence):
        return
    words = {w.stem for w in asked.read.words if not w.neutral and not w.stem.startswith("term:")}
    said = {w.stem for w in asked.read.wording.words} | asked.context | {stem for stem, _ in asked.lead}
    bare = _FORBIDS.search(asked.text) is not None and _ABOUT.search(asked.text) is None
    dropped: Span | None = None
    for start, end, theirs in evidence.parts:
        if not words or len(words & theirs) * 10 < len(words) * _SAME:
            continue
        lead, limits = _limits(evidence, start, end, bare)
        kept = [span for span in limits if _is_named(span, evidence, said, compared)]
        lacking = limits[0] if limits and not kept else None  # one of "above 6.5, or with a pH below 7.15" is enough
        if lead is not None and not _is_named(lead, evidence, said, compared):
            lacking = lead
        if lacking is None:
            return
        dropped = dropped or lacking
    if dropped is not None:
        limit = evidence.read.text[dropped[0] : dropped[1]].strip(" ,:")
        yield Finding(
            "broadening",
            Severity.ABSENT,
            f"the source limits this: {limit!r}",
            0,
            len(asked.text),
            source=dropped,
        )


def _instructs(asked: Asked) -> bool:
    return any(clause.firmness is not None or clause.negated for clause in asked.read.wording.clauses)


def _has_limit(asked: Asked, evidence: Evidence) -> bool:
    """Whether the claim keeps a limit of its own that the source knows: then it is not said of everybody."""
    spans = [m.span() for m in _LIMIT.finditer(asked.text)]
    words = {w.stem for w in asked.read.wording.words if not w.neutral and any(a <= w.start < b for a, b in spans)}
    return bool({stem for stem in words - asked.read.topics if stem not in NEUTRAL} & evidence.stems)


def _limits(evidence: Evidence, start: int, end: int, bare: bool) -> tuple[Span | None, list[Span]]:
    """The lead phrase of a sentence that limits it, and the limits behind it: with a number, or all for a ``bare`` claim."""
    text = evidence.read.text
    lead = lead_of(text, start, end)
    limits: list[Span] = []
    for match in _LIMIT.finditer(text, lead[1] if lead is not None else start, end):
        inside = [f for f in evidence.read.frames if match.start() <= f.start < match.end()]
        if bare or any(frame.family not in _NO_LIMIT for frame in inside):
            limits.append(match.span())
    return (lead if lead is not None and _LEAD.match(text, *lead) else None), limits


def _is_named(span: Span, evidence: Evidence, said: Set[str], compared: Compared) -> bool:
    """Whether the claim names a number of the limit, or a word where it has no number; true where it has neither."""
    read = evidence.read
    inside = {
        w.stem for w in read.wording.words if span[0] <= w.start < span[1] and not w.neutral and w.stem not in NEUTRAL
    }
    numbers = {j for j, frame in enumerate(read.frames) if span[0] <= frame.start < span[1]}
    if (not inside and not numbers) or countries_in(read.text[span[0] : span[1]]):
        return True
    if any(m.agrees and numbers & set(m.agreeing) for m in compared.matches):
        return True
    return bool({stem for stem in inside if not stem[0].isdigit()} & said)
