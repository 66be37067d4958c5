"""Opioids: daily morphine milligram equivalents (CDC), and conversion within the rows of the corpus and nowhere else.

The two are kept apart: equivalents measure exposure and must not be used to switch drugs; a conversion is read from its
row only in the direction in which the row was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assistant.calculators.arithmetic import fixed, plain
from assistant.calculators.model import Calculator, Choice, Given, Outcome, Quantity, Source
from assistant.errors import InputError


@dataclass(frozen=True, slots=True)
class _Opioid:
    name: str
    factor: str  # per mg a day; per ug/h for the patch; per ug for transmucosal fentanyl
    units: tuple[str, ...] = ("mg",)
    high: str = "5000"
    aliases: tuple[str, ...] = ()


_CDC_2022 = (
    _Opioid("codeine", "0.15"),
    _Opioid("hydrocodone", "1"),
    _Opioid("hydromorphone", "5"),
    _Opioid("methadone", "4.7"),
    _Opioid("morphine", "1"),
    _Opioid("oxycodone", "1.5"),
    _Opioid("oxymorphone", "3"),
    _Opioid("tapentadol", "0.4"),
    _Opioid("tramadol", "0.2"),
    _Opioid("fentanyl_patch", "2.4", ("ug/h",), "600", ("fentanyl transdermal", "transdermal fentanyl")),
)
# not in the 2022 table: from the CDC/CMS file of 2014 and 2017, and marked so in the result
_CDC_2017 = (
    _Opioid("dihydrocodeine", "0.25"),
    _Opioid("levorphanol", "11"),
    _Opioid("pethidine", "0.1", aliases=("meperidine",)),
    _Opioid("pentazocine", "0.37"),
    _Opioid(
        "fentanyl_buccal",
        "0.13",
        ("ug",),
        "20000",
        ("fentanyl buccal or sublingual tablet", "fentanyl lozenge", "fentanyl sl"),
    ),
    _Opioid("fentanyl_spray", "0.18", ("ug",), "20000", ("fentanyl film", "fentanyl oral spray")),
    _Opioid("fentanyl_nasal", "0.16", ("ug",), "20000", ("fentanyl nasal spray",)),
)


def _inputs() -> tuple[Quantity, ...]:
    made: list[Quantity] = []
    for opioid in (*_CDC_2022, *_CDC_2017):
        label = opioid.name.replace("_", " ")
        doses = tuple(f"{name} dose" for name in (label, *opioid.aliases))
        made.append(
            Quantity(
                opioid.name,
                f"{label}, one dose (or the day's total)",
                opioid.units,
                "0",
                opioid.high,
                (*opioid.aliases, *doses),
                required=False,
            )
        )
        count = "patches at once" if opioid.name == "fentanyl_patch" else "doses a day"
        made.append(
            Quantity(
                f"{opioid.name}_per_day",
                f"{label}: {count} (default 1)",
                ("1", "/d"),
                "0",
                "48",
                tuple(f"{dose} per day" for dose in doses),
                required=False,
            )
        )
    return tuple(made)


def _mme(given: Given) -> Outcome:
    total, steps, older = Fraction(0), [], []
    for opioid in (*_CDC_2022, *_CDC_2017):
        if not given.has(opioid.name):
            if given.has(f"{opioid.name}_per_day"):
                raise InputError(
                    "missing_input", f"morphine_equivalents needs {opioid.name} (the dose, in {opioid.units[0]})"
                )
            continue
        dose, times = given.number(opioid.name), given.numbers.get(f"{opioid.name}_per_day", Fraction(1))
        part = dose * times * Fraction(opioid.factor)
        total += part
        steps.append(
            f"{opioid.name.replace('_', ' ')}: {plain(dose, 6)} {opioid.units[0]} x {plain(times, 6)}"
            f" x {opioid.factor} = {plain(part, 8)}"
        )
        if opioid in _CDC_2017:
            older.append(opioid.name.replace("_", " "))
    if not steps:
        raise InputError(
            "missing_input",
            "morphine_equivalents needs at least one opioid with its dose, e.g. codeine=30mg codeine_per_day=4",
        )
    notes = ["do not use equivalents to convert one opioid to another: the new one is dosed substantially lower"]
    if given.has("methadone") or given.has("fentanyl_patch"):
        notes.append("particular caution with methadone and with transdermal fentanyl")
    if older:
        notes.append(f"factor of the older CDC/CMS file, not of the 2022 guideline: {', '.join(older)}")
    return Outcome(total, tuple(steps), "", tuple(notes))


@dataclass(frozen=True, slots=True)
class _Row:
    """One corpus row: the 24-hour dose is divided by ``divisor``; ``reduce`` when the drug itself changes."""

    fact: str
    divisor: str
    reduce: bool
    caution: str


_ROWS = {
    ("oral_morphine", "subcutaneous_morphine"): _Row("opi-006", "2", False, "same drug, change of route only"),
    ("subcutaneous_morphine", "oral_morphine"): _Row("opi-006", "0.5", False, "same drug, change of route only"),
    ("oral_morphine", "oral_oxycodone"): _Row(
        "opi-007", "2", True, "one older UK team quotes 1.5 to 2; the larger divisor is used"
    ),
    ("oral_morphine", "subcutaneous_diamorphine"): _Row(
        "opi-008", "3", False, "UK only; the chart marks no extra reduction"
    ),
    ("oral_morphine", "subcutaneous_alfentanil"): _Row(
        "opi-009",
        "30",
        True,
        "specialist palliative care only; an unnamed UK team's sheet (tier C): check before any use",
    ),
    ("oral_morphine", "oral_hydromorphone"): _Row("opi-010", "7.5", True, "specialist use"),
}
_DRUGS = {
    "oral_morphine": ("morphine", "morphine oral", "morphine po"),
    "subcutaneous_morphine": ("morphine sc", "sc morphine", "morphine subcutaneous"),
    "oral_oxycodone": ("oxycodone", "oxycodone oral", "oxycodone po"),
    "subcutaneous_diamorphine": ("diamorphine", "diamorphine sc", "sc diamorphine"),
    "subcutaneous_alfentanil": ("alfentanil", "alfentanil sc", "sc alfentanil"),
    "oral_hydromorphone": ("hydromorphone", "hydromorphone oral", "hydromorphone po"),
}


def _convert(given: Given) -> Outcome:
    source, target, dose = given.choice("from"), given.choice("to"), given.number("daily_dose")
    row = _ROWS.get((source, target))
    if row is None:
        known = ", ".join(f"{start} to {goal}" for start, goal in _ROWS)
        raise InputError(
            "not_covered", f"no row of the corpus converts {source} to {target}; it has {known}. Seek specialist advice"
        )
    divisor = Fraction(row.divisor)
    full = dose / divisor
    sign = f"/ {row.divisor}" if divisor > 1 else f"x {plain(1 / divisor)}"
    steps = [f"{plain(dose, 6)} mg {source.replace('_', ' ')} in 24 h {sign} = {plain(full, 6)} mg"]
    value = full
    if row.reduce:
        value = full * Fraction(2, 3)
        steps.append(f"different opioid: reduced by one third = {fixed(value, 1)} mg")
    notes = (
        row.caution,
        "approximate; not for opioid-naive people; provide breakthrough doses and watch for toxicity",
        "reduce further and seek specialist advice in frailty, renal or hepatic impairment, rapid escalation "
        "or high doses",
    )
    also = {"before the reduction": f"{fixed(full, 1)} mg in 24 h"} if row.reduce else {}
    return Outcome(value, tuple(steps), f"corpus fact {row.fact} (UK)", notes, also)


_CHART = Source(
    "Conversion chart for strong opioids in palliative care",
    "https://slidetodoc.com/conversion-chart-for-strong-opioids-in-palliative-care",
    note="corpus facts opi-005 to opi-008, opi-010",
)
_SHEET = Source(
    "Opioid conversions (July 2014), a UK palliative care team",
    "https://www.scribd.com/document/419204128/090714-opioid-conversions-pdf",
    note="corpus fact opi-009",
)

CALCULATORS = (
    Calculator(
        "morphine_equivalents",
        "Daily morphine milligram equivalents (CDC)",
        "opioids",
        "sum of dose x doses a day x factor: " + ", ".join(f"{o.name.replace('_', ' ')} {o.factor}" for o in _CDC_2022),
        "mg/d",
        _inputs(),
        (
            Source(
                "CDC Clinical Practice Guideline for Prescribing Opioids for Pain, 2022: conversion factors "
                "(copy of the table)",
                "https://globalrph.com/medcalcs/morphine-milligram-equivalents-calculator",
            ),
            Source(
                "CDC/CMS opioid oral MME conversion factors, 2017 file (factors outside the 2022 table)",
                "https://docslib.org/doc/6360357/cdc-opioid-oral-morphine-equivalent-conversion-factors",
            ),
        ),
        _mme,
        ("mme", "morphine milligram equivalents", "morphine milligram equivalents mme calculator"),
        2,
        "a measure of exposure, not for switching opioids",
    ),
    Calculator(
        "opioid_conversion",
        "Opioid conversion within the corpus' rows",
        "opioids",
        "24-hour dose / divisor of the row; a third less when the opioid changes",
        "mg/d",
        (
            Choice("from", "opioid and route now", _DRUGS, ("from drug",)),
            Quantity(
                "daily_dose", "dose in 24 hours", ("mg",), "0.1", "2000", ("dose", "total daily dose", "24 hour dose")
            ),
            Choice("to", "opioid and route wanted", _DRUGS, ("to drug",)),
        ),
        (_CHART, _SHEET),
        _convert,
        ("opioid switch",),
        1,
        "UK palliative care; only in the direction of the row; fentanyl patches are not covered",
    ),
)
