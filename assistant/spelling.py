"""Slips of the keyboard: a long word that nobody wrote is read as the one corpus word that it can be, and said so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.knowledge import Knowledge
from assistant.strangers import is_known

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Spelling:
    """``text`` with slips of the keyboard mended; ``changes`` are (as typed, as read)."""

    text: str
    changes: tuple[tuple[str, str], ...]


def mend_spelling(text: str, known: Knowledge) -> Spelling:
    """Read a slip of the keyboard in a long word as the one corpus word it can be; leave everything else alone.

    One slip in a word of seven letters or more, two from twelve: a letter left out, doubled or swapped with its
    neighbour,
    or one vowel for another. A consonant for another is never mended: vinblastine is not vincristine."""
    changes: list[tuple[str, str]] = []

    def mend(match: re.Match[str]) -> str:
        word = match.group().lower()
        if len(word) < 7 or "-" in word or is_known(word, known):
            return match.group()
        allowed = 2 if len(word) >= 12 else 1
        near = [other for other in _candidates(word, known) if slips(word, other, most=allowed) <= allowed]
        if len(near) != 1:
            return match.group()
        changes.append((match.group(), near[0]))
        return near[0]

    return Spelling(_TOKEN.sub(mend, text), tuple(changes))


def _candidates(word: str, known: Knowledge) -> list[str]:
    return sorted(
        other
        for other in known.raw_words
        if other[0] == word[0] and abs(len(other) - len(word)) <= 2 and len(other) >= 7 and other.isalpha()
    )


def slips(typed: str, word: str, *, most: int) -> int:
    """The least number of slips from ``word`` to ``typed``; ``most + 1`` when it takes more or another kind of
    change."""
    if typed == word:
        return 0
    if most == 0:
        return 1
    i = next((n for n, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word)))
    options = []
    if i < len(word):
        options.append((typed[i:], word[i + 1 :]))  # a letter left out
    if i < len(typed) and i and (typed[i] == typed[i - 1] or typed[i] in "aeiouyh"):
        options.append((typed[i + 1 :], word[i:]))  # a letter doubled, or a vowel put in
    if i + 1 < len(typed) and i + 1 < len(word) and typed[i] == word[i + 1] and typed[i + 1] == word[i]:
        options.append((typed[i + 2 :], word[i + 2 :]))  # neighbours swapped
    if i < len(typed) and i < len(word) and typed[i] in "aeiouy" and word[i] in "aeiouy":
        options.append((typed[i + 1 :], word[i + 1 :]))
    return min((1 + slips(a, b, most=most - 1) for a, b in options), default=most + 1)
