"""Unit conversion of laboratory values and plain quantities, through the analyte where mass and amount meet."""

from __future__ import annotations

from assistant.calculators.arithmetic import plain
from assistant.calculators.model import Calculator, Given, Outcome, Source, Words
from assistant.calculators.reading import split_amount, to_unit, unit_code
from assistant.errors import InputError


def _convert(given: Given) -> Outcome:
    from assistant.analytes import find_analyte
    from assistant.units import comparable

    number, written = split_amount("value", given.words["value"])
    start, goal = unit_code(written), unit_code(given.words["to"])
    analyte = given.words.get("analyte", "")
    if not written or start is None:
        raise InputError("unreadable_input", f"value: unit {written!r} is not known (write value=5.4mmol/L)")
    if goal is None:
        raise InputError("unreadable_input", f"to: unit {given.words['to']!r} is not known")
    if analyte and find_analyte(analyte) is None and not comparable(start, goal):
        raise InputError(
            "not_covered", f"analyte {analyte!r} is not in the table; leave it out where both units are of one kind"
        )
    value = to_unit("value", number, start, goal, analyte)
    steps = (f"{plain(number)} {start} = {plain(value, 10)} {goal}{f' of {analyte}' if analyte else ''}",)
    return Outcome(value, steps, unit=goal)


CALCULATORS = (
    Calculator(
        "unit_conversion",
        "Unit conversion of analytes",
        "conversions",
        "exact; between mass and amount by the analyte's molar mass or the conversion laboratories agreed on",
        "1",
        (
            Words("value", "value with its unit", ("amount", "quantity"), "5.4mmol/L"),
            Words("to", "unit wanted", ("unit", "target unit"), "mg/dL"),
            Words("analyte", "analyte", ("substance", "test", "drug"), "glucose", required=False),
        ),
        (
            Source(
                "Unit conventions of the corpus (creatinine, calcium, urate, B12, folate, vitamin D, phosphate, "
                "glucose)"
            ),
            Source("Molar masses from formulas and IUPAC abridged standard atomic weights", "https://ciaaw.org"),
        ),
        _convert,
        ("convert", "units", "unit converter", "lab conversion"),
        6,
    ),
)
