"""Units that a table names once, in its header: "Dose (mg/kg)" over a cell that says "0.2". Pure."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.units import canonical_unit

_IN_HEADER = re.compile(r"[(\[,]\s*(?:in\s+)?([^()\[\],]{1,20}?)\s*[)\]]?\s*$")
_BARE_NUMBER = re.compile(
    r"\s*(?:[<>≤≥~]\s?|(?:up to|at least|about|max(?:imum)?)\s)?\d[\d.,]*(?:\s?(?:[-–—]|to)\s?\d[\d.,]*)?(?P<end>)\s*"
)


def missing_units(row: str, header: str) -> tuple[tuple[int, str], ...]:
    """(offset in ``row``, unit) for every cell that is a bare number under a header with a unit; both with their bars."""
    found = []
    names = [header[start:end] for start, end in _cells(header)]
    cells = _cells(row)
    if len(cells) != len(names):
        return ()
    for (start, end), name in zip(cells, names, strict=True):
        unit = _IN_HEADER.search(name.strip())
        number = _BARE_NUMBER.fullmatch(row, start, end)
        if unit is not None and number is not None and _is_unit(unit[1]):
            found.append((number.start("end"), f" {unit[1]}"))
    return tuple(found)


def with_units(row: str, units: tuple[tuple[int, str], ...]) -> tuple[str, tuple[int, ...]]:
    """``row`` with the units put in, and for each character where it stands in ``row``: a unit at its number's end."""
    parts, places, last = [], [], 0
    for at, unit in units:
        parts += [row[last:at], unit]
        places += [*range(last, at), *[at - 1] * len(unit)]
        last = at
    return "".join([*parts, row[last:]]), (*places, *range(last, len(row)))


def _cells(row: str) -> list[tuple[int, int]]:
    """Spans between the bars; a bar at either end opens or closes the row."""
    bars = [m.start() for m in re.finditer(r"\|", row)]
    edges = [-1, *bars, len(row)]
    spans = [(a + 1, b) for a, b in pairwise(edges)]
    if spans and not row[slice(*spans[0])].strip():
        spans = spans[1:]
    return spans[:-1] if spans and not row[slice(*spans[-1])].strip() else spans


def _is_unit(text: str) -> bool:
    if not text[:1].isalpha() and text != "%":
        return False
    return canonical_unit(text) is not None or text.casefold() in (
        "days",
        "weeks",
        "months",
        "hours",
        "minutes",
        "years",
    )
