"""Body size: surface area, body mass index, ideal, adjusted and target weight, maintenance fluids."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import fixed, plain, power, root
from assistant.calculators.bedside import BMI, HEIGHT, SEX, WEIGHT
from assistant.calculators.model import Calculator, Choice, Given, Outcome, Source

_CM_PER_INCH = Fraction("2.54")

_BSA_SOURCES = (
    Source(
        "Body surface area calculator, with its references (Mosteller 1987; Du Bois 1916)",
        "http://globalrph.com/bsa2.htm",
    ),
    Source("Body surface area formulas", "https://harderworld.com/2013/03/13/here-we-go-again-2/"),
)
_BMI_SOURCE = Source(
    "Calculation of body mass index, GPnotebook", "https://gpnotebook.com/simplepage.cfm?ID=-1368719284"
)
_WEIGHT_SOURCES = (
    Source(
        "Creatinine clearance equations: ideal (Devine) and adjusted body weight",
        "https://superglobalcalculator.com/formulas/pharmacology/creatinine-clearance",
    ),
    Source(
        "Medications that always use actual body weight to calculate creatinine clearance (Pharmacy Times)",
        "https://pharmacytimes.com/view/medications-that-always-use-actual-body-weight-to-calculate-creatinine-clearance",
    ),
)


def mosteller(height_cm: Fraction, weight_kg: Fraction) -> Fraction:
    """Body surface area in m2: square root of height times weight over 3600."""
    return root(height_cm * weight_kg / 3600)


def du_bois(height_cm: Fraction, weight_kg: Fraction) -> Fraction:
    """Body surface area in m2: 0.007184 x height^0.725 x weight^0.425."""
    return Fraction("0.007184") * power(height_cm, Fraction("0.725")) * power(weight_kg, Fraction("0.425"))


def ideal_weight(sex: str, height_cm: Fraction) -> Fraction:
    """Devine: 50 kg (men) or 45.5 kg (women) plus 2.3 kg for each inch above 60; below 60 inches less by the same."""
    return (Fraction(50) if sex == "male" else Fraction("45.5")) + Fraction("2.3") * (height_cm / _CM_PER_INCH - 60)


def adjusted_weight(ideal: Fraction, actual: Fraction) -> Fraction:
    """Ideal weight plus 0.4 of the difference to the actual weight."""
    return ideal + Fraction("0.4") * (actual - ideal)


def body_mass_index(height_cm: Fraction, weight_kg: Fraction) -> Fraction:
    return weight_kg / (height_cm / 100) ** 2


def _surface(given: Given) -> Outcome:
    height, weight = given.number("height"), given.number("weight")
    areas = {"mosteller": mosteller(height, weight), "du_bois": du_bois(height, weight)}
    chosen = given.choice("method")
    other = next(name for name in areas if name != chosen)
    step = f"height {plain(height, 6)} cm, weight {plain(weight, 6)} kg"
    return Outcome(areas[chosen], (step,), also={other.replace("_", " "): f"{fixed(areas[other], 2)} m2"})


def _bmi(given: Given) -> Outcome:
    metres = given.number("height") / 100
    value = body_mass_index(given.number("height"), given.number("weight"))
    step = f"{plain(given.number('weight'), 6)} kg / ({plain(metres, 6)} m)^2"
    words = (
        (30, "obesity (30 or more)"),
        (25, "overweight (25 to 29.9)"),
        (Fraction("18.5"), "normal weight (18.5 to 24.9)"),
    )
    reading = next((name for end, name in words if value >= end), "underweight (below 18.5)")
    return Outcome(value, (step,), reading, ("adult bands; for people from Asian groups the bands begin lower",))


def _ideal(given: Given) -> Outcome:
    inches = given.number("height") / _CM_PER_INCH
    start = "50" if given.choice("sex") == "male" else "45.5"
    notes = () if inches >= 60 else ("below 60 inches (152.4 cm) the formula is extrapolated",)
    return Outcome(
        ideal_weight(given.choice("sex"), given.number("height")),
        (f"{start} + 2.3 x ({plain(inches, 6)} in - 60)",),
        "",
        notes,
    )


def _adjusted(given: Given) -> Outcome:
    ideal, actual = ideal_weight(given.choice("sex"), given.number("height")), given.number("weight")
    step = f"{fixed(ideal, 3)} + 0.4 x ({plain(actual, 6)} - {fixed(ideal, 3)})"
    notes = (
        ()
        if actual >= ideal
        else ("the actual weight is below the ideal weight; the actual weight is usually used then",)
    )
    return Outcome(adjusted_weight(ideal, actual), (step,), "", notes, {"ideal body weight": f"{fixed(ideal, 1)} kg"})


def _target(given: Given) -> Outcome:
    metres = given.number("height") / 100
    step = f"{plain(given.number('bmi'), 6)} kg/m2 x ({plain(metres, 6)} m)^2"
    return Outcome(given.number("bmi") * metres**2, (step,))


def _maintenance(given: Given) -> Outcome:
    weight = given.number("weight")
    parts = [(min(weight, Fraction(10)), 4), (max(min(weight, Fraction(20)) - 10, Fraction(0)), 2)]
    parts.append((max(weight - 20, Fraction(0)), 1))
    hourly = sum((kilos * rate for kilos, rate in parts), Fraction(0))
    steps = tuple(f"{plain(kilos, 6)} kg x {rate} mL/kg/h" for kilos, rate in parts if kilos)
    return Outcome(hourly, steps, "", ("a starting point: not for neonates, and to be adapted to losses and illness",))


CALCULATORS = (
    Calculator(
        "body_surface_area",
        "Body surface area",
        "body",
        "Mosteller: sqrt(height cm x weight kg / 3600); Du Bois: 0.007184 x height cm^0.725 x weight kg^0.425",
        "m2",
        (
            HEIGHT,
            WEIGHT,
            Choice(
                "method",
                "formula",
                {"mosteller": (), "du_bois": ("dubois", "du bois and du bois")},
                ("formula",),
                "mosteller",
            ),
        ),
        _BSA_SOURCES,
        _surface,
        ("bsa", "body surface area calculator", "mosteller"),
        2,
    ),
    Calculator(
        "body_mass_index",
        "Body mass index",
        "body",
        "weight kg / (height m)^2",
        "kg/m2",
        (HEIGHT, WEIGHT),
        (_BMI_SOURCE,),
        _bmi,
        ("bmi", "body mass index bmi", "quetelet index"),
        2,
    ),
    Calculator(
        "ideal_body_weight",
        "Ideal body weight (Devine)",
        "body",
        "men 50 kg, women 45.5 kg, + 2.3 kg x (height in inches - 60)",
        "kg",
        (SEX, HEIGHT),
        _WEIGHT_SOURCES,
        _ideal,
        ("ideal weight", "ibw", "devine"),
        2,
        "adults",
    ),
    Calculator(
        "adjusted_body_weight",
        "Adjusted body weight",
        "body",
        "ideal + 0.4 x (actual - ideal)",
        "kg",
        (SEX, HEIGHT, WEIGHT),
        _WEIGHT_SOURCES,
        _adjusted,
        ("adjusted weight", "abw", "adjbw"),
        2,
        "adults",
    ),
    Calculator(
        "target_weight",
        "Target weight for a body mass index",
        "body",
        "target body mass index x (height m)^2",
        "kg",
        (BMI, HEIGHT),
        (_BMI_SOURCE,),
        _target,
        ("weight for bmi",),
        2,
    ),
    Calculator(
        "maintenance_fluids",
        "Maintenance fluids (4-2-1 rule)",
        "body",
        "4 mL/kg/h for the first 10 kg + 2 mL/kg/h for the next 10 kg + 1 mL/kg/h above 20 kg",
        "mL/h",
        (WEIGHT,),
        (
            Source("The Holliday-Segar 4-2-1 rule", "https://nursemathmedblog.wordpress.com/"),
            Source("PICU fluids: maintenance fluid in children", "https://dontforgetthebubbles.com/picu-fluids/"),
        ),
        _maintenance,
        ("maintenance fluids calculations", "maintenance fluid", "4-2-1 rule", "holliday segar"),
        1,
        "children beyond the neonatal period; adults as an estimate",
    ),
)
