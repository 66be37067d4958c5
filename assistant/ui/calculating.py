"""The calculators as pages: a list, a form per calculator with its units, and the result with operands and source.

What was typed is read by the calculators themselves, as strictly as on the command line; it is not stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.calculators.model import Calculator, Choice, Day, Flag, Input, Quantity, Result
from assistant.calculators.reading import need
from assistant.calculators.registry import calculate, calculators, find
from assistant.errors import InputError
from assistant.ui.escaping import doi_link, safe_link
from assistant.ui.templating import page

FAMILIES: Mapping[str, str] = {
    "body": "Body size", "kidney": "Kidney", "chemistry": "Electrolytes and chemistry", "acidbase": "Acid and base",
    "liver": "Liver", "heart": "Heart and circulation", "qt": "QT interval", "fibrillation": "Atrial fibrillation",
    "thrombosis": "Thrombosis", "cancer": "Cancer", "blood": "Blood", "sepsis": "Sepsis", "warning": "Early warning",
    "critical": "Critical care", "infection": "Infection", "comorbidity": "Comorbidity", "dosing": "Dosing",
    "opioids": "Opioids", "pregnancy": "Pregnancy", "conversions": "Conversions",
}  # fmt: skip
UNIT = "unit."  # before the name of an input: the unit chosen beside it


def list_page(words: str, *, base_path: str) -> str:
    """All calculators by family, or those whose name, title or alias has every one of ``words``."""
    wanted = words[:200].lower().split()
    groups: dict[str, list[Calculator]] = {}
    for one in calculators():
        text = " ".join((one.name.replace("_", " "), one.title, *one.aliases)).lower()
        if all(word in text for word in wanted):
            groups.setdefault(FAMILIES.get(one.family, one.family), []).append(one)
    return page(
        "calculators.html.jinja", title="Calculators", current="calculators", base_path=base_path, groups=groups,
        words=words[:200], total=len(calculators()),
    )  # fmt: skip


def calculator_named(name: str) -> Calculator | None:
    """The calculator of exactly that name; an alias has no page of its own."""
    try:
        found = find(name)
    except InputError:
        return None
    return found if found.name == name else None


def calculator_page(calculator: Calculator, *, base_path: str, fields: Mapping[str, str] | None = None) -> str:
    """The form; with ``fields`` (as sent) also the result, or what was wrong, beside what was typed."""
    result, problem, bad = None, "", frozenset[str]()
    if fields is not None:
        try:
            result = calculate(calculator.name, typed(calculator, fields))
        except InputError as error:
            problem = str(error).replace(calculator.name, "this calculator")
            bad = frozenset(item.name for item in calculator.inputs if re.search(rf"\b{item.name}\b", problem))
    return page(
        "calculator.html.jinja", title=calculator.title, current="calculator", base_path=base_path, calculator=calculator,
        inputs=[_field(item, fields or {}) for item in calculator.inputs], result=result, problem=problem, bad=bad,
        outcome=result.outcome if result else None, operands=_operands(result) if result else [],
        sources=[(s.title, doi_link(s.doi) or safe_link(s.url), s.note) for s in calculator.sources],
        family=FAMILIES.get(calculator.family, calculator.family),
    )  # fmt: skip


def typed(calculator: Calculator, fields: Mapping[str, str]) -> dict[str, str]:
    """The form's fields as inputs: a number gets the unit chosen beside it, unless one was typed with it."""
    given = {}
    for item in calculator.inputs:
        value = fields.get(item.name, "").strip()
        if not value:
            continue
        unit = fields.get(UNIT + item.name, "") if isinstance(item, Quantity) else ""
        given[item.name] = f"{value} {unit}" if unit and not value[-1].isalpha() and value[-1] not in "%²³" else value
    return given


def _field(item: Input, fields: Mapping[str, str]) -> dict[str, Any]:
    """One input as the template needs it."""
    row: dict[str, Any] = {
        "name": item.name,
        "label": item.label[:1].upper() + item.label[1:],
        "value": fields.get(item.name, ""),
    }
    row |= {"units": (), "options": (), "hint": "", "unit": "", "required": False, "kind": "text"}
    if isinstance(item, Quantity):
        units = [unit for unit in item.units if unit != "1"]
        row |= {"kind": "number", "units": units, "unit": fields.get(UNIT + item.name, units[0] if units else "")}
        row |= {"hint": f"{item.low} to {item.high} {units[0] if units else ''}".strip(), "required": item.required}
    elif isinstance(item, Choice):
        row |= {"kind": "choice", "options": tuple(item.options), "required": item.required and not item.default}
        row["value"] = row["value"] or item.default
    elif isinstance(item, Flag):
        row |= {"kind": "choice", "options": ("yes", "no"), "required": item.required}
    elif isinstance(item, Day):
        row |= {"kind": "date", "required": True}
    else:
        row |= {"hint": f"for example {item.example}" if item.example else need(item), "required": item.required}
    return row


def _operands(result: Result) -> list[tuple[str, str]]:
    labels = {item.name: item.label for item in result.calculator.inputs}
    return [(labels.get(name, name.replace("_", " ")), value) for name, value in result.operands.items()]
