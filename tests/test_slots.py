"""Facts of a patient out of free words."""

import pytest

from assistant.records import Term
from assistant.slots import both_sides, circumstances, country_of, merge_slots, patient_circumstances, read_slots
from assistant.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    [
        Term("apixaban", "drug", "apixaban"),
        Term("metformin", "drug", "metformin"),
        Term("hydroxocobalamin", "drug", "hydroxocobalamin"),
        Term("colon-cancer", "condition", "colon cancer", synonyms=("bowel cancer",)),
        Term("b12", "analyte", "vitamin B12", synonyms=("B12",)),
    ]
)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        (
            "72-year-old woman, 54 kg, creatinine 1.9 mg/dL, on apixaban, B12 1480 pg/mL",
            {
                "age_years": "72",
                "weight_kg": "54",
                "sex": "female",
                "creatinine": "1.9 mg/dL",
                "drugs": "apixaban",
                "b12": "1480 pg/mL",
            },
        ),
        (
            "How should I manage a B12 of 1500 ng/L in a patient with colon cancer?",
            {"b12": "1500 ng/L", "conditions": "colon cancer"},
        ),
        (
            "72F on metformin and apixaban, eGFR 28",
            {"age_years": "72", "sex": "female", "egfr": "28", "drugs": "metformin; apixaban"},
        ),
        ("Hydroxocobalamin dose with neurological involvement?", {"conditions": "neurological involvement"}),
        ("and without neuropathy?", {"without": "neurological involvement"}),
        ("no numbness or ataxia", {"without": "neurological involvement"}),
        ("she is pregnant", {"sex": "female", "pregnancy": "yes"}),
        ("not pregnant", {"pregnancy": "no"}),
        ("no, she's 45 kg", {"sex": "female", "weight_kg": "45"}),
        ("weight 120 lb, height 5 ft 4", {"weight_kg": "54.4", "height_cm": "162.6"}),
        ("160 cm tall and weighs 61.5", {"height_cm": "160", "weight_kg": "61.5"}),
        ("B12 1,480 pg/mL", {"b12": "1480 pg/mL"}),
        ("B12 > 2000 ng/L", {"b12": "> 2000 ng/L"}),
        ("serum B12 came back 90 pmol/L and creatinine was 188 µmol/L", {"b12": "90 pmol/L"}),
        ("B12 1 mg IM three times a week", {}),  # a dose is no laboratory value
        ("vitamin B12 1000 micrograms daily", {}),
        ("Does low B12 cause neuropathy?", {}),  # what is asked is no fact of a patient
        ("What is the hydroxocobalamin dose in the UK?", {"country": "uk"}),
        ("dose for a 6-year-old child", {"age_years": "6", "conditions": "children"}),
        ("8 month old with low B12", {"conditions": "children"}),
        ("platelets 45 x 10^9/L, potassium 6.4 mmol/L", {"platelets": "45 x 10^9/L", "potassium": "6.4 mmol/L"}),
        ("tell us about monitoring", {}),
        ("", {}),
    ],
)
def test_slots(text: str, slots: dict[str, str]) -> None:
    found = read_slots(text, VOCABULARY)
    assert {key: found.get(key) for key in slots} == slots
    if not slots:
        assert found == {}


def test_facts_are_carried_corrected_and_turned_round() -> None:
    first = read_slots("72-year-old woman, 54 kg, on metformin, no neuropathy", VOCABULARY)
    corrected = merge_slots(first, read_slots("no, she's 45 kg and has neuropathy, on apixaban", VOCABULARY))
    assert corrected["weight_kg"] == "45"
    assert corrected["age_years"] == "72"
    assert corrected["conditions"] == "neurological involvement"
    assert "without" not in corrected
    assert corrected["drugs"] == "metformin; apixaban"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with neurological involvement", {"neurological-involvement": True}),
        ("adults without neurological involvement", {"neurological-involvement": False}),
        ("no neurological symptoms", {"neurological-involvement": False}),
        ("after total gastrectomy", {"gastrectomy": True}),
        ("pregnancy or breastfeeding", {"pregnancy": True, "breastfeeding": True}),
        ("adults", {}),
    ],
)
def test_circumstances(text: str, expected: dict[str, bool]) -> None:
    assert circumstances(text) == expected


def test_a_statement_about_both_groups_is_seen() -> None:
    assert both_sides("Without neuropathy every 3 months; with neuropathy every 2 months") == {
        "neurological-involvement"
    }


def test_what_follows_from_sex_and_age() -> None:
    assert patient_circumstances({"sex": "male", "age_years": "40"}) == {
        "pregnancy": False,
        "breastfeeding": False,
        "children": False,
    }
    assert patient_circumstances({"conditions": "neurological involvement"}) == {"neurological-involvement": True}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US label dose", "us"),
        ("tell us the dose", None),
        ("UK or US dose", None),
        ("per NICE", "uk"),
        ("EMA advice", "eu"),
    ],
)
def test_country(text: str, code: str | None) -> None:
    assert country_of(text) == code
