"""Limits on laboratory values in statements ("above 5.5 mmol/L", "180–350 ng/L"), and whether a value is inside.

For choosing what to show first only: nothing that is said comes from here; the checker reads numbers in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from assistant.errors import QuantityError
from assistant.slots import laboratory_names
from assistant.units import canonical_unit, convert

_UNIT = r"mL/min/1\.73\s?m[2²]|[a-zµμA-Z]+/[a-zA-Z]+(?![a-zA-Z/])|%"
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_LIMIT = re.compile(
    rf"(?:(?P<below>(?i:below|under|less than|up to)|[<≤])|(?P<above>(?i:above|over|more than|at least)|"
    rf"[>≥]))\s?(?P<value>{_NUMBER})\s?(?P<unit>{_UNIT})|"
    rf"(?P<value2>{_NUMBER})\s?(?P<unit2>{_UNIT})\s(?:\([^)]{{1,30}}\)\s)?or (?P<or>more|less|"
    rf"above|below|higher|lower)|"
    rf"(?P<low>{_NUMBER})\s?(?:[-–]|to(?: below)?)\s?(?P<high>{_NUMBER})\s?(?P<unit3>{_UNIT})"
)
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Names under which the unit table knows an analyte's molar mass; the others are compared in units of the same kind.
MOLAR = {"b12": "vitamin B12", "creatinine": "creatinine", "calcium": "calcium", "glucose": "glucose"}
_CLEARANCES = frozenset({"egfr", "crcl"})
_SAME_NAME = 25  # characters: two names so near to each other belong to one number


@dataclass(frozen=True, slots=True)
class Limit:
    """The statement speaks of values from ``low`` to ``high`` (in ``unit`` as written), an end None where it is open;
    ``analytes`` are the laboratory slots that its words before the number name, the nearest last."""

    low: Fraction | None
    high: Fraction | None
    unit: str
    analytes: tuple[str, ...]


def read_limits(text: str) -> Iterator[Limit]:
    """Every limit in ``text``, in order."""
    names: list[tuple[int, str]] | None = None
    for match in _LIMIT.finditer(text):
        unit = _per_minute(match["unit"] or match["unit2"] or match["unit3"])
        names = _analytes(text.lower()) if names is None else names
        before = [(start, name) for start, name in names if start < match.start()] or names
        nearest = max((start for start, _ in before), default=0)
        analytes = tuple(name for start, name in before if nearest - start < _SAME_NAME)
        if match["low"]:
            yield Limit(_number(match["low"]), _number(match["high"]), unit, analytes)
            continue
        value = _number(match["value"] or match["value2"])
        above = bool(match["above"]) or match["or"] in {"more", "above", "higher"}
        yield Limit(value if above else None, None if above else value, unit, analytes)


def fits(limits: Iterable[Limit], slots: Mapping[str, str]) -> Iterator[bool]:
    """For each limit on a laboratory value that the patient has: whether the value lies inside it."""
    values = laboratory_values(slots)
    for limit in limits if values else ():
        for name, value, unit in values:
            if limit.analytes and not _same(name) & set(limit.analytes):
                continue
            if not limit.analytes and name not in MOLAR:
                continue
            mine = value_in(name, value, unit, limit.unit)
            if mine is not None:
                yield (limit.low is None or mine >= limit.low) and (limit.high is None or mine <= limit.high)


_WEIGHT_BAND = re.compile(
    rf"(?P<sign>below|under|less than|lighter than|<|at least|above|over|more than|>|≥|≤|up to)\s?"
    rf"(?P<value>{_NUMBER})\s?kg\b"
    rf"|(?P<low>{_NUMBER})\s?(?:[-–]|to)\s?(?P<high>{_NUMBER})\s?kg\b"
    rf"|(?P<value2>{_NUMBER})\s?kg\b\s(?:body weight )?(?:or|and) (?P<or>more|above|over|heavier|less|below|lighter)",
    re.IGNORECASE,
)
_UPWARD = frozenset({"at least", "above", "over", "more than", ">", "≥", "more", "heavier"})


def meets_weight(text: str, weight_kg: str) -> bool | None:
    """Whether a body weight lies in the band of weight that a statement names first; None without band or weight."""
    match = _WEIGHT_BAND.search(text)
    if not match or not _PLAIN_NUMBER.fullmatch(weight_kg):
        return None
    mine = Fraction(weight_kg)
    if match["low"]:
        return _number(match["low"]) <= mine <= _number(match["high"])
    limit = _number(match["value"] or match["value2"])
    is_upward = (match["sign"] or match["or"]).lower() in _UPWARD
    return mine >= limit if is_upward else mine <= limit


def laboratory_values(slots: Mapping[str, str]) -> Sequence[tuple[str, Fraction, str | None]]:
    """Slot, value and unit (None where none was written) of the patient's laboratory values."""
    found = []
    for name in _laboratory_slots() & set(slots):
        parts = slots[name].split()
        if parts and _PLAIN_NUMBER.fullmatch(parts[0]):
            found.append((name, Fraction(parts[0]), _per_minute(parts[1]) if len(parts) > 1 else None))
    return sorted(found)


def _per_minute(unit: str) -> str:
    """A filtration rate is compared without its body surface, as the ward compares it."""
    return re.sub(r"/1\.73.*", "", unit)


def overlap(one: Limit, other: Limit) -> bool:
    """The two ranges have more than an end in common."""
    low = max((end for end in (one.low, other.low) if end is not None), default=None)
    high = min((end for end in (one.high, other.high) if end is not None), default=None)
    return low is None or high is None or low < high


def _same(name: str) -> frozenset[str]:
    return _CLEARANCES if name in _CLEARANCES else frozenset({name})


def value_in(name: str, value: Fraction, unit: str | None, wanted: str) -> Fraction | None:
    """The value in ``wanted``, None when the units cannot be compared. A bare number is taken to be in it."""
    target = canonical_unit(wanted)
    if target is None:
        return None
    source = canonical_unit(unit) if unit else target
    try:
        return convert(value, source, target, analyte=MOLAR.get(name)) if source else None
    except QuantityError:
        return None


def _analytes(lowered: str) -> list[tuple[int, str]]:
    """Laboratory names with their start; of names that begin together only the longest ("creatinine clearance")."""
    found: dict[int, tuple[int, str]] = {}
    for name, pattern in laboratory_names():
        for match in pattern.finditer(lowered):
            if match.end() > found.get(match.start(), (0, ""))[0]:
                found[match.start()] = (match.end(), name)
    return sorted((start, name) for start, (_, name) in found.items())


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "").rstrip("."))


@cache
def _laboratory_slots() -> frozenset[str]:
    return frozenset(name for name, _ in laboratory_names())
