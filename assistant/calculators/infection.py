"""Infections of chest and throat, and comorbidity: CURB-65, CRB-65, PSI, McIsaac, FeverPAIN, Charlson index."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import exp, fixed, plain, power
from assistant.calculators.bedside import (
    BUN,
    DIASTOLIC,
    GLUCOSE,
    HAEMATOCRIT,
    HEART_RATE,
    PAO2,
    PH,
    RESPIRATORY_RATE,
    SEX,
    SODIUM,
    SPO2,
    SYSTOLIC,
    TEMPERATURE,
    UREA,
    Tally,
    age,
    optional,
)
from assistant.calculators.model import Calculator, Choice, Flag, Given, Outcome, Source

_CONFUSION = Flag("confusion", "new confusion", ("new confusion", "altered mental status"))


def _crb_points(given: Given) -> Tally:
    tally = Tally(given)
    breaths, years = given.number("respiratory_rate"), given.number("age")
    systolic, diastolic = given.number("systolic"), given.number("diastolic")
    tally.flags(1, "new confusion", "confusion")
    tally.when(breaths >= 30, 1, f"respiratory rate {plain(breaths, 4)} /min (30 or more)")
    low = systolic < 90 or diastolic <= 60
    tally.when(low, 1, f"blood pressure {plain(systolic, 4)}/{plain(diastolic, 4)} mmHg (below 90, or 60 or below)")
    tally.when(years >= 65, 1, f"age {plain(years, 4)} years (65 or over)")
    return tally


def _curb(given: Given) -> Outcome:
    tally = _crb_points(given)
    tally.when(given.number("urea") > 7, 1, f"urea {fixed(given.number('urea'), 1)} mmol/L (above 7)")
    words = "0-1: mild" if tally.total <= 1 else "2: moderate" if tally.total == 2 else "3-5: severe"
    return tally.outcome(words)


def _crb(given: Given) -> Outcome:
    tally = _crb_points(given)
    words = "0: suitable for home treatment" if tally.total == 0 else "1-2: refer for hospital assessment"
    words = "3-4: urgent admission" if tally.total >= 3 else words
    return tally.outcome(f"{words} (a UK board's primary-care rule)")


_PSI_ILLNESS = (
    (30, "neoplastic_disease", "neoplastic disease"), (20, "liver_disease", "liver disease"),
    (10, "heart_failure", "heart failure"), (10, "cerebrovascular_disease", "cerebrovascular disease"),
    (10, "renal_disease", "renal disease"),
)  # fmt: skip


def _psi(given: Given) -> Outcome:
    tally, years = Tally(given), given.number("age")
    female = given.choice("sex") == "female"
    tally.add(years - 10 if female else years, f"age {plain(years, 4)}{' - 10 (woman)' if female else ''}")
    tally.flags(10, "nursing home", "nursing_home")
    for points, name, label in _PSI_ILLNESS:
        tally.flags(points, label, name)
    signs = Tally(given)
    signs.flags(20, "altered mental status", "altered_mental_status")
    heat, pulse = given.number("temperature"), given.number("heart_rate")
    signs.when(given.number("respiratory_rate") >= 30, 20, "respiratory rate 30 or more")
    signs.when(given.number("systolic") < 90, 20, "systolic pressure below 90")
    signs.when(heat < 35 or heat >= 40, 15, "temperature below 35 or at least 40")
    signs.when(pulse >= 125, 10, "pulse 125 or more")
    tests = Tally(given)
    tests.when(given.number("ph") < Fraction("7.35"), 30, "pH below 7.35")
    tests.when(given.number("bun") >= 30, 20, "urea nitrogen 30 mg/dL or more")
    tests.when(given.number("sodium") < 130, 20, "sodium below 130")
    tests.when(given.number("glucose") >= 250, 10, "glucose 250 mg/dL or more")
    tests.when(given.number("haematocrit") < 30, 10, "haematocrit below 30 %")
    saturation = given.numbers.get("spo2")
    hypoxic = given.number("pao2") < 60 or (saturation is not None and saturation < 90)
    tests.when(hypoxic, 10, "PaO2 below 60 mmHg or saturation below 90 %")
    tests.flags(10, "pleural effusion", "pleural_effusion")
    illness = given.flag(*(name for _, name, _ in _PSI_ILLNESS))
    total = tally.total + signs.total + tests.total
    if years <= 50 and not illness and signs.total == 0:
        reading = "class I (50 years or younger, no listed illness or abnormal sign)"
    else:
        reading = (
            "class II (70 or less)" if total <= 70 else "class III (71-90)" if total <= 90 else "class IV (91-130)"
        )
        reading = "class V (above 130)" if total > 130 else reading
    return Outcome(total, (*tally.steps, *signs.steps, *tests.steps), reading)


def _mcisaac(given: Given) -> Outcome:
    tally, years = Tally(given), given.number("age")
    tally.add(
        1 if years < 15 else 0 if years < 45 else -1, f"age {plain(years, 4)} years (3-14: 1, 15-44: 0, from 45: -1)"
    )
    tally.flags(1, "tonsillar swelling or exudate", "exudate")
    tally.flags(1, "tender or swollen anterior cervical nodes", "nodes")
    heat = given.number("temperature")
    tally.when(heat > 38, 1, f"temperature {plain(heat, 4)} C (above 38)")
    tally.flags(1, "no cough", "cough_absent")
    return tally.outcome()


def _feverpain(given: Given) -> Outcome:
    tally = Tally(given)
    tally.flags(1, "fever in the past 24 hours", "fever")
    tally.flags(1, "pus on the tonsils", "purulence")
    tally.flags(1, "attended within 3 days of onset", "rapid_onset")
    tally.flags(1, "severely inflamed tonsils", "severe_inflammation")
    tally.flags(1, "no cough or coryza", "no_cough_or_coryza")
    shares = ("13 to 18", "13 to 18", "34 to 40", "34 to 40", "62 to 65", "62 to 65")
    return tally.outcome(f"streptococcus isolated in {shares[int(tally.total)]} % at this score (NICE NG84)")


_ONE_POINT = (
    ("myocardial_infarction", "myocardial infarction", ("mi", "history of myocardial infarction")),
    ("heart_failure", "congestive heart failure", ("congestive heart failure", "chf", "congestive heart faliure")),
    ("peripheral_vascular_disease", "peripheral vascular disease", ("pvd",)),
    ("dementia", "dementia", ()),
    ("copd", "chronic pulmonary disease", ("chronic obstructive pulmonary disease",)),
    ("connective_tissue_disease", "connective tissue disease", ()),
    ("peptic_ulcer", "peptic ulcer disease", ("peptic ulcer disease",)),
)  # fmt: skip
_TWO_POINTS = (
    ("hemiplegia", "hemiplegia", ()),
    ("renal_disease", "moderate or severe renal disease",
     ("moderate to severe chronic kidney disease", "chronic kidney disease", "ckd")),
    ("leukaemia", "leukaemia", ("leukemia",)),
    ("lymphoma", "lymphoma", ()),
)  # fmt: skip


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


_CURB_SOURCE = Source(
    "Community acquired pneumonia, NHS Ayrshire and Arran",
    "https://aaamedicines.org.uk/guidelines/infections/community-acquired-pneumonia-cap", note="corpus facts cap-006, cap-007",
)  # fmt: skip
_NICE_THROAT = Source(
    "Sore throat (acute): antimicrobial prescribing (NG84), terms used", "https://nice.org.uk/guidance/ng84/chapter/terms-used-in-the-guideline"
)  # fmt: skip
_RCEM_THROAT = Source(
    "Sore throat, RCEM Learning",
    "https://www.rcemlearning.org/modules/may-virtual-journal-club/lessons/background-3/topic/sore-throat/",
)
_VITALS = (RESPIRATORY_RATE, SYSTOLIC, DIASTOLIC)

CALCULATORS = (
    Calculator("curb_65", "CURB-65 score", "infection",
               "new confusion, urea >7 mmol/L, respiratory rate >=30, systolic <90 or diastolic <=60, age >=65: 1 each", "{score}",
               (age(), UREA, *_VITALS, _CONFUSION),
               (_CURB_SOURCE, Source("CURB-65 severity score", "https://www.healthcare.uiowa.edu/familymedicine/fpinfo/curb65.htm")),
               _curb, ("curb65", "curb-65 score for pneumonia severity"), 0, "community-acquired pneumonia, adults"),
    Calculator("crb_65", "CRB-65 score", "infection",
               "new confusion, respiratory rate >=30, systolic <90 or diastolic <=60, age >=65: 1 each", "{score}",
               (age(), *_VITALS, _CONFUSION), (_CURB_SOURCE,), _crb, ("crb65",), 0, "community-acquired pneumonia, adults"),
    Calculator("pneumonia_severity_index", "Pneumonia Severity Index", "infection",
               "age (women - 10), nursing home 10, illnesses 10 to 30, signs 10 to 20, tests 10 to 30", "{score}",
               (age(), SEX, RESPIRATORY_RATE, SYSTOLIC, TEMPERATURE, HEART_RATE, PH, BUN, SODIUM, GLUCOSE, HAEMATOCRIT, PAO2,
                optional(SPO2), Flag("nursing_home", "nursing home resident", ("nursing home resident",)),
                Flag("neoplastic_disease", "neoplastic disease", ("cancer",)),
                Flag("liver_disease", "liver disease", ("liver disease severity", "liver disease history")),
                Flag("heart_failure", "congestive heart failure",
                     ("congestive heart failure", "congestive heart faliure", "chf")),
                Flag("cerebrovascular_disease", "cerebrovascular disease", ("cerebrovascular disease history",)),
                Flag("renal_disease", "renal disease", ("renal disease history",)),
                Flag("altered_mental_status", "altered mental status", ("confusion",)),
                Flag("pleural_effusion", "pleural effusion", ("pleural effusion on x-ray",))),
               (Source("Fine et al, N Engl J Med 1997;336:243-50, as adapted by the Merck Manual",
                       "https://merckmanuals.com/professional/multimedia/table/risk-stratification-for-community-acquired-pneumonia-the-pneumonia-severity-index",
                       "10.1056/NEJM199701233360402"),
                Source("Pneumonia severity index, bugs and drugs",
                       "https://www.bugsanddrugs.org/cb08cd84-7b57-4e5b-ad78-c8f2989704c8")),
               _psi, ("psi", "psi score", "psi score: pneumonia severity index for cap", "port score"), 0,
               "community-acquired pneumonia, adults"),
    Calculator("mcisaac", "Modified Centor (McIsaac) score", "infection",
               "exudate, tender nodes, temperature >38, no cough 1 each; age 3-14 +1, from 45 -1", "{score}",
               (age("3"), TEMPERATURE,
                Flag("exudate", "tonsillar exudate or swelling", ("exudate or swelling on tonsils", "tonsillar exudate")),
                Flag("nodes", "tender or swollen anterior cervical nodes", ("tender/swollen anterior cervical lymph nodes",)),
                Flag("cough_absent", "no cough", ("cough absent", "absence of cough"))),
               (_RCEM_THROAT, _NICE_THROAT), _mcisaac,
               ("centor", "centor score", "centor score modified/mcisaac for strep pharyngitis", "modified centor"), 0,
               "sore throat, 3 years and over"),
    Calculator("feverpain", "FeverPAIN score", "infection", "five criteria, 1 point each", "{score}",
               (Flag("fever", "fever in the past 24 hours", ("fever in past 24 hours",)),
                Flag("purulence", "pus on the tonsils", ("purulent tonsils",)),
                Flag("rapid_onset", "attended within 3 days of onset", ("symptom onset ≤3 days", "symptom onset within 3 days")),
                Flag("severe_inflammation", "severely inflamed tonsils", ("severe tonsil inflammation",)),
                Flag("no_cough_or_coryza", "no cough or coryza", ("absence of cough or coryza",))),
               (_NICE_THROAT, _RCEM_THROAT), _feverpain, ("fever pain", "feverpain score for strep pharyngitis"), 0, "sore throat"),
    Calculator("charlson", "Charlson comorbidity index", "infection", "weights 1, 2, 3 and 6, plus 1 a decade from 50 (at most 4)",
               "{score}",
               (age(), *(Flag(name, label, aliases) for name, label, aliases in (*_ONE_POINT, *_TWO_POINTS)),
                Flag("stroke", "stroke", ("cerebrovascular accident", "cerebrovascular disease")),
                Flag("tia", "transient ischaemic attack", ("transient ischemic attacks history", "transient ischemic attack")),
                Choice("diabetes", "diabetes",
                       {"none": ("no", "none or diet-controlled"), "uncomplicated": ("yes",), "end_organ_damage": ("end-organ damage",)},
                       ("diabetes mellitus", "diabetes mellitus criteria for cci rule"), "none"),
                Choice("liver_disease", "liver disease",
                       {"none": ("no",), "mild": (), "moderate_to_severe": ("moderate", "severe", "moderate to severe")},
                       ("liver disease severity",), "none"),
                Choice("solid_tumour", "solid tumour",
                       {"none": ("no", "false"), "localised": ("localized", "yes", "true"), "metastatic": ()}, ("solid tumor",), "none"),
                Flag("aids", "AIDS", ("hiv/aids",))),
               (Source("Comorbidity weights, table 1",
                       "https://bmccancer.biomedcentral.com/articles/10.1186/1471-2407-8-345/tables/1"),
                Source("Charlson comorbidity index with age", "https://standardofcare.com/charlson-comorbidity-index/"),
                Source("Charlson Comorbidity Index (survival)", "https://fpnotebook.com/Prevent/Exam/ChrlsnCmrbdtyIndx.htm")),
               _charlson, ("charlson comorbidity index", "cci", "charlson comorbidity index cci"), 0, "adults"),
)  # fmt: skip
