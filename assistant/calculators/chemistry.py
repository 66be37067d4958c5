"""Blood chemistry: corrected calcium and sodium, water deficit, osmolality, HOMA-IR, LDL cholesterol."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from assistant.calculators.arithmetic import fixed, plain
from assistant.calculators.bedside import (
    ALBUMIN,
    BUN,
    GLUCOSE,
    SEX,
    SODIUM,
    WEIGHT,
    age,
)
from assistant.calculators.model import Calculator, Choice, Given, Outcome, Quantity, Source
from assistant.errors import InputError

CHOLESTEROL = Quantity(
    "total_cholesterol", "total cholesterol", ("mg/dL", "mmol/L"), "20", "2000", ("cholesterol", "tc"), "cholesterol"
)


HDL = Quantity(
    "hdl",
    "HDL cholesterol",
    ("mg/dL", "mmol/L"),
    "1",
    "250",
    ("hdl cholesterol", "high-density lipoprotein cholesterol", "high density lipoprotein"),
    "cholesterol",
)


def _calcium(given: Given) -> Outcome:
    calcium, albumin = given.number("calcium"), given.number("albumin")
    value = calcium + Fraction("0.8") * (4 - albumin)
    step = f"{plain(calcium, 6)} + 0.8 x (4.0 - {plain(albumin, 6)})"
    notes = ("laboratories adjust by their own equation; ionised calcium decides in doubt",)
    return Outcome(value, (step,), "", notes, {"in mmol/L": f"{fixed(value / 4, 2)} mmol/L"})


def _sodium(given: Given) -> Outcome:
    factors = {"hillier": Fraction("0.024"), "katz": Fraction("0.016")}
    measured, glucose, chosen = given.number("sodium"), given.number("glucose"), given.choice("method")
    values = {name: measured + factor * (glucose - 100) for name, factor in factors.items()}
    other = "katz" if chosen == "hillier" else "hillier"
    step = f"{plain(measured, 6)} + {plain(factors[chosen])} x ({plain(glucose, 6)} - 100)"
    notes = () if glucose > 100 else ("glucose is not above 100 mg/dL: no correction is called for",)
    return Outcome(
        values[chosen], (step,), "", notes, {f"by {other.capitalize()}": f"{fixed(values[other], 1)} mmol/L"}
    )


def _water(given: Given) -> Outcome:
    years, female = given.number("age"), given.choice("sex") == "female"
    if years < 18:
        share, who = Fraction("0.6"), "child"
    elif years >= 65:
        share, who = (Fraction("0.45") if female else Fraction("0.5")), "aged 65 or over"
    else:
        share, who = (Fraction("0.5") if female else Fraction("0.6")), "adult"
    target = given.numbers.get("target_sodium", Fraction(140))
    value = share * given.number("weight") * (given.number("sodium") / target - 1)
    step = (
        f"{plain(share)} (body water, {who}) x {plain(given.number('weight'), 6)} kg x "
        f"({plain(given.number('sodium'), 6)} / {plain(target, 6)} - 1)"
    )
    notes = () if value > 0 else ("sodium is not above the target: there is no free-water deficit",)
    return Outcome(value, (step,), "", notes)


def _osmolality(given: Given) -> Outcome:
    nitrogen, sodium, glucose = given.number("bun"), given.number("sodium"), given.number("glucose")
    value = 2 * sodium + nitrogen / Fraction("2.8") + glucose / 18
    step = f"2 x {plain(sodium, 6)} + {plain(nitrogen, 6)} / 2.8 + {plain(glucose, 6)} / 18"
    return Outcome(value, (step,), "", ("ethanol and other alcohols are not counted",))


def _homa(given: Given) -> Outcome:
    glucose, insulin = given.number("glucose"), given.number("insulin")
    value = glucose * insulin / 405
    reading = "above 2: taken to indicate insulin resistance" if value > 2 else ""
    return Outcome(value, (f"{plain(glucose, 6)} x {plain(insulin, 6)} / 405",), reading, ("fasting values",))


def _ldl(given: Given) -> Outcome:
    total, hdl, fats = given.number("total_cholesterol"), given.number("hdl"), given.number("triglycerides")
    value = total - hdl - fats / 5
    if value <= 0:
        raise InputError("out_of_range", "total cholesterol is smaller than its parts: check the three values")
    return Outcome(
        value, (f"{plain(total, 6)} - {plain(hdl, 6)} - {plain(fats, 6)} / 5",), "", ("for a fasting sample",)
    )


_CHILD_TO_OLD = age("0", "120")

CALCULATORS = (
    Calculator(
        "corrected_calcium",
        "Albumin-corrected calcium",
        "chemistry",
        "calcium mg/dL + 0.8 x (4.0 - albumin g/dL)",
        "mg/dL",
        (
            Quantity(
                "calcium",
                "total serum calcium",
                ("mg/dL", "mmol/L"),
                "2",
                "30",
                ("ca", "serum calcium", "total calcium"),
                "calcium",
            ),
            ALBUMIN,
        ),
        (
            Source(
                "Zoledronic acid injection: indications, dosage and administration",
                "https://medlibrary.org/lib/rx/meds/zoledronic-acid-20/",
                note="corpus fact hca-011",
            ),
            Source(
                "Calculation of calcium concentration (0.02 mmol/L for each g/L)",
                "https://gpnotebook.com/simplepage.cfm?ID=-1697644478&linkID=8010",
            ),
        ),
        _calcium,
        ("calcium correction for hypoalbuminemia", "albumin corrected calcium", "adjusted calcium"),
        2,
    ),
    Calculator(
        "corrected_sodium",
        "Sodium corrected for hyperglycaemia",
        "chemistry",
        "Hillier: sodium + 0.024 x (glucose mg/dL - 100); Katz: 0.016 in place of 0.024",
        "mmol/L",
        (
            SODIUM,
            GLUCOSE,
            Choice(
                "method", "factor", {"hillier": ("2.4", "0.024"), "katz": ("1.6", "0.016")}, ("formula",), "hillier"
            ),
        ),
        (
            Source(
                "Sodium correction for hyperglycemia (Hillier 1999; Katz 1973)",
                "http://www.mdcalc.com/sodium-correction-for-hyperglycemia/",
            ),
            Source("Serum sodium", "https://mobile.fpnotebook.com/Renal/Lab/SrmSdm.htm"),
        ),
        _sodium,
        ("sodium correction for hyperglycemia", "glucose corrected sodium"),
        2,
    ),
    Calculator(
        "free_water_deficit",
        "Free water deficit",
        "chemistry",
        "body water share x weight kg x (sodium / target - 1); share 0.6 men and children, 0.5 women, "
        "from 65 years 0.5 men and 0.45 women; target 140",
        "L",
        (
            _CHILD_TO_OLD,
            SEX,
            WEIGHT,
            SODIUM,
            replace(
                SODIUM,
                name="target_sodium",
                label="target sodium (default 140)",
                low="130",
                high="150",
                aliases=("ideal sodium", "desired sodium"),
                required=False,
            ),
        ),
        (
            Source("Free water deficit", "https://aigenrx.com/calculators/v1/electrolytes/free-water-deficit"),
            Source(
                "Basics in adult fluids and electrolytes (shares by age and sex)",
                "http://www.geocities.ws/MTMilano/palm/files/fluids.zip",
            ),
        ),
        _water,
        ("water deficit",),
        2,
        "hypernatraemia; the speed of correction is a separate question",
    ),
    Calculator(
        "serum_osmolality",
        "Calculated serum osmolality",
        "chemistry",
        "2 x sodium + urea nitrogen mg/dL / 2.8 + glucose mg/dL / 18",
        "mosm/kg",
        (SODIUM, BUN, GLUCOSE),
        (
            Source("Osmolal gap", "https://qxmd.com/calculate/calculator_335/calculator_171/osmolal-gap"),
            Source("Serum osmolality, Cornell", "http://www-users.med.cornell.edu/~spon/picu/calc/osmolal.htm"),
        ),
        _osmolality,
        ("osmolality", "calculated osmolality", "plasma osmolality"),
        2,
    ),
    Calculator(
        "homa_ir",
        "HOMA-IR (insulin resistance)",
        "chemistry",
        "fasting glucose mg/dL x fasting insulin mU/L / 405",
        "1",
        (
            GLUCOSE,
            Quantity(
                "insulin",
                "fasting insulin",
                ("mU/L", "uU/mL", "uIU/mL"),
                "0.1",
                "1000",
                ("fasting insulin level",),
                "insulin",
            ),
        ),
        (
            Source(
                "HOMA-IR, GPnotebook",
                "https://gpnotebook.com/en-IE/pages/cardiovascular-medicine/homeostatic-model-assessment-for-insulin-resistance-homa-ir",
            ),
            Source(
                "Homeostatic model assessment (Matthews et al, Diabetologia 1985;28:412-9)",
                "http://www.lumrix.com/medical/endocrinology/homeostatic_model_assessment.html",
            ),
        ),
        _homa,
        ("homa", "homa-ir homeostatic model assessment for insulin resistance"),
        2,
    ),
    Calculator(
        "ldl_friedewald",
        "LDL cholesterol (Friedewald)",
        "chemistry",
        "total cholesterol - HDL - triglycerides / 5 (mg/dL)",
        "mg/dL",
        (
            CHOLESTEROL,
            HDL,
            # from 400 mg/dL on the formula is not valid: refused, not computed
            Quantity(
                "triglycerides",
                "triglycerides",
                ("mg/dL", "mmol/L"),
                "5",
                "399.999",
                ("tg", "triglyceride"),
                "triglycerides",
            ),
        ),
        (
            Source(
                "Friedewald equation for LDL-C (Clin Chem 1972;18:499-502)",
                "https://www.merckmanuals.com/medical-calculators/Friedewald.htm",
            ),
        ),
        _ldl,
        ("ldl", "ldl calculated", "ldl cholesterol", "friedewald"),
        1,
        "fasting, triglycerides below 400 mg/dL",
    ),
)
