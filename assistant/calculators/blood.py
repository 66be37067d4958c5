"""Blood: absolute neutrophil count and total iron deficit (Ganzoni)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from assistant.calculators.arithmetic import fixed, plain
from assistant.calculators.bedside import HAEMOGLOBIN, WEIGHT, WHITE_CELLS, optional
from assistant.calculators.model import Calculator, Given, Outcome, Quantity, Source
from assistant.errors import InputError


def _neutrophils(given: Given) -> Outcome:
    share, bands = given.number("neutrophils"), given.numbers.get("bands", Fraction(0))
    if share + bands > 100:
        raise InputError("out_of_range", "neutrophils and bands together exceed 100 %")
    cells = given.number("white_cells")
    step = f"{plain(cells, 6)} x ({plain(share, 6)} % + {plain(bands, 6)} %)"
    value = cells * (share + bands) / 100
    return Outcome(value, (step,), also={"per microlitre": f"{fixed(value * 1000, 0)} /uL"})


def _ganzoni(given: Given) -> Outcome:
    weight, actual, target = given.number("weight"), given.number("haemoglobin"), given.number("target_haemoglobin")
    if target <= actual:
        raise InputError("out_of_range", "target_haemoglobin is not above the actual haemoglobin")
    stores = given.numbers.get("iron_stores", Fraction(500) if weight >= 35 else 15 * weight)
    value = weight * (target - actual) * Fraction("2.4") + stores
    step = f"{plain(weight, 6)} kg x ({plain(target, 6)} - {plain(actual, 6)}) x 2.4 + {plain(stores, 6)} mg"
    notes = ("elemental iron in total; single doses are limited by the product's label",)
    return Outcome(value, (step,), "", notes)


CALCULATORS = (
    Calculator(
        "absolute_neutrophil_count",
        "Absolute neutrophil count",
        "blood",
        "white cells x (neutrophils % + bands %) / 100",
        "10*9/L",
        (
            WHITE_CELLS,
            Quantity(
                "neutrophils",
                "segmented neutrophils",
                ("%",),
                "0",
                "100",
                ("segs", "segmented neutrophils", "polys", "neutrophil percentage"),
                percent=True,
            ),
            Quantity("bands", "band neutrophils", ("%",), "0", "100", ("band cells",), percent=True, required=False),
        ),
        (
            Source("Absolute neutrophil count", "http://es.easycalculation.com/medical/anc.php"),
            Source(
                "Absolute neutrophil count, CML Support", "https://cmlsupport.org.uk/glossary/absolute-neutrophil-count"
            ),
        ),
        _neutrophils,
        ("anc", "neutrophil count"),
        3,
    ),
    Calculator(
        "ganzoni",
        "Total iron deficit (Ganzoni)",
        "blood",
        "weight kg x (target - actual haemoglobin g/dL) x 2.4 + stores (500 mg; 15 mg/kg below 35 kg)",
        "mg",
        (
            WEIGHT,
            HAEMOGLOBIN,
            replace(
                HAEMOGLOBIN,
                name="target_haemoglobin",
                label="target haemoglobin",
                aliases=("target hemoglobin", "target hb"),
            ),
            optional(Quantity("iron_stores", "iron for the stores", ("mg",), "0", "2000", ("stores",))),
        ),
        (
            Source(
                "Ganzoni formula (table from NCBI Bookshelf NBK564172)",
                "https://bosch-pharma.com/boferin/ganzoni-formula/",
            ),
            Source("Iron deficiency calculator", "https://www.mdapp.co/iron-deficiency-calculator-329/"),
        ),
        _ganzoni,
        ("iron deficit", "ganzoni iron deficit", "total iron deficit"),
        0,
    ),
)
