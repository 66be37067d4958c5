"""Venous thromboembolism: Wells scores, PERC rule, Khorana score, 4Ts of heparin-induced thrombocytopenia."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import plain
from assistant.calculators.bedside import BMI, HAEMOGLOBIN, HEART_RATE, PLATELETS, SPO2, WHITE_CELLS, Tally, age
from assistant.calculators.caprini import CALCULATOR as CAPRINI
from assistant.calculators.model import Calculator, Choice, Flag, Given, Outcome, Source

_PREVIOUS_PE = Flag(
    "previous_pe", "previous pulmonary embolism", ("previously documented pulmonary embolism", "prior pe")
)
_PREVIOUS_DVT = Flag(
    "previous_dvt", "previous deep vein thrombosis", ("previously documented deep vein thrombosis", "prior dvt")
)
_HAEMOPTYSIS = Flag("haemoptysis", "haemoptysis", ("hemoptysis",))


def _wells_dvt(given: Given) -> Outcome:
    tally = Tally(given)
    tally.flags(1, "active cancer", "active_cancer")
    tally.flags(1, "paralysis, paresis or plaster of the leg", "paralysis")
    tally.flags(1, "bedridden over 3 days, or major surgery within 12 weeks", "bedridden", "major_surgery")
    tally.flags(1, "tenderness along the deep veins", "tenderness")
    tally.flags(1, "entire leg swollen", "leg_swollen")
    tally.flags(1, "calf swelling over 3 cm", "calf_swelling")
    tally.flags(1, "pitting oedema of the symptomatic leg", "pitting_oedema")
    tally.flags(1, "collateral superficial veins", "collateral_veins")
    tally.flags(1, "previous deep vein thrombosis", "previous_dvt")
    tally.flags(-2, "alternative diagnosis at least as likely", "alternative_diagnosis")
    return tally.outcome("likely (2 or more)" if tally.total >= 2 else "unlikely (1 or less)")


def _wells_pe(given: Given) -> Outcome:
    tally, half = Tally(given), Fraction(3, 2)
    tally.flags(3, "signs of deep vein thrombosis", "dvt_signs")
    tally.flags(3, "pulmonary embolism the first or an equally likely diagnosis", "pe_likely")
    rate = given.number("heart_rate")
    tally.when(rate > 100, half, f"heart rate {plain(rate, 4)} /min (above 100)")
    tally.flags(half, "immobilised 3 days or surgery within 4 weeks", "immobilisation", "surgery")
    tally.flags(half, "previous embolism or thrombosis", "previous_pe", "previous_dvt")
    tally.flags(1, "haemoptysis", "haemoptysis")
    tally.flags(1, "malignancy treated within 6 months or palliative", "malignancy")
    words = "below 2: low" if tally.total < 2 else "2 to 6: moderate" if tally.total <= 6 else "above 6: high"
    return tally.outcome(f"{words} clinical probability")


def _perc(given: Given) -> Outcome:
    tally = Tally(given)
    years, rate, saturation = given.number("age"), given.number("heart_rate"), given.number("spo2")
    tally.when(years >= 50, 1, f"age {plain(years, 4)} years (50 or over)")
    tally.when(rate >= 100, 1, f"heart rate {plain(rate, 4)} /min (100 or more)")
    tally.when(saturation < 95, 1, f"oxygen saturation {plain(saturation, 4)} % (below 95)")
    tally.flags(1, "unilateral leg swelling", "leg_swelling")
    tally.flags(1, "haemoptysis", "haemoptysis")
    tally.flags(1, "surgery or trauma within 4 weeks", "recent_surgery_or_trauma")
    tally.flags(1, "previous embolism or thrombosis", "previous_pe", "previous_dvt")
    tally.flags(1, "hormone use", "hormone_use")
    reading = "no criterion met: embolism is excluded when the clinical probability is low" if tally.total == 0 else ""
    return tally.outcome(reading or "at least one criterion met: the rule does not exclude embolism")


def _khorana(given: Given) -> Outcome:
    tally = Tally(given)
    site = given.choice("cancer_site")
    tally.add({"very_high": 2, "high": 1, "other": 0}[site], f"site of cancer: {site.replace('_', ' ')} risk")
    tally.when(
        given.number("platelets") >= 350, 1, f"platelets {plain(given.number('platelets'), 4)} x10^9/L (350 or more)"
    )
    low = given.number("haemoglobin") < 10 or given.flag("growth_factors")
    tally.when(
        low, 1, f"haemoglobin {plain(given.number('haemoglobin'), 4)} g/dL (below 10) or red-cell growth factors"
    )
    tally.when(
        given.number("white_cells") > 11, 1, f"white cells {plain(given.number('white_cells'), 4)} x10^9/L (above 11)"
    )
    tally.when(given.number("bmi") >= 35, 1, f"body mass index {plain(given.number('bmi'), 4)} kg/m2 (35 or more)")
    words = "low" if tally.total == 0 else "intermediate" if tally.total <= 2 else "high"
    reading = f"{words} risk (0 low, 1-2 intermediate, 3 or more high)"
    if tally.total >= 2:
        reading += "; US (ASCO): from 2 on, prophylaxis may be offered when bleeding risk and interactions allow"
    return tally.outcome(reading)


def _four_ts(given: Given) -> Outcome:
    tally = Tally(given)
    for name in ("thrombocytopenia", "timing", "thrombosis", "other_causes"):
        points = int(given.choice(name).split("_")[0])
        tally.add(points, name.replace("_", " "))
    words = "low" if tally.total <= 3 else "intermediate" if tally.total <= 5 else "high"
    reading = f"{words} probability (0-3 low, 4-5 intermediate, 6-8 high)"
    if tally.total <= 3:
        reading += "; do not test and do not change the heparin on this score (US)"
    return tally.outcome(reading)


_WELLS_DVT_FLAGS = (
    Flag("active_cancer", "active cancer (treatment ongoing, within 6 months, or palliative)", ("cancer",)),
    Flag(
        "paralysis",
        "paralysis, paresis or recent plaster of the leg",
        ("paralysis, paresis, or recent plaster immobilization of the lower extremity", "paralysis or plaster"),
    ),
    Flag(
        "bedridden",
        "bedridden for more than 3 days",
        ("bedridden recently >3 days or major surgery within 12 weeks", "bedridden recently", "bedridden 3 days"),
    ),
    Flag("major_surgery", "major surgery within 12 weeks", ("major surgery within 12 weeks", "recent surgery")),
    Flag(
        "tenderness",
        "localised tenderness along the deep veins",
        ("localized tenderness along the deep venous system",),
    ),
    Flag("leg_swollen", "entire leg swollen", ("entire leg swollen",)),
    Flag(
        "calf_swelling",
        "calf swelling more than 3 cm against the other leg",
        ("calf swelling >3 centimeters compared to the other leg", "calf swelling 3 cm"),
    ),
    Flag(
        "pitting_oedema",
        "pitting oedema confined to the symptomatic leg",
        ("pitting edema", "pitting edema, confined to symptomatic leg"),
    ),
    Flag(
        "collateral_veins",
        "collateral superficial veins (not varicose)",
        ("collateral (nonvaricose) superficial veins present", "collateral superficial veins"),
    ),
    _PREVIOUS_DVT,
    Flag(
        "alternative_diagnosis",
        "alternative diagnosis at least as likely",
        ("alternative diagnosis to deep vein thrombosis as likely or more likely", "alternative diagnosis likely"),
    ),
)
_WELLS_PE_FLAGS = (
    Flag(
        "dvt_signs",
        "clinical signs of deep vein thrombosis",
        ("clinical signs and symptoms of deep vein thrombosis", "clinical signs of dvt"),
    ),
    Flag(
        "pe_likely",
        "pulmonary embolism the first or an equally likely diagnosis",
        ("pulmonary embolism is #1 diagnosis or equally likely", "pe most likely", "pe number one diagnosis"),
    ),
    Flag(
        "immobilisation",
        "immobilised for at least 3 days",
        ("immobilization for at least 3 days", "immobilization", "immobilisation for at least 3 days"),
    ),
    Flag("surgery", "surgery in the previous 4 weeks", ("surgery in the previous 4 weeks", "recent surgery")),
    _PREVIOUS_PE,
    _PREVIOUS_DVT,
    _HAEMOPTYSIS,
    Flag(
        "malignancy",
        "malignancy treated within 6 months or palliative",
        ("malignancy with treatment within 6 months or palliative", "cancer", "active cancer"),
    ),
)
_SITES = {
    "very_high": ("stomach", "pancreas", "pancreatic", "gastric", "very high risk"),
    "high": ("lung", "lymphoma", "gynaecological", "gynecologic", "bladder", "testicular", "testis", "high risk"),
    "other": ("low", "none of these", "breast", "colon", "colorectal", "prostate", "head and neck"),
}
_ASH = Source(
    "American Society of Hematology 2018 guidelines: heparin-induced thrombocytopenia",
    "",
    "10.1182/bloodadvances.2018024489",
    "corpus facts hit-002 to hit-005",
)
_FOUR_TS = (
    Choice(
        "thrombocytopenia",
        "platelet fall",
        {
            "2_points": ("2", "fall over 50% and nadir 20 or more", ">50"),
            "1_point": ("1", "fall 30-50% or nadir 10-19", "30-50"),
            "0_points": ("0", "fall below 30% or nadir below 10", "<30"),
        },
        ("platelet fall",),
    ),
    Choice(
        "timing",
        "timing of the fall",
        {
            "2_points": ("2", "days 5-10", "day 5-10", "within 1 day with heparin in 30 days"),
            "1_point": ("1", "after day 10", "unclear", "within 1 day with heparin 30-100 days ago"),
            "0_points": ("0", "before day 4", "within 4 days without recent heparin"),
        },
        ("timing of platelet count fall",),
    ),
    Choice(
        "thrombosis",
        "thrombosis or other sequelae",
        {
            "2_points": ("2", "new thrombosis", "skin necrosis", "anaphylactoid reaction"),
            "1_point": ("1", "progressive", "recurrent", "suspected", "non-necrotising skin lesions"),
            "0_points": ("0", "none", "no"),
        },
        ("thrombosis or other sequelae",),
    ),
    Choice(
        "other_causes",
        "other causes of thrombocytopenia",
        {"2_points": ("2", "none", "none apparent", "no"), "1_point": ("1", "possible"), "0_points": ("0", "definite")},
        ("other causes for thrombocytopenia",),
    ),
)

CALCULATORS = (
    Calculator(
        "wells_dvt",
        "Wells score, deep vein thrombosis",
        "thrombosis",
        "nine criteria 1 point each, alternative diagnosis at least as likely -2",
        "{score}",
        _WELLS_DVT_FLAGS,
        (
            Source("Wells clinical prediction score for DVT", "http://dickyricky.com/Medicine/Charts/Wells.htm"),
            Source(
                "Wells clinical probability scoring test, table 1",
                "https://www.hindawi.com/journals/isrn/2014/519875/tab1/",
            ),
            Source(
                "Wells et al, Evaluation of D-dimer in suspected deep-vein thrombosis, N Engl J Med 2003;349:1227",
                note="likely from 2 points on; read as quoted",
            ),
        ),
        _wells_dvt,
        ("wells' criteria for dvt", "wells criteria for dvt", "wells deep vein thrombosis", "wells score dvt"),
    ),
    Calculator(
        "wells_pe",
        "Wells score, pulmonary embolism",
        "thrombosis",
        "signs of thrombosis 3, embolism most likely 3, heart rate >100 1.5, immobilisation or surgery 1.5, previous "
        "event 1.5, haemoptysis 1, malignancy 1",
        "{score}",
        (HEART_RATE, *_WELLS_PE_FLAGS),
        (
            Source(
                "Wells criteria for pulmonary embolism, RCEM Learning",
                "https://www.rcemlearning.co.uk/modules/may-virtual-journal-club/lessons/background-3/topic/pulmonary-embolism-2/",
            ),
            Source(
                "Wells clinical prediction rule for pulmonary embolism",
                "https://globalrph.com/medcalcs/wells-clinical-prediction-rule-for-pulmonary-embolism-pe/",
            ),
        ),
        _wells_pe,
        (
            "wells' criteria for pulmonary embolism",
            "wells criteria for pulmonary embolism",
            "wells pulmonary embolism",
            "wells score pe",
        ),
        1,
    ),
    Calculator(
        "perc",
        "PERC rule",
        "thrombosis",
        "count of eight criteria",
        "{score}",
        (
            age(),
            HEART_RATE,
            SPO2,
            Flag("leg_swelling", "unilateral leg swelling", ("unilateral leg swelling",)),
            _HAEMOPTYSIS,
            Flag("recent_surgery_or_trauma", "surgery or trauma within 4 weeks", ("recent surgery or trauma",)),
            _PREVIOUS_PE,
            _PREVIOUS_DVT,
            Flag("hormone_use", "hormone use (oestrogen)", ("hormone use", "estrogen use", "oestrogen use")),
        ),
        (
            Source("Pulmonary embolism rule-out criteria", "https://fpnotebook.com/Lung/Exam/PlmnryEmblsmRlOtCrtr.htm"),
            Source(
                "PERC score, RCEM Learning",
                "https://www.rcemlearning.co.uk/modules/may-virtual-journal-club/lessons/background-3/topic/pulmonary-embolism-2/",
            ),
        ),
        _perc,
        ("perc rule", "perc rule for pulmonary embolism"),
        0,
        "adults at low clinical probability only",
    ),
    Calculator(
        "khorana",
        "Khorana score",
        "thrombosis",
        "site 2 (stomach, pancreas) or 1 (lung, lymphoma, gynaecological, bladder, testicular); platelets >=350, "
        "haemoglobin <10 or growth factors, white cells >11, body mass index >=35: 1 each",
        "{score}",
        (
            Choice("cancer_site", "site of cancer", _SITES, ("site of cancer", "cancer", "cancer type", "site")),
            PLATELETS,
            HAEMOGLOBIN,
            WHITE_CELLS,
            BMI,
            Flag("growth_factors", "red-cell growth factors", ("esa", "red cell growth factors")),
        ),
        (
            Source(
                "The Khorana score",
                "https://practical-haemostasis.com/Clinical%20Prediction%20Scores/Formulae%20code%20and%20formulae/Formulae/VTED-Cancer/khorana_score.html",
            ),
            Source(
                "Khorana risk score, table 1",
                "https://jmedicalcasereports.biomedcentral.com/articles/10.1186/s13256-018-1833-6/tables/1",
            ),
            Source(
                "ASCO guideline update: venous thromboembolism in cancer",
                "",
                "10.1200/JCO.23.00294",
                "corpus fact vte-004",
            ),
        ),
        _khorana,
        ("khorana score", "khorana risk score"),
        0,
        "outpatients starting systemic cancer treatment",
    ),
    CAPRINI,
    Calculator(
        "four_ts",
        "4Ts score",
        "thrombosis",
        "thrombocytopenia, timing, thrombosis, other causes: 0 to 2 points each",
        "{score}",
        _FOUR_TS,
        (
            _ASH,
            Source(
                "The 4 T's score, Critical Care, table 2",
                "https://ccforum.biomedcentral.com/articles/10.1186/cc9993/tables/2",
            ),
        ),
        _four_ts,
        ("4ts", "4ts score", "4ts score for heparin-induced thrombocytopenia"),
        0,
        "suspected heparin-induced thrombocytopenia; the ASH pocket guide prints days 5-14 for the timing",
    ),
)
