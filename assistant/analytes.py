"""Owns what an analyte weighs: names and synonyms, molar masses from formulas, and agreed conversions.

The data lie in ``data/analytes.toml``. A stated conversion ("1 mg/dL = 88.4 umol/L") wins over the formula, because
that is what laboratories print. Conversion itself is done by ``units``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from assistant.datafiles import DATA
from assistant.normalise import normalise
from assistant.patterns import Pattern


@dataclass(frozen=True, slots=True)
class Analyte:
    """``grams_per`` holds grams per mol, per equivalent (``eq``) and per unit (``U``), where known.

    ``affine`` is (from, to, slope, offset) for the one kind of pair that is a line not through zero (HbA1c).
    """

    name: str
    grams_per: Mapping[str, Fraction]
    affine: tuple[str, str, Fraction, Fraction] | None = None

    def shift(self, value: Fraction, from_code: str, to_code: str) -> Fraction | None:
        """``value`` on the other of the two affine scales; None when these are not the two."""
        if self.affine is None:
            return None
        low, high, slope, offset = self.affine
        if (from_code, to_code) == (low, high):
            return value * slope + offset
        if (from_code, to_code) == (high, low):
            return (value - offset) / slope
        return None


def find_analyte(name: str) -> Analyte | None:
    """The analyte of that name or synonym, case and punctuation apart; exact, never by edit distance."""
    return _table().get(_key(name))


@lru_cache(maxsize=1)
def analyte_names() -> tuple[str, ...]:
    """Every name and synonym as a lower-case key, sorted."""
    return tuple(sorted(_table()))


_ALNUM = Pattern(r"[^a-z0-9+]+")
_AROUND = Pattern(
    r"^(?:serum|plasma|blood|total serum|urine|urinary|free|fasting|level of|s|p) | (?:level|levels|concentration|concentrations|assay|test)$"  # noqa: E501
)


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    plain = _ALNUM.sub(" ", normalise(name[:200]).text.lower()).strip()
    known = _raw_keys()
    for _ in range(3):
        if plain in known:
            return plain
        shorter = _AROUND.sub("", plain)
        if shorter == plain:
            break
        plain = shorter
    return plain


@lru_cache(maxsize=1)
def _raw_keys() -> frozenset[str]:
    return frozenset(_table())


@lru_cache(maxsize=1)
def _table() -> dict[str, Analyte]:
    raw = tomllib.loads(DATA.joinpath("analytes.toml").read_text(encoding="utf-8"))
    masses = {symbol: Fraction(mass) for symbol, mass in raw["atomic_mass"].items()}
    table: dict[str, Analyte] = {}
    for name, entry in raw["analyte"].items():
        analyte = _analyte(name, entry, masses)
        for spelling in (name, *entry.get("also", ())):
            table.setdefault(_ALNUM.sub(" ", spelling.lower()).strip(), analyte)
    return table


def _analyte(name: str, entry: Mapping[str, Any], masses: Mapping[str, Fraction]) -> Analyte:
    grams: dict[str, Fraction] = {}
    if "formula" in entry:
        grams["mol"] = molar_mass(entry["formula"], masses)
    if "molar_mass" in entry:
        grams["mol"] = Fraction(entry["molar_mass"])
    if "valence" in entry:
        grams["eq"] = grams.get("mol", Fraction(1)) / Fraction(entry["valence"])
        grams.setdefault("mol", Fraction(1))
    if "unit_mass" in entry:
        grams["U"] = Fraction(entry["unit_mass"])
    affine = None
    if "line" in entry:
        low, high, slope, offset = entry["line"]
        affine = (low, high, Fraction(slope), Fraction(offset))
    return Analyte(name, grams, affine)


_ELEMENT = Pattern(r"([A-Z][a-z]?)([0-9]*)")


def molar_mass(formula: str, masses: Mapping[str, Fraction]) -> Fraction:
    """Grams per mole of a plain formula such as ``C63H88CoN14O14P``; KeyError for an element not in ``masses``."""
    total = Fraction(0)
    for part in _ELEMENT.finditer(formula):
        total += masses[part[1]] * int(part[2] or 1)
    return total
