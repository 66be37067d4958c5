"""Was every number understood? One that was not is never verified, whatever the source says."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary
from assistant.wording import stem_of


_SYMBOLS = frozenset("mg mcg ug µg μg ng pg mL ml IU mmol micromol pmol nmol micrograms milligrams".split())
_UNITS = frozenset(stem_of(symbol.casefold()) for symbol in _SYMBOLS) | frozenset(s.casefold() for s in _SYMBOLS)


def check_understood(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    for index, frame in enumerate(asked.read.frames):
        if frame.distrust:
            reason = f"{frame.text.strip()!r} was not understood: {', '.join(frame.distrust)}"
            yield Finding("understood", Severity.UNREAD, reason, frame.start, frame.end, index)
    for word in asked.read.words:
        if word.stem in _UNITS and asked.text[word.start : word.end] in _SYMBOLS:
            reason = f"a unit without a number that could be read: {asked.text[word.start : word.end]!r}"
            yield Finding("understood", Severity.UNREAD, reason, word.start, word.end)
