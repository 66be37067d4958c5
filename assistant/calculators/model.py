"""The nouns of the calculators: typed inputs, sources, a calculator, and what a calculation gives.

Imports nothing of ours. Amounts are ``Fraction`` in the first unit of their input; dates are ``datetime.date``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Source:
    """Where a formula was read. ``url`` is the page that was read; ``doi`` only where it stands on that page."""

    title: str
    url: str = ""
    doi: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit. ``low``/``high`` are included and count in ``units[0]``; they exclude slips, not illness.

    ``units`` are spellings a ward would write; any unit that converts to the first is read. ``bare`` allows a number
    without a unit, where only one reading exists (years, mmHg, beats per minute). ``percent`` also reads 0.21 as 21 %.
    ``analyte`` opens mass-to-amount conversion; ``analyte_of`` gives another analyte to an alias (BUN against urea).
    """

    name: str
    label: str
    units: tuple[str, ...]
    low: str
    high: str
    aliases: tuple[str, ...] = ()
    analyte: str = ""
    analyte_of: Mapping[str, str] = field(default_factory=dict)
    bare: bool = False
    percent: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words; ``options`` maps a word to its other spellings; ``default`` stands when unsaid."""

    name: str
    label: str
    options: Mapping[str, tuple[str, ...]]
    aliases: tuple[str, ...] = ()
    default: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no. One that is not ``required`` is taken as absent when unsaid, and the result says so."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date; ISO (2026-11-22) is always read, other forms only where they have one reading."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Text that the calculator reads itself: an analyte, a unit, a dose per kilogram."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    example: str = ""
    required: bool = True


Input = Quantity | Choice | Flag | Day | Words


@dataclass(frozen=True, slots=True)
class Given:
    """The inputs of one calculation, read: amounts in the first unit of their input, choices by canonical word.

    ``unsaid`` names the inputs that were taken as absent or by default.
    """

    numbers: Mapping[str, Fraction] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    unsaid: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Whether the number, flag, choice or text was given (an unsaid flag or a default does not count)."""
        return name in self.shown

    def number(self, name: str) -> Fraction:
        return self.numbers[name]

    def flag(self, *names: str) -> bool:
        """Whether any of the flags is yes."""
        return any(self.flags.get(name, False) for name in names)

    def choice(self, name: str) -> str:
        return self.choices[name]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ``compute`` gives: the exact value, the arithmetic in steps, and what the source says it means.

    ``also`` holds further results by name, ready to show; ``text`` replaces the shown value ("14 weeks 1 day");
    ``unit`` replaces the calculator's unit where it follows from the inputs.
    """

    value: Fraction | date
    steps: tuple[str, ...] = ()
    reading: str = ""
    notes: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Calculator:
    """``places`` is the number of decimals the result is rounded to (half away from zero), once, at the end."""

    name: str
    title: str
    family: str
    formula: str
    unit: str
    inputs: tuple[Input, ...]
    sources: tuple[Source, ...]
    compute: Callable[[Given], Outcome]
    aliases: tuple[str, ...] = ()
    places: int = 0
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A finished calculation. ``value`` is rounded, ``exact`` is not (15 significant digits where it has no end)."""

    calculator: Calculator
    value: str
    exact: str
    unit: str
    text: str
    operands: Mapping[str, str]
    outcome: Outcome
    unsaid: tuple[str, ...]
