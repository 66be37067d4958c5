"""Relations whose order matters: what stands left and right of "rather than", "before", "from A to B", "causes".

The words are the same whichever way round they stand, so that only this tells "divide oral by 2 to get subcutaneous" from
its reverse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.wording import stem_of
from assistant.wording_lists import STOP

INSTEAD = "instead"
_RELATION = re.compile(
    r"\b(?:(?P<instead>rather\s+than|instead\s+of|in\s+place\s+of)|(?P<before>before)|(?P<after>after)|(?P<over>over)(?!\s+\d)"
    r"|(?P<than>(?:\w+\s+)?than)|(?P<to>to)|(?P<causes>causes?|leads?\s+to|results?\s+in)|(?P<caused>(?:caused|followed|preceded|replaced)\s+by))\b",
    re.IGNORECASE,
)
_PREFERS = re.compile(r"\b(?:suggest|recommend|prefer|favou?r|cho[so]|superior|better|offer)", re.IGNORECASE)
_CONVERTS = re.compile(
    r"\b(?:convert|conver|switch|chang|swap|multipl|divid|ratio|factor|rotat|equal|equivalen)", re.IGNORECASE
)
_SYMMETRIC = re.compile(r"\b(?:equal|equivalent|identical|similar|compared)\s*$", re.IGNORECASE)
_SIDE_END = re.compile(
    r"[,;:.!?()](?=\s|$)|\s(?:and then|then|which|that|who|if|when|where|while|but)\b", re.IGNORECASE
)
_MOST = 5  # meaningful words of one side
_PREPOSITION = frozenset("for in on with during of at by to as when if before after".split())


@dataclass(frozen=True, slots=True)
class Relation:
    """``left`` and ``right`` are the stems on either side; ``object`` the words right behind it, up to a preposition."""

    kind: str
    start: int
    end: int
    left: frozenset[str]
    right: frozenset[str]
    object: tuple[str, ...]


def relations(text: str, tokens: Sequence[tuple[str, int, int]]) -> tuple[Relation, ...]:
    """Every relation of a text, in order; ``tokens`` are its words: (lower case, start, end)."""
    found: list[Relation] = []
    for match in _RELATION.finditer(text):
        kind = str(match.lastgroup)
        sentence = text[_left_end(text, match.start(), 200) : _right_end(text, match.end(), 200)]
        if (kind == "over" and not _PREFERS.search(sentence)) or (kind == "to" and not _CONVERTS.search(sentence)):
            continue
        if kind == "to" and _SYMMETRIC.search(text, max(0, match.start() - 16), match.start()):
            continue
        if kind == "than":
            kind = f"than:{stem_of(match[0].split()[0].casefold())}"  # "higher than" is not "lower than"
        low, high = _left_end(text, match.start(), 80), _right_end(text, match.end(), 80)
        left = [stem_of(t).lstrip("!") for t, a, b in tokens if low <= a and b <= match.start() and t not in STOP][
            -_MOST:
        ]
        behind = [(t, a, b) for t, a, b in tokens if match.end() <= a and b <= high]
        right = [stem_of(t).lstrip("!") for t, _, _ in behind if t not in STOP][:_MOST]
        near: list[str] = []
        for token, _, _ in behind:
            if token in _PREPOSITION:
                break
            if token not in STOP:
                near.append(stem_of(token))
        if left and right:
            found.append(Relation(kind, match.start(), match.end(), frozenset(left), frozenset(right), tuple(near[:3])))
    return tuple(found)


def _left_end(text: str, at: int, most: int) -> int:
    begin = max(0, at - most)
    ends = [m.end() for m in _SIDE_END.finditer(text, begin, at)]
    return ends[-1] if ends else begin


def _right_end(text: str, at: int, most: int) -> int:
    found = _SIDE_END.search(text, at, min(len(text), at + most))
    return found.start() if found else min(len(text), at + most)
