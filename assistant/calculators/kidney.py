"""Kidney function: Cockcroft-Gault with a choice of weight, CKD-EPI 2021, MDRD, fractional excretion of sodium."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from assistant.calculators.arithmetic import fixed, plain, power
from assistant.calculators.bedside import CREATININE, HEIGHT, SEX, SODIUM, WEIGHT, age, optional
from assistant.calculators.body import adjusted_weight, body_mass_index, ideal_weight
from assistant.calculators.model import Calculator, Choice, Given, Outcome, Quantity, Source
from assistant.errors import InputError

_GAULT_SOURCES = (
    Source(
        "NCCN chemotherapy order templates, appendix B: carboplatin dosing in adults",
        "https://www.nccn.org/",
        note="corpus facts calv-004 and calv-006",
    ),
    Source(
        "Cockcroft and Gault, Nephron 1976;16:31-41, as given by Tabers",
        "https://www.tabers.com/tabersonline/view/Tabers-Dictionary/738131/all/Cockcroft_Gault_formula",
    ),
    Source(
        "Which weight to use (Pharmacy Times; medx)",
        "https://pharmacytimes.com/view/medications-that-always-use-actual-body-weight-to-calculate-creatinine-clearance",
    ),
)
_WEIGHTS = {
    "actual": ("total", "actual body weight", "abw", "tbw"),
    "ideal": ("ibw", "ideal body weight"),
    "adjusted": ("adjbw", "adjusted body weight"),
    "by_bmi": ("auto", "by body mass index"),
}


def clearance(years: Fraction, weight_kg: Fraction, creatinine_mg_dl: Fraction, sex: str) -> Fraction:
    """Cockcroft-Gault creatinine clearance in mL/min."""
    value = (140 - years) * weight_kg / (72 * creatinine_mg_dl)
    return value * Fraction("0.85") if sex == "female" else value


def weight_by_bmi(actual: Fraction, ideal: Fraction, index: Fraction) -> tuple[str, Fraction]:
    """Which weight the by_bmi rule takes: adjusted from 25 kg/m2, else the smaller of ideal and actual."""
    if actual <= ideal:
        return "actual", actual
    return ("adjusted", adjusted_weight(ideal, actual)) if index >= 25 else ("ideal", ideal)


def _cockcroft_gault(given: Given) -> Outcome:
    years, actual, sex = given.number("age"), given.number("weight"), given.choice("sex")
    wanted = given.choices.get("weight_choice") or ("by_bmi" if given.has("height") else "actual")
    weights = {"actual": actual}
    notes: list[str] = []
    if given.has("height"):
        height = given.number("height")
        ideal = ideal_weight(sex, height)
        if ideal <= 0:
            raise InputError("out_of_range", f"height {fixed(height, 1)} cm is too small for the ideal-weight formula")
        weights |= {"ideal": ideal, "adjusted": adjusted_weight(ideal, actual)}
        if wanted == "by_bmi":
            index = body_mass_index(height, actual)
            wanted, _ = weight_by_bmi(actual, ideal, index)
            notes.append(
                f"body mass index {fixed(index, 1)} kg/m2: {wanted} weight was used; say weight_choice to change it"
            )
    elif wanted != "actual":
        raise InputError(
            "missing_input", "cockcroft_gault needs height for the ideal or the adjusted weight (in cm or m)"
        )
    creatinine = given.number("creatinine")
    female = " x 0.85" if sex == "female" else ""
    step = f"(140 - {plain(years, 6)}) x {fixed(weights[wanted], 2)} kg / (72 x {plain(creatinine, 6)} mg/dL){female}"
    others = {
        f"with {name} weight ({fixed(kilos, 1)} kg)": f"{fixed(clearance(years, kilos, creatinine, sex), 1)} mL/min"
        for name, kilos in weights.items()
        if name != wanted
    }
    notes.append("labels of some drugs prescribe the weight to use (rivaroxaban, for one, the actual weight)")
    return Outcome(clearance(years, weights[wanted], creatinine, sex), (step,), "", tuple(notes), others)


def _ckd_epi(given: Given) -> Outcome:
    female = given.choice("sex") == "female"
    kappa = Fraction("0.7") if female else Fraction("0.9")
    alpha = Fraction("-0.241") if female else Fraction("-0.302")
    ratio = given.number("creatinine") / kappa
    value = 142 * power(min(ratio, Fraction(1)), alpha) * power(max(ratio, Fraction(1)), Fraction("-1.200"))
    value *= power(Fraction("0.9938"), given.number("age"))
    if female:
        value *= Fraction("1.012")
    step = (
        f"142 x min({fixed(ratio, 4)}, 1)^{fixed(alpha, 3)} x max({fixed(ratio, 4)}, 1)^-1.200"
        f" x 0.9938^{plain(given.number('age'), 6)}{' x 1.012' if female else ''}"
    )
    return Outcome(
        value, (step,), "", ("not Cockcroft-Gault: drug labels that ask for creatinine clearance mean the latter",)
    )


def _mdrd(given: Given) -> Outcome:
    value = 175 * power(given.number("creatinine"), Fraction("-1.154")) * power(given.number("age"), Fraction("-0.203"))
    step = f"175 x {plain(given.number('creatinine'), 6)}^-1.154 x {plain(given.number('age'), 6)}^-0.203"
    if given.choice("sex") == "female":
        value, step = value * Fraction("0.742"), step + " x 0.742"
    notes: tuple[str, ...] = ()
    if given.choice("race") == "black":
        value, step = value * Fraction("1.212"), step + " x 1.212"
        notes = ("the race coefficient of this older equation is no longer recommended; CKD-EPI 2021 has none",)
    return Outcome(value, (step,), "", notes)


def _fena(given: Given) -> Outcome:
    urine, plasma = given.number("urine_sodium"), given.number("sodium")
    value = urine * given.number("creatinine") / (plasma * given.number("urine_creatinine")) * 100
    step = (
        f"({plain(urine, 6)} x {plain(given.number('creatinine'), 6)}) / "
        f"({plain(plasma, 6)} x {plain(given.number('urine_creatinine'), 6)}) x 100"
    )
    reading = "below 1 %: consistent with a pre-renal cause" if value < 1 else ""
    return Outcome(value, (step,), reading, ("not reliable after recent diuretics",))


_RACE = Choice(
    "race",
    "race, for the coefficient of the original equation",
    {
        "other": ("not black", "non black", "white", "caucasian", "asian", "hispanic", "none"),
        "black": ("african american",),
    },
    ("ethnicity",),
    "other",
)

CALCULATORS = (
    Calculator(
        "cockcroft_gault",
        "Creatinine clearance (Cockcroft-Gault)",
        "kidney",
        "(140 - age) x weight kg / (72 x creatinine mg/dL), x 0.85 in women",
        "mL/min",
        (
            age(),
            SEX,
            WEIGHT,
            CREATININE,
            optional(HEIGHT),
            Choice(
                "weight_choice",
                "which weight (default: by body mass index when height is given, else actual)",
                _WEIGHTS,
                ("weight used", "weight type"),
                required=False,
            ),
        ),
        _GAULT_SOURCES,
        _cockcroft_gault,
        ("creatinine clearance", "creatinine clearance cockcroft-gault equation", "crcl", "cockcroft gault equation"),
        1,
        "adults with stable kidney function",
    ),
    Calculator(
        "ckd_epi_2021",
        "Estimated GFR (CKD-EPI 2021, creatinine)",
        "kidney",
        "142 x min(Scr/k, 1)^a x max(Scr/k, 1)^-1.200 x 0.9938^age (x 1.012 in women); "
        "k 0.7 and a -0.241 in women, k 0.9 and a -0.302 in men",
        "mL/min/{1.73_m2}",
        (age(), SEX, CREATININE),
        (
            Source(
                "CKD-EPI Creatinine Equation (2021), National Kidney Foundation",
                "https://kidney.org/ckd-epi-creatinine-equation-2021",
            ),
            Source(
                "eGFR using CKD-EPI (2021 update)",
                "https://qxmd.com/calculate/calculator_251/egfr-using-ckd-epi-2021-update",
            ),
        ),
        _ckd_epi,
        ("ckd_epi", "egfr", "gfr", "ckd-epi equations for glomerular filtration rate", "ckd epi 2021 creatinine"),
        2,
        "adults",
    ),
    Calculator(
        "mdrd",
        "Estimated GFR (MDRD, IDMS-traceable)",
        "kidney",
        "175 x Scr^-1.154 x age^-0.203 (x 0.742 in women, x 1.212 if Black)",
        "mL/min/{1.73_m2}",
        (age(), SEX, CREATININE, _RACE),
        (
            Source(
                "The IDMS-traceable MDRD equation",
                "https://vespr.org/questions/how-can-you-calculate-egfr-if-you-know-the-creatinine-level",
            ),
            Source(
                "Levey et al, A more accurate method to estimate GFR, Ann Intern Med 1999;130(6)",
                "https://scribd.com/document/751237682/gfr-equation",
            ),
        ),
        _mdrd,
        ("mdrd gfr", "mdrd gfr equation", "mdrd egfr"),
        2,
        "adults; the National Kidney Foundation recommends the CKD-EPI equation instead",
    ),
    Calculator(
        "fractional_excretion_sodium",
        "Fractional excretion of sodium",
        "kidney",
        "(urine Na x serum creatinine) / (serum Na x urine creatinine) x 100",
        "%",
        (
            SODIUM,
            CREATININE,
            Quantity("urine_sodium", "urine sodium", ("mmol/L", "mEq/L"), "1", "500", ("una",), "sodium", bare=True),
            replace(CREATININE, name="urine_creatinine", label="urine creatinine", high="1000", aliases=("ucr",)),
        ),
        (
            Source(
                "Fractional excretion of sodium calculator, Cornell",
                "http://www-users.med.cornell.edu/~spon/picu/calc/fenacalc.htm",
            ),
            Source(
                "Interpreting the fractional excretion of sodium, Am J Med 1984;77:699-702",
                "https://pubmed.ncbi.nlm.nih.gov/6486145/",
                "10.1016/0002-9343(84)90368-1",
            ),
        ),
        _fena,
        ("fena", "fractional excretion of sodium fena", "fractional excretion of sodium"),
        2,
        "acute kidney injury with oliguria",
    ),
)
