"""Cancer care: MASCC, CISNE, tumour lysis syndrome by Cairo and Bishop, carboplatin by Calvert."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from assistant.calculators.arithmetic import plain
from assistant.calculators.bedside import POTASSIUM, Tally, age
from assistant.calculators.model import Calculator, Choice, Flag, Given, Outcome, Quantity, Source

_CAP = Fraction(125)  # mL/min, FDA ceiling of an estimated clearance


def _mascc(given: Given) -> Outcome:
    tally, years = Tally(given), given.number("age")
    burden = given.choice("burden")
    tally.add({"none_or_mild": 5, "moderate": 3, "severe": 0}[burden], f"burden of illness {burden.replace('_', ' ')}")
    tally.when(not given.flag("hypotension"), 5, "no hypotension")
    tally.when(not given.flag("copd"), 4, "no chronic obstructive pulmonary disease")
    tally.when(
        given.flag("solid_tumour") or not given.flag("fungal_infection"),
        4,
        "solid tumour, or no previous fungal infection",
    )
    tally.when(not given.flag("dehydration"), 3, "no dehydration requiring intravenous fluids")
    tally.when(given.flag("outpatient"), 3, "outpatient at onset of fever")
    tally.when(years < 60, 2, f"age {plain(years, 4)} years (below 60)")
    return tally.outcome("21 or more: low risk" if tally.total >= 21 else "below 21: high risk, inpatient care")


def _cisne(given: Given) -> Outcome:
    tally = Tally(given)
    tally.when(given.number("ecog") >= 2, 2, f"ECOG performance status {plain(given.number('ecog'))} (2 or more)")
    tally.flags(2, "stress-induced hyperglycaemia", "stress_hyperglycaemia")
    tally.flags(1, "chronic obstructive pulmonary disease", "copd")
    tally.flags(1, "chronic cardiovascular disease", "cardiovascular_disease")
    tally.flags(1, "mucositis grade 2 or more", "mucositis")
    monocytes = given.number("monocytes")
    tally.when(monocytes < Fraction("0.2"), 1, f"monocytes {plain(monocytes, 4)} x10^9/L (below 0.2)")
    reading = "0"
    if tally.total >= 3:
        reading = "3 or more: inpatient management"
    elif tally.total >= 1:
        reading = "1-2: outpatient management possible"
    return tally.outcome("" if reading == "0" else reading)


_LIMITS = (
    ("urate", "urate", Fraction("476"), "umol/L", 1),
    ("potassium", "potassium", Fraction("6"), "mmol/L", 1),
    ("phosphate", "phosphate", Fraction("1.45"), "mmol/L", 1),
    ("calcium", "corrected calcium", Fraction("1.75"), "mmol/L", -1),
)


def _cairo_bishop(given: Given) -> Outcome:
    tally, classic = Tally(given), given.choice("edition") == "cairo_bishop_2004"
    for name, label, limit, unit, way in _LIMITS:
        value, base = given.number(name), given.numbers.get(f"{name}_baseline")
        met = value >= limit if way > 0 else value <= limit
        why = f"{label} {plain(value, 4)} {unit} ({'at least' if way > 0 else 'at most'} {plain(limit)})"
        if classic and base is not None:
            changed = value >= base * Fraction(5, 4) if way > 0 else value <= base * Fraction(3, 4)
            met, why = met or changed, f"{why}, or 25 % {'above' if way > 0 else 'below'} {plain(base, 4)}"
        tally.when(met, 1, why)
    laboratory = tally.total >= 2
    events = given.flag(
        "creatinine_rise", "oliguria", "dysrhythmia_or_sudden_death", "seizure", "symptomatic_hypocalcaemia"
    )
    reading = (
        "laboratory tumour lysis syndrome"
        if laboratory
        else "fewer than two criteria: no laboratory tumour lysis syndrome"
    )
    if laboratory and events:
        reading = "laboratory and clinical tumour lysis syndrome"
    notes = ("2011 revision: two criteria within the same 24 hours, from 3 days before to 7 days after treatment",)
    return tally.outcome(reading, notes)


def _calvert(given: Given) -> Outcome:
    target, rate = given.number("auc"), given.number("gfr")
    estimated = given.choice("gfr_method") == "estimated"
    used = min(rate, _CAP) if estimated else rate
    notes = []
    if used != rate:
        notes.append(f"estimated clearance {plain(rate, 6)} mL/min was capped at 125 mL/min (FDA advice)")
    if target > 6 and estimated:
        notes.append("above a target of 6 use a measured clearance")
    notes.append("a total dose in mg, not per m2")
    step = f"{plain(target, 6)} x ({plain(used, 6)} + 25)"
    return Outcome(target * (used + 25), (step,), "", tuple(notes))


def _baseline(item: Quantity) -> Quantity:
    return replace(item, name=f"{item.name}_baseline", label=f"{item.label} before", aliases=(), required=False)


_URATE = Quantity("urate", "serum urate", ("umol/L", "mg/dL"), "10", "4000", ("uric acid",), "urate")


_PHOSPHATE = Quantity(
    "phosphate", "serum phosphate", ("mmol/L", "mg/dL"), "0.05", "15", ("phosphorus", "phosphorous"), "phosphate"
)


_CALCIUM = Quantity(
    "calcium", "corrected serum calcium", ("mmol/L", "mg/dL"), "0.5", "7", ("corrected calcium",), "calcium"
)


_TLS = (_URATE, POTASSIUM, _PHOSPHATE, _CALCIUM)


_ASCO = Source(
    "Outpatient management of fever and neutropenia in adults treated for malignancy (ASCO/IDSA)",
    "",
    "10.1200/JCO.2017.77.6211",
    "corpus facts fn-005, fn-007",
)


_NCCN = Source(
    "NCCN chemotherapy order templates, appendix B: carboplatin dosing in adults",
    "https://www.nccn.org/",
    note="corpus facts calv-001 to calv-007",
)

CALCULATORS = (
    Calculator(
        "mascc",
        "MASCC risk index",
        "cancer",
        "burden none/mild 5 or moderate 3, no hypotension 5, no COPD 4, solid tumour or no fungal infection 4, no "
        "dehydration 3, outpatient 3, age <60 2",
        "{score}",
        (
            age("16"),
            Choice(
                "burden",
                "burden of illness",
                {
                    "none_or_mild": ("none", "mild", "no or mild", "no symptoms"),
                    "moderate": (),
                    "severe": ("moribund",),
                },
                ("burden of illness", "symptoms"),
            ),
            # absence earns points here, so silence is not taken for it
            Flag("hypotension", "hypotension (systolic below 90 mmHg)", required=True),
            Flag("copd", "chronic obstructive pulmonary disease", ("chronic obstructive pulmonary disease",), True),
            Flag("solid_tumour", "solid tumour", ("solid tumor",), True),
            Flag(
                "fungal_infection",
                "previous fungal infection (haematological malignancy)",
                ("previous fungal infection",),
                True,
            ),
            Flag("dehydration", "dehydration requiring intravenous fluids", (), True),
            Flag("outpatient", "outpatient at onset of fever", ("outpatient status",), True),
        ),
        (
            _ASCO,
            Source(
                "MASCC index score, eviQ",
                "https://www.eviq.org.au/clinical-resources/assessment-tools/875-patient-evaluation-risk-assessment-and-initia",
            ),
        ),
        _mascc,
        ("mascc risk index", "mascc score"),
        0,
        "febrile neutropenia, 16 years and over",
    ),
    Calculator(
        "cisne",
        "CISNE score",
        "cancer",
        "ECOG >=2 2, stress hyperglycaemia 2, COPD 1, cardiovascular disease 1, mucositis grade "
        ">=2 1, monocytes <0.2 1",
        "{score}",
        (
            Quantity(
                "ecog", "ECOG performance status", ("1",), "0", "4", ("ecog performance status", "performance status")
            ),
            Quantity("monocytes", "monocyte count", ("10^9/L", "/uL"), "0", "100", ("monocyte count",)),
            Flag(
                "stress_hyperglycaemia",
                "stress-induced hyperglycaemia (121 mg/dL or more)",
                ("stress hyperglycemia", "stress induced hyperglycemia"),
                True,
            ),
            Flag("copd", "chronic obstructive pulmonary disease", ("chronic obstructive pulmonary disease",), True),
            Flag("cardiovascular_disease", "chronic cardiovascular disease", ("chronic cardiovascular disease",), True),
            Flag("mucositis", "mucositis grade 2 or more", ("mucositis grade 2 or more",), True),
        ),
        (
            Source(
                "CISNE, West J Emerg Med, table 4",
                "https://pmc.ncbi.nlm.nih.gov/articles/PMC6404710/table/t4-wjem-20-316",
            ),
            _ASCO,
        ),
        _cisne,
        ("cisne score", "clinical index of stable febrile neutropenia"),
        0,
        "apparently stable adults with solid tumours and febrile neutropenia",
    ),
    Calculator(
        "cairo_bishop",
        "Tumour lysis syndrome (Cairo-Bishop)",
        "cancer",
        "count of: urate >=476 umol/L, potassium >=6.0, phosphate >=1.45, corrected calcium <=1.75 mmol/L; two or more "
        "make laboratory syndrome; the 2004 edition also counts a 25 % change",
        "{score}",
        (
            *_TLS,
            Choice("edition", "edition", {"howard_2011": ("2011",), "cairo_bishop_2004": ("2004",)}, (), "howard_2011"),
            *(_baseline(item) for item in _TLS),
            Flag("creatinine_rise", "creatinine rise of 26.5 umol/L or more"),
            Flag("oliguria", "urine below 0.5 mL/kg/h for 6 hours"),
            Flag("dysrhythmia_or_sudden_death", "cardiac dysrhythmia or sudden death", ("arrhythmia", "dysrhythmia")),
            Flag("seizure", "seizure"),
            Flag("symptomatic_hypocalcaemia", "symptomatic hypocalcaemia"),
        ),
        (
            Source("Modified Cairo-Bishop criteria", "http://bloodref.com/supportive/other/tumor-lysis-criteria"),
            Source(
                "Tumour lysis syndrome: new therapeutic strategies and classification, Br J Haematol 2004;127:3-11",
                "",
                "10.1111/j.1365-2141.2004.05094.x",
                "corpus facts tls-005 to tls-007, second-hand",
            ),
        ),
        _cairo_bishop,
        ("tumour lysis syndrome", "tumor lysis syndrome", "tls", "cairo-bishop"),
        0,
        "adults",
    ),
    Calculator(
        "calvert",
        "Carboplatin dose (Calvert)",
        "cancer",
        "target AUC x (GFR + 25); estimated GFR at most 125 mL/min",
        "mg",
        (
            Quantity("auc", "target AUC", ("mg.min/mL",), "1", "8", ("target auc", "area under the curve"), bare=True),
            Quantity(
                "gfr",
                "glomerular filtration rate",
                ("mL/min",),
                "10",
                "250",
                ("creatinine clearance", "crcl"),
                bare=True,
            ),
            Choice(
                "gfr_method",
                "how the rate was obtained",
                {"estimated": ("cockcroft gault", "calculated"), "measured": ("edta", "urine")},
                (),
                "estimated",
            ),
        ),
        (_NCCN,),
        _calvert,
        ("carboplatin", "carboplatin dose", "calvert formula"),
        0,
        "adults",
    ),
)
