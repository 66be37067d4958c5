"""Comorbidity: the Charlson index."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import exp, fixed, plain, power
from assistant.calculators.bedside import (
    Tally,
    age,
)
from assistant.calculators.model import Calculator, Choice, Flag, Given, Outcome, Source

_ONE_POINT = (
    ("myocardial_infarction", "myocardial infarction", ("mi", "history of myocardial infarction")),
    ("heart_failure", "congestive heart failure", ("congestive heart failure", "chf", "congestive heart faliure")),
    ("peripheral_vascular_disease", "peripheral vascular disease", ("pvd",)),
    ("dementia", "dementia", ()),
    ("copd", "chronic pulmonary disease", ("chronic obstructive pulmonary disease",)),
    ("connective_tissue_disease", "connective tissue disease", ()),
    ("peptic_ulcer", "peptic ulcer disease", ("peptic ulcer disease",)),
)


_TWO_POINTS = (
    ("hemiplegia", "hemiplegia", ()),
    (
        "renal_disease",
        "moderate or severe renal disease",
        ("moderate to severe chronic kidney disease", "chronic kidney disease", "ckd"),
    ),
    ("leukaemia", "leukaemia", ("leukemia",)),
    ("lymphoma", "lymphoma", ()),
)


def _charlson(given: Given) -> Outcome:
    tally, years = Tally(given), given.number("age")
    tally.add(min(max(int(years) // 10 - 4, 0), 4), f"age {plain(years, 4)} years (from 50: 1 a decade, at most 4)")
    for name, label, _ in _ONE_POINT:
        tally.flags(1, label, name)
    tally.flags(1, "stroke or TIA", "stroke", "tia")
    for name, label, _ in _TWO_POINTS:
        tally.flags(2, label, name)
    diabetes = {"none": 0, "uncomplicated": 1, "end_organ_damage": 2}
    tally.add(diabetes[given.choice("diabetes")], f"diabetes: {given.choice('diabetes').replace('_', ' ')}")
    liver = {"none": 0, "mild": 1, "moderate_to_severe": 3}
    tally.add(liver[given.choice("liver_disease")], f"liver disease: {given.choice('liver_disease').replace('_', ' ')}")
    tumour = {"none": 0, "localised": 2, "metastatic": 6}
    tally.add(tumour[given.choice("solid_tumour")], f"solid tumour: {given.choice('solid_tumour')}")
    tally.flags(6, "AIDS", "aids")
    survival = power(Fraction("0.983"), exp(tally.total * Fraction("0.9"))) * 100
    return tally.outcome("", (), **{"estimated 10-year survival": f"{fixed(survival, 0)} %"})


CALCULATORS = (
    Calculator(
        "charlson",
        "Charlson comorbidity index",
        "comorbidity",
        "weights 1, 2, 3 and 6, plus 1 a decade from 50 (at most 4)",
        "{score}",
        (
            age(),
            *(Flag(name, label, aliases) for name, label, aliases in (*_ONE_POINT, *_TWO_POINTS)),
            Flag("stroke", "stroke", ("cerebrovascular accident", "cerebrovascular disease")),
            Flag(
                "tia", "transient ischaemic attack", ("transient ischemic attacks history", "transient ischemic attack")
            ),
            Choice(
                "diabetes",
                "diabetes",
                {
                    "none": ("no", "none or diet-controlled"),
                    "uncomplicated": ("yes",),
                    "end_organ_damage": ("end-organ damage",),
                },
                ("diabetes mellitus", "diabetes mellitus criteria for cci rule"),
                "none",
            ),
            Choice(
                "liver_disease",
                "liver disease",
                {"none": ("no",), "mild": (), "moderate_to_severe": ("moderate", "severe", "moderate to severe")},
                ("liver disease severity",),
                "none",
            ),
            Choice(
                "solid_tumour",
                "solid tumour",
                {"none": ("no", "false"), "localised": ("localized", "yes", "true"), "metastatic": ()},
                ("solid tumor",),
                "none",
            ),
            Flag("aids", "AIDS", ("hiv/aids",)),
        ),
        (
            Source(
                "Comorbidity weights, table 1",
                "https://bmccancer.biomedcentral.com/articles/10.1186/1471-2407-8-345/tables/1",
            ),
            Source("Charlson comorbidity index with age", "https://standardofcare.com/charlson-comorbidity-index/"),
            Source(
                "Charlson Comorbidity Index (survival)", "https://fpnotebook.com/Prevent/Exam/ChrlsnCmrbdtyIndx.htm"
            ),
        ),
        _charlson,
        ("charlson comorbidity index", "cci", "charlson comorbidity index cci"),
        0,
        "adults",
    ),
)
