"""Doses by size and by equivalence: per kilogram and per square metre with caps, and corticosteroid equivalents."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import fixed, plain
from assistant.calculators.bedside import HEIGHT, WEIGHT, optional
from assistant.calculators.body import du_bois, mosteller
from assistant.calculators.model import Calculator, Choice, Given, Outcome, Quantity, Source, Words
from assistant.calculators.reading import split_amount, to_unit, unit_code
from assistant.errors import InputError


def _rate(given: Given, name: str, per: str) -> tuple[Fraction, str]:
    """``15 mg/kg`` as number and the unit without its ``/kg``; whatever follows (``/d``, ``/h``) stays."""
    number, written = split_amount(name, given.words[name])
    code = unit_code(written) or ""
    parts = code.split("/")
    if per not in parts[1:]:
        raise InputError(
            "unreadable_input", f"{name}: {given.words[name]!r} is not an amount per {per} (write 15mg/{per})"
        )
    if number <= 0:
        raise InputError("out_of_range", f"{name} is not above zero")
    parts.remove(per)
    return number, "/".join(parts)


def _capped(given: Given, dose: Fraction, unit: str) -> tuple[Fraction, tuple[str, ...], tuple[str, ...]]:
    """The dose held at ``max_dose`` where one was given, with the steps and notes this adds."""
    if not given.has("max_dose"):
        return dose, (), ("no maximum was given: check the label's maximum",)
    number, written = split_amount("max_dose", given.words["max_dose"])
    code = unit_code(written)
    if code is None:
        raise InputError("unreadable_input", f"max_dose: unit {written!r} is not known; write it in {unit}")
    cap = to_unit("max_dose", number, code, unit)
    if cap <= 0:
        raise InputError("out_of_range", "max_dose is not above zero")
    if dose <= cap:
        return dose, (f"not above the maximum of {plain(cap, 8)} {unit}",), ()
    return (
        cap,
        (f"{plain(dose, 8)} {unit} is above the maximum: capped at {plain(cap, 8)} {unit}",),
        ("the maximum applies",),
    )


def _per_weight(given: Given) -> Outcome:
    rate, unit = _rate(given, "dose", "kg")
    dose = rate * given.number("weight")
    step = f"{plain(rate, 8)} {unit}/kg x {plain(given.number('weight'), 6)} kg = {plain(dose, 8)} {unit}"
    value, steps, notes = _capped(given, dose, unit)
    return Outcome(value, (step, *steps), "", notes, unit=unit)


def _per_surface(given: Given) -> Outcome:
    rate, unit = _rate(given, "dose", "m2")
    steps = []
    if given.has("bsa"):
        area = given.number("bsa")
    elif given.has("height") and given.has("weight"):
        formula = mosteller if given.choice("method") == "mosteller" else du_bois
        area = formula(given.number("height"), given.number("weight"))
        steps.append(f"body surface area by {given.choice('method').replace('_', ' ')}: {fixed(area, 3)} m2")
    else:
        raise InputError("missing_input", "dose_per_surface needs bsa (m2), or height (cm) and weight (kg)")
    limit = given.numbers.get("bsa_cap")
    if limit is not None and area > limit:
        steps.append(f"surface area capped at {plain(limit, 6)} m2")
        area = limit
    dose = rate * area
    steps.append(f"{plain(rate, 8)} {unit}/m2 x {fixed(area, 3)} m2 = {plain(dose, 8)} {unit}")
    value, more, notes = _capped(given, dose, unit)
    return Outcome(value, (*steps, *more), "", notes, unit=unit)


# milligrams with equal anti-inflammatory effect
_STEROIDS: dict[str, tuple[Fraction, tuple[str, ...]]] = {
    "prednisolone": (Fraction(5), ()),
    "prednisone": (Fraction(5), ()),
    "betamethasone": (Fraction("0.75"), ()),
    "cortisone": (Fraction(25), ("cortisone acetate",)),
    "deflazacort": (Fraction(6), ()),
    "dexamethasone": (Fraction("0.75"), ()),
    "hydrocortisone": (Fraction(20), ("cortisol",)),
    "methylprednisolone": (Fraction(4), ()),
    "triamcinolone": (Fraction(4), ()),
}
_ROUTES = ("po", "iv", "oral", "intravenous")


def _steroid_options() -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(f"{word} {route}" for word in (name, *others) for route in _ROUTES) + others
        for name, (_, others) in _STEROIDS.items()
    }


def _steroid(given: Given) -> Outcome:
    source, target, dose = given.choice("from"), given.choice("to"), given.number("dose")
    start, goal = _STEROIDS[source][0], _STEROIDS[target][0]
    step = f"{plain(dose, 8)} mg {source} x {plain(goal)} / {plain(start)}"
    notes = (
        "anti-inflammatory effect only: mineralocorticoid action and duration differ",
        "for oral and intravenous doses, not for injection into joints or muscle",
    )
    return Outcome(dose * goal / start, (step,), "", notes)


_SIZE_SOURCE = Source(
    "Drug dose calculation by body weight and body surface area",
    "https://www.pharmacalculation.com/2022/11/drug-dose-calculation-by-body-weight.html",
)
_CAP_SOURCE = Source(
    "Dose capping: the lower of calculated dose and cap", "https://pharmacyfreak.com/dose-capping-calculator-bsa-cap"
)
_MAX = Words(
    "max_dose", "maximum dose, in the unit of the dose", ("maximum", "cap", "maximum dose"), "1000mg", required=False
)

CALCULATORS = (
    Calculator(
        "dose_per_weight",
        "Dose by body weight, with a maximum",
        "dosing",
        "dose per kg x weight, at most the maximum",
        "mg",
        (Words("dose", "dose per kilogram", ("dose per kg", "dose_per_kg"), "15mg/kg"), WEIGHT, _MAX),
        (_SIZE_SOURCE, _CAP_SOURCE),
        _per_weight,
        ("weight based dose", "per kg dose", "mg per kg"),
        3,
        "the dose and its maximum are yours: no drug's dose is stored here",
    ),
    Calculator(
        "dose_per_surface",
        "Dose by body surface area, with caps",
        "dosing",
        "dose per m2 x surface area (at most the cap), at most the maximum",
        "mg",
        (
            Words("dose", "dose per square metre", ("dose per m2", "dose_per_m2"), "75mg/m2"),
            Quantity(
                "bsa", "body surface area", ("m2",), "0.1", "4", ("body surface area",), bare=True, required=False
            ),
            optional(HEIGHT),
            optional(WEIGHT),
            Choice("method", "formula", {"mosteller": (), "du_bois": ("dubois",)}, ("formula",), "mosteller"),
            Quantity(
                "bsa_cap", "cap of the surface area", ("m2",), "0.5", "4", ("surface cap",), bare=True, required=False
            ),
            _MAX,
        ),
        (_SIZE_SOURCE, _CAP_SOURCE),
        _per_surface,
        ("surface based dose", "per m2 dose", "mg per m2", "bsa dose"),
        2,
        "the dose and its caps are yours: no drug's dose is stored here",
    ),
    Calculator(
        "steroid_conversion",
        "Corticosteroid equivalents",
        "dosing",
        "prednisolone 5 mg = prednisone 5 = betamethasone 0.75 = cortisone acetate 25 = deflazacort 6 = dexamethasone "
        "0.75 = "
        "hydrocortisone 20 = methylprednisolone 4 = triamcinolone 4 mg",
        "mg",
        (
            Choice("from", "steroid given", _steroid_options(), ("input steroid", "from steroid", "drug")),
            Quantity("dose", "dose of that steroid", ("mg", "ug"), "0.001", "5000", ("input dose",)),
            Choice("to", "steroid wanted", _steroid_options(), ("target steroid", "to steroid")),
        ),
        (
            Source(
                "Equivalent anti-inflammatory doses, East Lancashire formulary",
                "https://www.elmmb.nhs.uk/elmmb-formulary/joint-medicines-formulary/6/6-3/",
            ),
            Source(
                "Corticosteroid converter",
                "https://globalrph.com/medcalcs/corticosteroid-converter-based-on-anti-inflammatory-potency/",
            ),
        ),
        _steroid,
        ("steroid conversion calculator", "corticosteroid conversion", "steroid equivalents"),
        2,
    ),
)
