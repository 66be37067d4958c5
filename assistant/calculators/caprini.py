"""The Caprini risk assessment model (2005) of venous thromboembolism in surgical patients."""

from __future__ import annotations

from assistant.calculators.arithmetic import plain
from assistant.calculators.bedside import BMI, SEX, Tally, age
from assistant.calculators.model import Calculator, Choice, Flag, Given, Outcome, Source

# points -> (name, label, aliases)
_FLAGS: dict[int, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    5: (
        ("stroke", "stroke within a month", ("stroke in the last month",)),
        ("multiple_trauma", "multiple trauma within a month", ("multiple trauma in the last month",)),
        (
            "leg_fracture",
            "hip, pelvis or leg fracture within a month",
            ("hip, pelvis, or leg fracture in the last month",),
        ),
        (
            "spinal_cord_injury",
            "acute spinal cord injury with paralysis within a month",
            ("acute spinal cord injury causing paralysis in the last month",),
        ),
    ),
    3: (
        (
            "previous_dvt",
            "previous deep vein thrombosis",
            ("previously documented deep vein thrombosis", "history of dvt"),
        ),
        ("previous_pe", "previous pulmonary embolism", ("previously documented pulmonary embolism", "history of pe")),
        ("family_history", "family history of thrombosis", ("family history of thrombosis",)),
        ("factor_v_leiden", "factor V Leiden", ("positive factor v leiden",)),
        ("prothrombin_20210a", "prothrombin 20210A", ("positive prothrombin 20210a",)),
        ("homocysteine", "elevated serum homocysteine", ("elevated serum homocysteine",)),
        ("lupus_anticoagulant", "lupus anticoagulant", ("positive lupus anticoagulant",)),
        ("anticardiolipin", "elevated anticardiolipin antibody", ("elevated anticardiolipin antibody",)),
        ("hit", "heparin-induced thrombocytopenia", ("heparin-induced thrombocytopenia",)),
        ("other_thrombophilia", "other thrombophilia", ("other congenital or acquired thrombophilia",)),
    ),
    2: (
        ("malignancy", "malignancy, present or previous", ("present or previous malignancy", "cancer")),
        ("plaster_cast", "immobilising plaster cast within a month", ("immobilizing plaster cast in the last month",)),
        ("central_venous_access", "central venous access", ("current central venous access",)),
    ),
    1: (
        ("prior_major_surgery", "major surgery within a month", ("major surgery in the last month",)),
        ("varicose_veins", "varicose veins", ()),
        ("inflammatory_bowel_disease", "inflammatory bowel disease", ("history of inflammatory bowel disease", "ibd")),
        ("swollen_legs", "swollen legs, current", ("current swollen legs",)),
        ("myocardial_infarction", "acute myocardial infarction", ("acute myocardial infarction",)),
        ("heart_failure", "heart failure within a month", ("congestive heart failure in the last month",)),
        ("sepsis", "sepsis within a month", ("sepsis in the last month",)),
        ("lung_disease", "serious lung disease such as pneumonia within a month", ("pneumonia in the last month",)),
        ("copd", "abnormal pulmonary function (COPD)", ("chronic obstructive pulmonary disease",)),
        ("pregnancy", "pregnancy or post-partum within a month", ("pregnant", "postpartum")),
        ("hormones", "oral contraceptive or hormone replacement", ("oral contraceptive", "hormone replacement")),
        ("pregnancy_loss", "unexplained stillbirth, 3 or more miscarriages, or premature birth with toxaemia", ()),
    ),
}
_SURGERY = {"none": 0, "minor": 1, "major": 2, "laparoscopic": 2, "arthroscopic": 2, "arthroplasty": 5}
_MOBILITY = {"normal": 0, "bed_rest": 1, "confined_to_bed": 2}


def _caprini(given: Given) -> Outcome:
    tally, years, index = Tally(given), given.number("age"), given.number("bmi")
    points = 3 if years >= 75 else 2 if years >= 61 else 1 if years >= 41 else 0
    tally.add(points, f"age {plain(years, 4)} years")
    tally.when(index > 25, 1, f"body mass index {plain(index, 4)} kg/m2 (above 25)")
    tally.add(_SURGERY[given.choice("surgery")], f"surgery: {given.choice('surgery')}")
    tally.add(_MOBILITY[given.choice("mobility")], f"mobility: {given.choice('mobility').replace('_', ' ')}")
    for weight, group in _FLAGS.items():
        for name, label, _ in group:
            if given.flag(name):
                tally.add(weight, label)
    total = tally.total
    words = (
        "low (0-1)"
        if total <= 1
        else "moderate (2)"
        if total == 2
        else "high (3-4)"
        if total <= 4
        else "highest (5 or more)"
    )
    return tally.outcome(f"risk: {words}")


CALCULATOR = Calculator(
    "caprini",
    "Caprini score (2005)",
    "thrombosis",
    "sum of weighted risk factors of 1, 2, 3 and 5 points",
    "{score}",
    (
        age(),
        BMI,
        Choice(
            "surgery",
            "type of surgery",
            {
                "none": ("no", "without surgery"),
                "minor": ("minor elective surgery",),
                "major": ("major (over 45 minutes)", "major open", "major (>45 min)"),
                "laparoscopic": ("laparoscopic (over 45 minutes)", "laparoscopic (>45 min)"),
                "arthroscopic": (),
                "arthroplasty": ("elective major lower extremity arthroplasty", "elective arthroplasty"),
            },
            ("surgery type", "type of surgery"),
            "none",
        ),
        Choice(
            "mobility",
            "mobility",
            {
                "normal": ("out of bed", "normal, out of bed"),
                "bed_rest": ("on bed rest", "medical patient on bed rest"),
                "confined_to_bed": (
                    "confined to bed >72 hours",
                    "confined to bed",
                    "patient confined to bed >72 hours",
                ),
            },
            (),
            "normal",
        ),
        *(Flag(name, label, aliases) for group in _FLAGS.values() for name, label, aliases in group),
        Choice("sex", SEX.label, SEX.options, SEX.aliases, required=False),
    ),
    (
        Source(
            "Caprini JA, Thrombosis risk assessment as a guide to quality patient care, "
            "Dis Mon 2005;51:70-8 (page citing it)",
            "https://wikidoc.org./index.php?direction=prev&oldid=973468&title=Caprini_risk_assessment_model",
            "10.1016/j.disamonth.2005.02.003",
        ),
        Source(
            "Caprini risk assessment model, table 2",
            "https://cancersheadneck.biomedcentral.com/articles/10.1186/s41199-016-0014-9/tables/2",
        ),
    ),
    _caprini,
    ("caprini score", "caprini score for venous thromboembolism 2005", "caprini score for venous thromboembolism"),
    0,
    "surgical patients, adults",
)
