"""Statements that follow from a given text in other words, and their neighbours that do not."""

import pytest

from assistant.checker import Checker
from assistant.records import Corpus, Term, Verdict
from assistant.wording import read_wording

CHECKER = Checker(
    Corpus(
        guidelines={},
        passages={},
        references={},
        rules={},
        must_mention={},
        terms=(Term("oxumab", "drug", "oxumab"), Term("fictose", "drug", "fictose")),
        digest="",
        rules_digest="",
    )
)
DENIED = "Oxumab is not given with weeping rash (NICE NG999). In tremor, oxumab 5 mg once daily is used (US label)."
ORDER = "Two thirds of patients with fever after fictose responded to oxumab."
PACE = "For cramp, take oxumab 20 mg orally a day and repeat the count monthly."

VERIFIED = [
    (DENIED, "NICE NG999: oxumab is not given with weeping rash."),
    (DENIED, "Oxumab 5 mg OD is used, in tremor."),
    (DENIED, "In tremor, oxumab 5 mg once a day is used."),
    (PACE, "For cramp, take oxumab 20 mg PO per day and repeat the count every month."),
    (PACE, "For cramp, take oxumab 20 mg by mouth daily and repeat the count once a month."),
    (ORDER, "Two thirds of the patients with fever after fictose responded to oxumab."),
]  # fmt: skip
OTHERWISE = [
    (DENIED, "Oxumab is given with weeping rash (NICE NG999)."),
    (DENIED, "Oxumab 5 mg twice a day is used, in tremor."),
    (PACE, "For cramp, take oxumab 20 mg PO per week and repeat the count every month."),
    (PACE, "For cramp, take oxumab 20 mg PO per day and repeat the count every week."),
    (ORDER, "Two thirds of patients with fever after oxumab responded to fictose."),
]  # fmt: skip


@pytest.mark.parametrize(("source", "claim"), VERIFIED)
def test_other_words_for_the_same_are_verified(source: str, claim: str) -> None:
    (statement,) = CHECKER.audit(claim, source)
    assert statement.verdict is Verdict.VERIFIED, statement.claims


@pytest.mark.parametrize(("source", "claim"), OTHERWISE)
def test_neighbours_of_the_same_words_are_not(source: str, claim: str) -> None:
    (statement,) = CHECKER.audit(claim, source)
    assert statement.verdict is not Verdict.VERIFIED


def test_findings_point_into_what_was_written() -> None:
    text = "For cramp, take oxumab 50 mg PO per day."
    (statement,) = CHECKER.audit(text, PACE)
    wrong = next(claim for claim in statement.claims if claim.kind == "dose")
    assert wrong.verdict is not Verdict.VERIFIED
    assert text[wrong.start : wrong.end] == wrong.text
    assert "50 mg PO per day" in wrong.text


@pytest.mark.parametrize(
    ("text", "word", "negated"),
    [
        ("Oxumab is not given with rash (NICE NG999).", "nice", False),
        ("Oxumab is not given with rash (fever or chills).", "fever", True),
        ("Oxumab is not used with rash, in tremor.", "tremor", False),
        ("Oxumab is not used in rash, in tremor.", "tremor", True),
    ],
)
def test_how_far_a_denial_reaches(text: str, word: str, negated: bool) -> None:
    assert [w.negated for w in read_wording(text).words if w.stem == word] == [negated]
