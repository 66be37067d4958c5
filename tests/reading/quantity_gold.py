"""Gold of quantity strings in one line each, and what a reading misses of it.

A line is ``text | value unit ; low..high unit``, with a comparator in front where one is said; ``a|b`` are two right
units; ``none`` is a text without a quantity, ``none50`` one whose 50 must not be read with a unit.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_GOLD = re.compile(r"(?P<sign>[<>]=?|~)?(?P<low>-?[0-9./]+?)(?:\.\.(?P<high>-?[0-9.]+))?(?: (?P<unit>.+))?")


def lines(name: str) -> list[tuple[str, str]]:
    """The cases of ``name``: text and gold."""
    rows = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [(row.rpartition(" | ")[0], row.rpartition(" | ")[2]) for row in rows if row and not row.startswith("# ")]


def _near(a: str | None, b: str) -> bool:
    return a is not None and abs(Fraction(a) - Fraction(b)) <= Fraction(1, 10**6)


def missed(gold: str, quantities: list[dict[str, Any]]) -> list[str]:
    """What of the gold no quantity of the reading says: ``value``, ``unit`` or ``comparator``; ``extra`` for none."""
    if gold == "none":
        return ["extra"] if any("distrust" not in q for q in quantities) else []
    if gold.startswith("none"):
        return ["extra"] if any(q["unit"] != "1" for q in quantities) else []
    return [fault for piece in gold.split(" ; ") for fault in _missed(piece, quantities)]


def _missed(piece: str, quantities: list[dict[str, Any]]) -> list[str]:
    match = _GOLD.fullmatch(piece)
    assert match is not None, piece
    low, high, unit, sign = match["low"], match["high"], match["unit"] or "1", match["sign"] or "="
    if high is not None:
        same = [q for q in quantities if "low" in q and _near(q["low"], low) and _near(q["high"], high)]
    else:
        same = [q for q in quantities if _near(q.get("value"), low)]
    if not same:
        return ["value"]
    units = [q for q in same if q["unit"] in unit.split("|")]
    if not units:
        return ["unit"]
    return [] if any(q["comparator"] == sign for q in units) else ["comparator"]
