"""Owns UCUM: which codes are valid, what dimension they have, and exact conversion between them.

A code is parsed by UCUM's own grammar (terms, exponents, prefixes, parentheses, annotations); the atoms come from
``data/ucum.toml``. Factors are ``Fraction``; only the special scales that need a logarithm or a root go through a
float. Spellings of the ward, analytes and molar masses are left to ``units`` and ``analytes``.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from assistant.datafiles import DATA
from assistant.errors import UnitMismatch, UnknownUnit
from assistant.patterns import Pattern

Dimension = tuple[tuple[str, int], ...]  # base unit and exponent, sorted, exponents never 0

# deeper nesting or longer codes do not occur; the limit keeps the recursion bounded for any text
_MAX_CODE = 200
_MAX_DEPTH = 12
_MAX_EXPONENT = 99


@dataclass(frozen=True, slots=True)
class Unit:
    """A parsed code: ``factor`` times the base units in ``dimension``.

    ``scale`` names the special scale (``Cel``, ``degF``, ``pH`` ...) when the code is such a unit alone, else None.
    ``annotations`` holds the texts in braces with the exponent they stand under.
    """

    factor: Fraction
    dimension: Dimension
    scale: str | None = None
    annotations: Dimension = ()


@dataclass(frozen=True, slots=True)
class _Atom:
    factor: str
    unit: str
    metric: bool
    arbitrary: bool
    scale: str | None


@dataclass(frozen=True, slots=True)
class _Table:
    prefixes: Mapping[str, Fraction]
    bases: frozenset[str]
    atoms: Mapping[str, _Atom]


@lru_cache(maxsize=1)
def _table() -> _Table:
    raw = tomllib.loads(DATA.joinpath("ucum.toml").read_text(encoding="utf-8"))
    atoms = {}
    for code, (factor, unit, marks) in raw["unit"].items():
        flags, _, scale = marks.partition("s:")
        atoms[code] = _Atom(factor, unit, "m" in flags, "a" in flags, scale or None)
    return _Table({k: Fraction(v) for k, v in raw["prefix"].items()}, frozenset(raw["base"]), atoms)


def is_valid(code: str) -> bool:
    """Whether ``code`` is a case-sensitive UCUM code."""
    try:
        parse(code)
    except UnknownUnit:
        return False
    return True


def atom_codes() -> tuple[str, ...]:
    """The code of every unit in the table, without prefixes."""
    return tuple(_table().atoms)


@lru_cache(maxsize=4096)
def parse(code: str) -> Unit:
    """Read a UCUM code; raises ``UnknownUnit`` when it is not one (the empty text included)."""
    return _Parser(code, opaque=frozenset()).read()


@lru_cache(maxsize=4096)
def parse_opaque(code: str, opaque: frozenset[str]) -> Unit:
    """Like ``parse``, with the atoms in ``opaque`` kept as dimensions of their own (``mol`` not as a number)."""
    return _Parser(code, opaque=opaque).read()


def convert(value: Fraction, from_code: str, to_code: str) -> Fraction:
    """``value`` in ``to_code``; raises ``UnknownUnit``, or ``UnitMismatch`` when the dimensions differ."""
    source, target = parse(from_code), parse(to_code)
    if source.dimension != target.dimension:
        raise UnitMismatch(from_code, to_code)
    return rescale(value, source, target)


def rescale(value: Fraction, source: Unit, target: Unit) -> Fraction:
    """``value`` of ``source`` in ``target``; the dimensions must agree already."""
    base = _SCALES[source.scale][0](value) * source.factor if source.scale else value * source.factor
    base = base / target.factor
    return _SCALES[target.scale][1](base) if target.scale else base


_SYMBOL = Pattern(r"10[*^]|(?:\[[!-Z\\^-z|~]*\]|[!#-'*,:-Z\\^-z|~])+")
_DIGITS = Pattern(r"[0-9]{1,40}")
_EXPONENT = Pattern(r"[+-]?[0-9]{1,3}")
_ANNOTATION = Pattern(r"\{[!-z|~ ]*\}")


class _Parser:
    def __init__(self, code: str, *, opaque: frozenset[str], chain: tuple[str, ...] = ()) -> None:
        self.code = code
        self.at = 0
        self.opaque = opaque
        self.chain = chain

    def read(self) -> Unit:
        if not self.code or len(self.code) > _MAX_CODE:
            raise UnknownUnit(self.code[:_MAX_CODE])
        unit = self._term(0, first=True)
        if self.at != len(self.code):
            raise UnknownUnit(self.code)
        return unit

    def _term(self, depth: int, *, first: bool) -> Unit:
        if depth > _MAX_DEPTH:
            raise UnknownUnit(self.code)
        result = _ONE
        divide = False
        if self.code.startswith("/", self.at):
            if not first:
                raise UnknownUnit(self.code)
            self.at += 1
            divide = True
        alone = not divide
        while True:
            part = self._component(depth)
            result = part if alone else _multiply(result, part, -1 if divide else 1)
            alone = False
            if self.at < len(self.code) and self.code[self.at] in "./":
                divide = self.code[self.at] == "/"
                self.at += 1
                continue
            return result

    def _component(self, depth: int) -> Unit:
        if self.code.startswith("(", self.at):
            self.at += 1
            inner = self._term(depth + 1, first=True)
            if not self.code.startswith(")", self.at):
                raise UnknownUnit(self.code)
            self.at += 1
            return self._annotated(inner)
        if self.code.startswith("{", self.at):
            return self._annotated(_ONE)
        symbol = _SYMBOL.match(self.code, self.at)
        if symbol:
            self.at = symbol.end()
            unit = self._atom(symbol.group())
            exponent = _EXPONENT.match(self.code, self.at)
            if exponent:
                self.at = exponent.end()
                unit = _power(unit, int(exponent.group()), self.code)
            return self._annotated(unit)
        digits = _DIGITS.match(self.code, self.at)
        if not digits or int(digits.group()) == 0:
            raise UnknownUnit(self.code)
        self.at = digits.end()
        return self._annotated(Unit(Fraction(int(digits.group())), ()))

    def _annotated(self, unit: Unit) -> Unit:
        note = _ANNOTATION.match(self.code, self.at)
        if not note:
            return unit
        self.at = note.end()
        extra = ((note.group()[1:-1], 1),)
        return Unit(unit.factor, unit.dimension, unit.scale, _join(unit.annotations, extra, 1))

    def _atom(self, symbol: str) -> Unit:
        table = _table()
        whole = self._known(symbol)
        if whole is not None:
            return whole
        for length in (1, 2):
            prefix, rest = symbol[:length], symbol[length:]
            if prefix not in table.prefixes or not rest:
                continue
            atom = table.atoms.get(rest)
            if rest in table.bases or (atom and atom.metric):
                unit = self._known(rest)
                if unit is not None:
                    return Unit(unit.factor * table.prefixes[prefix], unit.dimension, unit.scale)
        raise UnknownUnit(self.code)

    def _known(self, symbol: str) -> Unit | None:
        table = _table()
        if symbol in self.opaque or symbol in table.bases:
            return Unit(Fraction(1), ((symbol, 1),))
        if symbol in ("10*", "10^"):
            return Unit(Fraction(10), ())
        atom = table.atoms.get(symbol)
        if atom is None:
            return None
        if atom.arbitrary and atom.unit == "1":
            return Unit(Fraction(1), ((symbol, 1),))
        inner = _Parser(atom.unit, opaque=self.opaque).read()
        return Unit(Fraction(atom.factor) * inner.factor, inner.dimension, atom.scale)


_ONE = Unit(Fraction(1), ())


def _join(a: Dimension, b: Dimension, sign: int) -> Dimension:
    total = dict(a)
    for base, exponent in b:
        total[base] = total.get(base, 0) + sign * exponent
    return tuple(sorted((k, v) for k, v in total.items() if v))


def _multiply(a: Unit, b: Unit, sign: int) -> Unit:
    factor = a.factor * b.factor if sign > 0 else a.factor / b.factor
    return Unit(factor, _join(a.dimension, b.dimension, sign), None, _join(a.annotations, b.annotations, sign))


def _power(unit: Unit, exponent: int, code: str) -> Unit:
    if abs(exponent) > _MAX_EXPONENT:
        raise UnknownUnit(code)
    if exponent == 0:
        return _ONE
    dimension = tuple((base, power * exponent) for base, power in unit.dimension)
    return Unit(unit.factor**exponent, dimension)


def _real(function: Callable[[float], float]) -> Callable[[Fraction], Fraction]:
    def apply(value: Fraction) -> Fraction:
        try:
            return Fraction(function(float(value)))
        except (ValueError, OverflowError, ZeroDivisionError):
            raise UnitMismatch("special scale", "ratio scale", "value outside the scale") from None

    return apply


def _log_pair(base: float, times: float) -> tuple[Callable[[Fraction], Fraction], Callable[[Fraction], Fraction]]:
    return _real(lambda x: base ** (x / times)), _real(lambda x: times * math.log(x, base))


_OFFSET_C = Fraction("273.15")
_OFFSET_F = Fraction("459.67")
# to the ratio scale, and back from it, before and after the unit's own factor is applied
_SCALES: dict[str | None, tuple[Callable[[Fraction], Fraction], Callable[[Fraction], Fraction]]] = {
    "Cel": (lambda c: c + _OFFSET_C, lambda k: k - _OFFSET_C),
    "degF": (lambda f: f + _OFFSET_F, lambda k: k - _OFFSET_F),
    "degRe": (lambda r: r + _OFFSET_C * 4 / 5, lambda k: k - _OFFSET_C * 4 / 5),
    "pH": (_real(lambda x: 10**-x), _real(lambda x: -math.log10(x))),
    "ln": _log_pair(math.e, 1),
    "lg": _log_pair(10, 1),
    "ld": _log_pair(2, 1),
    "lgTimes2": _log_pair(10, 2),
    "sqrt": (lambda x: x * x, _real(math.sqrt)),
    "tanTimes100": (_real(lambda x: math.atan(x / 100)), _real(lambda x: math.tan(x) * 100)),
    "100tan": (_real(lambda x: math.degrees(math.atan(x / 100))), _real(lambda x: math.tan(math.radians(x)) * 100)),
    "hpX": (_real(lambda x: 10**-x), _real(lambda x: -math.log10(x))),
    "hpC": (_real(lambda x: 100**-x), _real(lambda x: -math.log(x) / math.log(100))),
    "hpM": (_real(lambda x: 1000**-x), _real(lambda x: -math.log(x) / math.log(1000))),
    "hpQ": (_real(lambda x: 50000**-x), _real(lambda x: -math.log(x) / math.log(50000))),
}
