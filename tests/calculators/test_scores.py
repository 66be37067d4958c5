"""Scores: every criterion on both sides of its cut-off, totals added by hand, readings of the source."""

import pytest

from assistant.calculators.registry import calculate


def points(name: str, text: str) -> float:
    return float(calculate(name, dict(pair.split("=", 1) for pair in text.split("; "))).exact)


SOFA = "pao2=400mmHg; fio2=1.0; platelets=150 x10^9/L; bilirubin=1.1mg/dL; gcs=15; creatinine=1.1mg/dL; hypotension=no"
NEWS = "rr=16; spo2=97%; systolic=120; pulse=70; temperature=37C; consciousness=alert; oxygen=no"
APACHE = (
    "age=44; temperature=37C; heart_rate=80; rr=16; ph=7.4; sodium=140; potassium=4; creatinine=1mg/dL; hct=40%; "
    "wbc=8 x10^9/L; gcs=15; fio2=21%; pao2=90mmHg; map=90mmHg"
)
PSI = (
    "age=60; sex=male; rr=20; systolic=120; temperature=37C; pulse=80; ph=7.4; bun=10mg/dL; sodium=140; "
    "glucose=100mg/dL; hct=40%; pao2=90mmHg"
)
MASCC = (
    "age=59; burden=mild; hypotension=no; copd=no; solid_tumour=yes; fungal_infection=no; dehydration=no; "
    "outpatient=yes"
)
CISNE = "ecog=1; monocytes=0.3 x10^9/L; stress_hyperglycaemia=no; copd=no; cardiovascular_disease=no; mucositis=no"
TLS = "urate=400umol/L; potassium=5; phosphate=1.2mmol/L; calcium=2.2mmol/L"
GBS = "sex=male; urea=5mmol/L; hb=14g/dL; systolic=120; pulse=80"
KHORANA = "cancer_site=breast; platelets=200 x10^9/L; hb=12g/dL; wbc=8 x10^9/L; bmi=25"
HEART = "age=45; history=slight; ecg=normal; troponin=normal"


def changed(base: str, **values: str) -> str:
    """``base`` with some of its values replaced or added."""
    pairs = dict(pair.split("=", 1) for pair in base.split("; ")) | values
    return "; ".join(f"{name}={value}" for name, value in pairs.items())


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        # ---- SOFA: respiration below 400, 300; 3 and 4 only with support
        ("sofa", SOFA, 0),
        ("sofa", changed(SOFA, pao2="399mmHg"), 1),
        ("sofa", changed(SOFA, pao2="299mmHg"), 2),
        ("sofa", changed(SOFA, pao2="150mmHg"), 2),  # no support: stays at 2
        ("sofa", changed(SOFA, pao2="150mmHg", ventilated="yes"), 3),
        ("sofa", changed(SOFA, pao2="99mmHg", cpap="yes"), 4),
        ("sofa", changed(SOFA, pao2="53.329kPa"), 0),  # 53.329 kPa = 400.0 mmHg
        ("sofa", changed(SOFA, platelets="149999/uL"), 1),
        ("sofa", changed(SOFA, platelets="19 x10^9/L"), 4),
        ("sofa", changed(SOFA, bilirubin="1.2mg/dL"), 1),
        ("sofa", changed(SOFA, bilirubin="12mg/dL"), 4),
        ("sofa", changed(SOFA, hypotension="yes"), 1),
        ("sofa", changed(SOFA, dobutamine="3ug/kg/min"), 2),
        ("sofa", changed(SOFA, dopamine="5ug/kg/min"), 2),
        ("sofa", changed(SOFA, dopamine="5.1ug/kg/min"), 3),
        ("sofa", changed(SOFA, noradrenaline="0.1ug/kg/min"), 3),
        ("sofa", changed(SOFA, norepinephrine="0.11ug/kg/min"), 4),
        ("sofa", changed(SOFA, dopamine="15.1ug/kg/min"), 4),
        ("sofa", changed(SOFA, gcs="14"), 1),
        ("sofa", changed(SOFA, gcs="5"), 4),
        ("sofa", changed(SOFA, creatinine="5mg/dL"), 4),
        ("sofa", changed(SOFA, urine_output="499mL/day"), 3),
        ("sofa", changed(SOFA, urine_output="199mL/day"), 4),
        # ---- qSOFA and SIRS: ends belong where the source puts them
        ("qsofa", "rr=22; systolic=100; altered_mentation=yes", 3),
        ("qsofa", "rr=21; systolic=101; altered_mentation=no", 0),
        ("qsofa", "rr=21; systolic=101; gcs=14", 1),
        ("sirs", "temperature=38C; heart_rate=90; rr=20; wbc=12 x10^9/L", 0),
        ("sirs", "temperature=38.1C; heart_rate=91; rr=21; wbc=12.1 x10^9/L", 4),
        ("sirs", "temperature=35.9C; heart_rate=60; rr=12; wbc=3900/uL", 2),
        ("sirs", "temperature=37C; heart_rate=60; rr=12; wbc=8 x10^9/L; paco2=31mmHg; bands=11%", 2),
        # ---- NEWS2, each band's ends
        ("news2", NEWS, 0),
        ("news2", changed(NEWS, rr="8"), 3),
        ("news2", changed(NEWS, rr="9"), 1),
        ("news2", changed(NEWS, rr="21"), 2),
        ("news2", changed(NEWS, rr="25"), 3),
        ("news2", changed(NEWS, spo2="95%"), 1),
        ("news2", changed(NEWS, spo2="92%"), 2),
        ("news2", changed(NEWS, spo2="91%"), 3),
        ("news2", changed(NEWS, spo2="91%", spo2_scale="2"), 0),
        ("news2", changed(NEWS, spo2="97%", spo2_scale="2"), 0),  # on air
        ("news2", changed(NEWS, spo2="97%", spo2_scale="2", oxygen="yes"), 5),  # 3 and oxygen 2
        ("news2", changed(NEWS, spo2="93%", spo2_scale="2", oxygen="yes"), 3),
        ("news2", changed(NEWS, spo2="83%", spo2_scale="2"), 3),
        ("news2", changed(NEWS, systolic="90"), 3),
        ("news2", changed(NEWS, systolic="219"), 0),
        ("news2", changed(NEWS, systolic="220"), 3),
        ("news2", changed(NEWS, pulse="40"), 3),
        ("news2", changed(NEWS, pulse="131"), 3),
        ("news2", changed(NEWS, temperature="35.0C"), 3),
        ("news2", changed(NEWS, temperature="38.1C"), 1),
        ("news2", changed(NEWS, temperature="39.1C"), 2),
        ("news2", changed(NEWS, consciousness="confusion"), 3),
        # ---- Glasgow Coma Scale
        ("gcs", "eye=4; verbal=5; motor=6", 15),
        ("gcs", "eye=to pain; verbal=incomprehensible sounds; motor=withdrawal from pain", 8),
        ("gcs", "eye=none; verbal=none; motor=none", 3),
        # ---- APACHE II
        ("apache_ii", APACHE, 0),
        ("apache_ii", changed(APACHE, age="45"), 2),
        ("apache_ii", changed(APACHE, age="75"), 6),
        ("apache_ii", changed(APACHE, creatinine="3.5mg/dL"), 4),
        ("apache_ii", changed(APACHE, creatinine="3.5mg/dL", acute_renal_failure="yes"), 8),
        ("apache_ii", changed(APACHE, gcs="3"), 12),
        ("apache_ii", changed(APACHE, fio2="60%", aa_gradient="500mmHg"), 4),
        ("apache_ii", changed(APACHE, pao2="70mmHg"), 1),
        ("apache_ii", changed(APACHE, pao2="60mmHg"), 3),
        ("apache_ii", changed(APACHE, pao2="54mmHg"), 4),
        ("apache_ii", changed(APACHE, map="49mmHg"), 4),
        ("apache_ii", changed(APACHE, temperature="29.9C"), 4),
        ("apache_ii", changed(APACHE, organ_failure_or_immunocompromise="yes"), 5),
        ("apache_ii", changed(APACHE, organ_failure_or_immunocompromise="yes", admission="elective"), 2),
        # ---- chest: urea of exactly 7 and systolic of exactly 90 score nothing, diastolic of 60 does
        ("curb_65", "age=64; urea=7mmol/L; rr=29; systolic=90; diastolic=61", 0),
        ("curb_65", "age=65; urea=7.1mmol/L; rr=30; systolic=89; diastolic=61; confusion=yes", 5),
        ("curb_65", "age=64; bun=20mg/dL; rr=29; systolic=120; diastolic=60", 2),  # 20 / 2.8 = 7.1 mmol/L
        ("crb_65", "age=65; rr=30; systolic=120; diastolic=60; confusion=no", 3),
        ("psi", PSI, 60),
        ("psi", changed(PSI, sex="female"), 50),
        ("psi", changed(PSI, nursing_home="yes", neoplastic_disease="yes"), 100),
        # 60 + pH 30 + urea 20 + sodium 20 + glucose 10 + haematocrit 10 + oxygen 10 + effusion 10
        (
            "psi",
            changed(
                PSI,
                ph="7.34",
                bun="30mg/dL",
                sodium="129",
                glucose="250mg/dL",
                hct="29%",
                pao2="59mmHg",
                pleural_effusion="yes",
            ),
            170,
        ),
        # 60 + 20 + 20 + 20 + 15 + 10
        ("psi", changed(PSI, rr="30", systolic="89", temperature="40C", pulse="125", altered_mental_status="yes"), 145),
        # ---- throat
        ("mcisaac", "age=14; temperature=38.1C; exudate=yes; nodes=yes; cough_absent=yes", 5),
        ("mcisaac", "age=15; temperature=38C; exudate=no", 0),
        ("centor", "age=45; temperature=37C; exudate=no", -1),
        ("feverpain", "fever=yes; purulence=yes; rapid_onset=yes; severe_inflammation=yes; no_cough_or_coryza=yes", 5),
        ("feverpain", "fever=no", 0),
        # ---- comorbidity: 4 (age 80) + 6 + 3 + 2 + 1 + 1
        (
            "charlson",
            "age=80; solid_tumour=metastatic; liver_disease=severe; diabetes=end-organ damage; dementia=yes; tia=yes",
            17,
        ),
        ("charlson", "age=49; stroke=yes; tia=yes", 1),  # stroke and TIA count once
        ("charlson", "age=50", 1),
        # ---- atrial fibrillation
        ("cha2ds2_vasc", "age=64; sex=male", 0),
        ("cha2ds2_vasc", "age=65; sex=female", 2),
        (
            "cha2ds2_vasc",
            "age=75; sex=female; stroke=yes; tia=yes; chf=yes; hypertension=yes; diabetes=yes; vascular disease=yes",
            9,
        ),
        ("cha2ds2_va", "age=75; stroke=yes", 4),
        ("has_bled", "age=65; alcohol_per_week=7", 0),
        ("has_bled", "age=66; alcohol_per_week=8", 2),
        (
            "has_bled",
            "age=66; alcohol=yes; drugs=yes; labile_inr=yes; bleeding=yes; stroke=yes; liver_disease=yes; "
            "renal_disease=yes; hypertension=yes",
            9,
        ),
        # ---- thrombosis
        ("wells_dvt", "active_cancer=yes; alternative_diagnosis=yes", -1),
        ("wells_dvt", "bedridden=yes; major_surgery=yes", 1),  # one criterion
        ("wells_pe", "heart_rate=100", 0),
        ("wells_pe", "heart_rate=101; immobilisation=yes; surgery=yes; previous_pe=yes; previous_dvt=yes", 4.5),
        (
            "wells_pe",
            "heart_rate=101; dvt_signs=yes; pe_likely=yes; haemoptysis=yes; cancer=yes; surgery=yes; prior_dvt=yes",
            12.5,
        ),
        ("perc", "age=49; heart_rate=99; spo2=95%", 0),
        ("perc", "age=50; heart_rate=100; spo2=94%", 3),
        ("khorana", KHORANA, 0),
        ("khorana", changed(KHORANA, cancer_site="pancreas"), 2),
        (
            "khorana",
            changed(KHORANA, cancer_site="lung", platelets="350 x10^9/L", hb="9.9g/dL", wbc="11.1 x10^9/L", bmi="35"),
            5,
        ),
        ("khorana", changed(KHORANA, wbc="11 x10^9/L", growth_factors="yes"), 1),
        ("four_ts", "thrombocytopenia=2; timing=days 5-10; thrombosis=none; other_causes=possible", 5),
        ("caprini", "age=40; bmi=25", 0),
        ("caprini", "age=41; bmi=25.1", 2),
        (
            "caprini",
            "age=75; bmi=20; surgery=elective major lower extremity arthroplasty; previous_dvt=yes; cancer=yes",
            13,
        ),
        ("caprini", "age=61; bmi=20; mobility=on bed rest; stroke=yes; copd=yes", 9),
        # ---- cancer: 5 + 5 + 4 + 4 + 3 + 3 + 2
        ("mascc", MASCC, 26),
        ("mascc", changed(MASCC, age="60", burden="moderate"), 22),
        ("mascc", changed(MASCC, solid_tumour="no", fungal_infection="yes", hypotension="yes"), 17),
        ("cisne", CISNE, 0),
        ("cisne", changed(CISNE, ecog="2", monocytes="199/uL"), 3),
        ("cisne", changed(CISNE, monocytes="200/uL", mucositis="yes"), 1),
        ("cairo_bishop", TLS, 0),
        ("cairo_bishop", changed(TLS, urate="8mg/dL", potassium="6"), 2),  # 8 x 59.5 = 476
        ("cairo_bishop", changed(TLS, calcium="7mg/dL"), 1),  # 7 / 4 = 1.75
        ("cairo_bishop", changed(TLS, edition="2004", potassium_baseline="4"), 1),  # 5 is 25 % above 4
        ("cairo_bishop", changed(TLS, potassium_baseline="4"), 0),  # the 2011 edition counts no change
        # ---- liver and gut
        ("child_pugh", "bilirubin=1.9mg/dL; albumin=3.6g/dL; inr=1.6; ascites=none; encephalopathy=none", 5),
        ("child_pugh", "bilirubin=2mg/dL; albumin=3.5g/dL; inr=1.7; ascites=slight; encephalopathy=grade 1-2", 10),
        ("child_pugh", "bilirubin=3.1mg/dL; albumin=2.7g/dL; inr=2.4; ascites=severe; encephalopathy=grade 3-4", 15),
        ("gbs", GBS, 0),
        ("gbs", changed(GBS, urea="6.5mmol/L", hb="12.9g/dL", systolic="109", pulse="100"), 5),  # 2 + 1 + 1 + 1
        ("gbs", changed(GBS, urea="25mmol/L"), 6),
        ("gbs", changed(GBS, urea="24.9mmol/L"), 4),
        ("gbs", "sex=male; bun=28mg/dL; hb=140g/L; systolic=120; pulse=80", 3),  # 28 / 2.8 = just below 10 mmol/L
        ("gbs", changed(GBS, sex="female", hb="11.9g/dL"), 1),
        (
            "gbs",
            changed(
                GBS, hb="9.9g/dL", systolic="89", melena="yes", syncope="yes", liver_disease="yes", heart_failure="yes"
            ),
            16,
        ),
        # ---- heart
        ("heart_score", HEART, 0),
        ("heart_score", changed(HEART, age="46", diabetes="yes"), 2),
        (
            "heart_score",
            changed(
                HEART,
                age="65",
                smoking="yes",
                obesity="yes",
                diabetes="yes",
                history="highly suspicious",
                ecg="significant st deviation",
                troponin="greater than three times normal limit",
            ),
            10,
        ),
        ("heart_score", changed(HEART, atherosclerotic_disease="yes"), 2),
        ("heart_score", changed(HEART, tia="yes", smoking="yes"), 2),
        ("rcri", "creatinine=2mg/dL", 0),
        ("rcri", "creatinine=1mg/dL; stroke=yes; cerebrovascular_disease=yes", 1),  # one predictor
        ("rcri", "creatinine=2.1mg/dL; insulin=yes; high_risk_surgery=yes", 3),
    ],
)
def test_points(name: str, inputs: str, expected: float) -> None:
    assert points(name, inputs) == expected


@pytest.mark.parametrize(
    ("name", "inputs", "words"),
    [
        ("child_pugh", "bilirubin=1mg/dL; albumin=4g/dL; inr=1; ascites=none; encephalopathy=grade 3-4", "class B"),
        ("psi", changed(PSI, age="50"), "class I "),
        ("psi", changed(PSI, age="51"), "class II "),
        ("psi", changed(PSI, age="50", heart_failure="yes"), "class II "),
        ("four_ts", "thrombocytopenia=1; timing=1; thrombosis=0; other_causes=1", "do not test"),
        ("mascc", MASCC, "low risk"),
        ("mascc", changed(MASCC, hypotension="yes", age="60"), "high risk"),  # 26 - 5 - 2 = 19
        ("cha2ds2_vasc", "age=50; sex=male; hypertension=yes", "UK (NICE, as quoted): consider"),
        ("cairo_bishop", changed(TLS, urate="500umol/L", potassium="6.5", seizure="yes"), "clinical tumour lysis"),
        ("news2", changed(NEWS, rr="8"), "single parameter of 3"),
        ("delta_ratio", "sodium=140; chloride=100; bicarbonate=15", "1 to 2"),
        ("gbs", changed(GBS, pulse="100"), "outpatient"),
    ],
)
def test_reading_of_the_result(name: str, inputs: str, words: str) -> None:
    reading = calculate(name, dict(pair.split("=", 1) for pair in inputs.split("; "))).outcome.reading
    assert words in reading


def test_both_practices_are_named_where_they_differ() -> None:
    reading = calculate("cha2ds2_vasc", {"age": "66", "sex": "female"}).outcome.reading
    assert reading == "US (ACC/AHA 2023): anticoagulation reasonable; UK (NICE, as quoted): offer anticoagulation"
