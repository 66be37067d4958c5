"""Heart: mean arterial pressure, HEART score, Revised Cardiac Risk Index, Framingham hard coronary disease."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import exp, fixed, ln, plain, power
from assistant.calculators.bedside import CREATININE, DIASTOLIC, SEX, SYSTOLIC, Tally, age, mean_pressure
from assistant.calculators.chemistry import CHOLESTEROL, HDL
from assistant.calculators.model import Calculator, Choice, Flag, Given, Outcome, Source
from assistant.errors import InputError


def _map(given: Given) -> Outcome:
    systolic, diastolic = given.number("systolic"), given.number("diastolic")
    if diastolic > systolic:
        raise InputError("out_of_range", "diastolic pressure is above systolic: check which is which")
    step = f"({plain(systolic, 6)} + 2 x {plain(diastolic, 6)}) / 3"
    return Outcome(mean_pressure(systolic, diastolic), (step,))


def _heart(given: Given) -> Outcome:
    tally = Tally(given)
    levels = {"slight": 0, "moderate": 1, "high": 2}
    tally.add(levels[given.choice("history")], f"history: {given.choice('history')} suspicion")
    signs = {"normal": 0, "nonspecific": 1, "st_deviation": 2}
    tally.add(signs[given.choice("ecg")], f"ECG: {given.choice('ecg').replace('_', ' ')}")
    years = given.number("age")
    tally.add(2 if years >= 65 else 1 if years > 45 else 0, f"age {plain(years, 4)} years")
    names = ("hypertension", "hypercholesterolaemia", "diabetes", "obesity", "smoking", "family_history")
    count = sum(given.flag(name) for name in names)
    if given.flag("atherosclerotic_disease", "stroke_or_tia"):
        tally.add(
            2, "known atherosclerotic disease (infarction, revascularisation, stroke, TIA, peripheral artery disease)"
        )
    else:
        tally.add(2 if count >= 3 else 1 if count else 0, f"{count} risk factor{'' if count == 1 else 's'}")
    troponin = given.choice("troponin")
    tally.add(
        {"normal": 0, "one_to_three": 1, "above_three": 2}[troponin], f"troponin {troponin.replace('_', ' ')} x limit"
    )
    words = "low" if tally.total <= 3 else "intermediate" if tally.total <= 6 else "high"
    return tally.outcome(f"{words} risk (low 0-3, intermediate 4-6, high 7-10)")


def _rcri(given: Given) -> Outcome:
    tally = Tally(given)
    tally.flags(1, "high-risk surgery (intraperitoneal, intrathoracic or suprainguinal vascular)", "high_risk_surgery")
    tally.flags(1, "ischaemic heart disease", "ischaemic_heart_disease")
    tally.flags(1, "heart failure", "heart_failure")
    tally.flags(1, "cerebrovascular disease (stroke or TIA)", "cerebrovascular_disease", "stroke")
    tally.flags(1, "insulin before the operation", "insulin")
    creatinine = given.number("creatinine")
    tally.when(creatinine > 2, 1, f"creatinine {plain(creatinine, 4)} mg/dL (above 2.0)")
    rates = ("0.4", "0.9", "7", "11")
    return tally.outcome(f"major cardiac complications in the validation cohort: {rates[min(int(tally.total), 3)]} %")


def _framingham(given: Given) -> Outcome:
    years, total, hdl = given.number("age"), given.number("total_cholesterol"), given.number("hdl")
    systolic, smoker, treated = given.number("systolic"), given.flag("smoker"), given.flag("treated_hypertension")
    male = given.choice("sex") == "male"
    log_age, log_total = ln(years), ln(total)
    # the smoking interaction stops rising at 70 years in men and 78 in women
    log_smoking_age = ln(min(years, Fraction(70 if male else 78)))
    if male:
        terms = [
            Fraction("52.00961") * log_age,
            Fraction("20.014077") * log_total,
            Fraction("-0.905964") * ln(hdl),
            Fraction("1.305784") * ln(systolic),
            Fraction("0.241549") * treated,
            Fraction("12.096316") * smoker,
            Fraction("-4.605038") * log_age * log_total,
            Fraction("-2.84367") * log_smoking_age * smoker,
            Fraction("-2.93323") * log_age**2,
            Fraction("-172.300168"),
        ]
        survival = Fraction("0.9402")
    else:
        terms = [
            Fraction("31.764001") * log_age,
            Fraction("22.465206") * log_total,
            Fraction("-1.187731") * ln(hdl),
            Fraction("2.552905") * ln(systolic),
            Fraction("0.420251") * treated,
            Fraction("13.07543") * smoker,
            Fraction("-5.060998") * log_age * log_total,
            Fraction("-2.996945") * log_smoking_age * smoker,
            Fraction("-146.5933061"),
        ]
        survival = Fraction("0.98767")
    score = sum(terms, Fraction(0))
    risk = (1 - power(survival, exp(score))) * 100
    step = f"100 x (1 - {plain(survival)}^exp({fixed(score, 4)}))"
    return Outcome(risk, (step,), "", ("not for people with coronary disease or diabetes",))


_RISK_FACTORS = (
    Flag("hypertension", "hypertension", ("hypertension history", "high blood pressure")),
    Flag("hypercholesterolaemia", "hypercholesterolaemia", ("hypercholesterolemia", "high cholesterol")),
    Flag("diabetes", "diabetes", ("diabetes mellitus", "diabetes history", "diabetes mellitus criteria for cci rule")),
    Flag("obesity", "obesity (body mass index above 30 kg/m2)", ("obese",)),
    Flag("smoking", "smoking, current or past", ("smoker",)),
    Flag(
        "family_history",
        "family history of coronary disease",
        ("parent or sibling with cardiovascular disease before age 65", "family history of coronary artery disease"),
    ),
    Flag("stroke_or_tia", "stroke or TIA", ("transient ischemic attacks history", "stroke", "tia")),
    Flag(
        "atherosclerotic_disease",
        "known atherosclerotic disease",
        ("atherosclerosis", "previous coronary artery disease"),
    ),
)

CALCULATORS = (
    Calculator(
        "mean_arterial_pressure",
        "Mean arterial pressure",
        "heart",
        "(systolic + 2 x diastolic) / 3",
        "mm[Hg]",
        (SYSTOLIC, DIASTOLIC),
        (
            Source(
                "MAP calculation (citing DeMers and Wachs, Physiology, Mean Arterial Pressure, StatPearls)",
                "https://modelling.cds-platform.com/ckm/view/ckm-cambio-community/MAP_calculation/0.1.0?language=en",
            ),
        ),
        _map,
        ("map", "mean arterial pressure map"),
        2,
    ),
    Calculator(
        "heart_score",
        "HEART score",
        "heart",
        "history, ECG, age, risk factors, troponin: 0 to 2 points each",
        "{score}",
        (
            age(),
            Choice(
                "history",
                "suspicion from the history",
                {
                    "slight": ("slightly suspicious", "slightly"),
                    "moderate": ("moderately suspicious", "moderately"),
                    "high": ("highly suspicious", "highly"),
                },
                ("suspicion history", "suspicion"),
            ),
            Choice(
                "ecg",
                "electrocardiogram",
                {
                    "normal": (),
                    "nonspecific": (
                        "non-specific repolarization disturbance",
                        "non-specific",
                        "lbbb",
                        "non-specific repolarisation disturbance",
                        "paced",
                    ),
                    "st_deviation": ("significant st deviation", "significant st depression", "st depression"),
                },
                ("electrocardiogram test", "electrocardiogram", "ekg"),
            ),
            Choice(
                "troponin",
                "first troponin against its limit",
                {
                    "normal": ("less than or equal to normal limit", "<= limit", "negative"),
                    "one_to_three": (
                        "between the normal limit or up to three times the normal limit",
                        "1-3x",
                        "1 to 3",
                        "one to three times normal limit",
                        "between one and three times normal limit",
                    ),
                    "above_three": ("greater than three times normal limit", ">3x", "above 3"),
                },
                ("initial troponin",),
            ),
            *_RISK_FACTORS,
        ),
        (
            Source(
                "The HEART score, Emergency Medicine Journal, table 1",
                "https://emj.bmj.com/highwire/markup/154214/expansion",
            ),
            Source(
                "The original HEART score, BMJ Open, table 1",
                "https://bmjopen.bmj.com/highwire/markup/201812/expansion",
            ),
            Source(
                "HEART pathway (what counts as atherosclerotic disease)",
                "https://www.tabletwise.com/calculators/heart-pathway-for-early-discharge-in-acute-chest-pain",
            ),
            Source(
                "Chest pain in the emergency room: value of the HEART score, Neth Heart J 2008;16:191-6",
                "https://pmc.ncbi.nlm.nih.gov/articles/PMC2442661",
            ),
        ),
        _heart,
        ("heart score for major cardiac events", "heart"),
        0,
        "undifferentiated chest pain, adults",
    ),
    Calculator(
        "rcri",
        "Revised Cardiac Risk Index",
        "heart",
        "one point for each of six predictors",
        "{score}",
        (
            CREATININE,
            Flag("high_risk_surgery", "high-risk surgery", ("elevated-risk surgery", "elevated risk surgery")),
            Flag(
                "ischaemic_heart_disease",
                "ischaemic heart disease",
                ("ischemic heart disease", "history of ischemic heart disease"),
            ),
            Flag(
                "heart_failure",
                "congestive heart failure",
                (
                    "congestive heart failure",
                    "chf",
                    "congestive heart failure criteria for the cardiac risk index rule",
                ),
            ),
            Flag("cerebrovascular_disease", "cerebrovascular disease", ("cerebrovascular disease history",)),
            Flag("stroke", "stroke or TIA", ("history of cerebrovascular disease", "tia", "stroke history")),
            Flag(
                "insulin", "insulin before the operation", ("pre-operative treatment with insulin", "insulin treatment")
            ),
        ),
        (
            Source(
                "Lee et al, Derivation and prospective validation of a simple index for prediction of cardiac risk",
                "https://www.scribd.com/document/481990900/Derivation-and-Prospective-Validation-of-a-Simple-Index-for-Prediction-of-Cardiac-Risk-of-Major-Noncardiac-Surgery-pdf",
            ),
            Source(
                "RCRI and NSQIP index, Cleveland Clinic Journal of Medicine, table 1",
                "https://www.ccjm.org/highwire/markup/1343/expansion",
            ),
        ),
        _rcri,
        (
            "revised cardiac risk index",
            "cardiac risk index",
            "lee index",
            "revised cardiac risk index for pre-operative risk",
        ),
        0,
        "non-cardiac surgery, 50 years and over",
    ),
    Calculator(
        "framingham_chd",
        "Framingham 10-year risk of hard coronary heart disease (ATP III)",
        "heart",
        "100 x (1 - S^exp(L)); L linear in ln age, ln cholesterol, ln HDL, ln systolic, treatment, smoking and "
        "their interactions; S 0.9402 men, 0.98767 women",
        "%",
        (
            age("20", "79"),
            SEX,
            CHOLESTEROL,
            HDL,
            SYSTOLIC,
            Flag("smoker", "current smoker", ("smoking", "smoker status")),
            Flag(
                "treated_hypertension",
                "blood pressure treated with medicines",
                ("blood pressure being treated with medicines", "bp treated", "hypertension treated"),
            ),
        ),
        (
            Source(
                "NCEP Adult Treatment Panel III, JAMA 2001;285:2486-97",
                "",
                "10.1001/jama.285.19.2486",
                "not read; coefficients as printed alike in seven public implementations",
            ),
            Source(
                "HL7 FHIR risk assessment example computed with the ATP III equation (39-year-old man: 2 %)",
                "https://hl7.org/fhir/DSTU2/riskassessment-example-cardiac.html",
                note="used as a check",
            ),
        ),
        _framingham,
        ("framingham", "framingham risk score", "framingham risk score for hard coronary heart disease"),
        1,
        "20 to 79 years, without coronary disease or diabetes",
    ),
)
