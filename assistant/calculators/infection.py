"""Infections of chest and throat: CURB-65, CRB-65, Pneumonia Severity Index, McIsaac, FeverPAIN."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import fixed, plain
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
from assistant.calculators.model import Calculator, Flag, Given, Outcome, Source

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
    (30, "neoplastic_disease", "neoplastic disease"),
    (20, "liver_disease", "liver disease"),
    (10, "heart_failure", "heart failure"),
    (10, "cerebrovascular_disease", "cerebrovascular disease"),
    (10, "renal_disease", "renal disease"),
)


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


_CURB_SOURCE = Source(
    "Community acquired pneumonia, NHS Ayrshire and Arran",
    "https://aaamedicines.org.uk/guidelines/infections/community-acquired-pneumonia-cap",
    note="corpus facts cap-006, cap-007",
)


_NICE_THROAT = Source(
    "Sore throat (acute): antimicrobial prescribing (NG84), terms used",
    "https://nice.org.uk/guidance/ng84/chapter/terms-used-in-the-guideline",
)


_RCEM_THROAT = Source(
    "Sore throat, RCEM Learning",
    "https://www.rcemlearning.org/modules/may-virtual-journal-club/lessons/background-3/topic/sore-throat/",
)


_VITALS = (RESPIRATORY_RATE, SYSTOLIC, DIASTOLIC)

CALCULATORS = (
    Calculator(
        "curb_65",
        "CURB-65 score",
        "infection",
        "new confusion, urea >7 mmol/L, respiratory rate >=30, systolic <90 or diastolic <=60, age >=65: 1 each",
        "{score}",
        (age(), UREA, *_VITALS, _CONFUSION),
        (
            _CURB_SOURCE,
            Source("CURB-65 severity score", "https://www.healthcare.uiowa.edu/familymedicine/fpinfo/curb65.htm"),
        ),
        _curb,
        ("curb65", "curb-65 score for pneumonia severity"),
        0,
        "community-acquired pneumonia, adults",
    ),
    Calculator(
        "crb_65",
        "CRB-65 score",
        "infection",
        "new confusion, respiratory rate >=30, systolic <90 or diastolic <=60, age >=65: 1 each",
        "{score}",
        (age(), *_VITALS, _CONFUSION),
        (_CURB_SOURCE,),
        _crb,
        ("crb65",),
        0,
        "community-acquired pneumonia, adults",
    ),
    Calculator(
        "pneumonia_severity_index",
        "Pneumonia Severity Index",
        "infection",
        "age (women - 10), nursing home 10, illnesses 10 to 30, signs 10 to 20, tests 10 to 30",
        "{score}",
        (
            age(),
            SEX,
            RESPIRATORY_RATE,
            SYSTOLIC,
            TEMPERATURE,
            HEART_RATE,
            PH,
            BUN,
            SODIUM,
            GLUCOSE,
            HAEMATOCRIT,
            PAO2,
            optional(SPO2),
            Flag("nursing_home", "nursing home resident", ("nursing home resident",)),
            Flag("neoplastic_disease", "neoplastic disease", ("cancer",)),
            Flag("liver_disease", "liver disease", ("liver disease severity", "liver disease history")),
            Flag(
                "heart_failure",
                "congestive heart failure",
                ("congestive heart failure", "congestive heart faliure", "chf"),
            ),
            Flag("cerebrovascular_disease", "cerebrovascular disease", ("cerebrovascular disease history",)),
            Flag("renal_disease", "renal disease", ("renal disease history",)),
            Flag("altered_mental_status", "altered mental status", ("confusion",)),
            Flag("pleural_effusion", "pleural effusion", ("pleural effusion on x-ray",)),
        ),
        (
            Source(
                "Fine et al, N Engl J Med 1997;336:243-50, as adapted by the Merck Manual",
                "https://merckmanuals.com/professional/multimedia/table/risk-stratification-for-community-acquired-pneumonia-the-pneumonia-severity-index",
                "10.1056/NEJM199701233360402",
            ),
            Source(
                "Pneumonia severity index, bugs and drugs",
                "https://www.bugsanddrugs.org/cb08cd84-7b57-4e5b-ad78-c8f2989704c8",
            ),
        ),
        _psi,
        ("psi", "psi score", "psi score: pneumonia severity index for cap", "port score"),
        0,
        "community-acquired pneumonia, adults",
    ),
    Calculator(
        "mcisaac",
        "Modified Centor (McIsaac) score",
        "infection",
        "exudate, tender nodes, temperature >38, no cough 1 each; age 3-14 +1, from 45 -1",
        "{score}",
        (
            age("3"),
            TEMPERATURE,
            Flag("exudate", "tonsillar exudate or swelling", ("exudate or swelling on tonsils", "tonsillar exudate")),
            Flag(
                "nodes", "tender or swollen anterior cervical nodes", ("tender/swollen anterior cervical lymph nodes",)
            ),
            Flag("cough_absent", "no cough", ("cough absent", "absence of cough")),
        ),
        (_RCEM_THROAT, _NICE_THROAT),
        _mcisaac,
        ("centor", "centor score", "centor score modified/mcisaac for strep pharyngitis", "modified centor"),
        0,
        "sore throat, 3 years and over",
    ),
    Calculator(
        "feverpain",
        "FeverPAIN score",
        "infection",
        "five criteria, 1 point each",
        "{score}",
        (
            Flag("fever", "fever in the past 24 hours", ("fever in past 24 hours",)),
            Flag("purulence", "pus on the tonsils", ("purulent tonsils",)),
            Flag(
                "rapid_onset",
                "attended within 3 days of onset",
                ("symptom onset ≤3 days", "symptom onset within 3 days"),
            ),
            Flag("severe_inflammation", "severely inflamed tonsils", ("severe tonsil inflammation",)),
            Flag("no_cough_or_coryza", "no cough or coryza", ("absence of cough or coryza",)),
        ),
        (_NICE_THROAT, _RCEM_THROAT),
        _feverpain,
        ("fever pain", "feverpain score for strep pharyngitis"),
        0,
        "sore throat",
    ),
)
