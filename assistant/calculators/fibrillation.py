"""Atrial fibrillation: stroke risk with and without the sex category, bleeding risk on anticoagulants."""

from __future__ import annotations

from assistant.calculators.arithmetic import plain
from assistant.calculators.bedside import SEX, Tally, age
from assistant.calculators.model import Calculator, Flag, Given, Outcome, Quantity, Source

_STROKE_FLAGS = (
    Flag("heart_failure", "heart failure", ("congestive heart failure", "chf", "congestive heart faliure")),
    Flag("hypertension", "hypertension", ("hypertension history",)),
    Flag("diabetes", "diabetes mellitus", ("diabetes mellitus", "diabetes history", "dm")),
    Flag("stroke", "stroke", ("stroke or tia", "stroke tia", "stroke tia thromboembolism", "stroke history")),
    Flag(
        "tia",
        "transient ischaemic attack",
        ("transient ischemic attack", "transient ischemic attacks history", "transient ischaemic attacks history"),
    ),
    Flag("thromboembolism", "arterial thromboembolism", ("thromboembolism history", "systemic embolism")),
    Flag(
        "vascular_disease",
        "vascular disease (infarction, peripheral artery disease, aortic plaque)",
        ("vascular disease history",),
    ),
)


def _stroke_points(given: Given) -> Tally:
    tally, years = Tally(given), given.number("age")
    tally.flags(1, "heart failure", "heart_failure")
    tally.flags(1, "hypertension", "hypertension")
    tally.add(2 if years >= 75 else 1 if years >= 65 else 0, f"age {plain(years, 4)} years (65-74: 1, from 75: 2)")
    tally.flags(1, "diabetes", "diabetes")
    tally.flags(2, "stroke, TIA or thromboembolism", "stroke", "tia", "thromboembolism")
    tally.flags(1, "vascular disease", "vascular_disease")
    return tally


def _with_sex(given: Given) -> Outcome:
    tally = _stroke_points(given)
    female = given.choice("sex") == "female"
    tally.when(female, 1, "female sex")
    offered, considered = (3, 2) if female else (2, 1)
    american = ""
    if tally.total >= offered:
        american = "anticoagulation recommended"
    elif tally.total == considered:
        american = "anticoagulation reasonable"
    british = "offer anticoagulation" if tally.total >= 2 else ""
    if tally.total == 1 and not female:
        british = "consider anticoagulation"
    readings = [
        f"{who}: {what}" for who, what in (("US (ACC/AHA 2023)", american), ("UK (NICE, as quoted)", british)) if what
    ]
    return tally.outcome("; ".join(readings), ("not for moderate or severe mitral stenosis or a mechanical valve",))


def _without_sex(given: Given) -> Outcome:
    tally = _stroke_points(given)
    reading = "EU (ESC 2024, as quoted): "
    if tally.total >= 2:
        reading += "anticoagulation recommended"
    else:
        reading += "anticoagulation should be considered" if tally.total == 1 else "no anticoagulation on this score"
    return tally.outcome(reading)


def _has_bled(given: Given) -> Outcome:
    tally, years = Tally(given), given.number("age")
    tally.flags(1, "uncontrolled hypertension (systolic above 160 mmHg)", "hypertension")
    tally.flags(1, "abnormal renal function (dialysis, transplant, creatinine above 200 umol/L)", "renal_disease")
    tally.flags(1, "abnormal liver function (cirrhosis, or bilirubin >2x with enzymes >3x normal)", "liver_disease")
    tally.flags(1, "stroke", "stroke")
    tally.flags(1, "bleeding history or predisposition", "bleeding")
    tally.flags(1, "labile INR (time in range below 60 %)", "labile_inr")
    tally.when(years > 65, 1, f"age {plain(years, 4)} years (above 65)")
    tally.flags(1, "antiplatelet drug or NSAID", "drugs")
    drinks = given.numbers.get("alcohol_per_week")
    if drinks is not None:
        tally.when(drinks >= 8, 1, f"alcohol: {plain(drinks, 4)} drinks a week (8 or more)")
    else:
        tally.flags(1, "alcohol: 8 or more drinks a week", "alcohol")
    reading = "3 or more: high risk; it does not by itself forbid anticoagulation" if tally.total >= 3 else ""
    return tally.outcome(reading)


_LIP = Source(
    "Lip et al, Refining clinical risk stratification for predicting stroke, Chest 2010;137:263-72 (page citing it)",
    "http://predictivemedicine.northwell.edu/calculators/CHA2DS2/",
    "10.1378/chest.09-1584",
)
_ADULT = age()

CALCULATORS = (
    Calculator(
        "cha2ds2_vasc",
        "CHA2DS2-VASc score",
        "fibrillation",
        "heart failure 1, hypertension 1, age 65-74 1 or >=75 2, diabetes 1, stroke/TIA/embolism 2, vascular "
        "disease 1, "
        "female 1",
        "{score}",
        (_ADULT, SEX, *_STROKE_FLAGS),
        (
            _LIP,
            Source(
                "CHA2DS2-VASc calculator, Queensland Health", "https://www.ccm.health.qld.gov.au/appendices/chadsva"
            ),
            Source(
                "2023 ACC/AHA/ACCP/HRS guideline for atrial fibrillation",
                "",
                "10.1161/CIR.0000000000001193",
                "corpus facts af-013, af-014",
            ),
            Source(
                "Atrial fibrillation: diagnosis and management (NG196)",
                "https://www.nice.org.uk/guidance/ng196",
                note="corpus fact af-024, as quoted by a college",
            ),
        ),
        _with_sex,
        ("cha2ds2vasc", "cha2ds2-vasc score for atrial fibrillation stroke risk", "chads vasc", "chadsvasc"),
        0,
        "non-valvular atrial fibrillation, adults",
    ),
    Calculator(
        "cha2ds2_va",
        "CHA2DS2-VA score",
        "fibrillation",
        "heart failure 1, hypertension 1, age 65-74 1 or >=75 2, diabetes 1, stroke/TIA/embolism 2, vascular disease 1",
        "{score}",
        (_ADULT, *_STROKE_FLAGS),
        (
            Source("CHA2DS2-VA score calculator (2024 ESC guidelines)", "https://chadsva.org"),
            Source(
                "2024 ESC guidelines for the management of atrial fibrillation",
                "",
                "10.1093/eurheartj/ehae176",
                "corpus fact af-002, second-hand",
            ),
        ),
        _without_sex,
        ("cha2ds2va", "chadsva"),
        0,
        "non-valvular atrial fibrillation, adults",
    ),
    Calculator(
        "has_bled",
        "HAS-BLED score",
        "fibrillation",
        "one point for each of nine criteria",
        "{score}",
        (
            _ADULT,
            Flag("hypertension", "uncontrolled hypertension, systolic above 160 mmHg", ("hypertension history",)),
            Flag(
                "renal_disease",
                "abnormal renal function",
                ("renal disease criteria for the has-bled rule", "abnormal renal function", "kidney disease"),
            ),
            Flag(
                "liver_disease",
                "abnormal liver function",
                ("liver disease criteria for the has-bled rule", "abnormal liver function"),
            ),
            Flag("stroke", "stroke", ("stroke history",)),
            Flag(
                "bleeding",
                "prior major bleeding or predisposition",
                ("prior major bleeding or predisposition to bleeding", "bleeding history"),
            ),
            Flag("labile_inr", "labile INR", ("labile international normalized ratio",)),
            Flag(
                "drugs",
                "antiplatelet drug or NSAID",
                ("medication usage predisposing to bleeding", "antiplatelet or nsaid", "medication"),
            ),
            Flag("alcohol", "8 or more alcoholic drinks a week", ("alcohol use", "alcohol excess")),
            Quantity(
                "alcohol_per_week",
                "alcoholic drinks a week",
                ("1",),
                "0",
                "300",
                ("number of alcoholic drinks per week", "drinks per week"),
                required=False,
            ),
        ),
        (
            Source(
                "The HAS-BLED score for estimating risk of bleeding, table 3",
                "https://pmc.ncbi.nlm.nih.gov/articles/PMC3418985/table/t3-0580850",
            ),
            Source("HAS-BLED, Queensland Health", "https://www.ccm.health.qld.gov.au/appendices/has-bled"),
        ),
        _has_bled,
        ("hasbled", "has-bled score for major bleeding risk"),
        0,
        "atrial fibrillation on anticoagulation",
    ),
)
