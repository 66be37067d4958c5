"""Calculations that a question needs and the patient's facts allow, and what is missing for them.

Creatinine clearance (Cockcroft-Gault) where a statement about the asked medicine sets its dose by it, the carboplatin
dose (Calvert) where an area under the curve is asked for, calcium corrected for albumin where both are given. The
formulas are those of ``calculators``; nothing is taken for granted but the unit of a creatinine that can only be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from assistant.calculators.registry import calculate
from assistant.errors import InputError
from assistant.knowledge import Knowledge
from assistant.units import convert

_AUC = re.compile(r"\bAUC\s?(?:of\s|=\s?)?(\d(?:\.\d)?)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# A creatinine without its unit: below the one no micromol/L is possible in a living adult, above the other no mg/dL.
MOST_MG_DL, LEAST_MICROMOL = 15, 30
_NAMES = {"age_years": "age", "sex": "sex", "weight_kg": "weight", "creatinine": "creatinine with its unit"}


@dataclass(frozen=True, slots=True)
class Calculated:
    """``slots``: the patient's facts with what was calculated, for choosing statements only; ``lines`` are shown."""

    slots: Mapping[str, str]
    lines: tuple[str, ...]


def calculate_for(text: str, slots: Mapping[str, str], known: Knowledge) -> Calculated:
    """What can be calculated for the question ``text``. Nothing is raised; a fact out of bounds gives no result."""
    found = dict(slots)
    lines: list[str] = []
    auc = _AUC.search(text) if "carboplatin" in known.named(text) or "carboplatin-dosing" in known.named(text) else None
    if "crcl" not in slots and "egfr" not in slots and (auc or _doses_by_clearance(text, known)):
        lines += _clearance(found)
    if auc and "crcl" in found:
        lines += _calvert(auc[1], found["crcl"])
    if "calcium" in slots and "albumin" in slots:
        lines += _calcium(slots)
    return Calculated(found, tuple(lines))


def _doses_by_clearance(text: str, known: Knowledge) -> bool:
    """A statement about a medicine of the question has a limit on creatinine clearance."""
    drugs = known.drugs(text)
    return bool(drugs) and any(
        feature.drugs & drugs and any("crcl" in limit.analytes for limit in feature.limits)
        for feature in known.features.values()
    )


def _clearance(found: dict[str, str]) -> Iterator[str]:
    """The clearance put into ``found`` and its line, or what is missing where some of it was given."""
    creatinine = _creatinine(found.get("creatinine", ""))
    given = {**found, "creatinine": creatinine}
    missing = [name for key, name in _NAMES.items() if not given.get(key)]
    if missing:
        if len(missing) < len(_NAMES) and found.get("creatinine"):
            yield f"For the creatinine clearance (Cockcroft-Gault) still needed: {', '.join(missing)}."
        return
    try:
        result = calculate(
            "cockcroft_gault",
            {
                "age": f"{found['age_years']} years",
                "sex": found["sex"],
                "weight": f"{found['weight_kg']} kg",
                "creatinine": creatinine,
            },
        )
    except InputError:
        return
    found["crcl"] = f"{result.value} mL/min"
    yield (
        f"Calculated: creatinine clearance {result.value} mL/min (Cockcroft-Gault: {found['age_years']} years, "
        f"{found['sex']}, actual weight {found['weight_kg']} kg, creatinine {creatinine}). Not valid while "
        "creatinine is changing."
    )


def _creatinine(value: str) -> str:
    """The creatinine with its unit, "" where it has none and could be either."""
    number, _, unit = value.partition(" ")
    if unit or not _NUMBER.fullmatch(number):
        return value if unit else ""
    if Fraction(number) >= LEAST_MICROMOL:
        return f"{number} umol/L"
    return f"{number} mg/dL" if Fraction(number) <= MOST_MG_DL else ""


def _calvert(auc: str, clearance: str) -> Iterator[str]:
    try:
        result = calculate("calvert", {"auc": auc, "gfr": clearance if "m" in clearance else f"{clearance} mL/min"})
    except InputError:
        return
    yield (
        f"Calculated: carboplatin {result.value} mg for AUC {auc} at a clearance of {clearance} (Calvert). Have it "
        "checked independently, and mind the cap on an estimated clearance."
    )


def _calcium(slots: Mapping[str, str]) -> Iterator[str]:
    try:
        result = calculate("corrected_calcium", {"calcium": slots["calcium"], "albumin": slots["albumin"]})
    except InputError:
        return
    molar = ""
    if "mmol" in slots["calcium"]:
        value = convert(Fraction(result.exact), "mg/dL", "mmol/L", analyte="calcium")
        molar = f"{float(value):.2f} mmol/L, "
    yield f"Calculated: calcium corrected for albumin {molar}{result.text} (US formula; laboratories differ)."
