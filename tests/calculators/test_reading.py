"""Inputs: names, units, words and dates are read one way or refused by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.calculators.registry import calculate, calculators, result_to_json
from assistant.errors import InputError

CG = {"age": "60", "sex": "male", "weight": "72kg", "creatinine": "1mg/dL"}
SIRS = {"temperature": "37C", "heart_rate": "80", "respiratory_rate": "12", "white_cells": "8 x10^9/L"}


@pytest.mark.parametrize(
    "inputs",
    [
        {"Age": "60 years", "SEX": "M", "Weight": "72 kg", "Serum Creatinine": "1 mg/dL"},
        {"age": "720 months", "gender": "man", "weight": "72000g", "scr": "88.4 µmol/L"},
        {"age_years": "60", "sex": "Male", "weight_kg": "72", "creatinine_mg_dl": "1"},  # units in the names
        {"patient-age": "60y", "sex": "male", "actual body weight": "72kg".upper(), "creatinine": "0.0884 mmol/L"},
    ],
)
def test_many_spellings_mean_the_same(inputs: dict[str, str]) -> None:
    assert calculate("cockcroft_gault", inputs).value == "80"


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"creatinine": "1"}, "unreadable_input", "needs its unit"),  # mg/dL and umol/L differ 88-fold
        ({"weight": "72"}, "unreadable_input", "needs its unit"),  # kilograms or pounds
        ({"creatinine": "1 mmHg"}, "unreadable_input", "creatinine: cannot convert"),
        ({"creatinine": "1 blah"}, "unreadable_input", "'blah' is not known"),
        ({"creatinine": "<0.3mg/dL"}, "unreadable_input", "not one number"),
        ({"creatinine": "1,5mg/dL"}, "unreadable_input", "decimal point"),
        ({"creatinine": "1mg/dL 2mg/dL"}, "unreadable_input", "is not known"),
        ({"creatinine": "1.9e9mg/dL"}, "unreadable_input", "is not known"),
        ({"creatinine": "190mg/dL"}, "out_of_range", "outside 0.05 to 40"),
        ({"creatinine": "-1mg/dL"}, "out_of_range", "outside"),
        ({"age": "17"}, "out_of_range", "outside 18 to 120"),
        ({"sex": "x"}, "unreadable_input", "not one of female, male"),
        ({"scr": "1mg/dL"}, "duplicate_input", "given twice"),
        ({"height": "170cm", "shoe": "42"}, "unknown_input", "no input 'shoe'"),
        ({"weight": "7" * 300 + "kg"}, "unreadable_input", "longer than"),
        ({"weight_choice": "ideal"}, "missing_input", "needs height"),
    ],
)
def test_refusals_name_the_input(change: dict[str, str], code: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate("cockcroft_gault", CG | change)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        calculate("cockcroft_gault", {"age": "60"})
    message = str(caught.value)
    assert caught.value.code == "missing_input"
    assert all(name in message for name in ("sex", "weight", "creatinine", "mg/dL or umol/L"))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("8 x10^9/L", "0"),
        ("8000 /µL", "0"),
        ("8,000 cells/mm3", "0"),
        ("8 K/uL", "0"),
        ("8000 µL", "0"),  # printed for "per µL"
        ("13 10*9/L", "1"),
    ],
)
def test_counts_as_laboratories_print_them(written: str, value: str) -> None:
    assert calculate("sirs", SIRS | {"white_cells": written}).value == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("101 F", "1"),
        ("101.0 degrees Fahrenheit", "1"),
        ("38.4°C", "1"),
        ("37.9 degrees celsius", "0"),
        ("98.6degF", "0"),
    ],
)
def test_temperatures(written: str, value: str) -> None:
    assert calculate("sirs", SIRS | {"temperature": written}).value == value


def test_urea_and_its_nitrogen_are_told_apart_by_name() -> None:
    base = {"age": "40", "respiratory_rate": "20", "systolic": "120", "diastolic": "80"}
    assert calculate("curb_65", base | {"bun": "30 mg/dL"}).value == "1"  # 10.7 mmol/L
    assert calculate("curb_65", base | {"urea": "30 mg/dL"}).value == "0"  # 5.0 mmol/L
    assert calculate("serum_osmolality", {"sodium": "140", "glucose": "5mmol/L", "urea": "5mmol/L"}).value == "290"


@pytest.mark.parametrize(("share", "value"), [("0.5", "2"), ("50%", "2"), ("50", "2")])
def test_oxygen_as_fraction_or_percentage(share: str, value: str) -> None:
    inputs = {"pao2": "120mmHg", "fio2": share, "platelets": "200 x10^9/L", "bilirubin": "1mg/dL", "gcs": "15"}
    assert calculate("sofa", inputs | {"creatinine": "1mg/dL", "hypotension": "no"}).value == value


def test_an_unsaid_criterion_counts_as_absent_and_is_listed() -> None:
    result = calculate("cha2ds2_vasc", {"age": "70", "sex": "male", "diabetes": "yes"})
    assert result.value == "2"
    assert set(result.unsaid) >= {"heart_failure", "stroke", "vascular_disease"}
    assert "diabetes" not in result.unsaid


def test_strict_refuses_what_was_not_said() -> None:
    with pytest.raises(InputError, match="heart_failure"):
        calculate("cha2ds2_vasc", {"age": "70", "sex": "male", "diabetes": "yes"}, strict=True)


@pytest.mark.parametrize("name", ["mascc", "cisne"])
def test_where_absence_earns_points_silence_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate(name, {"age": "50", "burden": "mild"} if name == "mascc" else {"ecog": "1", "monocytes": "1 x10^9/L"})
    assert caught.value.code == "missing_input"


@pytest.mark.parametrize("name", ["wells_dvt", "feverpain", "four_ts", "morphine_equivalents"])
def test_nothing_given_is_not_a_score_of_nought(name: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate(name, {})
    assert caught.value.code == "missing_input"


@pytest.mark.parametrize("word", ["maybe", "2", "unknown", ""])
def test_a_flag_is_yes_or_no(word: str) -> None:
    with pytest.raises(InputError, match="neither yes nor no"):
        calculate("wells_dvt", {"active_cancer": word})


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2024-01-31", "2024-02-14"),
        ("31/01/2024", "2024-02-14"),
        ("01/31/2024", "2024-02-14"),
        ("Jan 31, 2024", "2024-02-14"),
        ("31 January 2024", "2024-02-14"),
        ("02/02/2024", "2024-02-16"),
    ],
)
def test_dates_with_one_reading(written: str, value: str) -> None:
    assert calculate("conception_date", {"lmp": written}).value == value


@pytest.mark.parametrize("written", ["03/04/2024", "2024-13-01", "2023-02-29", "yesterday", "31 Foo 2024", "2024"])
def test_dates_with_two_readings_or_none_are_refused(written: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate("conception_date", {"lmp": written})
    assert caught.value.code == "unreadable_input"


@pytest.mark.parametrize(
    ("name", "inputs", "words"),
    [
        (
            "ldl",
            {"cholesterol": "300mg/dL", "hdl": "40mg/dL", "tg": "400mg/dL"},
            "outside",
        ),  # the formula ends below 400
        ("delta_ratio", {"na": "140", "cl": "100", "hco3": "24"}, "exactly normal"),
        ("map", {"systolic": "80", "diastolic": "120"}, "above systolic"),
        ("ganzoni", {"weight": "70kg", "hb": "15g/dL", "target_hb": "12g/dL"}, "not above"),
        ("gestational_age", {"lmp": "2024-01-01", "date": "2023-12-31"}, "-1 days"),
        ("gestational_age", {"lmp": "2024-01-01", "date": "2025-01-01"}, "366 days"),
        ("gcs", {"eye": "not testable", "verbal": "5", "motor": "6"}, "not one of"),
        (
            "sofa",
            {
                "pao2": "90mmHg",
                "fio2": "21%",
                "platelets": "200 x10^9/L",
                "bilirubin": "1mg/dL",
                "gcs": "15",
                "creatinine": "1mg/dL",
                "dopamine": "0ug/kg/min",
            },
            "mean_pressure",
        ),
        ("apache_ii", {"fio2": "60%", "pao2": "80mmHg"}, "needs"),
        ("opioid_conversion", {"from": "oxycodone", "daily_dose": "40mg", "to": "morphine"}, "no row of the corpus"),
        ("opioid_conversion", {"from": "fentanyl", "daily_dose": "40mg", "to": "morphine"}, "not one of"),
        ("mme", {"codeine_per_day": "4"}, "needs codeine"),
        ("mme", {"fentanyl_patch": "25mg"}, "cannot convert"),
        ("unit_conversion", {"value": "5mmol/L", "to": "mg/dL"}, "cannot convert"),  # no analyte named
        ("unit_conversion", {"value": "5mmol/L", "to": "mg/dL", "analyte": "unobtainium"}, "not in the table"),
        ("dose_per_weight", {"dose": "15mg", "weight": "20kg"}, "not an amount per kg"),
        ("dose_per_weight", {"dose": "15mg/kg", "weight": "20kg", "max_dose": "10mL"}, "cannot convert"),
        ("dose_per_surface", {"dose": "75mg/m2"}, "needs bsa"),
        ("cockroft", {}, "near: cockcroft_gault"),
    ],
)
def test_no_number_where_the_formula_does_not_hold(name: str, inputs: dict[str, str], words: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate(name, inputs)
    assert words in str(caught.value)


_TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["1", "0", "-1", "1mg/dL", "72kg", "yes", "no", "5mg/kg", "2024-01-01", "1e9", "١٢", "½", "1/0", "60%"]
    ),
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_is_written_there_is_a_result_or_a_refusal(data: st.DataObject) -> None:
    calculator = data.draw(st.sampled_from(calculators()))
    inputs = {item.name: data.draw(_TEXTS) for item in calculator.inputs if data.draw(st.booleans())}
    try:
        result_to_json(calculate(calculator.name, inputs))
    except InputError as refusal:
        assert str(refusal)


def test_a_medicine_with_its_dose_is_read_apart() -> None:
    apart = calculate("steroid_conversion", {"from": "PredniSONE PO 10 mg", "to": "hydrocortisone PO"})
    plain = calculate("steroid_conversion", {"from": "prednisone", "dose": "10 mg", "to": "hydrocortisone"})
    assert apart.value == plain.value


@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        ({"last_menstrual_period": "03/08/2004", "current_date": "08/23/2004"}, "168"),  # days
        ({"last_menstrual_period": "03/08/2004", "current_date": "23/08/2004"}, "20"),
        ({"last_menstrual_period": "03/08/2004", "current_date": "04/08/2004", "date_order": "MM/DD/YYYY"}, "31"),
    ],
)
def test_one_order_of_dates_in_a_call(pairs: dict[str, str], value: str) -> None:
    result = calculate("gestational_age", pairs)
    assert str(result.value) == value


def test_two_readings_of_a_date_name_the_way_out() -> None:
    with pytest.raises(InputError, match="date_order=mdy"):
        calculate("gestational_age", {"last_menstrual_period": "03/08/2004", "current_date": "2004-09-01"})


def test_what_is_absent_and_not_asked_for_changes_nothing() -> None:
    said = calculate("feverpain", {"fever": "yes", "scalp haematoma": "False"})
    assert said.value == calculate("feverpain", {"fever": "yes"}).value
    with pytest.raises(InputError, match="has no input"):
        calculate("feverpain", {"fever": "yes", "scalp haematoma": "True"})
