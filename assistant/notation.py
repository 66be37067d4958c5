"""Owns risky notation: ways of writing that have been misread, found by pattern, with the reason and the safe form.

The patterns are data (``data/notation.toml``). Numbers that ``quantities`` read but does not trust are flagged here as
well, so that one list holds everything a reader must not take at its face.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.datafiles import DATA
from assistant.exclusions import AMBIGUOUS_DATE
from assistant.normalise import FOREIGN_DIGIT, FOREIGN_MARK, HIDDEN, Normal, normalise
from assistant.numbers import AMBIGUOUS_SEPARATOR, LOOK_ALIKE, NAKED_DECIMAL, RUN_TOGETHER, TOO_LONG
from assistant.patterns import Pattern
from assistant.quantities import UNKNOWN_UNIT, read_quantities
from assistant.records import Flag, Quantity

# reason for distrust -> kind of flag
_DISTRUST = {
    AMBIGUOUS_SEPARATOR: "ambiguous_separator",
    LOOK_ALIKE: "look_alike",
    RUN_TOGETHER: "run_together",
    NAKED_DECIMAL: "naked_decimal",
    HIDDEN: "hidden_character",
    FOREIGN_DIGIT: "foreign_digit",
    FOREIGN_MARK: "foreign_digit",
    UNKNOWN_UNIT: "unknown_unit",
    TOO_LONG: "too_many_digits",
    AMBIGUOUS_DATE: "ambiguous_date",
}

# what a statement of our own never holds, whoever drafted it
GUARDED = frozenset(
    (
        *("U", "IU", "microgram_sign", "ug", "cc", "nanogram", "M_thousand", "apothecary"),
        *(
            "QD",
            "QOD",
            "q1d",
            "qhs",
            "qn",
            "HS",
            "BT",
            "TIW",
            "BIW",
            "QW",
            "x3d",
            "x1",
            "id_daily",
            "UD",
            "degree_hour",
        ),
        *("MS", "MgSO4", "ZnSO4", "roman_numeral", "run_together", "trailing_zero", "naked_decimal", "slashed_zero"),
        *("look_alike", "hidden_character", "foreign_digit", "ambiguous_separator"),
    )
)


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    why: str
    safe: str
    pattern: Pattern
    alone: frozenset[str]
    hints: tuple[str, ...]
    words: frozenset[str]
    probe: Pattern | None
    case: bool

    def may_match(self, text: str, words: frozenset[str]) -> bool:
        """Whether the pattern is worth trying; ``text`` and its runs of letters in small letters unless ``case``."""
        if not self.words.isdisjoint(words) or any(hint in text for hint in self.hints):
            return True
        if self.probe is not None:
            return self.probe.search(text) is not None
        return not (self.words or self.hints)


@lru_cache(maxsize=1)
def _entries() -> tuple[_Entry, ...]:
    raw = tomllib.loads(DATA.joinpath("notation.toml").read_text(encoding="utf-8"))
    return tuple(_entry(row, raw["parts"]) for row in raw["notation"])


def _entry(row: Mapping[str, Any], parts: Mapping[str, str]) -> _Entry:
    source = row["pattern"]
    for name, part in parts.items():
        source = source.replace("{" + name + "}", part)
    flags = 0 if row.get("case") else re.IGNORECASE
    return _Entry(
        kind=row["kind"],
        why=row["why"],
        safe=row["safe"],
        pattern=Pattern(source, flags),
        alone=frozenset(row.get("alone", ())),
        hints=tuple(row.get("hints", ())),
        words=frozenset(row.get("words", ())),
        probe=Pattern(row["probe"], flags) if "probe" in row else None,
        case=bool(row.get("case")),
    )


_LETTERS = Pattern("[A-Za-z]+")


def read_flags(normal: Normal, quantities: tuple[Quantity, ...]) -> tuple[Flag, ...]:
    """Every flag in order of ``start``; offsets count in the original text; one flag per kind and place."""
    found = _patterns(normal)
    spans = {(flag.kind, flag.end) for flag in found} | {(flag.kind, flag.start) for flag in found}
    for flag in _distrusted(quantities):
        # the pattern's own flag says the same and knows the safe form
        if not any((flag.kind, at) in spans for at in range(flag.start, flag.end + 1)):
            found.append(flag)
    distinct = {(flag.start, flag.kind): flag for flag in reversed(found)}
    return tuple(sorted(distinct.values(), key=lambda flag: (flag.start, flag.end, flag.kind)))


def guard(text: str) -> tuple[Flag, ...]:
    """The notation in ``text`` that must not be shown; international units of a laboratory (1000 IU/mL) may be."""
    normal = normalise(text)
    flags = read_flags(normal, read_quantities(normal))
    return tuple(f for f in flags if f.kind in GUARDED and not (f.kind == "IU" and text.startswith("/mL", f.end)))


def written_safely(text: str) -> str | None:
    """``text`` with every guarded notation in its safe form; None where one has none, or is not safe afterwards."""
    for flag in reversed(guard(text)):
        if flag.safe_form is None:
            return None
        before = " " if text[flag.start - 1 : flag.start].isdigit() and flag.safe_form[:1].isalpha() else ""
        stop = "." if flag.end == len(text) and text.endswith(".") and not flag.safe_form.endswith(".") else ""
        text = text[: flag.start] + before + flag.safe_form + stop + text[flag.end :]
    return None if guard(text) else text


def _patterns(normal: Normal) -> list[Flag]:
    found = []
    whole = normal.text.strip()
    small = normal.text.lower()
    words = frozenset(_LETTERS.findall(normal.text))
    small_words = frozenset(word.lower() for word in words)
    for entry in _entries():
        if whole in entry.alone:
            start = normal.text.index(whole)
            found.append(_flag(normal, entry, start, start + len(whole), ""))
            continue
        if not entry.may_match(*((normal.text, words) if entry.case else (small, small_words))):
            continue
        for match in entry.pattern.finditer(normal.text):
            names = [name for name in ("n", "n2", "n3") if match.groupdict().get(name) is not None]
            start, end = match.span(names[0]) if names else match.span()
            digits = match.groupdict().get("d") or ""
            found.append(_flag(normal, entry, start, end, digits))
    return found


def _flag(normal: Normal, entry: _Entry, start: int, end: int, digits: str) -> Flag:
    written = normal.text[start:end]
    span = normal.span(start, end)
    return Flag(span.start, span.end, entry.kind, entry.why, _safe(entry, written, digits))


def _safe(entry: _Entry, written: str, digits: str) -> str:
    if entry.kind == "trailing_zero":
        return written.rstrip("0").rstrip(".")
    if entry.kind == "no_comma":
        return f"{int(written):,}"
    if entry.kind == "unit_with_full_stop":
        return written.rstrip(".")
    if entry.kind in ("run_together", "dose_unit_run_together"):
        cut = r"(?<=[A-Za-z])(?=[0-9])" if entry.kind == "run_together" else r"(?<=[0-9])(?=[A-Za-z])"
        return re.sub(cut, " ", written, count=1)
    return entry.safe.replace("{0}", written).replace("{1}", digits)


def _distrusted(quantities: tuple[Quantity, ...]) -> list[Flag]:
    return [
        Flag(quantity.start, quantity.end, _DISTRUST.get(reason, "distrust"), reason)
        for quantity in quantities
        for reason in quantity.distrust
    ]
