"""Owns how inputs are read: names and aliases, numbers with units, choices, yes and no, dates; refusals name the input.

Nothing is guessed: an unknown name, a missing unit where two are in use, a date with two readings or a number out of
bounds is an ``InputError`` that says what is needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from assistant.calculators.arithmetic import plain
from assistant.calculators.model import Calculator, Choice, Day, Flag, Given, Input, Quantity, Words
from assistant.errors import InputError, QuantityError

_LONGEST = 200
_NUMBER = re.compile(
    r"\s*([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,15})?|[+-]?\.[0-9]{1,15})(?![0-9])\s*(.*)", re.S
)
_NOT_WORD = re.compile(r"[^a-z0-9]+")
YES = frozenset({"yes", "y", "true", "t", "1", "present", "positive", "on"})
NO = frozenset({"no", "n", "false", "f", "0", "absent", "none", "negative", "off"})
# a unit may stand in the name: weight_kg=70, creatinine_mg_dl=1.9
_NAME_UNITS = {
    "kg": "kg",
    "lb": "lb",
    "cm": "cm",
    "m": "m",
    "years": "years",
    "months": "months",
    "mg": "mg",
    "mmhg": "mmHg",
    "mg_dl": "mg/dL",
    "g_dl": "g/dL",
    "g_l": "g/L",
    "umol_l": "umol/L",
    "mmol_l": "mmol/L",
    "meq_l": "mEq/L",
    "bpm": "/min",
    "per_min": "/min",
    "ms": "ms",
    "celsius": "Cel",
    "percent": "%",
    "kpa": "kPa",
    "ml_min": "mL/min",
}
# counts and times as laboratories and machines print them, beyond the unit table
_UNIT_SPELLINGS = {
    "/ul": "/uL",
    "/mm3": "/mm3",
    "/l": "/L",
    "msec": "ms",
    "msecs": "ms",
    "millisecond": "ms",
    "milliseconds": "ms",
    "thousand/ul": "10*3/uL",
    "1000/ul": "10*3/uL",
    "per day": "/d",
    "/day": "/d",
    "times per day": "/d",
    "mc/kg/min": "ug/kg/min",
    "mcg/kg/m": "ug/kg/min",
    "gamma/kg/min": "ug/kg/min",
}
# "9103 µL" is printed for "per µL"; nobody counts cells in a cubic metre, where "mm3" has lost a letter
_COUNT_VOLUMES = {"uL": "/uL", "mm3": "/mm3", "m3": "/mm3", "L": "/L"}


def key(text: str) -> str:
    """``text`` as a name: compatibility forms folded, lower case, runs of anything else one underscore."""
    folded = unicodedata.normalize("NFKC", text[:_LONGEST]).lower()
    return _NOT_WORD.sub("_", folded).strip("_")


def names_of(item: Input) -> tuple[str, ...]:
    """Every key under which an input is read, the canonical one first."""
    return tuple(dict.fromkeys((key(item.name), *(key(alias) for alias in item.aliases), key(item.label))))


@dataclass(slots=True)
class _Reader:
    calculator: Calculator
    numbers: dict[str, Fraction] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    def take(self, item: Input, value: str, unit: str, alias: str) -> None:
        if isinstance(item, Quantity):
            self.numbers[item.name] = read_quantity(item, value, unit=unit, alias=alias)
            self.shown[item.name] = shown_quantity(item, self.numbers[item.name], value)
        elif isinstance(item, Choice):
            self.choices[item.name] = read_choice(item, value)
            self.shown[item.name] = self.choices[item.name].replace("_", " ")
        elif isinstance(item, Flag):
            self.flags[item.name] = read_flag(item, value)
            self.shown[item.name] = "yes" if self.flags[item.name] else "no"
        elif isinstance(item, Day):
            self.days[item.name] = read_day(item, value)
            self.shown[item.name] = self.days[item.name].isoformat()
        else:
            self.words[item.name] = self.shown[item.name] = value.strip()


def read_inputs(calculator: Calculator, pairs: Mapping[str, str], *, strict: bool = False) -> Given:
    """Read ``name -> value`` for a calculator; with ``strict`` an unsaid yes-or-no is refused as missing, not absent.

    InputError codes: unknown_input, duplicate_input, missing_input, unreadable_input, out_of_range.
    """
    table = {alias: item for item in reversed(calculator.inputs) for alias in names_of(item)}
    reader = _Reader(calculator)
    for raw, value in _with_one_date_order(_with_doses_apart(pairs, table)).items():
        alias, unit = _find_name(key(raw), table)
        if not alias and key(value) in NO:
            continue  # what no score asks for and is absent anyway changes nothing
        if not alias:
            known = ", ".join(item.name for item in calculator.inputs)
            raise InputError("unknown_input", f"{calculator.name} has no input {raw!r}; it reads {known}")
        item = table[alias]
        if item.name in reader.shown:
            raise InputError("duplicate_input", f"{item.name} was given twice (the second time as {raw!r})")
        reader.take(item, _bounded(item, value), unit, alias)
    unsaid = _fill(reader, strict=strict)
    return Given(reader.numbers, reader.choices, reader.flags, reader.days, reader.words, reader.shown, unsaid)


_WITH_DOSE = re.compile(
    r"(?P<word>[^0-9]+?)(?:\s+(?:po|iv|im|sc|oral|orally|by mouth))?\s+(?P<dose>[0-9][0-9.,]*\s*[^\W0-9_]+)\s*", re.I
)


def _with_doses_apart(pairs: Mapping[str, str], table: Mapping[str, Input]) -> Mapping[str, str]:
    """ "from=prednisone 40 mg" as "from=prednisone" and "dose=40 mg", where the calculator asks for both."""
    dose = table.get("dose")
    said = {table[key(raw)].name for raw in pairs if key(raw) in table}
    if not isinstance(dose, Quantity) or dose.name in said:
        return pairs
    apart = dict(pairs)
    for raw, value in pairs.items():
        match = _WITH_DOSE.fullmatch(value[:_LONGEST]) if isinstance(table.get(key(raw)), Choice) else None
        if match:
            apart[raw], apart[dose.name] = match["word"].strip(), match["dose"]
            return apart
    return apart


def _with_one_date_order(pairs: Mapping[str, str]) -> Mapping[str, str]:
    """Dates in one order: that of ``date_order`` (mdy or dmy), or of the only date with a single reading."""
    said = {raw: value for raw, value in pairs.items() if key(raw) == "date_order"}
    rest = {raw: value for raw, value in pairs.items() if raw not in said}
    slashed = {raw: match for raw, value in rest.items() if (match := _SLASHED.fullmatch(value.strip()))}
    orders = {"mdy" if int(m[2]) > 12 else "dmy" for m in slashed.values() if (int(m[1]) > 12) != (int(m[2]) > 12)}
    for value in said.values():
        order = "".join(dict.fromkeys(letter for letter in value.lower() if letter in "mdy"))
        if order not in {"mdy", "dmy"}:
            raise InputError("unreadable_input", f"date_order: {value!r} is neither mdy nor dmy")
        orders = {order}
    if len(orders) != 1:
        return rest
    month_first = orders == {"mdy"}
    for raw, match in slashed.items():
        month, day = (match[1], match[2]) if month_first else (match[2], match[1])
        if int(month) <= 12:
            rest[raw] = f"{match[3]}-{int(month):02d}-{int(day):02d}"
    return rest


def _find_name(name: str, table: Mapping[str, Input]) -> tuple[str, str]:
    """The alias that ``name`` stands for and the unit written into it, or two empty texts."""
    if name in table:
        return name, ""
    for suffix, unit in _NAME_UNITS.items():
        stem = name.removesuffix("_" + suffix)
        if stem != name and isinstance(table.get(stem), Quantity):
            return stem, unit
    return "", ""


def _bounded(item: Input, value: str) -> str:
    if len(value) > _LONGEST:
        raise InputError("unreadable_input", f"{item.name}: the value is longer than {_LONGEST} characters")
    return unicodedata.normalize("NFKC", value).replace("−", "-")


def _fill(reader: _Reader, *, strict: bool) -> tuple[str, ...]:
    """Complete what was not said; InputError names everything that is missing at once."""
    missing, unsaid = [], []
    inputs = reader.calculator.inputs
    for item in inputs:
        if item.name in reader.shown:
            continue
        if isinstance(item, Flag) and not item.required and not strict:
            reader.flags[item.name] = False
            unsaid.append(item.name)
        elif isinstance(item, Choice) and item.default:
            reader.choices[item.name] = item.default
            unsaid.append(f"{item.name} = {item.default}")
        elif not (isinstance(item, Quantity | Words | Choice) and not item.required):
            missing.append(item)
    if not missing and not reader.shown and not any(isinstance(item, Quantity) and item.required for item in inputs):
        missing = [item for item in inputs if isinstance(item, Flag)]
    if missing:
        needs = "; ".join(need(item) for item in missing)
        raise InputError("missing_input", f"{reader.calculator.name} needs {needs}")
    return tuple(unsaid)


def need(item: Input) -> str:
    """What to write for an input: ``creatinine (serum creatinine, e.g. creatinine=1mg/dL or umol/L)``."""
    if isinstance(item, Quantity):
        units = " or ".join(unit for unit in item.units if unit != "1")
        return f"{item.name} ({item.label}{', in ' + units if units else ''})"
    if isinstance(item, Choice):
        return f"{item.name} ({item.label}: {', '.join(item.options)})"
    if isinstance(item, Flag):
        return f"{item.name} ({item.label}: yes or no)"
    if isinstance(item, Day):
        return f"{item.name} ({item.label}, as YYYY-MM-DD)"
    return f"{item.name} ({item.label}{', e.g. ' + item.example if item.example else ''})"


# --------------------------------------------------------------------------- numbers with units


def split_amount(name: str, value: str) -> tuple[Fraction, str]:
    """``1.9mg/dL`` as number and unit text; thousands commas are read, a decimal comma is refused."""
    match = _NUMBER.fullmatch(value)
    if not match:
        raise InputError("unreadable_input", f"{name}: {value!r} is not one number with its unit (write 1.9mg/dL)")
    number, unit = match.group(1).replace(",", ""), match.group(2).strip()
    if unit.startswith(","):
        raise InputError("unreadable_input", f"{name}: {value!r} has a comma; write the decimal point as in 1.9")
    return Fraction(number), unit


def unit_code(text: str) -> str | None:
    """UCUM code of a unit as written, counts per volume and milliseconds included; None when unknown."""
    from assistant.units import canonical_unit  # the unit tables are read when the first unit is

    wanted = text.replace("µ", "u").replace("μ", "u").strip()
    folded = wanted.lower().replace("^", "").replace(" ", "" if wanted.startswith("/") else " ")
    if folded in _UNIT_SPELLINGS:
        return _UNIT_SPELLINGS[folded]
    known = canonical_unit(wanted)
    if known is None and folded.startswith("deg"):  # "degrees celsisus": the scale is told by its first letter
        scale = folded.split()[-1][:1]
        return {"c": "Cel", "f": "[degF]"}.get(scale)
    return known


def to_unit(name: str, number: Fraction, unit: str, target: str, analyte: str = "") -> Fraction:
    """``number`` of ``unit`` in ``target``; InputError names the input when there is no way."""
    from assistant.units import convert

    try:
        return convert(number, unit, target, analyte or None)
    except QuantityError as error:
        raise InputError("unreadable_input", f"{name}: {error}") from error


def read_quantity(item: Quantity, value: str, *, unit: str = "", alias: str = "") -> Fraction:
    """The amount in ``item.units[0]``; ``unit`` is one written into the name, ``alias`` the name that was used."""
    number, written = split_amount(item.name, value)
    written = written or unit
    target = item.units[0]
    if not written:
        amount = _bare(item, number)
    elif target == "1":
        code = unit_code(written)
        if code is None and key(written) not in {"points", "point"}:
            raise InputError("unreadable_input", f"{item.name} is a plain number; {written!r} was not understood")
        counted = code is None or code in item.units  # "3 per day" where a number of doses a day is asked for
        amount = number if counted or code is None else to_unit(item.name, number, code, "1")
    else:
        code = unit_code(written)
        if code in _COUNT_VOLUMES and unit_code(target) == "10*9/L":
            code = "/uL" if code == "L" and number < 10**7 else _COUNT_VOLUMES[str(code)]
        if code is None:
            raise InputError("unreadable_input", f"{item.name}: unit {written!r} is not known; write {_units(item)}")
        other = item.analyte_of.get(alias, "")
        if other:  # the alias names another analyte, equal in moles: 20 mg/dL of urea are not 20 mg/dL of its nitrogen
            number, code = to_unit(item.name, number, code, "mmol/L", other), "mmol/L"
        amount = to_unit(item.name, number, code, unit_code(target) or target, item.analyte)
    return _in_bounds(item, amount)


def _bare(item: Quantity, number: Fraction) -> Fraction:
    if item.percent:
        return number * 100 if 0 <= number <= 1 else number
    if item.bare or item.units[0] == "1":
        return number
    raise InputError("unreadable_input", f"{item.name} needs its unit: write {_units(item)} after the number")


def _units(item: Quantity) -> str:
    return " or ".join(item.units)


def _in_bounds(item: Quantity, amount: Fraction) -> Fraction:
    if not Fraction(item.low) <= amount <= Fraction(item.high):
        unit = "" if item.units[0] == "1" else f" {item.units[0]}"
        raise InputError(
            "out_of_range", f"{item.name} = {plain(amount, 6)}{unit} is outside {item.low} to {item.high}{unit}"
        )
    return amount


def shown_quantity(item: Quantity, amount: Fraction, value: str) -> str:
    """``1.9 mg/dL``; with the original behind it where it was converted: ``2.07 mg/dL (from 183 umol/L)``."""
    unit = "" if item.units[0] == "1" else f" {item.units[0]}"
    own = f"{plain(amount, 6)}{unit}"
    number, written = split_amount(item.name, value)
    same = number == amount and (not written or unit_code(written) == unit_code(item.units[0]))
    return own if same else f"{own} (from {value.strip()})"


# --------------------------------------------------------------------------- words


def read_choice(item: Choice, value: str) -> str:
    wanted = key(value)
    for option, spellings in item.options.items():
        if wanted in {key(option), *(key(spelling) for spelling in spellings)}:
            return option
    raise InputError("unreadable_input", f"{item.name}: {value!r} is not one of {', '.join(item.options)}")


def read_flag(item: Flag, value: str) -> bool:
    wanted = key(value)
    if wanted in YES:
        return True
    if wanted in NO:
        return False
    raise InputError("unreadable_input", f"{item.name}: {value!r} is neither yes nor no")


_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SLASHED = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_WORDED = re.compile(
    r"([0-9]{1,2})\s+([A-Za-z]{3,9})\.?,?\s+([0-9]{4})|([A-Za-z]{3,9})\.?\s+([0-9]{1,2}),?\s+([0-9]{4})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_day(item: Day, value: str) -> date:
    """A date; 03/04/2026 has two readings and is refused, 23/04/2026 and 04/23/2026 have one."""
    text = value.strip()
    parts: tuple[int, int, int] | None = None
    if match := _ISO.fullmatch(text):
        parts = int(match[1]), int(match[2]), int(match[3])
    elif match := _SLASHED.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if first <= 12 and second <= 12 and first != second:
            raise InputError("unreadable_input", f"{item.name}: {text} has two readings; write it as YYYY-MM-DD, or add date_order=mdy")
        parts = (int(match[3]), first, second) if first <= 12 else (int(match[3]), second, first)
    elif match := _WORDED.fullmatch(text):
        number, word, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        if word.lower()[:3] in _MONTHS:
            parts = int(year), _MONTHS.index(word.lower()[:3]) + 1, int(number)
    if parts is None or not 1900 <= parts[0] <= 2200:
        raise InputError("unreadable_input", f"{item.name}: {value!r} is not a date; write it as YYYY-MM-DD")
    try:
        return date(*parts)
    except ValueError as error:
        raise InputError("unreadable_input", f"{item.name}: {value!r} is not in the calendar") from error
