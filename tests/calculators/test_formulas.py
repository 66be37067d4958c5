"""Formulas: vectors worked by hand from the cited formula; the arithmetic stands beside each row."""

import pytest

from assistant.calculators.registry import calculate


def exact(name: str, text: str) -> float:
    return float(calculate(name, dict(pair.split("=", 1) for pair in text.split("; "))).exact)


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        # ---- body: sqrt(180 x 80 / 3600) = sqrt 4
        ("bsa", "height=180cm; weight=80kg", 2.0),
        # sqrt(150 x 54 / 3600) = sqrt 2.25
        ("body_surface_area", "height=1.5m; weight=54kg", 1.5),
        # 100 cm and 1 kg: 0.007184 x 100^0.725 = 0.007184 x 28.18383 = 0.2024726
        ("bsa", "height=100cm; weight=1kg; method=du bois", 0.2024726),
        # 81 / 1.8^2 = 81 / 3.24
        ("bmi", "height=180cm; weight=81kg", 25.0),
        # the same in inches and pounds: 72 in = 1.8288 m, 200 lb = 90.718474 kg; 90.718474 / 3.34450944
        ("bmi", "height=72in; weight=200lb", 27.12459),
        # 50 + 2.3 x (70 - 60): 70 in = 177.8 cm
        ("ideal_body_weight", "sex=male; height=177.8cm", 73.0),
        # exactly 60 inches: nothing is added
        ("ibw", "sex=F; height=152.4cm", 45.5),
        # 73 + 0.4 x (103 - 73)
        ("adjusted_body_weight", "sex=M; height=177.8cm; weight=103kg", 85.0),
        # 22 x 1.5^2
        ("target_weight", "bmi=22; height=150cm", 49.5),
        # 4-2-1: 4 x 10
        ("maintenance_fluids", "weight=10kg", 40.0),
        # 40 + 2 x 5
        ("maintenance_fluids", "weight=15kg", 50.0),
        # 40 + 20 + 1 x 50
        ("maintenance_fluids", "weight=70kg", 110.0),
        # ---- kidney: (140 - 60) x 72 / (72 x 1) = 80
        ("cockcroft_gault", "age=60; sex=male; weight=72kg; creatinine=1mg/dL", 80.0),
        # the woman: 80 x 0.85
        ("creatinine clearance", "age=60years; sex=female; weight=72kg; creatinine=88.4umol/L", 68.0),
        # 177.8 cm, 103 kg: body mass index 32.6, adjusted 85 kg; (140 - 50) x 85 / 72
        ("cockcroft_gault", "age=50; sex=male; weight=103kg; height=177.8cm; creatinine=1mg/dL", 106.25),
        # the same with the ideal weight: 90 x 73 / 72
        ("cockcroft_gault", "age=50; sex=male; weight=103kg; height=177.8cm; scr=1mg/dL; weight_choice=ideal", 91.25),
        # the same with the actual weight: 90 x 103 / 72
        ("cockcroft_gault", "age=50; sex=male; weight=103kg; height=177.8cm; scr=1mg/dL; weight_choice=actual", 128.75),
        # thinner than ideal: the actual 60 kg; 90 x 60 / 72
        ("cockcroft_gault", "age=50; sex=male; weight=60kg; height=177.8cm; creatinine=1mg/dL", 75.0),
        # creatinine equal to kappa: 142 x 0.9938^50; 50 ln 0.9938 = -0.310965, e^-0.310965 = 0.7327395
        ("ckd_epi_2021", "age=50; sex=male; creatinine=0.9mg/dL", 104.04901),
        # twice kappa, woman: 142 x 2^-1.2 x 0.9938^50 x 1.012; 2^-1.2 = 0.4352753: 61.80909 x 0.7327395 x 1.012
        ("ckd_epi_2021", "age=50; sex=female; creatinine=1.4mg/dL", 45.83344),
        # creatinine 1 and age 1 of the powers: 175 x 50^-0.203; 0.203 ln 50 = 0.7941407, e^-0.7941407 = 0.4519695
        ("mdrd", "age=50; sex=male; creatinine=1mg/dL", 79.09466),
        # 79.09466 x 0.742 x 1.212
        ("mdrd", "age=50; sex=female; creatinine=1mg/dL; race=Black", 71.13014),
        # (40 x 2) / (140 x 80) x 100 = 0.714286
        ("fena", "sodium=140; urine_sodium=40; creatinine=2mg/dL; urine_creatinine=80mg/dL", 0.7142857),
        # ---- acid and base: 140 - (100 + 15)
        ("anion_gap", "sodium=140; chloride=100; bicarbonate=15", 25.0),
        # 25 + 2.5 x (4 - 2)
        ("albumin_corrected_anion_gap", "sodium=140; chloride=100; bicarbonate=15; albumin=20g/L", 30.0),
        # 25 - 12
        ("delta_gap", "sodium=140mEq/L; chloride=100mEq/L; bicarbonate=15mEq/L", 13.0),
        # (25 - 12) / (24 - 15)
        ("delta_ratio", "sodium=140; chloride=100; bicarbonate=15", 13 / 9),
        # (30 - 12) / 9
        ("albumin_corrected_delta_ratio", "sodium=140; chloride=100; bicarbonate=15; albumin=2g/dL", 2.0),
        ("albumin_corrected_delta_gap", "sodium=140; chloride=100; bicarbonate=15; albumin=2g/dL", 18.0),
        # a negative gap stays negative: 130 - 115 - 20 - 12
        ("delta_gap", "sodium=130; chloride=115; bicarbonate=20", -17.0),
        # ---- chemistry: 10 + 0.8 x (4 - 2.5)
        ("corrected_calcium", "calcium=10mg/dL; albumin=2.5g/dL", 11.2),
        # SI: 2.5 mmol/L = 10 mg/dL
        ("corrected_calcium", "calcium=2.5mmol/L; albumin=25g/L", 11.2),
        # 130 + 0.024 x (600 - 100)
        ("corrected_sodium", "sodium=130; glucose=600mg/dL", 142.0),
        # 130 + 0.016 x 500
        ("corrected_sodium", "sodium=130; glucose=600mg/dL; method=katz", 138.0),
        # glucose at 100: nothing to correct
        ("corrected_sodium", "sodium=130; glucose=100mg/dL", 130.0),
        # 0.6 x 70 x (154/140 - 1) = 42 x 0.1
        ("free_water_deficit", "age=40; sex=male; weight=70kg; sodium=154", 4.2),
        # from 65 on 0.5: 35 x 0.1
        ("free_water_deficit", "age=65; sex=male; weight=70kg; sodium=154", 3.5),
        # woman over 65: 0.45 x 60 x 0.1
        ("free_water_deficit", "age=80; sex=female; weight=60kg; sodium=154", 2.7),
        # a child: 0.6 x 20 x 0.1
        ("free_water_deficit", "age=17; sex=female; weight=20kg; sodium=154", 1.2),
        # 2 x 140 + 14/2.8 + 90/18
        ("serum_osmolality", "sodium=140; bun=14mg/dL; glucose=90mg/dL", 290.0),
        # 100 x 8.1 / 405
        ("homa_ir", "glucose=100mg/dL; insulin=8.1mU/L", 2.0),
        # mmol/L: 5 x 9 / 22.5, as 5 mmol/L = 90 mg/dL
        ("homa_ir", "glucose=5mmol/L; insulin=9uIU/mL", 2.0),
        # 200 - 50 - 150/5
        ("ldl", "total_cholesterol=200mg/dL; hdl=50mg/dL; triglycerides=150mg/dL", 120.0),
        # ---- liver: all at 1: 10 x 0.643 = 6.43, rounded 6
        ("meld", "creatinine=0.5mg/dL; bilirubin=0.4mg/dL; inr=0.9", 6.0),
        # dialysis counts as 4: 10 x (0.957 x 1.386294 + 0.643) = 19.697
        ("meld", "creatinine=1mg/dL; bilirubin=1mg/dL; inr=1; dialysis=yes", 20.0),
        # 4, 4, 2: 0.957 x 1.386294 + 0.378 x 1.386294 + 1.12 x 0.693147 + 0.643 = 3.27003
        ("meld", "creatinine=4mg/dL; bilirubin=4mg/dL; inr=2", 33.0),
        # MELD 20, Na 127: 20 + 13.2 - 0.033 x 20 x 10 = 26.6
        ("meld_na", "creatinine=1mg/dL; bilirubin=1mg/dL; inr=1; dialysis=yes; sodium=127", 27.0),
        # MELD 6 is not above 11: sodium does not count
        ("meld_na", "creatinine=1mg/dL; bilirubin=1mg/dL; inr=1; sodium=125", 6.0),
        # Na above 137 is held at 137
        ("meld_na", "creatinine=1mg/dL; bilirubin=1mg/dL; inr=1; dialysis=yes; sodium=145", 20.0),
        # man, all logs zero, Na 137, albumin 3.5: the constant 6
        ("meld_3", "sex=male; creatinine=1mg/dL; bilirubin=1mg/dL; inr=1; sodium=137; albumin=3.5g/dL", 6.0),
        # woman, Na 127, albumin 2.5: 1.33 + 8.2 + 1.85 + 6 = 17.38
        ("meld_3", "sex=female; creatinine=1mg/dL; bilirubin=1mg/dL; inr=1; sodium=127; albumin=2.5g/dL", 17.0),
        # (50 x 40) / (200 x sqrt 25)
        ("fib_4", "age=50; ast=40; alt=25; platelets=200 x10^9/L", 2.0),
        # ---- heart rate 60: every correction leaves QT as it is
        ("qtc_bazett", "qt=400ms; heart_rate=60", 400.0),
        ("qtc_fridericia", "qt=400ms; heart_rate=60", 400.0),
        ("qtc_framingham", "qt=400ms; heart_rate=60", 400.0),
        ("qtc_hodges", "qt=400ms; heart_rate=60", 400.0),
        ("qtc_rautaharju", "qt=400ms; heart_rate=60", 400.0),
        # heart rate 240, RR 0.25 s: 300 / 0.5
        ("qtc_bazett", "qt=0.3s; heart_rate=240", 600.0),
        # heart rate 60 / 0.216 = 277.78, RR 0.216 s = 0.6^3: 300 / 0.6
        ("qtc_fridericia", "qt=300; heart_rate=277.777777777777", 500.0),
        # heart rate 120, RR 0.5 s: 300 + 154 x 0.5
        ("qtc_framingham", "qt=300; heart_rate=120", 377.0),
        # 300 + 1.75 x 60
        ("qtc_hodges", "qt=300; heart_rate=120", 405.0),
        # 300 x 240 / 180
        ("qtc_rautaharju", "qt=300; heart_rate=120", 400.0),
        # (120 + 160) / 3
        ("map", "systolic=120; diastolic=80", 280 / 3),
        # published example of the ATP III equation: 39-year-old man, 2 % (1.68 before rounding)
        ("framingham_chd", "age=39; sex=male; total_cholesterol=244mg/dL; hdl=50mg/dL; systolic=107", 1.679419),
        # ---- cancer and blood: 5 x (75 + 25)
        ("calvert", "auc=5; gfr=75mL/min", 500.0),
        # an estimated 150 is capped at 125: 6 x 150 (the 900 mg ceiling)
        ("calvert", "auc=6; gfr=150mL/min", 900.0),
        # a measured 150 is not: 6 x 175
        ("calvert", "auc=6; gfr=150mL/min; gfr_method=measured", 1050.0),
        # 2 x (40 + 10) / 100
        ("anc", "wbc=2000/uL; neutrophils=40%; bands=10%", 1.0),
        ("anc", "wbc=0.4 x10^9/L; neutrophils=50", 0.2),
        # 70 x (15 - 8) x 2.4 + 500
        ("ganzoni", "weight=70kg; haemoglobin=80g/L; target_haemoglobin=15g/dL", 1676.0),
        # 20 x 5 x 2.4 + 15 x 20
        ("ganzoni", "weight=20kg; haemoglobin=7g/dL; target_haemoglobin=12g/dL", 540.0),
        # exactly 35 kg: 500 mg of stores; 35 x 2 x 2.4 + 500
        ("ganzoni", "weight=35kg; haemoglobin=10g/dL; target_haemoglobin=12g/dL", 668.0),
        # ---- doses: 15 x 20
        ("dose_per_weight", "dose=15mg/kg; weight=20kg", 300.0),
        # 15 x 80 = 1200, capped
        ("dose_per_weight", "dose=15mg/kg; weight=80kg; max_dose=1g", 1000.0),
        # exactly the maximum is allowed
        ("dose_per_weight", "dose=10mg/kg; weight=100kg; max_dose=1000mg", 1000.0),
        # units are kept: 0.1 x 70 units an hour
        ("dose_per_weight", "dose=0.1U/kg/h; weight=70kg", 7.0),
        # 75 x 2 m2
        ("dose_per_surface", "dose=75mg/m2; height=180cm; weight=80kg", 150.0),
        # surface 2.0 capped at 1.8: 75 x 1.8
        ("dose_per_surface", "dose=75mg/m2; bsa=2.0m2; bsa_cap=1.8", 135.0),
        # 1.4 x 2 = 2.8, capped at 2
        ("dose_per_surface", "dose=1.4mg/m2; bsa=2; max_dose=2mg", 2.0),
        # 8 x 5 / 0.75
        ("steroid_conversion", "from=dexamethasone; dose=8mg; to=prednisolone", 160 / 3),
        # 100 x 5 / 20
        ("steroid_conversion", "input steroid=Hydrocortisone IV; dose=100mg; target steroid=PredniSONE PO", 25.0),
        # ---- opioids: 60 x 4 x 0.15 + 30 x 2 x 1
        ("mme", "codeine=60mg; codeine_per_day=4; morphine=30mg; morphine_per_day=2", 96.0),
        # 25 ug/h x 2.4
        ("mme", "fentanyl_patch=25ug/h", 60.0),
        # 20 mg a day x 4.7
        ("mme", "methadone=20mg", 94.0),
        # 60 / 2 (same drug)
        ("opioid_conversion", "from=oral morphine; daily_dose=60mg; to=morphine sc", 30.0),
        # 60 / 2, a third less
        ("opioid_conversion", "from=morphine; daily_dose=60mg; to=oxycodone", 20.0),
        # 90 / 3, no reduction in the row
        ("opioid_conversion", "from=morphine; daily_dose=90mg; to=diamorphine", 30.0),
        # ---- units: 1 mg/dL = 88.4 umol/L
        ("unit_conversion", "value=2mg/dL; to=umol/L; analyte=creatinine", 176.8),
        # 1 ng/L = 0.738 pmol/L
        ("unit_conversion", "value=200ng/L; to=pmol/L; analyte=vitamin B12", 147.6),
        # 98.6 F
        ("unit_conversion", "value=98.6degF; to=degC", 37.0),
        ("unit_conversion", "value=1.5g; to=mg", 1500.0),
    ],
)
def test_worked_vectors(name: str, inputs: str, expected: float) -> None:
    assert exact(name, inputs) == pytest.approx(expected, rel=2e-6)


@pytest.mark.parametrize(
    ("name", "inputs", "shown"),
    [
        # half away from zero: 2.125 to two places
        ("map", "systolic=100; diastolic=50", "66.67 mmHg"),
        ("bmi", "height=200cm; weight=85kg", "21.25 kg/m2"),
        ("bmi", "height=200cm; weight=85.02kg", "21.26 kg/m2"),  # 21.255
        ("free_water_deficit", "age=40; sex=male; weight=70kg; sodium=133", "-2.1 L"),
        ("dose_per_weight", "dose=5ug/kg/min; weight=70kg", "350 ug/min"),
        ("unit_conversion", "value=5mmol/L; to=mg/dL; analyte=glucose", "90 mg/dL"),
    ],
)
def test_shown_value_is_rounded_once_with_its_unit(name: str, inputs: str, shown: str) -> None:
    assert calculate(name, dict(pair.split("=", 1) for pair in inputs.split("; "))).text == shown


@pytest.mark.parametrize(
    ("name", "inputs", "value"),
    [
        # 20 May 2020: three months back 20 February, seven days on, next year
        ("due_date", {"lmp": "2020-05-20"}, "2021-02-27"),
        ("due_date", {"lmp": "2020-05-20", "method": "280 days"}, "2021-02-24"),
        # January goes back to October of the same year's end: 15 January 2023 -> 15 October -> 22 October 2023
        ("due_date", {"lmp": "2023-01-15"}, "2023-10-22"),
        # March: 10 March 2023 -> 10 December 2022 -> 17 December, next year
        ("due_date", {"lmp": "10 March 2023"}, "2023-12-17"),
        # 31 May has no 31 February: the 28th, and seven days
        ("due_date", {"lmp": "2022-05-31"}, "2023-03-07"),
        # a cycle of 35 days adds seven
        ("due_date", {"lmp": "2023-01-15", "cycle_length": "35"}, "2023-10-29"),
        ("conception_date", {"lmp": "2024-01-01"}, "2024-01-15"),
        ("conception_date", {"lmp": "2024-01-01", "cycle_length": "21days"}, "2024-01-08"),
    ],
)
def test_dates(name: str, inputs: dict[str, str], value: str) -> None:
    assert calculate(name, inputs).value == value


@pytest.mark.parametrize(
    ("start", "now", "days", "text"),
    [
        ("2024-02-14", "2024-02-14", "0", "0 weeks 0 days"),
        ("2024-02-28", "2024-03-01", "2", "0 weeks 2 days"),  # a leap year's 29 February counts
        ("2024-01-01", "2024-04-09", "99", "14 weeks 1 day"),
    ],
)
def test_gestational_age(start: str, now: str, days: str, text: str) -> None:
    result = calculate("gestational_age", {"lmp": start, "current_date": now})
    assert (result.value, result.text) == (days, text)
