"""Is a sentence its source in the same words? Then it is as true as its source, and nothing more need be compared.

Two ways to be the same: the same characters but for spaces and dashes (``squeeze``), and the same words after rewriting
(``Key``): other spellings of a unit, a phrase of ``data/rewriting.toml``, the same stems in the same order. A source may be
restated without its closing bracket ("(US label)") and with its opening condition moved behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.patterns import Pattern
from assistant.rewriting import lead_ins
from assistant.wording import stem_of

_SAME_SIGNS = {ord(c): "-" for c in "\u2010\u2011\u2012\u2013\u2212"} | {
    0xA0: " ",
    0x2019: "'",
    0x202F: " ",
    0x2009: " ",
}


def squeeze(text: str) -> str:
    """Spaces, dashes, the first letter's case and closing stops folded away, and nothing else.

    Two sentences equal after this are the same characters: what is doubtful in one was accepted in the other. The case of
    other letters is kept, since "Mg" is not "mg", and so are look-alikes and hidden characters.
    """
    folded = " ".join(text.translate(_SAME_SIGNS).split()).strip(" .;:")
    return folded[:1].casefold() + folded[1:]


class Key(NamedTuple):
    """``words`` is equal for two sentences that say the same in the same order; ``spans`` is where each of them stands."""

    words: str
    spans: tuple[tuple[int, int], ...]


# every sign that guidance is written in; a sentence with another is read with care, never taken for its source
_PLAIN = Pattern(
    "[ -~\n\t\u00a0\u2009\u202f\u2010-\u2014\u2018\u2019\u201c\u201d\u2212\u00b5\u03bc\u00d7\u00b0\u00b1\u2264\u2265\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u00e0-\u00ff]*"
)
_TOKEN = Pattern(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+(?:'[a-z]+)?|[^\s\w]|_")
_SIGNS = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2212": "-",
        "\u2019": "'",
        "\u2018": "'",
        "\u00d7": "x",
        "\u03bc": "\u00b5",
    }
)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_UNITS = {
    form: unit
    for unit, forms in {
        "ug": "mcg microgram micrograms ug \u00b5g", "mg": "mg milligram milligrams", "g": "g gram grams", "kg": "kg kilogram kilograms",
        "mL": "mL ml millilitre millilitres milliliters", "L": "L l litre litres liter liters",
    }.items()
    for form in forms.split()
}  # fmt: skip
_SILENT = frozenset({",", '"', "\u201c", "\u201d", "*"})


def key_of(text: str) -> Key | None:
    """The key of a rewritten sentence; None where it holds a sign that guidance is not written in."""
    if _PLAIN.compiled.fullmatch(text) is None:
        return None
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    number = False
    found = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text.translate(_SIGNS))]
    for n, (word, start, end) in enumerate(found):
        if word in _SILENT:
            number = False
            continue
        if word[0].isdigit():
            said, is_number = (word.replace(",", "") if _THOUSANDS.fullmatch(word) else word), True
        else:
            is_number = False
            if number and word in _UNITS:
                said = _UNITS[word]
            elif number and len(word) <= 3 and not word.islower():
                said = word  # "Mg" is not "mg"
            elif number and word == "to" and n + 1 < len(found) and found[n + 1][0][0].isdigit():
                said = "-"
            else:
                said = _stem(word)
        words.append(said)
        spans.append((start, end))
        number = is_number
    while words and words[-1] in {".", ";", ":"}:
        words.pop()
        spans.pop()
    return Key(" ".join(words), tuple(spans))


@lru_cache(maxsize=32768)
def _stem(word: str) -> str:
    """A capital counts in short words ("Mg" is not "mg"); in longer ones it is typography."""
    if len(word) <= 3 and not word.islower() and not word.istitle():
        return word
    return stem_of(word.lower()) or word.lower()


def keys_of(text: str, start: int, end: int) -> Iterator[Key]:
    """The keys under which the sentence ``text[start:end]`` of a source may be restated; spans count in ``text``."""
    for spans in _versions(text, start, end):
        pieces = [key_of(text[a:b]) for a, b in spans]
        if all(piece is not None for piece in pieces):
            words = " ".join(piece.words for piece in pieces if piece is not None)
            moved = ((a, piece) for (a, _), piece in zip(spans, pieces, strict=True) if piece is not None)
            yield Key(words, tuple((a + low, a + high) for a, piece in moved for low, high in piece.spans))


# a bracket that says whose statement it is and nothing else: no number but a year, no condition
_ATTRIBUTION = re.compile(r"\s*\((?P<inside>[^()]{2,80})\)(?=\s*[.;]?\s*$)")
_NO_ATTRIBUTION = re.compile(
    r"(?<![\d.])(?!(?:19|20)\d\d\b)\d|[%<>=\u2264\u2265]|\b(?:if|unless|only|not|no|never|when|while|with|without|except|max\w*|min\w*|up|until|after|before|or|and"
    r"|in|for|at|older|newer|replaced|superseded|above|below|than|about|but|mg|daily)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?P<condition>(?:After|In|With|Without|For|On|During|Before|If|When) [^,;:.()]{4,80}),\s+(?=[^,;:]{10,})"
)


def _versions(text: str, start: int, end: int) -> Iterator[list[tuple[int, int]]]:
    """Spans of the sentence as it stands, without its closing bracket, and each with its opening condition behind."""
    ends = [end]
    bracket = _ATTRIBUTION.search(text[start:end])
    if bracket is not None and not _NO_ATTRIBUTION.search(bracket["inside"]):
        ends.append(start + bracket.start())
    for last in ends:
        yield [(start, last)]
        opening = _OPENING.match(text, start, last)
        if opening is not None and not re.search("[;:]", text[opening.end() : last]):
            yield [(opening.end(), _bare_end(text, opening.end(), last)), opening.span("condition")]


def _bare_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " .;:":
        end -= 1
    return end


def without_lead_in(text: str) -> int:
    """Where the statement begins behind words that say nothing ("In short: "); 0 where there are none."""
    found = _lead_in().match(text)
    return found.end() if found is not None else 0


@lru_cache(maxsize=1)
def _lead_in() -> re.Pattern[str]:
    words = "|".join(re.escape(words) for words in sorted(lead_ins(), key=len, reverse=True))
    return re.compile(rf"(?:[-\u2022*]\s+)?(?:(?:{words})\s*[:,\u2013\u2014-]\s*)*", re.IGNORECASE)


def span_in(
    spans: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]], start: int, end: int
) -> tuple[int, int] | None:
    """What ``start``..``end`` of one sentence is in another with an equal key; None where none of its words stands there."""
    inside = [n for n, (low, high) in enumerate(spans) if low < end and high > start]
    if not inside:
        return None
    low, high = min(others[n][0] for n in inside), max(others[n][1] for n in inside)
    return low, high
