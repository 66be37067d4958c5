"""A patient's story is cut to what is asked; the story's own medicines and past do not get into it."""

import pytest

from assistant.knowledge import know
from assistant.understanding import kind_of
from assistant.vignettes import focus
from tests.small_guidance import small_corpus

KNOWN = know(small_corpus())


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Examplamol dose?", "Examplamol dose?"),
        ("Wobble disease. Dose?", "Wobble disease. Dose?"),
        ("72-year-old man, wobble disease, on steadimol. What do I give?", "What do I give?"),
        (
            "A 60-year-old woman fell at home. She takes steadimol and has numb feet. Creatinine 90. "
            "Should I start examplamol now?",
            "Should I start examplamol now?",
        ),
        ("Vit. B12 is low, e.g. in wobble disease. How often is it tested?", "How often is it tested?"),
    ],
)
def test_the_asking_sentences_are_found(text: str, asked: str) -> None:
    assert focus(text).asked == asked


def test_a_text_that_asks_nothing_has_no_story() -> None:
    text = "Wobble disease in a 70-year-old. Numb feet for three weeks. Examplamol was given once, without any effect."
    assert not focus(text).is_vignette


@pytest.mark.parametrize(
    ("text", "kept", "dropped"),
    [
        ("65-year-old with wobble disease, takes steadimol. Numb feet. What dose?", "wobble disease", "steadimol"),
        ("65-year-old with wobble disease. To be started on examplamol today. What dose?", "examplamol", "65"),
        ("65-year-old, no wobble disease. New numb feet, and worried. What do I do?", "neurological", "wobble"),
        ("He has wobble disease. Father had numbness years before. What do I do next?", "wobble disease", "father"),
    ],
)
def test_the_short_form_keeps_what_may_matter(text: str, kept: str, dropped: str) -> None:
    short = KNOWN.asked_in(text, {}).lower()
    assert kept in short
    assert dropped not in short


def test_a_short_question_is_its_own_short_form() -> None:
    assert KNOWN.asked_in("Examplamol dose in wobble disease?", {}) == "Examplamol dose in wobble disease?"


def test_the_kind_is_that_of_the_asking_sentence() -> None:
    story = "70-year-old, repeat test booked, steadimol contraindicated in the past. What dose of examplamol?"
    assert kind_of(story)[0] == "dose"
