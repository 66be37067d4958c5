"""The offline writer: the asked thing first, what does not apply left out, red flags in."""

import pytest

from assistant.extractive import ExtractiveWriter
from assistant.prompts import WriteRequest
from assistant.records import Audience, Section
from tests.small_guidance import small_corpus

CORPUS = small_corpus()


def write(
    text: str,
    slots: dict[str, str] | None = None,
    audience: Audience = Audience.CLINICIAN,
    jurisdiction: str | None = None,
) -> list[tuple[Section, str]]:
    passages = tuple(
        entry
        for entry in CORPUS.passages.values()
        if entry.guideline == "wobble" and entry.section is not Section.NOT_COVERED
    )
    request = WriteRequest(text, text, audience, jurisdiction, slots or {}, passages)
    draft = ExtractiveWriter(CORPUS).write(request)
    assert draft.writer == "extractive/1"
    return [(statement.section, statement.text) for statement in draft.statements]


def texts(found: list[tuple[Section, str]], section: Section | None = None) -> str:
    return " | ".join(text for where, text in found if section in (None, where))


def test_a_dose_question_begins_with_the_dose_for_this_patient() -> None:
    found = write(
        "Examplamol dose in wobble disease with neurological involvement?", {"conditions": "neurological involvement"}
    )
    assert found[0][0] is Section.BOTTOM_LINE
    assert found[0][1].startswith("With neurological involvement, give examplamol 4 mg daily")
    assert "three times a week" not in texts(found)


def test_both_regimens_come_first_when_the_question_leaves_it_open() -> None:
    first = texts(write("What is the examplamol dose in wobble disease?"), Section.BOTTOM_LINE)
    assert "With neurological involvement" in first and "Without neurological involvement" in first


@pytest.mark.parametrize(
    ("jurisdiction", "shown", "hidden"),
    [
        ("uk", "4 mg", "30 micrograms"),
        ("us", "30 micrograms", "4 mg three times"),
        (None, "30 micrograms", "nothing is hidden"),
    ],
)
def test_doses_follow_the_country(jurisdiction: str | None, shown: str, hidden: str) -> None:
    found = texts(write("What is the examplamol dose in wobble disease?", jurisdiction=jurisdiction))
    assert shown in found and hidden not in found


def test_an_adult_dose_is_no_answer_for_a_child() -> None:
    assert write("Examplamol dose for a child with wobble disease?", {"conditions": "children"}) == []


@pytest.mark.parametrize(
    "question", ["How should I manage wobble disease?", "How is wobble disease monitored?", "Examplamol dose?"]
)
def test_red_flags_are_never_left_out(question: str) -> None:
    assert "New numbness" in texts(write(question), Section.RED_FLAGS)


def test_general_question_has_plan_pitfalls_and_monitoring_in_order() -> None:
    found = write("How should I manage wobble disease?")
    sections = [section for section, _ in found]
    assert sections == sorted(sections, key=list(Section).index)
    assert {Section.BOTTOM_LINE, Section.STEPS, Section.MONITORING} <= set(sections)


def test_the_kind_of_question_decides_the_first_statement() -> None:
    assert "OR 2.10" in write("Is wobble disease associated with falls?")[0][1]
    assert "after 3 months" in write("How is wobble disease monitored?")[0][1]


def test_nothing_is_said_twice_in_the_same_words() -> None:
    found = [text for section, text in write("How should I manage wobble disease?")]
    assert len(found) == len(set(found))


def test_patients_and_students_read_the_plain_variant_with_the_same_numbers() -> None:
    question = "Examplamol dose in wobble disease with neurological involvement?"
    slots = {"conditions": "neurological involvement"}
    plain = write(question, slots, Audience.PATIENT)[0][1]
    assert plain.startswith("When the nerves are affected")
    assert "4 mg daily" in plain and "2 mg every week" in plain
    assert write(question, slots, Audience.PHARMACIST) == write(question, slots)


def test_the_same_question_gives_the_same_draft() -> None:
    assert write("How should I manage wobble disease?") == write("How should I manage wobble disease?")
