"""Owns what a quantity is about, as far as its unit and the words around it tell: dose, age, duration, threshold ..."""

from __future__ import annotations

import re

from assistant.patterns import Pattern
from assistant.records import QuantityKind

_TIME = frozenset({"s", "min", "h", "d", "wk", "mo", "a", "ms"})
_BODY_WEIGHT = frozenset({"kg", "[lb_av]", "[stone_av]", "[oz_av]", "t", "{ton}"})
_LENGTHS = frozenset(
    {"m", "cm", "mm", "km", "um", "nm", "pm", "dm", "am", "[ft_i]", "[in_i]", "[yd_i]", "[mi_i]", "[nmi_i]", "[Ch]"}
)
_AREAS = frozenset({"m2", "cm2", "mm2", "km2", "[sft_i]", "[smi_us]", "[acr_us]", "har"})
_TEMPERATURES = frozenset({"Cel", "[degF]", "K"})
_PRESSURES = frozenset({"mm[Hg]", "kPa", "Pa", "hPa", "cm[H2O]", "m[H2O]", "bar", "atm", "[psi]", "MPa"})
_VOLUMES = frozenset(
    {"L", "dL", "[gal_us]", "[qt_us]", "[pt_us]", "[cup_us]", "[foz_us]", "m3", "cm3", "dm3", "hL", "cL"}
)
_PRODUCTS = Pattern(r"^(?:.*)/(?:mL|\([0-9]+\.mL\)|\{[a-z]+\}|\([0-9]+\.\{[a-z]+\}\)|g)$")
_CONCENTRATIONS = Pattern(r"/(?:L|dL|mL|uL|mm3|cm3|mol|mmol|g|mg|\(100\.mL\)|nL|dm3|fL|\[HPF\]|\[LPF\])(?:$|/)")
_LAB_PER_ML = Pattern(r"^(?:ng|pg|ug|10\*[0-9]+|m?\[iU\]|u\[iU\]|uU|mU|[pn]mol|umol|mmol|fg|\{copies\}|\[CFU\]|)/mL$")
_RATES = Pattern(r"/(?:h|min|s)(?:/|$)")

_AGE_AFTER = Pattern(
    r"[ -]{0,2}(?:old\b|of age\b|olds\b|in age\b|or older\b|or younger\b|and older\b|and over\b|or over\b|and under\b)",
    re.I,
)
_AGE_BEFORE = Pattern(
    r"(?:\bage[ds]?|\bages|\bolder than|\byounger than|\bage of|\bages of|\b(?:adults|people|patients|women|men|children|those|person|adolescents|infants)(?: aged| of)?(?: (?:over|under|above|below|older than|younger than))?)"
    r"[ :=]{0,2}(?:(?:is|of|over|under|above|below|at least|between|from|up to|less than|more than|greater than|[<>≤≥]=?)[ ]{0,2}){0,2}$",
    re.I,
)
_GESTATION = Pattern(r"[ ']{0,3}(?:of[ ])?(?:gestation|pregnan|amenorrh)|'?[ ]completed weeks", re.I)
_GESTATION_BEFORE = Pattern(r"(?:gestation(?:al age)?|pregnan(?:cy|t))[ ](?:of|at|is|=)?[ ]?(?:[<>≤≥][ ]?)?$", re.I)
_INTERVAL_BEFORE = Pattern(
    r"(?:\bevery|\beach|\bevery other|\bq\.?|\bat intervals? of|\bintervals? of|\bonce in|\bonce every|\bper)[ ]{0,2}$",
    re.I,
)
_INTERVAL_AFTER = Pattern(r"[ -]?(?:ly\b|interval|apart\b)", re.I)
_INTERVAL_WORDS = ("every", "each", "other", "q", "q.", "interval", "intervals", "of", "in", "per")
_AGE_WORDS = (
    "age", "older", "younger", "adult", "people", "patient", "men", "child", "those", "person", "adolesc", "infant",
)  # fmt: skip
_MAX_WORDS = ("max", "exceed", "ceiling", "capped")
_MAX_BEFORE = Pattern(
    r"max(?:imum|imim|\.)?\b[^.;0-9]{0,30}$|max(?:imum)?\b[^.;:0-9]{0,70}\bis $|(?:not|never|n't) (?:to )?exceed(?:ing)?[^.;0-9]{0,20}$|ceiling[^.;0-9]{0,12}$|capped at[ ]$",
    re.I,
)
_SUPPLY_BEFORE = Pattern(
    r"(?:\bdispense[ds]?:?|\bdisp\.?:?|\bsupply:?|\bsupplied|\bsupply of|\bquantity:?|\bqty:?|#|\bmitte|\bprescribe)[ ]{0,2}$",
    re.I,
)
_FORM_AFTER = Pattern(
    r"[ -]{0,2}(?:(?:oral|modified[- ]release|m/?r|film[- ]coated|dispersible|chewable|effervescent|gastro[- ]resistant|extended[- ]release|er|xr|sr|delayed[- ]release|enteric[- ]coated)[ ]){0,2}"
    r"(?:tab(?:let)?s?|caps?(?:ules?)?|patch(?:es)?|supp(?:ositor(?:y|ies))?|vials?|ampoules?|ampules?|inhalers?|cream|ointment|gel|lotion|solution|drops|suspension|injection|sachets?|syringes?|lozenges?)\b",
    re.I,
)
_PERCENT_PRODUCT = Pattern(
    r"[ ](?:\w+[ ])?(?:cream|ointment|gel|lotion|solution|drops|saline|glucose|dextrose|sodium chloride|w/v|w/w|v/v|eye|spray|paste|shampoo|chlorhexidine|lidocaine|albumin)\b",
    re.I,
)
_PERCENT_PRODUCT_BEFORE = Pattern(
    r"(?:glucose|dextrose|saline|sodium chloride|chlorhexidine|lidocaine|lignocaine|albumin|hydrocortisone|calcium gluconate|sodium bicarbonate)[ ]\(?$",
    re.I,
)
_WEIGHT_BEFORE = Pattern(
    r"(?:weigh(?:s|ing|t|ed)?|body ?weight|birth ?weight|wt\.?|bw)[ :=]{0,2}(?:is|of|was|about|over|under|at least|less than|more than|[<>≤≥]=?)?[ ]?(?:[<>≤≥]=?[ ]?)?$",
    re.I,
)
_FLUID_BEFORE = Pattern(r"(?:urine|output|blood loss|fluids?|drain(?:ed|age)?|residual|volume)[^.;0-9]{0,15}$", re.I)
_TIMES_RATIO = Pattern(
    r"[ ]?(?:-?fold\b|[x×][ ]?(?:ULN|LLN|the|upper|lower|baseline|normal)|times (?:the|upper|lower|higher|lower|more|greater|as|ULN|above|normal|baseline|longer|less|that|her|his|their|its)|×)",
    re.I,
)
_FOLD = Pattern(r"[ ]?-?fold\b|[ ]?times\b", re.I)
_TIMES_PER = Pattern(
    r"[ ]{0,2}(?:times?|x|doses?)?[ ]{0,2}(?:(?:per|a|an|each|every|/)[ ]?(?P<unit>day|week|month|year|hour|d\b|wk\b)|(?P<adverb>daily|weekly|monthly|yearly|annually|hourly|nightly)\b)",
    re.I,
)
_PER_UNIT = {"day": "d", "d": "d", "week": "wk", "wk": "wk", "month": "mo", "year": "a", "hour": "h"}
_PER_ADVERB = {
    "daily": "d",
    "nightly": "d",
    "weekly": "wk",
    "monthly": "mo",
    "yearly": "a",
    "annually": "a",
    "hourly": "h",
}
_TIMES_WORD = Pattern(r"[ ]{0,2}times?\b", re.I)


_BARE_AGE = Pattern(
    r"\b(?:age[ds]?|ages)[ :=]{0,2}(?:(?:is|of|over|under|above|below|at least|between|from|up to|less than|more than|greater than|older than|younger than|[<>≤≥]=?)[ ]{0,2}){0,2}$",
    re.I,
)


def is_age(text: str, start: int, end: int) -> bool:
    """Whether a number without unit is an age in years: ``aged 16 and over``, ``age ≥ 65``."""
    before = text[max(0, start - 40) : start]
    return "age" in before.lower() and bool(_BARE_AGE.search(before)) and text[end : end + 1] != "%"


def times_after(text: str, end: int, form: str) -> tuple[QuantityKind, str, int] | None:
    """Kind, unit and end of ``three times a day``, ``twice weekly``, ``2.3 times the upper limit``, else None."""
    ratio = _TIMES_RATIO.match(text, end)
    if ratio:
        fold = _FOLD.match(text, end)
        return QuantityKind.RATIO, "1", fold.end() if fold else end
    per = _TIMES_PER.match(text, end)
    if per and (form == "times" or re.match(r"[ ]{0,2}(?:times?|x)[ ]", per.group() + " ", re.I)):
        unit = _PER_UNIT[per.group("unit").lower()] if per.group("unit") else _PER_ADVERB[per.group("adverb").lower()]
        return QuantityKind.FREQUENCY, "/" + unit, per.end()
    times = _TIMES_WORD.match(text, end)
    if times:
        return QuantityKind.FREQUENCY, "1", times.end()
    if form == "times":
        after = text[end : end + 5].lower().strip()
        return (QuantityKind.RATIO if after.startswith(("the", "as")) else QuantityKind.FREQUENCY), "1", end
    return None


def kind_of(unit: str, text: str, start: int, end: int) -> QuantityKind:
    """The kind of a quantity with ``unit`` that stands at ``start``..``end`` of the normalised copy."""
    before = text[max(0, start - 70) : start]
    if unit in _TIME:
        return _time_kind(before, text, end)
    if unit in _TEMPERATURES:
        return QuantityKind.TEMPERATURE
    if unit in _PRESSURES:
        return QuantityKind.PRESSURE
    if unit in ("%", "[ppm]", "[ppb]"):
        product = _PERCENT_PRODUCT.match(text, end) or _PERCENT_PRODUCT_BEFORE.search(before)
        return QuantityKind.STRENGTH if product else QuantityKind.PERCENTAGE
    if unit in _BODY_WEIGHT or (unit in ("g", "mg") and "w" in before.lower() and _WEIGHT_BEFORE.search(before)):
        return QuantityKind.WEIGHT
    if unit in _LENGTHS:
        return QuantityKind.LENGTH
    if unit in _AREAS:
        return QuantityKind.AREA
    if unit in _VOLUMES:
        return QuantityKind.VOLUME
    if unit == "{person}":
        return QuantityKind.COUNT
    if "/" in unit:
        return _per_kind(unit, before)
    return _amount_kind(unit, before, text, end)


_CHILD_BEFORE = Pattern(r"\b(?:child(?:ren)?|boys|girls|adolescents|young people|infants) at $", re.I)
_RANGE_TO_YEARS = Pattern(r"(?:to|-|and)[ ]?[0-9]+[ ]?(?:years|months|weeks)$", re.I)


def _time_kind(before: str, text: str, end: int) -> QuantityKind:
    small = before.lower()
    if _GESTATION.match(text, end) or (("gesta" in small or "pregn" in small) and _GESTATION_BEFORE.search(before)):
        return QuantityKind.GESTATION
    if small.endswith(" at ") and _CHILD_BEFORE.search(before) and _RANGE_TO_YEARS.search(text[max(0, end - 24) : end]):
        return QuantityKind.AGE
    interval = small.rstrip(" ").endswith(_INTERVAL_WORDS) and _INTERVAL_BEFORE.search(before)
    if interval or _INTERVAL_AFTER.match(text, end):
        return QuantityKind.INTERVAL
    if _AGE_AFTER.match(text, end) or (any(word in small for word in _AGE_WORDS) and _AGE_BEFORE.search(before)):
        return QuantityKind.AGE
    return QuantityKind.DURATION


_CLEARANCE_BEFORE = Pattern(r"(?:gfr|crcl|clearance|(?:renal|kidney) function)\b[^.;]{0,40}$", re.I)


def _per_kind(unit: str, before: str) -> QuantityKind:
    if unit == "kg/m2":
        return QuantityKind.NUMBER
    if unit.startswith("mL/min") and ("{1.73_m2}" in unit or _CLEARANCE_BEFORE.search(before)):
        return QuantityKind.CONCENTRATION  # what the kidney clears: a threshold, never a rate of infusion
    if _is_ceiling(before) and not _CONCENTRATIONS.search(unit):
        return QuantityKind.MAXIMUM
    if _LAB_PER_ML.match(unit):
        return QuantityKind.CONCENTRATION
    if _PRODUCTS.match(unit) and unit not in ("mg/g", "ug/g"):
        return QuantityKind.STRENGTH
    if _RATES.search(unit):
        return QuantityKind.RATE
    if _CONCENTRATIONS.search(unit) and not unit.endswith(("/d", "/wk", "/h")):
        return QuantityKind.CONCENTRATION
    return QuantityKind.DOSE


def _is_ceiling(before: str) -> bool:
    small = before.lower()
    return any(word in small for word in _MAX_WORDS) and _MAX_BEFORE.search(before) is not None


def _amount_kind(unit: str, before: str, text: str, end: int) -> QuantityKind:
    if _SUPPLY_BEFORE.search(before[-14:]):
        return QuantityKind.SUPPLY
    if _is_ceiling(before):
        return QuantityKind.MAXIMUM
    if unit == "mL" and _FLUID_BEFORE.search(before):
        return QuantityKind.VOLUME
    if not unit.startswith("{") and _FORM_AFTER.match(text, end):
        return QuantityKind.STRENGTH
    return QuantityKind.DOSE
