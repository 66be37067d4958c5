
"""Owns what a sentence denies, what it makes depend on a condition, and how firmly it recommends.

Cues and scopes in the manner of NegEx and ConText (Chapman 2001, Harkema 2009): a cue negates what follows it, or what
stands before it in its clause, up to the next word that ends a scope; some words only look like cues. The words are
data
(``data/polarity.toml``). The comparison of two statements is left to ``wording`` and the checks.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from assistant.datafiles import DATA
from assistant.normalise import Normal, normalise
from assistant.patterns import Pattern
from assistant.records import Polarity, PolaritySpan

_WORD = Pattern(r"[ ]?(?P<word>[^\W_]+(?:['-][^\W_]+)*|[,;:()\[\]]|[.!?](?=[\s)\"'\]]|$)|\*\*)|(?P<gap>\n\s*\n|\s-\s)")
# longer than any clause seen; a scope never runs further, so that reading stays linear in the text
_LONGEST_SCOPE = 60


class Firmness(StrEnum):
    """How firmly a sentence recommends; ``NONE`` when it does not say."""

    DO_NOT = "do_not"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    MAY = "may"
    SHOULD = "should"
    MUST = "must"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Modality:
    """``cue`` is the words that say it, ``start``/``end`` where they stand in the text; empty for ``NONE``."""

    value: Firmness
    cue: str = ""
    start: int = 0
    end: int = 0


class _Piece(NamedTuple):
    text: str
    start: int
    end: int


_Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


@lru_cache(maxsize=1)
def _tables() -> tuple[_Phrases, Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]]:
    """Phrases by first word, longest first, each with its kind; the same for modality."""
    raw = tomllib.loads(DATA.joinpath("polarity.toml").read_text(encoding="utf-8"))
    negation, condition = raw["negation"], raw["condition"]
    kinds = (
        ("pseudo", negation["pseudo"]), ("pseudo", condition["pseudo"]), ("after", negation["after"]),
        ("before", negation["before"]), ("condition", condition["before"]), ("stop", negation["stops"]),
    )  # fmt: skip
    cues = _index([(phrase, kind) for kind, phrases in kinds for phrase in phrases])
    firmness = _index([(phrase, kind) for kind, phrases in raw["modality"].items() for phrase in phrases])
    return cues, firmness


def _index(rows: Sequence[tuple[str, str]]) -> _Phrases:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, kind in rows:
        words = tuple(piece.text for piece in _pieces(phrase))
        if words:
            table.setdefault(words[0], []).append((words, kind))
    return {first: tuple(sorted(found, key=lambda row: -len(row[0]))) for first, found in table.items()}


def _pieces(text: str, start: int = 0, stop: int | None = None) -> list[_Piece]:
    """The words and signs of ``text`` that begin in ``start``..``stop``."""
    found: list[_Piece] = []
    stop = len(text) if stop is None else stop
    for match in _WORD.finditer(text, start):
        word = match["word"]
        begin = match.start("word") if word is not None else match.start()
        if begin >= stop:
            break
        found.append(_Piece(word.lower() if word is not None else match["gap"].strip() or "\n", begin, match.end()))
    return found


# --------------------------------------------------------------------------- scopes


def read_polarity(normal: Normal) -> tuple[PolaritySpan, ...]:
    """Every negated and every conditional scope, by start; offsets of the original. What is in none is affirmed.

    A condition's scope is the clause that states it ("if the count falls"); a cue belongs to no scope.
    """
    found: list[PolaritySpan] = []
    for sentence in _cued_sentences(normal):
        for start, end, value, cue in _scopes(sentence):
            span = normal.span(start, end)
            found.append(PolaritySpan(span.start, span.end, value, cue))
    return tuple(sorted(found, key=lambda scope: (scope.start, scope.end, scope.value)))


def _cued_sentences(normal: Normal) -> Iterator[list[_Piece]]:
    """The sentences that hold the first word of a cue; the others deny nothing and make nothing depend."""
    first_words = _cue_words()
    cues = [start for word, start in normal.words() if word in first_words]
    begin = at = 0
    for end, behind in _sentence_ends(normal.text):
        at = bisect_left(cues, begin, at)
        if at == len(cues):
            return
        if cues[at] < end:
            yield _pieces(normal.text, begin, end)
        begin = behind


def _sentence_ends(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence ends, and where the next begins."""
    for match in _END.finditer(text):
        end = match.start()
        if match.group() == "." and _ABBREVIATED.search(text, max(0, end - 8), end):
            continue
        yield end, match.end()
    yield len(text), len(text)


_ABBREVIATED = Pattern(r"(?<![^\W_])(?<![^\W_]['-])(?:dr|mr|mrs|ms|st|vs|no|approx)[ ]?$", re.IGNORECASE)
_END = Pattern(r"[.!?](?=[\s)\"'\]]|$)|;|\n\s*\n")


@lru_cache(maxsize=1)
def _cue_words() -> frozenset[str]:
    """The run of letters with which each cue begins."""
    cues, _ = _tables()
    return frozenset(match.group() for first in cues if (match := re.match("[a-z]+", first)))


_Mark = tuple[int, int, str]  # first piece, past the last, kind


def _marks(sentence: list[_Piece]) -> list[_Mark]:
    """Cues of one sentence from left to right, longest match first, none overlapping."""
    cues, _ = _tables()
    marks: list[_Mark] = []
    i = 0
    while i < len(sentence):
        found = _match(sentence, i, cues)
        if found is None:
            i += 1
            continue
        marks.append((i, found[0], found[1]))
        i = found[0]
    return marks


def _match(sentence: list[_Piece], i: int, table: _Phrases) -> tuple[int, str] | None:
    rows = table.get(sentence[i].text)
    if rows is None:
        return None
    second = sentence[i + 1].text if i + 1 < len(sentence) else ""
    for words, kind in rows:
        if len(words) == 1 or (words[1] == second and tuple(p.text for p in sentence[i : i + len(words)]) == words):
            return i + len(words), kind
    return None


def _scopes(sentence: list[_Piece]) -> list[tuple[int, int, Polarity, str]]:
    marks = _marks(sentence)
    found: list[tuple[int, int, Polarity, str]] = []
    for n, (first, past, kind) in enumerate(marks):
        cue = " ".join(piece.text for piece in sentence[first:past])
        if kind == "before":
            start, end = past, _scope_end(sentence, past, marks, n + 1, Polarity.NEGATED)
            value = Polarity.NEGATED
        elif kind == "condition":
            start, end = past, _scope_end(sentence, past, marks, n + 1, Polarity.CONDITIONAL)
            value = Polarity.CONDITIONAL
        elif kind == "after":
            start, end = _scope_start(sentence, first, marks, n), first
            value = Polarity.NEGATED
            ahead = _scope_end(sentence, past, marks, n + 1, Polarity.NEGATED)
            if cue in _BOTH_WAYS and ahead > past:
                found.append((sentence[past].start, sentence[ahead - 1].end, value, cue))
        else:
            continue
        if end > start:
            found.append((sentence[start].start, sentence[end - 1].end, value, cue))
    return found


# cues that may stand on either side of what they deny ("not recommended in pregnancy", "X is not recommended")
_BOTH_WAYS = frozenset({"not recommended", "contraindicated", "is contraindicated", "are contraindicated", "not used",
                        "not given", "not indicated", "not seen", "not present", "not demonstrated", "not identified",
                        "not found", "not detected", "not noted", "not observed", "not required", "not needed",
                        "not be used",
                        "not be given", "not be offered", "not advised", "not associated", "not reported",
                        "not suspected"})  # fmt: skip
_SUBJECTS = frozenset("he she it they we i there patient this these those his her their".split())
_FINITE = frozenset(
    """is are was were has have had does did do will would can could should may might must shows showed
    reveals revealed demonstrates demonstrated notes noted appears appeared remains remained give take use offer
    consider
    start continue check measure refer monitor treat""".split()
)


def _scope_end(sentence: list[_Piece], start: int, marks: list[_Mark], n: int, value: Polarity) -> int:
    """Where a scope that runs forwards from ``start`` ends (index past its last piece)."""
    limit = min(len(sentence), start + _LONGEST_SCOPE)
    for later in range(n, len(marks)):
        first, _, kind = marks[later]
        if first >= limit:
            break
        if kind == "stop" or (kind == "condition" and first > start):
            limit = first
    depth = 0
    for i in range(start, limit):
        text = sentence[i].text
        if text == "(":
            depth += 1
        elif text == ")":
            if depth == 0:
                return i
            depth -= 1
        elif text in (":", "-", "**") or (text == "," and i > start and _opens_clause(sentence, i + 1, value)):
            return i
    return limit


def _opens_clause(sentence: list[_Piece], i: int, value: Polarity) -> bool:
    """Whether what follows a comma is a new clause, no further item of a list."""
    words = [piece.text for piece in sentence[i : i + 6]]
    if not words:
        return False
    if words[0] == "and" or words[0] == "or":
        words = words[1:]
    if not words:
        return False
    if words[0] in _SUBJECTS or words[0] in _FINITE:
        return True
    if value is Polarity.CONDITIONAL:
        return True
    # "no oedema, the lungs are clear", "no fever, blood pressure was normal": a verb before the next comma
    for word in words[:5]:
        if word in (",", ";", ":"):
            return False
        if word in _FINITE:
            return True
    return False


def _scope_start(sentence: list[_Piece], first: int, marks: list[_Mark], n: int) -> int:
    """Where a scope that runs backwards from ``first`` begins: after a stop, a colon, or another clause's comma."""
    start = max(0, first - _LONGEST_SCOPE)
    for earlier in range(n - 1, -1, -1):
        _, past, kind = marks[earlier]
        if past <= start:
            break
        if kind in ("stop", "after", "condition"):
            start = past
    for i in range(first - 1, start - 1, -1):
        text = sentence[i].text
        if text in (":", "-", "**"):
            return i + 1
        if text == "," and _has_verb(sentence, start, i):
            return i + 1
    return start


def _has_verb(sentence: list[_Piece], start: int, end: int) -> bool:
    return any(piece.text in _FINITE for piece in sentence[max(start, end - 12) : end])


# --------------------------------------------------------------------------- questions asked of the scopes


def polarity_at(spans: Sequence[PolaritySpan], start: int, end: int) -> Polarity:
    """What is said of ``start``..``end``: negated wins over conditional; affirmed when no scope holds its beginning.

    A range that has the cue inside ("arthroplasty without complication") is not denied as a whole.
    """
    value = Polarity.AFFIRMED
    for span in spans:
        if span.start <= start < span.end and start < end:
            if span.value is Polarity.NEGATED:
                return Polarity.NEGATED
            value = span.value
    return value


_ORDER = (Firmness.INSUFFICIENT_EVIDENCE, Firmness.DO_NOT, Firmness.MAY, Firmness.SHOULD, Firmness.MUST)


def modality(text: str) -> Modality:
    """The firmness of a sentence, by its weakest governing cue; offsets count in ``text``.

    "consider" and "should be considered" are ``MAY``, "offer" and "should" ``SHOULD``, a prohibition or a missing
    evidence outranks all. An instruction without any cue ("Give 1 mg") is ``NONE``. Never raises.
    """
    normal = normalise(text)
    pieces = _pieces(normal.text)
    _, table = _tables()
    best: dict[Firmness, tuple[int, int, str]] = {}
    i = 0
    while i < len(pieces):
        found = _match(pieces, i, table)
        if found is None:
            i += 1
            continue
        span = normal.span(pieces[i].start, pieces[found[0] - 1].end)
        kind = Firmness(found[1])
        if not (pieces[i].text == "may" and _is_month(text, span.start, pieces, i)):
            best.setdefault(kind, (span.start, span.end, normal.original[span.start : span.end]))
        i = found[0]
    for kind in _ORDER:
        if kind in best:
            start, end, cue = best[kind]
            return Modality(kind, cue, start, end)
    return Modality(Firmness.NONE)


def _is_month(text: str, start: int, pieces: Sequence[_Piece], i: int) -> bool:
    """ "May 2024", "12 May" are dates."""
    if text[start : start + 1] != "M":
        return False
    after = pieces[i + 1].text if i + 1 < len(pieces) else ""
    before = pieces[i - 1].text if i else ""
    return after.isdigit() or before.isdigit()


def spans_at(spans: Sequence[PolaritySpan], position: int) -> tuple[PolaritySpan, ...]:
    """The scopes that hold ``position``, outermost first."""
    upto = bisect_right([span.start for span in spans], position)
    return tuple(span for span in spans[:upto] if position < span.end)
