"""Owns the units of the ward: spellings to UCUM codes, and exact conversion, through an analyte where one is bound.

Compound units are read by grammar (``micrograms per kilogram per minute``), not listed. What a code means is ``ucum``'s
business, what an analyte weighs ``analytes``'s. A unit that is not in the table is None or ``UnknownUnit``, never a
guess.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from assistant import ucum
from assistant.analytes import Analyte, find_analyte
from assistant.datafiles import DATA
from assistant.errors import UnitMismatch, UnknownUnit
from assistant.normalise import Normal, normalise
from assistant.patterns import Pattern

# atoms with a dimension of their own at the bedside: a mole is not a number of cells, an equivalent not a mole, and a
# unit of insulin not a micromole per minute
_OWN = frozenset({"mol", "eq", "osm", "U"})
_OWN_PER_WEIGHT = _OWN | {"kg"}  # the kg of mg/kg is the patient's and does not cancel
_PREFIX_WORDS = {
    "k": "kilo", "m": "milli", "u": "micro", "n": "nano", "p": "pico", "f": "femto", "d": "deci", "c": "centi",
    "M": "mega", "G": "giga", "T": "tera", "h": "hecto", "a": "atto",
}  # fmt: skip


class UnitMatch(NamedTuple):
    """A unit read at a place of a text: its UCUM code, where it ends, and reasons not to trust it."""

    code: str
    end: int
    distrust: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Spellings:
    exact: dict[str, str]
    words: dict[str, str]


@lru_cache(maxsize=1)
def _spellings() -> _Spellings:
    raw = tomllib.loads(DATA.joinpath("units.toml").read_text(encoding="utf-8"))
    exact: dict[str, str] = {}
    words: dict[str, str] = {}
    for code, spellings in raw["words"].items():
        for spelling in spellings:
            words[spelling.lower()] = code
            if len(spelling) >= 3 and spelling[-1].isalpha() and not spelling.endswith("s"):
                words.setdefault(spelling.lower() + "s", code)
    for code, (symbols, names, prefixes) in raw["metric"].items():
        for prefix in ["", *prefixes]:
            whole = prefix + code
            for symbol in symbols:
                for sign in (prefix, "μ", "mc") if prefix == "u" else (prefix,):
                    exact.setdefault(sign + symbol, whole)
            for name in [*names, "mol"] if code == "mol" else names:
                word = _PREFIX_WORDS.get(prefix, "") + name
                for form in {word, word + "s", word.replace("international unit", "international units")}:
                    words.setdefault(form, whole)
    for code, spellings in raw["exact"].items():
        for spelling in spellings:
            exact.setdefault(spelling, code)
    # symbols in the wrong case ("MG", "Ml") are read when the right case does not exist; the smaller prefix wins
    for spelling, code in exact.items():
        if len(spelling) > 1:
            words.setdefault(spelling.lower(), code)
    return _Spellings(exact, words)


# one atom: letters and signs, perhaps several words; each part bounded so that any text is read in linear time
_WORD = r"(?:[A-Za-zμΩ°%][A-Za-zμ°]{0,24}(?:\[[A-Za-z0-9']{1,6}\])?|\[[A-Za-z0-9_']{1,8}\]|\{[A-Za-z0-9_.\- ]{1,20}\})"
_CANDIDATE = Pattern(
    rf"(?:[cm]m[ ]?H2O(?![A-Za-z])|{_WORD})(?:(?:\^?[23](?![0-9]))|(?<=\bm)[ ]\^?[23](?![0-9])|(?:\(s\)|\(es\)|-year(?:s)?|\.))?"
)
_DAY_IN_HOURS = Pattern(r"24[ -]?h(?:ou)?r?s?\b")
_BARE = Pattern(_WORD)
_MORE = Pattern(r"[ -]{1,2}[A-Za-z][A-Za-z0-9]{0,14}")
_POWER = Pattern(r"(?:[x×*·][ ]?)?10[ ]?(?:\^|\*{1,2}|[eE])[ ]?\(?([+-]?[0-9]{1,2})\)?(?![0-9])[ ]?")
_FLAT_POWER = Pattern(r"[x×][ ]?10[ ]?([0-9]{1,2})(?=[ ]?/[ ]?[A-Za-zμ])")
_PAREN_POWER = Pattern(r"(?:[x×*][ ]?)?10\(([0-9]{1,2})\)[ ]?")
_E_POWER = Pattern(r"[xX×]?[ ]?[eE]([369]|12)(?=/)")
_PER = Pattern(r"[ ]?/[ ]?|[ ]{1,2}per[ ]{1,2}(?:each[ ]|every[ ]|a[ ])?|-per-|[ ]p\.?[ ](?=h\b|hr\b|min\b)")
_TIMES = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})  # "6 hours an hour before food" is no rate
_PER_AN = Pattern(r"[ ]an?[ ](?=hour\b|minute\b|second\b)")
_BSA = Pattern(r"1[.,]73[ ]?(?:m\^?2|sq\.? ?m\b|square met(?:re|er)s?|m squared)", re.I)
_NUMBER = Pattern(r"([1-9][0-9]{0,3}(?:,[0-9]{3})?)[ -]?(?=[A-Za-zμ])")
_INVERSE = Pattern(r"[ .·]?([A-Za-zμ]{1,8})[ ]?\^?-([12])(?![0-9])")


def read_unit(text: str, at: int, *, known_only: bool = True) -> UnitMatch | None:
    """The longest unit that starts exactly at ``at`` of a normalised copy, or None.

    Reads ``mg``, ``micrograms/kg/min``, ``x 10^9/L``, ``mL per minute per 1.73 m^2``, ``mg kg^-1 h^-1``.
    """
    power, at, distrust = _power_of_ten(text, at)
    first = _atom(text, at)
    if first is None:
        if not power:
            return None
        if not _PER.match(text, at - 1 if text[at - 1 : at] == " " else at):
            return None
        code, end = power, (at - 1 if text[at - 1 : at] == " " else at)
    else:
        code, end = first
        if power:
            code = power if code == "{cell}" else f"{power}.{code}"
    code, end = _denominators(text, code, end)
    code = _counted_cells(code)
    if power and "/" not in code:
        return None  # 5 x 10^6 alone is a number, not a unit
    return UnitMatch(code, end, distrust)


_NO_UNIT = frozenset(["", *"-,;:.)(=<>+!?0356789\n"])  # no unit begins with one of these


def unit_at(normal: Normal, at: int) -> UnitMatch | None:
    """``read_unit`` of the copy, read once for all readers of the same text."""
    known: dict[int, UnitMatch | None] = normal.kept.setdefault("units", {})
    if at not in known:
        if normal.text[at : at + 1] in _NO_UNIT:
            return None
        known[at] = read_unit(normal.text, at)
    return known[at]


_VOLUMES = frozenset({"L", "mL", "uL", "mm3", "cm3", "dL"})


def _counted_cells(code: str) -> str:
    """``K/uL`` is thousands of cells, never kelvin; ``cells/mm3`` is a bare count."""
    head, _, rest = code.partition("/")
    if rest in _VOLUMES and head == "K":
        return "10*3/" + rest
    if rest in _VOLUMES and head == "{cell}":
        return "/" + rest
    return code


_POWER_SIGNS = frozenset("xX×*·1eE ")


def _power_of_ten(text: str, at: int) -> tuple[str, int, tuple[str, ...]]:
    if text[at : at + 1] not in _POWER_SIGNS:
        return "", at, ()
    for pattern in (_POWER, _PAREN_POWER, _E_POWER):
        match = pattern.match(text, at)
        if match:
            return f"10*{int(match.group(1))}", match.end(), ()
    match = _FLAT_POWER.match(text, at)
    if match:
        return f"10*{int(match.group(1))}", match.end(), ("exponent written flat",)
    return "", at, ()


def _denominators(text: str, code: str, end: int) -> tuple[str, int]:
    """Everything after the first atom: ``/kg``, ``per day``, ``kg^-1``; at most five parts."""
    for _ in range(5):
        inverse = _INVERSE.match(text, end)
        if inverse:
            atom = _lookup(inverse.group(1))
            if atom:
                code += "/" + atom + (inverse.group(2) if inverse.group(2) != "1" else "")
                end = inverse.end()
                continue
        per = _PER.match(text, end) or (None if code in _TIMES else _PER_AN.match(text, end))
        if not per:
            break
        if code == "10*3" and text[per.start() : per.end()].strip() != "/":
            break
        bsa = _BSA.match(text, per.end())
        if bsa:
            code, end = code + "/{1.73_m2}", bsa.end()
            continue
        part = _denominator(text, per.end())
        if part is None or part[0] == "{dose}":
            break  # "1000 mg per dose" is 1000 mg
        code, end = code + "/" + part[0], part[1]
    return code, end


def _denominator(text: str, at: int) -> tuple[str, int] | None:
    whole = _atom(text, at)
    if whole:
        return whole
    number = _NUMBER.match(text, at)
    if not number:
        return None
    atom = _atom(text, number.end())
    if atom is None:
        return None
    count = int(number.group(1).replace(",", ""))
    if count == 1:
        return atom
    if count == 24 and atom[0] == "h":
        return "d", atom[1]
    return f"({count}.{atom[0]})", atom[1]


def _atom(text: str, at: int) -> tuple[str, int] | None:
    """Code and end of the longest single unit at ``at``."""
    if text.startswith(("24 h", "24h"), at):
        day = _DAY_IN_HOURS.match(text, at)
        if day:
            return "d", day.end()
    first = _CANDIDATE.match(text, at)
    if first is None:
        quote = text[at : at + 1]
        return (_spellings().exact[quote], at + 1) if quote in ("'", '"') else None
    ends = [first.end()]
    opens = first.group().lower()
    longest = 4 if opens in _several_words() else 2 if len(opens) <= 3 else 1
    while len(ends) < longest:
        more = _MORE.match(text, ends[-1])
        if not more:
            break
        ends.append(more.end())
    bare = None if text[first.end() - 1].isalpha() else _BARE.match(text, at)
    if bare and bare.end() < first.end():
        ends.insert(0, bare.end())
    for end in sorted(ends, reverse=True):
        if (end < len(text) and text[end].isalpha()) or (text[end : end + 1].isdigit() and text[end - 1].isalpha()):
            continue
        code = _lookup(text[at:end])
        if code:
            return code, end
    return None


@lru_cache(maxsize=1)
def _several_words() -> frozenset[str]:
    """The first words of spellings of several words."""
    table = _spellings()
    several = [spelling for spelling in [*table.words, *table.exact] if " " in spelling or "-" in spelling]
    return frozenset(re.split("[ -]", spelling)[0].lower() for spelling in several)


@lru_cache(maxsize=8192)
def _lookup(spelling: str) -> str | None:
    table = _spellings()
    found = table.exact.get(spelling)
    if found:
        return found
    plain = re.sub(r"[ -]+", " ", spelling.lower())
    for form in (plain, plain.replace(" ^", "^").replace(" 2", "2").replace(" 3", "3")):
        found = table.words.get(form) or (table.exact.get(spelling.replace(" ", "")) if len(spelling) > 2 else None)
        if found:
            return found
    if spelling[:1] in "[{" and ucum.is_valid(spelling):
        return spelling
    return None


@lru_cache(maxsize=4096)
def canonical_unit(text: str) -> str | None:
    """The UCUM code for any spelling or code; None when the table does not know it."""
    plain = normalise(text).text.strip()
    if not plain or len(plain) > 80:
        return None
    if plain == "1":
        return "1"
    match = read_unit(plain, 0)
    if match and match.end == len(plain):
        return match.code
    if ucum.is_valid(plain):
        return plain.replace("10^", "10*")
    return None


def decimal_text(value: Fraction) -> str:
    """Exact decimal string without exponent or trailing zeros; ``1/3`` where there is no finite decimal."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    text = digits[:-places] + "." + digits[-places:] if places else digits
    return ("-" if value < 0 else "") + text


def convert(value: Fraction, from_unit: str, to_unit: str, analyte: str | None = None) -> Fraction:
    """``value`` of ``from_unit`` in ``to_unit``, exact; ``UnknownUnit`` or ``UnitMismatch`` when there is no way.

    Mass to amount, units to mass and equivalents to amount only when ``analyte`` names one in the table.
    """
    source, target = _clinical(from_unit), _clinical(to_unit)
    bound = find_analyte(analyte) if analyte else None
    if bound and bound.affine:
        shifted = bound.shift(value, _code(from_unit), _code(to_unit))
        if shifted is not None:
            return shifted
    if source.annotations != target.annotations:
        raise UnitMismatch(from_unit, to_unit, "they count different things")
    if source.dimension == target.dimension:
        return ucum.rescale(value, source, target)
    if bound is None:
        raise UnitMismatch(from_unit, to_unit)
    factor = _bridge(bound, source, target)
    if factor is None:
        raise UnitMismatch(from_unit, to_unit, f"no conversion for {analyte}")
    return value * source.factor * factor / target.factor


def comparable(a: str, b: str, analyte: str | None = None) -> bool:
    """Whether ``convert`` would find a way from ``a`` to ``b``."""
    try:
        convert(Fraction(1), a, b, analyte)
    except (UnknownUnit, UnitMismatch):
        return False
    return True


def analyte_conversion(analyte: str, from_unit: str, to_unit: str) -> Fraction | None:
    """What 1 ``from_unit`` of ``analyte`` is in ``to_unit``; None when there is no proportional conversion."""
    bound = find_analyte(analyte)
    if bound is None or bound.affine:
        return None
    try:
        return convert(Fraction(1), from_unit, to_unit, analyte)
    except (UnknownUnit, UnitMismatch):
        return None


_WARD_FIRST = frozenset({"C", "F", "H", "S", "u", "G"})


@lru_cache(maxsize=4096)
def _code(unit: str) -> str:
    # what is a UCUM code already stays one; a ward's K is a thousand, its C and F are degrees
    if ucum.is_valid(unit) and not unit.startswith("K/") and unit not in _WARD_FIRST:
        return unit
    code = canonical_unit(unit)
    if code is None:
        raise UnknownUnit(unit)
    return code


@lru_cache(maxsize=4096)
def _clinical(unit: str) -> ucum.Unit:
    """The unit with bedside dimensions: IU and units alike are ``U``, moles and equivalents apart, kg of body apart."""
    code = _code(unit)
    parsed = ucum.parse_opaque(code, _OWN_PER_WEIGHT if "/kg" in code else _OWN)
    dimension = tuple(sorted(("U" if base == "[iU]" else base, power) for base, power in parsed.dimension))
    # mmol/mol and mL/mL cancel to nothing, yet 48 mmol/mol is not 4.8 %
    extra = (("mol/mol", 1),) if "mol/" in code and code.endswith("mol") else ()
    return ucum.Unit(parsed.factor, dimension, parsed.scale, parsed.annotations + extra)


def _bridge(analyte: Analyte, source: ucum.Unit, target: ucum.Unit) -> Fraction | None:
    """Factor from the base units of ``source`` to those of ``target`` through the analyte, or None."""
    start, goal = dict(source.dimension), dict(target.dimension)
    factor = Fraction(1)
    for base, grams in analyte.grams_per.items():
        moved = goal.get(base, 0) - start.get(base, 0)
        if moved:
            # x base^n becomes x * grams^-n with g^n: moving `moved` powers of base costs that many powers of gram
            factor *= Fraction(1) / grams**moved
            start[base] = goal.get(base, 0)
            start["g"] = start.get("g", 0) - moved
    clean = {k: v for k, v in start.items() if v}
    return factor if clean == {k: v for k, v in goal.items() if v} else None
