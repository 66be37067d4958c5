"""Owns the readable copy of a text: compatibility forms folded, every character traceable to the original.

The copy is what every reader works on: full-width and other decimal digits become ASCII, dashes and the minus sign
become ``-``, spaces become one plain space each, ``½`` becomes ``1/2``, raised digits keep a caret (``10⁹/L`` becomes
``10^9/L``, never ``109/L``), and characters that cannot be seen are left out. What was folded away in a way that could
deceive a reader is kept in ``marks``, so that a number built on it is read but not trusted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assistant.patterns import Pattern
from assistant.records import Span

HIDDEN = "hidden character"
FOREIGN_DIGIT = "digit of another script or width"
FOREIGN_MARK = "separator of another script or width"
NARROW_SPACE = "narrow or no-break space"  # not deceitful: the typographer's thousands separator

_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u207b\u208b")
_RAISED = {ord(c): d for c, d in zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)}
_RAISED_SIGN = {0x207A: "+", 0x207B: "-"}
_THIN_SPACES = frozenset("\u00a0\u2007\u2009\u202f")
_FIXED = {
    "·": ".",  # Lancet decimal point; only between digits, see _fold
    "\u2044": "/",
    "\u2215": "/",
    "\u00ba": "°",  # masculine ordinal, typed for the degree sign
    "\u02da": "°",
    "\u2018": "'",
    "\u2019": "'",
    "\u02bc": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2266": "≤",
    "\u2267": "≥",
    "\u2a7d": "≤",
    "\u2a7e": "≥",
    "\u223c": "~",
    "\u2248": "~",
    "\u2243": "~",
    "\u00b5": "μ",
    "\u066b": ".",
    "\u066c": ",",
    "\u02b9": "'",
    "\u2032": "'",
    "\u2033": '"',
    "\u00b4": "'",
    "\u0060": "'",
    "\u2715": "×",
    "\u2a2f": "×",
}
_ODD_SEPARATORS = frozenset("\u066b\u066c\uff0c\uff0e\uff61\u2024\u3002")
_HANGUL_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5")


@dataclass(frozen=True, slots=True)
class Normal:
    """``text`` is the copy; ``original`` the text it was made from.

    ``marks`` maps an index of the copy to the reason why the character there, or one left out just before it, must not
    be trusted. ``starts`` and ``ends`` are None when copy and original are the same text.
    """

    original: str
    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None
    marks: Mapping[int, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)  # work shared by the readers

    def words(self) -> list[tuple[str, int]]:
        """Every run of ASCII letters of the copy in small letters, with where it starts."""
        words: list[tuple[str, int]] | None = self.kept.get("words")
        if words is None:
            words = [(match.group().lower(), match.start()) for match in _LETTERS.finditer(self.text)]
            self.kept["words"] = words
        return words

    def span(self, start: int, end: int) -> Span:
        """The span of the original behind the span ``start``..``end`` of the copy (half-open, clipped to the copy)."""
        start = max(0, min(start, len(self.text)))
        end = max(start, min(end, len(self.text)))
        if self.starts is None or self.ends is None:
            return Span(start, end)
        if start == end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return Span(at, at)
        return Span(self.starts[start], self.ends[end - 1])

    def source(self, start: int, end: int) -> str:
        """The original's characters behind a span of the copy."""
        span = self.span(start, end)
        return self.original[span.start : span.end]

    def marks_in(self, start: int, end: int) -> tuple[str, ...]:
        """The distinct reasons for distrust inside a span of the copy, sorted; narrow spaces are not among them."""
        if not self.marks:
            return ()
        found = {self.marks[i] for i in range(start, end) if i in self.marks}
        return tuple(sorted(found - {NARROW_SPACE}))


_LETTERS = Pattern("[A-Za-z]+")


def normalise(text: str) -> Normal:
    """The copy of ``text`` with its offset map. Linear; idempotent on its own ``text``; never raises."""
    if text.isascii() and not _CONTROL.search(text):
        return Normal(original=text, text=text)
    return _fold(text)


_CONTROL = Pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f`]")


def _fold(text: str) -> Normal:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    marks: dict[int, str] = {}
    hidden = raised = after_fraction = False
    index, length = -1, len(text)
    while index + 1 < length:
        index += 1
        char = text[index]
        if not (hidden or after_fraction):  # nothing is pending: a run of plain characters is copied whole
            run = _PLAIN_RUN.match(text, index)
            if run is not None:
                end = run.end()
                out.extend(run.group())
                starts.extend(range(index, end))
                ends.extend(range(index + 1, end + 1))
                index, raised = end - 1, False
                continue
        code = ord(char)
        if code in _RAISED or (code in _RAISED_SIGN and text[index + 1 : index + 2] in _RAISED_DIGITS):
            piece = _RAISED.get(code) or _RAISED_SIGN[code]
            piece, raised = (piece if raised else "^" + piece), True
            mark = None
        else:
            raised = False
            piece, mark = _piece(char)
            if char == "·" and not (out and out[-1].isdigit() and text[index + 1 : index + 2].isdigit()):
                piece = "·"
        if not piece:
            hidden = True  # a character left out has no place in the copy; the mark stands on the next one
            continue
        fraction = len(piece) > 1 and "/" in piece
        if out and ((fraction and out[-1] in _JOINS) or (after_fraction and piece[0] in _JOINS)):
            piece = " " + piece  # 2½ is 2 1/2, never 21/2; ½5 is no 1/25
        after_fraction = fraction
        if out and unicodedata.combining(piece[0]):
            joined = unicodedata.normalize("NFKC", out[-1] + piece[0])
            if len(joined) == 1 and not unicodedata.combining(joined):
                out[-1] = joined
                ends[-1] = index + 1
                continue
        if hidden:
            marks[len(out)] = HIDDEN
            hidden = False
        elif mark:
            marks[len(out)] = mark
        out.extend(piece)
        starts.extend([index] * len(piece))
        ends.extend([index + 1] * len(piece))
    return Normal(original=text, text="".join(out), starts=tuple(starts), ends=tuple(ends), marks=marks)


_PLAIN_RUN = Pattern(r"[ -_a-~\n\r\t]+")
_JOINS = frozenset("0123456789./,")
_RAISED_DIGITS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")


@lru_cache(maxsize=4096)
def _piece(char: str) -> tuple[str, str | None]:
    """What one character becomes in the copy ('' when it is left out), and why it must not be trusted, if so."""
    if char == "`":
        return "'", None
    if " " <= char <= "~" or char in "\n\r\t":
        return char, None
    if char in _DASHES:
        return "-", None
    if char in _FIXED:
        return _FIXED[char], FOREIGN_MARK if char in _ODD_SEPARATORS else None
    category = unicodedata.category(char)
    if category in ("Cf", "Cc") or char in _HANGUL_FILLERS or "\ufe00" <= char <= "\ufe0f":
        return "", HIDDEN
    if category == "Zs":
        return " ", NARROW_SPACE if char in _THIN_SPACES else None
    if category in ("Zl", "Zp"):
        return "\n", None
    if category == "Nd":
        return str(unicodedata.decimal(char)), FOREIGN_DIGIT
    folded = unicodedata.normalize("NFKC", char)
    if folded != char:
        # a folded character may itself need folding: ⁄ inside ½, the micro sign inside ㎍
        pieces = [_piece(part)[0] if part != char else part for part in folded]
        mark = FOREIGN_MARK if char in _ODD_SEPARATORS else None
        if mark is None and any(part.isdigit() for part in pieces) and "/" not in pieces and not _is_subscript(char):
            mark = FOREIGN_DIGIT  # circled and other enclosed numbers
        return "".join(pieces), mark
    return char, None


def _is_subscript(char: str) -> bool:
    return "\u2080" <= char <= "\u2089" or unicodedata.category(char) == "So"
