"""The only door to the screen: verified, written safely, repaired once, or withheld with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.adapters.corpus import read_corpus
from assistant.checker import Checker
from assistant.gate import Passed, pass_statement
from assistant.records import DraftStatement, Section, Withheld

PASSAGE = "pain#adults.1"  # examplamol 1 g by mouth every 6 hours for adults


def drafted(text: str, tiny_corpus: Path) -> Passed | Withheld:
    corpus = read_corpus(tiny_corpus)
    statement = DraftStatement(Section.DOSING, text, (PASSAGE,))
    return pass_statement(statement, Checker(corpus), corpus, jurisdiction=None)


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("Give adults examplamol 1 g by mouth every 6 hours.", "Give adults examplamol 1 g by mouth every 6 hours."),
        ("Give adults examplamol 1.0 g by mouth every 6 hours.", "Give adults examplamol 1 g by mouth every 6 hours."),
        (
            "Give adults examplamol 1000000 µg by mouth every 6 hours.",
            "Give adults examplamol 1000000 micrograms by mouth every 6 hours.",
        ),
    ],
)
def test_a_verified_statement_is_shown_in_safe_notation(draft: str, shown: str, tiny_corpus: Path) -> None:
    result = drafted(draft, tiny_corpus)
    assert isinstance(result, Passed), result
    assert result.text == shown
    assert result.was_repaired == (draft != shown)


def test_a_number_that_nobody_can_read_safely_is_withheld(tiny_corpus: Path) -> None:
    result = drafted("Give adults examplamol l g by mouth every 6 hours.", tiny_corpus)
    assert isinstance(result, Withheld)
