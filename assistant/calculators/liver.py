"""Liver and gut: MELD, MELD-Na, MELD 3.0, Child-Pugh, FIB-4, Glasgow-Blatchford score."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import clamp, fixed, ln, plain, root, rounded
from assistant.calculators.bedside import (
    ALBUMIN,
    BILIRUBIN,
    CREATININE,
    HAEMOGLOBIN,
    HEART_RATE,
    INR,
    PLATELETS,
    SEX,
    SODIUM,
    SYSTOLIC,
    UREA,
    Tally,
    age,
    band,
)
from assistant.calculators.model import Calculator, Choice, Flag, Given, Outcome, Quantity, Source

_ONE = Fraction(1)
_DIALYSIS = (
    Flag("dialysis", "dialysis at least twice in the past week", ("dialysis at least twice in the past week",)),
    Flag(
        "cvvhd",
        "continuous veno-venous haemodialysis for 24 hours in the past week",
        (
            "continuous veno-venous hemodialysis for ≥24 hours in the past week",
            "continuous veno-venous hemodialysis for 24 hours in the past week",
        ),
    ),
)


def _bounded_creatinine(given: Given, ceiling: int) -> Fraction:
    """Creatinine held between 1 and the ceiling; dialysis counts as the ceiling."""
    if given.flag("dialysis", "cvvhd"):
        return Fraction(ceiling)
    return clamp(given.number("creatinine"), 1, ceiling)


def _meld_initial(given: Given) -> tuple[Fraction, str]:
    """MELD(i) without sodium, rounded to a whole number, and its step."""
    creatinine = _bounded_creatinine(given, 4)
    bilirubin, inr = max(given.number("bilirubin"), _ONE), max(given.number("inr"), _ONE)
    score = Fraction("0.957") * ln(creatinine) + Fraction("0.378") * ln(bilirubin) + Fraction("1.120") * ln(inr)
    value = rounded((score + Fraction("0.643")) * 10, 0)
    step = (
        f"10 x (0.957 ln {plain(creatinine, 5)} + 0.378 ln {plain(bilirubin, 5)} + 1.120 ln {plain(inr, 5)} + 0.643)"
        f" = {plain(value)}"
    )
    return value, step


def _meld(given: Given) -> Outcome:
    value, step = _meld_initial(given)
    return Outcome(clamp(value, 6, 40), (step,))


def _meld_na(given: Given) -> Outcome:
    initial, step = _meld_initial(given)
    sodium = clamp(given.number("sodium"), 125, 137)
    steps = [step]
    value = initial
    if initial > 11:
        value = initial + Fraction("1.32") * (137 - sodium) - Fraction("0.033") * initial * (137 - sodium)
        steps.append(
            f"{plain(initial)} + 1.32 x (137 - {plain(sodium, 5)})"
            f" - 0.033 x {plain(initial)} x (137 - {plain(sodium, 5)})"
        )
    else:
        steps.append("MELD is not above 11: sodium is not counted")
    return Outcome(clamp(rounded(value, 0), 6, 40), tuple(steps))


def _meld_3(given: Given) -> Outcome:
    creatinine = _bounded_creatinine(given, 3)
    bilirubin, inr = max(given.number("bilirubin"), _ONE), max(given.number("inr"), _ONE)
    lack = 137 - clamp(given.number("sodium"), 125, 137)
    low = Fraction("3.5") - clamp(given.number("albumin"), Fraction("1.5"), Fraction("3.5"))
    parts = {
        "female": Fraction("1.33") if given.choice("sex") == "female" else Fraction(0),
        "bilirubin": Fraction("4.56") * ln(bilirubin),
        "sodium": Fraction("0.82") * lack - Fraction("0.24") * lack * ln(bilirubin),
        "INR": Fraction("9.09") * ln(inr),
        "creatinine": Fraction("11.14") * ln(creatinine),
        "albumin": Fraction("1.85") * low - Fraction("1.83") * low * ln(creatinine),
        "constant": Fraction(6),
    }
    steps = tuple(f"{name}: {fixed(part, 3)}" for name, part in parts.items())
    return Outcome(rounded(sum(parts.values(), Fraction(0)), 0), steps, "", ("this version has no upper limit of 40",))


def _child_pugh(given: Given) -> Outcome:
    tally = Tally(given)
    bilirubin, albumin, inr = given.number("bilirubin"), given.number("albumin"), given.number("inr")
    tally.add(1 if bilirubin < 2 else 2 if bilirubin <= 3 else 3, f"bilirubin {plain(bilirubin, 4)} mg/dL")
    tally.add(
        1 if albumin > Fraction("3.5") else 2 if albumin >= Fraction("2.8") else 3, f"albumin {plain(albumin, 4)} g/dL"
    )
    tally.add(1 if inr < Fraction("1.7") else 2 if inr <= Fraction("2.3") else 3, f"INR {plain(inr, 4)}")
    tally.add({"absent": 1, "slight": 2, "moderate": 3}[given.choice("ascites")], f"ascites {given.choice('ascites')}")
    grade = given.choice("encephalopathy")
    tally.add({"none": 1, "grade_1_2": 2, "grade_3_4": 3}[grade], f"encephalopathy {grade.replace('_', ' ')}")
    letter = "A" if tally.total <= 6 else "B" if tally.total <= 9 else "C"
    return tally.outcome(f"class {letter} (A 5-6, B 7-9, C 10-15)")


def _fib4(given: Given) -> Outcome:
    years, ast, alt = given.number("age"), given.number("ast"), given.number("alt")
    platelets = given.number("platelets")
    value = years * ast / (platelets * root(alt))
    step = f"({plain(years, 6)} x {plain(ast, 6)}) / ({plain(platelets, 6)} x sqrt {plain(alt, 6)})"
    reading = "indeterminate (1.45 to 3.25)"
    if value < Fraction("1.45"):
        reading = "below 1.45: advanced fibrosis is unlikely"
    elif value > Fraction("3.25"):
        reading = "above 3.25: consistent with advanced fibrosis"
    return Outcome(value, (step,), reading, ("less specific from 65 years on",) if years >= 65 else ())


def _blatchford(given: Given) -> Outcome:
    tally = Tally(given)
    urea, haemoglobin, systolic = given.number("urea"), given.number("haemoglobin"), given.number("systolic")
    points = band(urea, (25, 6), (10, 4), (8, 3), (Fraction("6.5"), 2), above=0)
    tally.add(points, f"urea {plain(urea, 4)} mmol/L")
    if given.choice("sex") == "male":
        points = band(haemoglobin, (13, 0), (12, 1), (10, 3), above=6)
    else:
        points = band(haemoglobin, (12, 0), (10, 1), above=6)
    tally.add(points, f"haemoglobin {plain(haemoglobin, 4)} g/dL ({given.choice('sex')})")
    tally.add(band(systolic, (110, 0), (100, 1), (90, 2), above=3), f"systolic pressure {plain(systolic, 4)} mmHg")
    tally.when(given.number("heart_rate") >= 100, 1, f"pulse {plain(given.number('heart_rate'), 4)} /min")
    tally.flags(1, "melaena", "melaena")
    tally.flags(2, "syncope", "syncope")
    tally.flags(2, "hepatic disease", "hepatic_disease")
    tally.flags(2, "cardiac failure", "cardiac_failure")
    reading = "1 or less: outpatient management may be considered (UK bundle)" if tally.total <= 1 else ""
    return tally.outcome(reading)


_OPTN = Source(
    "OPTN policy notice on MELD with sodium (2016), as quoted alike in public implementations",
    "https://optn.transplant.hrsa.gov/media/1575/policynotice_20151101.pdf",
    note="the notice itself was not read; MELD(i) above 11, sodium 125 to 137, creatinine 1 to 4",
)
_QXMD = Source(
    "MELD score, age above 12 years", "https://qxmd.com/calculate/calculator_359/meld-score-age-above-12-years"
)
_MELD_INPUTS = (CREATININE, BILIRUBIN, INR, *_DIALYSIS)
_ENZYME = ("U/L", "IU/L")

CALCULATORS = (
    Calculator(
        "meld",
        "MELD score (without sodium)",
        "liver",
        "10 x (0.957 ln creatinine + 0.378 ln bilirubin + 1.120 ln INR + 0.643), values below 1 set to 1, creatinine "
        "at most 4 (4 on dialysis), result 6 to 40",
        "{score}",
        _MELD_INPUTS,
        (_QXMD, _OPTN),
        _meld,
        ("meld score", "model for end-stage liver disease"),
        0,
        "12 years and over",
    ),
    Calculator(
        "meld_na",
        "MELD-Na (OPTN 2016)",
        "liver",
        "MELD + 1.32 x (137 - Na) - 0.033 x MELD x (137 - Na) when MELD is above 11; Na held between 125 and 137; "
        "result 6 to 40",
        "{score}",
        (*_MELD_INPUTS, SODIUM),
        (_OPTN, _QXMD),
        _meld_na,
        ("meld na unos/optn", "meld sodium", "meldna"),
        0,
        "12 years and over",
    ),
    Calculator(
        "meld_3",
        "MELD 3.0",
        "liver",
        "1.33 (female) + 4.56 ln bili + 0.82 (137 - Na) - 0.24 (137 - Na) ln bili + 9.09 ln INR + 11.14 ln creat + "
        "1.85 (3.5 - alb) - 1.83 (3.5 - alb) ln creat + 6; creatinine 1 to 3, albumin 1.5 to 3.5, Na 125 to 137",
        "{score}",
        (SEX, *_MELD_INPUTS, SODIUM, ALBUMIN),
        (
            Source(
                "MELD 3.0: The Model for End-stage Liver Disease updated for the modern era, Gastroenterology 2021",
                "https://pmc.ncbi.nlm.nih.gov/articles/PMC8608337",
                "10.1053/j.gastro.2021.08.050",
            ),
            Source(
                "MELD 3.0, openEHR model (formula and bounds)",
                "https://modelling.cds-platform.com/ckm/view/ckm-app-challenge-2023/MELD_3_0/3.1?language=en",
            ),
        ),
        _meld_3,
        ("meld 3.0", "meld3"),
        0,
        "adults",
    ),
    Calculator(
        "child_pugh",
        "Child-Pugh score",
        "liver",
        "bilirubin <2, 2-3, >3 mg/dL; albumin >3.5, 2.8-3.5, <2.8 g/dL; INR <1.7, 1.7-2.3, >2.3; ascites; "
        "encephalopathy: 1, 2 or 3 points each",
        "{score}",
        (
            BILIRUBIN,
            ALBUMIN,
            INR,
            Choice(
                "ascites",
                "ascites",
                {
                    "absent": ("none", "no"),
                    "slight": ("mild", "controlled"),
                    "moderate": ("moderate to severe", "severe", "refractory", "marked"),
                },
            ),
            Choice(
                "encephalopathy",
                "hepatic encephalopathy",
                {
                    "none": ("no", "absent", "no encephalopathy"),
                    "grade_1_2": ("grade 1-2", "grade 1", "grade 2", "mild"),
                    "grade_3_4": ("grade 3-4", "grade 3", "grade 4", "severe"),
                },
                ("hepatic encephalopathy",),
                "none",
            ),
        ),
        (
            Source(
                "Child-Pugh classification, Cleveland Clinic Journal of Medicine, table 1",
                "https://www.ccjm.org/highwire/markup/12320/expansion?height=500&iframe=true&width=1000",
            ),
            Source("Child-Pugh table", "https://scribd.com/doc/229478632/Child-Pugh-Table"),
        ),
        _child_pugh,
        ("child-pugh score for cirrhosis mortality", "child turcotte pugh", "ctp"),
        0,
        "cirrhosis",
    ),
    Calculator(
        "fib_4",
        "FIB-4 index",
        "liver",
        "(age x AST) / (platelets x sqrt ALT)",
        "1",
        (
            age(),
            Quantity(
                "ast", "aspartate aminotransferase", _ENZYME, "1", "30000", ("aspartate aminotransferase",), bare=True
            ),
            Quantity(
                "alt", "alanine aminotransferase", _ENZYME, "1", "30000", ("alanine aminotransferase",), bare=True
            ),
            PLATELETS,
        ),
        (
            Source("Fibrosis probability score", "https://fpnotebook.com/gi/Exam/FbrsPrbltyScr.htm"),
            Source("Fibrosis tests, table 1", "https://pmc.ncbi.nlm.nih.gov/articles/PMC3286137/table/T1"),
        ),
        _fib4,
        ("fib4", "fibrosis-4", "fibrosis-4 fib-4 index for liver fibrosis"),
        2,
        "adults",
    ),
    Calculator(
        "glasgow_blatchford",
        "Glasgow-Blatchford score",
        "liver",
        "urea, haemoglobin by sex, systolic pressure in bands; pulse >=100, melaena 1; syncope, hepatic disease, "
        "cardiac failure 2",
        "{score}",
        (
            SEX,
            UREA,
            HAEMOGLOBIN,
            SYSTOLIC,
            HEART_RATE,
            Flag("melaena", "melaena", ("melena", "melena present")),
            Flag("syncope", "syncope", ("recent syncope",)),
            Flag("hepatic_disease", "hepatic disease", ("liver disease", "hepatic disease history")),
            Flag("cardiac_failure", "cardiac failure", ("heart failure", "cardiac failure present")),
        ),
        (
            Source("Glasgow-Blatchford score", "https://en.wikipedia.org/wiki/Glasgow-Blatchford_score"),
            Source(
                "Glasgow-Blatchford score, Frontline Gastroenterology, table 1",
                "https://fg.bmj.com/highwire/markup/140276/expansion",
            ),
            Source(
                "British Society of Gastroenterology-led multisociety consensus care bundle",
                "",
                "10.1136/flgastro-2019-101395",
                "corpus fact ugib-006",
            ),
        ),
        _blatchford,
        ("gbs", "glasgow-blatchford bleeding score gbs", "blatchford"),
        0,
        "acute upper gastrointestinal bleeding",
    ),
)
