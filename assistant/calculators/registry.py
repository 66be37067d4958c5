"""Owns which calculators there are: finding one by name, running it, and describing it for ``--list``.

Families are imported when the first calculator is asked for, so that importing this module costs nothing.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.calculators.model import Calculator, Input, Result, Source

FAMILIES = (
    "body", "kidney", "chemistry", "acidbase", "liver", "heart", "qt", "fibrillation", "thrombosis", "cancer", "blood",
    "sepsis", "warning", "critical", "infection", "comorbidity", "dosing", "opioids", "pregnancy", "conversions",
)  # fmt: skip
_SHOWN_UNITS = {
    "mL/min/{1.73_m2}": "mL/min/1.73 m2",
    "mm[Hg]": "mmHg",
    "10*9/L": "x10^9/L",
    "{score}": "points",
    "1": "",
    "mosm/kg": "mOsm/kg",
    "mg/d": "mg/day",
}


@lru_cache(maxsize=1)
def calculators() -> tuple[Calculator, ...]:
    """Every calculator, family by family."""
    return tuple(c for family in FAMILIES for c in import_module(f"assistant.calculators.{family}").CALCULATORS)


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, Calculator]:
    from assistant.calculators.reading import key

    table: dict[str, Calculator] = {}
    for calculator in calculators():
        for name in (calculator.name, calculator.title, *calculator.aliases):
            if table.setdefault(key(name), calculator) is not calculator:
                raise ValueError(f"two calculators are called {name!r}")
    return table


def find(name: str) -> Calculator:
    """The calculator of that name or alias, case and punctuation apart; InputError ``unknown_calculator`` otherwise."""
    from assistant.calculators.reading import key
    from assistant.errors import InputError

    table = _by_name()
    found = table.get(key(name))
    if found is None:
        from difflib import get_close_matches  # only a refusal needs it

        near = get_close_matches(key(name), table, n=3, cutoff=0.6)
        hint = f"; near: {', '.join(dict.fromkeys(table[n].name for n in near))}" if near else ""
        raise InputError("unknown_calculator", f"no calculator {name!r}{hint}; `assistant calculate --list` names all")
    return found


def calculate(name: str, inputs: Mapping[str, str], *, strict: bool = False) -> Result:
    """Run a calculator on ``input name -> value with unit``; with ``strict`` nothing is taken as absent.

    InputError names what is unknown, missing, unreadable or out of range; nothing is ever guessed.
    """
    from datetime import date
    from fractions import Fraction

    from assistant.calculators.arithmetic import fixed, plain
    from assistant.calculators.model import Result
    from assistant.calculators.reading import read_inputs

    calculator = find(name)
    given = read_inputs(calculator, inputs, strict=strict)
    outcome = calculator.compute(given)
    unit = outcome.unit or calculator.unit
    shown = _SHOWN_UNITS.get(unit, unit)
    if isinstance(outcome.value, date):
        value = exact = outcome.value.isoformat()
    else:
        value, exact = _tidy(fixed(outcome.value, calculator.places)), plain(Fraction(outcome.value))
    text = outcome.text or f"{value} {shown}".rstrip()
    return Result(calculator, value, exact, unit, text, given.shown, outcome, given.unsaid)


def _tidy(text: str) -> str:
    """Without trailing zeros, so that points read 3 and not 3.0; minus nought is nought."""
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short in {"-0", ""} else short


def result_to_json(result: Result) -> dict[str, Any]:
    """The contract of ``assistant calculate NAME ... --json``; numbers are decimal strings, units UCUM codes."""
    calculator, outcome = result.calculator, result.outcome
    return {
        "calculator": calculator.name,
        "title": calculator.title,
        "value": result.value,
        "exact": result.exact,
        "unit": result.unit,
        "text": result.text,
        "rounding": _rounding(calculator),
        "interpretation": outcome.reading or None,
        "formula": calculator.formula,
        "operands": dict(result.operands),
        "steps": list(outcome.steps),
        "assumed": list(result.unsaid),
        "also": dict(outcome.also),
        "notes": list(outcome.notes),
        "scope": calculator.scope or None,
        "sources": [_source(source) for source in calculator.sources],
    }


def _rounding(calculator: Calculator) -> str:
    if not calculator.unit and not calculator.places:
        return "none"
    decimals = "1 decimal" if calculator.places == 1 else f"{calculator.places} decimals"
    return f"{decimals}, half away from zero, once at the end"


def describe(calculator: Calculator) -> dict[str, Any]:
    """What ``--list --json`` says of a calculator."""
    return {
        "name": calculator.name,
        "title": calculator.title,
        "family": calculator.family,
        "aliases": list(calculator.aliases),
        "formula": calculator.formula,
        "unit": calculator.unit,
        "decimals": calculator.places,
        "scope": calculator.scope or None,
        "inputs": [describe_input(item) for item in calculator.inputs],
        "sources": [_source(source) for source in calculator.sources],
    }


def _source(source: Source) -> dict[str, str]:
    parts = {"title": source.title, "url": source.url, "doi": source.doi, "note": source.note}
    return {name: value for name, value in parts.items() if value}


def describe_input(item: Input) -> dict[str, Any]:
    """Name, aliases, type, units with bounds, options and default of one input."""
    from assistant.calculators.model import Choice, Day, Flag, Quantity
    from assistant.calculators.reading import names_of

    row: dict[str, Any] = {"name": item.name, "label": item.label, "aliases": list(names_of(item)[1:])}
    if isinstance(item, Quantity):
        row |= {"type": "quantity", "required": item.required, "units": [unit for unit in item.units if unit != "1"]}
        row |= {
            "low": item.low,
            "high": item.high,
            "bounds_unit": item.units[0],
            "unit_required": not (item.bare or item.percent),
        }
        if item.units[0] == "1":
            row["unit_required"] = False
    elif isinstance(item, Choice):
        row |= {"type": "choice", "required": item.required and not item.default, "default": item.default or None}
        row["options"] = {option: list(spellings) for option, spellings in item.options.items()}
    elif isinstance(item, Flag):
        row |= {"type": "flag", "required": item.required, "default": None if item.required else "no"}
    elif isinstance(item, Day):
        row |= {"type": "date", "required": True, "format": "YYYY-MM-DD"}
    else:
        row |= {"type": "text", "required": item.required, "example": item.example or None}
    return row
