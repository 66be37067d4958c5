"""Owns what the readers of dosing instructions share: the text being read, and the pieces found in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from assistant.normalise import Normal
from assistant.records import Quantity
from assistant.tokens import Token


class Item(NamedTuple):
    """``start``/``end`` are token indexes; ``value`` depends on ``kind`` (see ``scan``)."""

    kind: str
    start: int
    end: int
    value: object = None


class Amount(NamedTuple):
    """A dose as written: ``quantity`` what is given; ``strength`` of one unit of it; ``total`` the same dose in mass.

    ``counted`` is False for a bare number, whose unit is left to the other words. ``per`` is the period of "mg/day".
    """

    quantity: Quantity
    strength: Quantity | None = None
    total: Quantity | None = None
    counted: bool = True
    per: str | None = None
    product: bool = False  # "300 mg tablets," names what is dispensed, not what is given
    form: str | None = None  # the product's form, which a bare number then counts
    route: str | None = None  # of "1 vaginal tablet"


_BEYOND = 64  # no reader looks further than this past the last token, or before the first


class Scan:
    """The text being read and what was found so far.

    ``text(i)`` is the text of token ``i``, empty outside the text (within ``_BEYOND`` of it); ``quantities`` the
    doubtful ones by the start of their number in the copy, ``doubtful`` the same in order, ``by_start`` every quantity
    by its offset in the original.
    """

    __slots__ = ("amounts", "by_start", "doubtful", "normal", "quantities", "text", "tokens")

    def __init__(
        self,
        normal: Normal,
        tokens: tuple[Token, ...],
        quantities: dict[int, list[Quantity]],
        doubtful: tuple[Quantity, ...],
        by_start: dict[int, Quantity],
    ) -> None:
        self.normal = normal
        self.tokens = tokens
        self.quantities = quantities
        self.doubtful = doubtful
        self.by_start = by_start
        self.amounts: dict[int, tuple[Amount, int] | None] = {}  # read once, asked for by several readers
        self.text: Callable[[int], str] = [*(token.text for token in tokens), *[""] * _BEYOND].__getitem__

    def words(self, start: int, end: int) -> str:
        """The original's words from token ``start`` up to ``end``."""
        if end <= start:
            return ""
        return self.normal.source(self.tokens[start].start, self.tokens[end - 1].end).strip(" ,.;-")


def starts_with(scan: Scan, i: int, *phrases: str) -> int:
    """The index after the first of ``phrases`` that stands at ``i``, or 0."""
    first = scan.text(i)
    for phrase in phrases:
        if not phrase.startswith(first):
            continue
        words = phrase.split(" ")
        if all(scan.text(i + n) == word for n, word in enumerate(words)):
            return i + len(words)
    return 0
