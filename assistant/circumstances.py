"""What a forbidding sentence is about: "in pregnancy", "if the eGFR is low", and whether that is there or absent.

The denial of the sentence ("do not", "contraindicated") is left aside: in "do not give X to people who are not vaccinated"
the vaccination is absent, in "X is contraindicated in pregnancy" the pregnancy is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.claims import split_sentences
from assistant.wording import Word, Wording

_FORBIDS = re.compile(
    r"\b(?:contraindicat\w*|do(?:es)?\s+not|must\s+not|should\s+not|may\s+not|can\s?not|never|avoid\w*|stop|withhold|omit"
    r"|not\s+(?:be\s+)?(?:recommended|advised|suitable|given|used|licensed|safe))\b|n['’]t\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"\b(?P<absent>without|unless|except|excluding|outside)\b"
    r"|\b(?:in|with|if|when|whenever|where|who|whose|that|during|for|among|to|after|on)\b",
    re.IGNORECASE,
)
# "G6PD deficiency remains a contraindication"
_SUBJECT = re.compile(
    r"(?P<what>[^,;:.]{3,80}?)\s(?:is|are|was|were|remains?)\s+(?:an?\s+)?(?:\w+\s+)?contraindications?\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[()]|[,;:.!?](?=\s|$)|\b(?:but|because|since|then|before|until)\b", re.IGNORECASE)
_NEAR = 4  # words between a denial and what it denies
_DENIES = re.compile(r"\b(?:not|no|never|without|lack(?:s|ing)?|neither|nor|non)\b|n['’]t\b", re.IGNORECASE)


def circumstances(text: str, words: Sequence[Word]) -> dict[int, bool]:
    """Start of every word in a circumstance of a forbidding sentence -> whether that circumstance denies it."""
    found: dict[int, bool] = {}
    if not _FORBIDS.search(text):
        return found
    for start, end in split_sentences(text):
        if not _FORBIDS.search(text, start, end):
            continue
        for low, high, absent in (*_subjects(text, start, end), *_phrases(text, start, end)):
            denials = [m.start() for m in _DENIES.finditer(text, low, high)]
            for word in words:
                if low <= word.start < high:
                    found[word.start] = absent ^ (sum(1 for at in denials if at < word.start) % 2 == 1)
    return found


def _subjects(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    for match in _SUBJECT.finditer(text, start, end):
        yield *match.span("what"), False


def _phrases(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether its first word denies it) of every phrase that says when or in whom."""
    opened = list(_OPENS.finditer(text, start, end))
    for number, opening in enumerate(opened):
        stop = opened[number + 1].start() if number + 1 < len(opened) else end
        cut = _ENDS.search(text, opening.end(), stop)
        stop = cut.start() if cut else stop
        main = _FORBIDS.search(text, opening.end(), stop)
        if main is not None and text[opening.end() : main.start()].strip() and opening[0].casefold() in _LEADS:
            stop = main.start()
        yield opening.end(), stop, opening["absent"] is not None


def denied_nearby(wording: Wording, stem: str) -> bool:
    """Whether a text denies a word directly anywhere: "not deficient", "without deficiency"."""
    tokens = wording.tokens
    for word in wording.words:
        if word.stem == stem:
            before = [t for t, _, end in tokens if end <= word.start][-_NEAR:]
            if any(_DENIES.search(t) for t in before):
                return True
    return False


_LEADS = frozenset({"in", "with", "during", "for", "among", "after", "on", "to"})  # "in pregnancy do not give X"
