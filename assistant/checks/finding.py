"""What a check reports: one fault of one claim, with what was expected, what was observed, and where the source says
it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from assistant.frames import Item, ReadText


class Severity(IntEnum):
    """Worst first; ``verdicts`` turns it into a verdict."""

    CONFLICT = 0  # the source says the same thing otherwise
    ABSENT = 1  # the source does not say it
    UNREAD = 2  # something was not understood, so nothing can be said


@dataclass(frozen=True, slots=True)
class Asked:
    """The sentence under check. ``lead`` are the words of the headings above it; ``jurisdiction`` is the country of the
    reader it is shown to, None when it is not known.
    """

    text: str
    read: ReadText
    lead: frozenset[Item] = frozenset()
    jurisdiction: str | None = None
    places: tuple[int, ...] | None = (
        None  # where each character of ``text`` stands in the sentence, when blanks were folded
    )

    context: frozenset[str] = frozenset()  # stems of every heading, lead-in and sentence before it
    original: str | None = None  # the sentence as it was written, before rewriting; None where ``text`` is that

    @property
    def written(self) -> str:
        return self.text if self.original is None else self.original

    def place(self, at: int) -> int:
        """An offset of ``text`` (start or end) in the sentence as it was given."""
        if self.places is None or not self.places:
            return at
        return self.places[at] if at < len(self.places) else self.places[-1] + 1

    def found(self, written: int) -> int:
        """The offset of ``text`` for one of the sentence as it was given."""
        return written if not self.places else min(bisect_left(self.places, written), len(self.text))


@dataclass(frozen=True, slots=True)
class Finding:
    """``frame`` is the index of the claim's frame, None for the sentence as a whole; offsets count in the sentence."""

    check: str
    severity: Severity
    reason: str
    start: int
    end: int
    frame: int | None = None
    expected: Mapping[str, str] | None = None
    observed: Mapping[str, str] | None = None
    source: tuple[int, int] | None = None  # span in the evidence's read text
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Mismatch:
    slot: str
    expected: str | None  # None: the source does not fill the slot
    observed: str


@dataclass(frozen=True, slots=True)
class Match:
    """The frame of the source nearest to a frame of the claim. ``note`` names a convention that made them agree."""

    claim: int
    source: int | None
    mismatches: tuple[Mismatch, ...] = ()
    note: str = ""
    rival: int | None = None  # the source frame that the claim's words belong to, when it is another one
    shared: int = 0
    agreeing: tuple[int, ...] = ()  # every frame of the source that agrees slot by slot, in order

    @property
    def agrees(self) -> bool:
        return self.source is not None and not self.mismatches and self.rival is None


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything the checks need, computed once for one sentence and one piece of evidence."""

    matches: tuple[Match, ...]
    missing: tuple[int, ...] = field(default=())  # indexes into Asked.read.words: words the evidence lacks
