"""A sentence that is its source with a few words changed, or with its steps changed: what turned is named."""

from __future__ import annotations

import pytest

from assistant.checker import Checker
from assistant.records import Verdict
from tests.tiny_checker_corpus import tiny_corpus

CHECKER = Checker(tiny_corpus())

TURNED = [
    # (source, statement, piece of the reason)
    (
        "Most people with gout had returned to normal walking after samplamycin.",
        "Most people with gout had not returned to normal walking after samplamycin.",
        "denial was added",
    ),
    (
        "Most people with gout had not returned to normal walking after samplamycin.",
        "Most people with gout had returned to normal walking after samplamycin.",
        "denial was dropped",
    ),
    (
        "In the UK, people with gout are sent to a clinic for joint fluid before any treatment.",
        "In the US, people with gout are sent to a clinic for joint fluid before any treatment.",
        "country",
    ),
    (
        "People with gout can have joint fluid taken in the clinic before any treatment.",
        "People with gout must have joint fluid taken in the clinic before any treatment.",
        "must",
    ),
    (
        "Samplamycin is used only in adults with gout and normal joints on imaging.",
        "Samplamycin is used in adults with gout and normal joints on imaging.",
        "only",
    ),
    (
        "Gout with raised joint pressure improved after samplamycin in most people.",
        "Gout with raised joint pressure worsened after samplamycin in most people.",
        "opposite",
    ),
    (
        "People with gout that recurred after samplamycin responded well to examplamol.",
        "People with gout that recurred after examplamol responded well to samplamycin.",
        "another drug in the place of",
    ),
    (
        "Give examplamol 5 mg daily for 1 week, then examplamol 2 mg daily for 3 weeks in gout.",
        "Give examplamol 2 mg daily for 3 weeks, then examplamol 5 mg daily for 1 week in gout.",
        "",
    ),
    (
        "Give one tablet of examplamol a day, and if not tolerated one tablet of examplamol every other day.",
        "Give one tablet of examplamol a day, and if not tolerated one tablet of examplamol a day.",
        "",
    ),
]


@pytest.mark.parametrize(("source", "statement", "reason"), TURNED)
def test_a_turned_sentence_is_not_verified_and_says_why(source: str, statement: str, reason: str) -> None:
    assert CHECKER.audit(source, source)[0].verdict is Verdict.VERIFIED
    (found,) = CHECKER.audit(statement, source)
    assert found.verdict is not Verdict.VERIFIED
    assert reason in "; ".join(claim.reason for claim in found.claims)


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        # the same with its clauses moved: no finding of a change
        (
            "With gout, most people had not returned to normal walking.",
            "Most people had not returned to normal walking with gout.",
        ),
        ("Corticosteroids are not used in gout.", "In gout, corticosteroids are not used."),
        ("Give noxafen 5 mg daily, then 2 mg daily.", "Give noxafen 5 mg daily, then 2 mg daily."),
    ],
)
def test_moved_words_are_no_change(source: str, statement: str) -> None:
    assert CHECKER.audit(statement, source)[0].verdict is Verdict.VERIFIED


SUMS = [
    # a weight band of the source and a greatest dose bound what a right sum may give
    ("Give noxafen 2 mg/kg orally at a weight of 50 kg or more.", "at a weight of 50 kg or more: for 60 kg that is 120 mg.", True),
    ("Give noxafen 2 mg/kg orally at a weight of 50 kg or more.", "at a weight of 50 kg or more: for 40 kg that is 80 mg.", False),
    ("Give noxafen 2 mg/kg orally at a weight above 50 kg.", "at a weight above 50 kg: for 50 kg that is 100 mg.", False),
    ("Give noxafen 2 mg/kg orally at a weight of up to 50 kg.", "at a weight of up to 50 kg: for 50 kg that is 100 mg.", True),
    ("Give noxafen 2 mg/kg orally, up to 200 mg a day.", ": for 60 kg that is 120 mg.", True),
    ("Give noxafen 2 mg/kg orally, up to 100 mg a day.", ": for 60 kg that is 120 mg.", False),
]  # fmt: skip


@pytest.mark.parametrize(("source", "rest", "is_right"), SUMS)
def test_a_sum_keeps_to_the_band_and_the_ceiling_of_its_source(source: str, rest: str, is_right: bool) -> None:
    statement = f"Give noxafen 2 mg/kg orally{rest if rest.startswith(':') else ' ' + rest}"
    verdict = CHECKER.audit(statement, source)[0].verdict
    assert (verdict is Verdict.VERIFIED) is is_right, [c.reason for c in CHECKER.audit(statement, source)[0].claims]
