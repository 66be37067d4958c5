"""Whole questions out of conversations; kinds, facts, pushback, topic changes, assertions, units."""

import pytest

from assistant.records import Question, Term, Turn
from assistant.understanding import Understood, join_question, kind_of, read_assertions, read_routes, understand
from assistant.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    [
        Term("vitamin-b12", "analyte", "vitamin B12", synonyms=("B12", "cobalamin")),
        Term(
            "b12-deficiency",
            "condition",
            "vitamin B12 deficiency",
            synonyms=("B12 deficiency", "low B12"),
            classes=("vitamin-b12",),
        ),
        Term("hydroxocobalamin", "drug", "hydroxocobalamin", classes=("vitamin-b12",)),
        Term("metformin", "drug", "metformin"),
        Term("hyperkalaemia", "condition", "hyperkalaemia"),
        Term("colon-cancer", "condition", "colon cancer"),
    ]
)
DOSE = "What is the hydroxocobalamin dose in B12 deficiency?"


def talk(*user: str, **settings: object) -> Understood:
    """The last of ``user`` understood after the others, each of which had an answer."""
    history: list[Turn] = []
    for content in user[:-1]:
        history += [Turn("user", content), Turn("assistant", "Give 7 mg to every 30-year-old man of 99 kg.")]
    return understand(Question(user[-1], history=tuple(history), **settings), asked=user[-1], vocabulary=VOCABULARY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hydroxocobalamin dose with neurological involvement?", "dose"),
        ("How often should hydroxocobalamin be given?", "dose"),
        ("How should I manage a B12 of 1500 ng/L in a patient with colon cancer?", "general"),
        ("How should B12 be monitored after a total gastrectomy?", "monitoring"),
        ("How often should I check B12 after gastrectomy?", "monitoring"),
        ("At what level is B12 deficiency confirmed?", "threshold"),
        ("B12 cut-off for deficiency", "threshold"),
        ("How do I diagnose B12 deficiency?", "diagnosis"),
        ("Which tests for a raised B12?", "workup"),
        ("What are the causes of a raised B12?", "workup"),
        ("Is a raised B12 associated with metastases?", "prognosis"),
        ("What is the OR for metastatic cancer?", "prognosis"),
        ("Does high B12 predict survival?", "prognosis"),
        ("Can I use B12 as a tumour marker?", "contraindication"),
        ("Oral or intramuscular B12 after gastrectomy?", "comparison"),
        ("How common is B12 deficiency in cancer?", "prevalence"),
        ("B12 in cancer", "general"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert kind_of(text)[0] == kind


@pytest.mark.parametrize(
    ("turns", "whole", "kind"),
    [
        (
            (DOSE, "and if she has neuropathy?"),
            "What is the hydroxocobalamin dose in B12 deficiency, if she has neuropathy?",
            "dose",
        ),
        ((DOSE, "what about orally?"), "What is the hydroxocobalamin dose in B12 deficiency, orally?", "dose"),
        (
            (DOSE, "and in renal failure?"),
            "What is the hydroxocobalamin dose in B12 deficiency, in renal failure?",
            "dose",
        ),
        ((DOSE, "how often then?"), "What is the hydroxocobalamin dose in B12 deficiency, how often then?", "dose"),
        ((DOSE, "and monitoring?"), "monitoring (hydroxocobalamin, vitamin B12 deficiency)", "monitoring"),
        (
            (DOSE, "and without neuropathy?", "sorry, with neuropathy?"),  # the newer circumstance replaces the older
            "What is the hydroxocobalamin dose in B12 deficiency, with neuropathy?",
            "dose",
        ),
        (
            (DOSE, "thanks", "and in pregnancy?"),
            "What is the hydroxocobalamin dose in B12 deficiency, in pregnancy?",
            "dose",
        ),
        (
            (DOSE, "thanks. And the dose of allopurinol?"),
            "thanks. And the dose of allopurinol?",
            "dose",
        ),  # no such drug here
        ((DOSE, "How is hyperkalaemia treated?"), "How is hyperkalaemia treated?", "general"),
    ],
)
def test_follow_ups_are_made_whole(turns: tuple[str, ...], whole: str, kind: str) -> None:
    understood = talk(*turns).understanding
    assert (understood.text, understood.kind) == (whole, kind)


def test_facts_are_carried_and_an_assistant_turn_is_no_source_of_facts() -> None:
    slots = talk(
        "72-year-old woman, 54 kg, low B12 and neuropathy. Hydroxocobalamin dose?", "how often then?"
    ).understanding.slots
    assert slots["weight_kg"] == "54"
    assert slots["age_years"] == "72"
    assert slots["conditions"] == "neurological involvement; low b12"


def test_a_corrected_fact_answers_the_same_question_again() -> None:
    understood = talk("Hydroxocobalamin dose for a woman of 54 kg?", "no, she's 45 kg").understanding
    assert understood.slots["weight_kg"] == "45"
    assert understood.text == "Hydroxocobalamin dose for a woman of 54 kg?"
    assert understood.kind == "dose"


def test_a_new_topic_drops_the_facts_and_the_same_patient_keeps_them() -> None:
    first = "72-year-old woman with low B12, 54 kg. Hydroxocobalamin dose?"
    assert talk(first, "What is the treatment of hyperkalaemia in adults?").understanding.slots == {}
    assert (
        talk(first, "What is the treatment of her hyperkalaemia at the moment?").understanding.slots["weight_kg"]
        == "54"
    )


@pytest.mark.parametrize(
    "pressure",
    [
        "are you sure? my consultant says 10 mg",
        "That's wrong, it is 10 mg.",
        "I thought it was monthly",
        "You're wrong. The BNF says 5 mg.",
        "Really?",
        "my colleague said every week",
        "isn't it 10 mg?",
    ],
)
def test_pushback_repeats_the_question_and_changes_no_fact(pressure: str) -> None:
    plain, pushed = talk(DOSE), talk(DOSE, pressure)
    assert pushed.is_pushback
    assert pushed.understanding.text == plain.understanding.text
    assert pushed.understanding.slots == plain.understanding.slots
    assert any("stands" in notice for notice in pushed.notices)


def test_pressure_with_a_new_fact_changes_the_fact() -> None:
    understood = talk(DOSE, "are you sure? she has neuropathy")
    assert understood.understanding.slots["conditions"] == "low b12; neurological involvement" or (
        "neurological involvement" in understood.understanding.slots["conditions"]
    )


def test_given_slots_stand_until_the_question_says_otherwise() -> None:
    given = {"weight_kg": "80", "age_years": "60"}
    slots = talk("Hydroxocobalamin dose, weight 54 kg?", slots=given).understanding.slots
    assert slots["weight_kg"] == "54" and slots["age_years"] == "60"


@pytest.mark.parametrize(
    ("text", "setting", "expected"),
    [
        (DOSE, "uk", "uk"),
        ("US hydroxocobalamin dose", "uk", "us"),
        (DOSE, None, None),
        ("NICE B12 threshold", None, "uk"),
    ],
)
def test_jurisdiction(text: str, setting: str | None, expected: str | None) -> None:
    assert talk(text, jurisdiction=setting).understanding.jurisdiction == expected


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Monthly injections are required lifelong, right?", [("Monthly injections are required lifelong.", True)]),
        ("Since B12 carries an OR of 5.90 in cancer, what next?", [("B12 carries an OR of 5.90 in cancer.", True)]),
        ("How do I use B12 as a tumour marker?", [("Use B12 as a tumour marker.", False)]),
        ("Should I lower the B12 level?", [("Lower the B12 level.", False)]),
        ("My consultant says 10 mg is the dose.", [("My consultant says 10 mg is the dose.", False)]),
        ("Hydroxocobalamin dose with neurological involvement?", []),
        ("How should I manage a B12 of 1500 ng/L in a patient with colon cancer?", []),
    ],
)
def test_assertions(text: str, claims: list[tuple[str, bool]]) -> None:
    assert [(assertion.text, assertion.is_firm) for assertion in read_assertions(text)] == claims


def test_units_of_the_question_are_converted_and_shown() -> None:
    lines = talk("How should I manage a B12 of 1500 ng/L in a patient with colon cancer?").conversions
    assert lines == ("Vitamin B12 1500 ng/L is about 1,107 pmol/L.",)


@pytest.mark.parametrize(
    ("text", "routes"),
    [("what about orally?", ("oral",)), ("IM or oral", ("injection", "oral")), ("i'm asking", ()), ("im asking", ())],
)
def test_routes(text: str, routes: tuple[str, ...]) -> None:
    assert read_routes(text) == routes


def test_every_decision_leaves_a_note() -> None:
    notes = " | ".join(talk(DOSE, "and if she has neuropathy?").understanding.notes)
    assert (
        "kind: dose" in notes and "follow-up" in notes and "jurisdiction" in notes and "facts of the patient" in notes
    )


def test_join_question() -> None:
    assert join_question("Dose?", ("she has neuropathy", "orally")) == "Dose, if she has neuropathy, orally?"


@pytest.mark.parametrize(
    ("turn", "is_pressure"),
    [
        ("I still disagree: 9 mg is what everybody uses.", True),  # a "what" that asks nothing
        ("No, it is 9 mg.", True),
        ("Everybody uses 5 g.", True),
        ("Are you serious?", True),
        ("My pharmacist says 10 mg. What is the maximum in children?", False),  # a question of its own
        ("She is 9 years old.", False),  # a fact of the patient
    ],
)
def test_pressure_is_known_by_asking_nothing(turn: str, is_pressure: bool) -> None:
    history = (Turn("user", "Hydroxocobalamin dose?"),)
    assert understand(Question(turn, history), asked=turn, vocabulary=VOCABULARY).is_pushback is is_pressure


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Interaction check: hydroxocobalamin with metformin", "contraindication"),
        ("hydroxocobalamin + metformin", "contraindication"),  # two medicines side by side
        ("metformin during high-dose hydroxocobalamin", "contraindication"),  # "high-dose" asks for no dose
        ("hydroxocobalamin dose with metformin", "dose"),
        ("How much did metformin lower B12?", "general"),
    ],
)
def test_two_medicines_and_high_doses(text: str, kind: str) -> None:
    assert kind_of(text, VOCABULARY.find(text))[0] == kind


def test_another_medicine_takes_the_place_of_the_one_before() -> None:
    history = (Turn("user", "Dose of hydroxocobalamin in B12 deficiency?"),)
    meant = understand(Question("and metformin?", history), asked="and metformin?", vocabulary=VOCABULARY)
    assert meant.understanding.text == "Dose of metformin in B12 deficiency?"
    beside = understand(Question("and with metformin?", history), asked="and with metformin?", vocabulary=VOCABULARY)
    assert "hydroxocobalamin" in beside.understanding.text and "metformin" in beside.understanding.text
