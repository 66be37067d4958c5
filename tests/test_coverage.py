"""Slips of the keyboard, unknown drugs, and the floor."""

import pytest

from assistant.coverage import judge, mend_spelling, slips, unknown_drugs
from assistant.knowledge import know
from tests.small_guidance import WordRetriever, small_corpus

CORPUS = small_corpus()
KNOWN = know(CORPUS)


@pytest.mark.parametrize(
    ("typed", "word", "most", "count"),
    [
        ("hydroxycobalmin", "hydroxocobalamin", 2, 2),
        ("metfromin", "metformin", 1, 1),
        ("apixabann", "apixaban", 1, 1),
        ("folnic", "folinic", 1, 1),
        ("vinblastine", "vincristine", 2, 3),  # one consonant for another is another drug
        ("cefotaxime", "ceftazidime", 2, 3),
        ("same", "same", 0, 0),
    ],
)
def test_slips(typed: str, word: str, most: int, count: int) -> None:
    assert slips(typed, word, most=most) == count


def test_only_long_words_near_one_corpus_word_are_mended() -> None:
    assert mend_spelling("exampalmol for wobble", KNOWN).changes == (("exampalmol", "examplamol"),)
    assert mend_spelling("examplinib dose", KNOWN).changes == ()
    assert mend_spelling("wobbel", KNOWN).changes == ()  # six letters: too short to be sure


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zorbexamab dose", ["zorbexamab"]),
        ("examplamol dose", []),
        ("Steadex dose", []),
        ("is warfarin or rivaroxaban better", ["rivaroxaban"]),
        ("never deliver a machine", []),
    ],
)
def test_unknown_drugs(text: str, found: list[str]) -> None:
    assert list(unknown_drugs(text, KNOWN)) == found


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("examplamol dose in wobble disease", True),
        ("How is wobble disease monitored?", True),
        ("dose of rivaroxaban", False),
        ("treatment of gout", False),
        ("capital of France", False),
    ],
)
def test_floor(text: str, covered: bool) -> None:
    hits = WordRetriever(CORPUS).search(text, 20)
    assert judge(text, "dose", hits, KNOWN, floor=0.2).is_covered is covered


def test_what_is_missing_is_named() -> None:
    text = "How is wobble disease monitored in a patient with psoriasis, per the GIRAFFE-7 trial, on dialysis?"
    missing = judge(text, "monitoring", WordRetriever(CORPUS).search(text, 20), KNOWN, floor=0.05).missing
    assert [line.split(":")[0] for line in missing] == ["GIRAFFE-7 trial", "psoriasis", "dialysis"]
