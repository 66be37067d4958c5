"""Slips of the keyboard, unknown drugs, and the floor."""

import pytest

from assistant.coverage import Coverage, judge
from assistant.knowledge import know
from assistant.records import Hit
from assistant.spelling import mend_spelling, slips
from assistant.strangers import unknown_drugs
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


def judged(text: str, kind: str) -> Coverage:
    hits = WordRetriever(CORPUS).search(text, 30)
    return judge(text, kind, hits, KNOWN, floor=0.0)


@pytest.mark.parametrize(
    ("text", "kind", "named"),
    [
        ("Examplamol dose for glumpitis", "dose", "glumpitis"),  # a known drug for a condition nobody wrote about
        ("Treatment of glumpitis in wobble disease", "general", "glumpitis"),  # what is to be treated is unknown
    ],
)
def test_near_misses_are_declined_and_say_what_is_missing(text: str, kind: str, named: str) -> None:
    coverage = judged(text, kind)
    assert not coverage.is_covered
    assert any(named in line for line in coverage.missing)


def test_what_is_covered_of_a_near_miss_is_said() -> None:
    (line,) = judged("Examplamol dose for glumpitis", "dose").missing
    assert "examplamol is covered in" in line
    assert KNOWN.corpus.guidelines["wobble"].title in line


def test_the_same_drug_for_its_own_condition_is_covered() -> None:
    assert judged("Examplamol dose in wobble disease", "dose").is_covered


def test_a_story_is_covered_when_the_hits_agree_on_one_guideline() -> None:
    ids = [key for key in CORPUS.passages if key.startswith("wobble#")][:8]
    hits = [Hit(key, 0.5, rank, {"cosine": 0.6}) for rank, key in enumerate(ids, 1)]
    text = "what now (purple spots, sleepless)"
    assert judge(text, "general", hits, KNOWN, floor=0.2, is_story=True).is_covered
    assert not judge(text, "general", hits, KNOWN, floor=0.2).is_covered
