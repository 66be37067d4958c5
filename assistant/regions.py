"""Which part of a sentence belongs to one of several parallel numbers or words, and what limits it.

"Below 180 ng/L confirms deficiency, 180 to 350 ng/L is indeterminate, above 350 ng/L it is unlikely": three thresholds,
three regions. The cut between two neighbours is the strongest separator between them; a lead phrase ("With tremor,") stands
before all of them. Nothing here compares; that is left to ``crossing`` and ``conditions``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.claims import split_sentences

if TYPE_CHECKING:
    from assistant.frames import Frame

Span = tuple[int, int]

# strongest first; the cut is made before the separator, so that "then" and "but" go with what follows them
_CUTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r";|\u2014|[.!?](?=\s)",
        r",?\s+(?:but|whereas|while|although|however|versus|vs\.?|compared with|against)\b",
        r",?\s+(?:and then|followed by|then)\b",
        r",\s+(?:and|or|nor)\b",
        r"[,:](?=\s)",
        r"\s(?:is|are)\s+(?:equal|equivalent)\s+to\b|\s(?:equals?|corresponds?\s+to|instead\s+of|rather\s+than)\b|\s=",
        r"\s(?:and|or|nor)\b",
        r"\)",
    )
)
_LEAD = re.compile(
    r"\s*(?:[-*]\s+)?(?:then\s+|and\s+|but\s+)?(?:(?:even|only|except|especially)\s+)?"
    r"(?:in|with|without|for|of|among|if|when|where|after|before|during|on|at|unless|once|until|because|as|since|despite"
    r"|below|above|under|over|between|from|to|patients|people|adults|children|women|men|those)\b"
    r"[^,;:]*(?:\([^()]*\)[^,;:]*)?(?P<end>[,:])(?=\s)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\s*(?:[-*]\s+)?[^;:.\d]{1,60}:(?=\s)")
_SHARED_TAIL = re.compile(r"\s(?:than|compared\s+with|versus|vs|against)\b", re.IGNORECASE)  # said of all before it
_LIMITING_LEAD = re.compile(
    r"[;,\s]*(?:(?:then|and|but)\s+)*(?:only\s+)?(?:in|with|without|for|among|if|when|where|during|unless|patients|people|adults|"
    r"children|women|men|those)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:only\s+(?:if|when|in|for|with|after|by|as|where|during)|if|unless|except|provided|other\s+than|as\s+long\s+as)\b[^,;:.()]*",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(r"\b(?:unless|except|other\s+than|apart\s+from|excluding)\b[^,;:.]*", re.IGNORECASE)
_GIVEN = frozenset({"dose", "amount", "rate"})
_PACE = frozenset({"frequency", "interval"})


def group_of(frame: Frame) -> str:
    """Frames of one group compete for the words around them: doses with amounts, thresholds with thresholds."""
    if frame.family in _GIVEN:
        return "given"
    return "pace" if frame.family in _PACE else frame.family


@lru_cache(maxsize=8192)
def units(text: str) -> tuple[Span, ...]:
    """Half-open spans of sentences, cut at semicolons too."""
    found: list[Span] = []
    for start, end in split_sentences(text):
        begin = start
        for cut in re.finditer(r";(?=\s)", _without_asides(text)[start:end]):
            found.append((begin, start + cut.start()))
            begin = start + cut.end()
        found.append((begin, end))
    return tuple(span for span in found if span[1] > span[0])


@lru_cache(maxsize=8192)
def lead_of(text: str, start: int, end: int) -> Span | None:
    """The lead phrase or label before the first comma or colon of a unit; None when it has none."""
    match = _LEAD.match(text, start, end) or _LABEL.match(text, start, end)
    return None if match is None else (start, match.end())


@lru_cache(maxsize=8192)
def _without_asides(text: str) -> str:
    """What stands in brackets blanked: a comma there parts nothing outside."""
    return re.sub(r"(?<=\()[^()]*(?=\))", lambda m: "x" * len(m[0]), text)


def cut_between(text: str, left: int, right: int) -> int | None:
    """Where the strongest separator between two places begins; the last of equals; None when there is none.

    A separator in brackets counts only between two places of the same brackets: "(OR 4 for women vs OR 2 for men)".
    """
    bare = text if not set("()") & set(text[left:right]) else _without_asides(text)
    for pattern in _CUTS:
        places = [m.start() for m in pattern.finditer(bare, left, right)]
        if places:
            return places[-1] if pattern is not _CUTS[-1] else places[-1] + 1
    return None


def regions(text: str, anchors: Sequence[Span]) -> list[Span | None]:
    """For each anchor (in order of start) the span of its own words; None when it cannot be told from a neighbour's.

    An anchor in the lead phrase of a unit that has others behind it belongs to all of them, and has no region.
    """
    found: list[Span | None] = [None] * len(anchors)
    for start, end in units(text):
        inside = [n for n, (a, _) in enumerate(anchors) if start <= a < end]
        lead = lead_of(text, start, end)
        if lead is not None and len(inside) > 1:
            inside = [n for n in inside if anchors[n][0] >= lead[1]] or inside
        begin = start
        if lead is not None and inside and anchors[inside[0]][0] >= lead[1]:
            begin = lead[1]
        cuts: list[int | None] = [begin]
        for left, right in zip(inside, inside[1:], strict=False):
            cuts.append(cut_between(text, anchors[left][1], anchors[right][0]))
        shared = _SHARED_TAIL.search(text, anchors[inside[-1]][1], end) if len(inside) > 1 else None
        cuts.append(shared.start() if shared else end)
        for place, n in enumerate(inside):
            low = next((c for c in reversed(cuts[: place + 1]) if c is not None), begin)
            high = next((c for c in cuts[place + 1 :] if c is not None), end)
            found[n] = (low, high)
    return found


def unit_of(text: str, at: int) -> Span:
    return next(((a, b) for a, b in units(text) if a <= at < b), (0, len(text)))


def limits_of(text: str, frame: Frame, region: Span | None) -> Iterator[Span]:
    """Spans of the conditions that limit a number: the lead phrase of its unit, and "if", "unless" ... in its region."""
    start, end = unit_of(text, frame.start)
    lead = lead_of(text, start, end)
    if lead is not None and frame.start >= lead[1] and _LIMITING_LEAD.match(text, *lead):
        yield lead
    low, high = region or (start, end)
    if low > start or (lead is None and region is not None):
        opening = _LIMITING_LEAD.match(text, low, frame.start)
        if opening is not None:
            yield low, frame.start
    for match in _LIMIT.finditer(text, low, high):
        if not match.start() <= frame.start < match.end():
            yield match.span()


def exceptions_of(text: str, start: int, end: int) -> Iterator[Span]:
    """Spans of what a sentence takes out: "unless pregnant", "except those with asthma"."""
    for match in _EXCEPTION.finditer(text, start, end):
        yield match.span()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a text that others of its kind compete with; ``region`` are the words that are its own.

    ``lead`` is the lead phrase of its unit, which it shares with the others of that unit.
    """

    start: int
    end: int
    region: Span | None
    lead: Span | None = None
    order: int = 0  # of the steps of one instruction, from 1; 0 for what is no step


def frame_anchors(text: str, frames: Sequence[Frame]) -> dict[str, dict[int, Anchor]]:
    """For each group of frames its members by index, each with its region."""
    groups: dict[str, list[int]] = {}
    for n, frame in enumerate(frames):
        groups.setdefault(group_of(frame), []).append(n)
    found: dict[str, dict[int, Anchor]] = {}
    for group, members in groups.items():
        places = [_place(text, frames[n]) for n in members]
        spans = regions(text, places)
        found[group] = {
            n: Anchor(*place, span, lead_of(text, *unit_of(text, place[0])), _order(frames[n]))
            for n, place, span in zip(members, places, spans, strict=True)
        }
    return found


def _order(frame: Frame) -> int:
    return frame.order if frame.dosage is not None else 0


_JOINER = re.compile(r"(?:[\s,]*\b(?:and|then|followed\s+by|or|but|give)\b)+\s*", re.IGNORECASE)


def _place(text: str, frame: Frame) -> Span:
    """Where a frame stands: at its amount, or behind the word that joins it to the step before ("then every 2 months")."""
    start = frame.start
    if (
        frame.dosage is not None
        and frame.dosage.dose is not None
        and frame.start <= frame.dosage.dose.start < frame.end
    ):
        return frame.dosage.dose.start, frame.end
    joiner = _JOINER.match(text, start, frame.end)
    return (joiner.end() if joiner else start), frame.end
