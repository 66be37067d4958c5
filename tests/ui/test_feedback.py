"""A reader's note becomes a case that the evals can read; nothing is kept where no folder was named."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters import case_files
from assistant.adapters.case_files import CaseFiles
from assistant.errors import InputError
from assistant.ui.feedback import feedback_case, read_feedback
from assistant.ui.kept import KeptAnswers
from evals.cases import read_cases
from tests.ui.sample import STATEMENTS, sample_answer

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"judgement": "helpful"}, {"must_cite": [["north2024"], ["formulary", "north2024"], ["label"]]}),
        ({"judgement": "wrong", "reason": "not for children"}, {"note": "not for children"}),
        (
            {"judgement": "unsafe", "reason": "too high", "statement": "s4"},
            {"must_not_state": [{"text_any": [STATEMENTS[3].text], "why": "too high"}]},
        ),
        # a name in a reason is masked before it goes anywhere
        ({"judgement": "wrong", "reason": "Mrs Smith had 2 mg"}, {"note": "Mrs [name removed] had 2 mg"}),
    ],
)
def test_a_note_is_a_case_of_the_evals(body: dict[str, Any], expected: dict[str, Any], tmp_path: Path) -> None:
    row = feedback_case(read_feedback(body), sample_answer(), today=TODAY)
    assert {key: row[key] for key in expected} == expected
    assert row["tags"] == ["feedback", body["judgement"]]
    assert CaseFiles(tmp_path).write(row)
    (case,) = read_cases([tmp_path / f"{row['id']}.jsonl"])
    assert case.question == sample_answer().question
    assert case.slots == {"weight_kg": "70"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"judgement": "fine"}, "bad_judgement"),
        ({"judgement": "wrong"}, "empty"),  # a complaint without a reason helps nobody
        ({"judgement": "wrong", "reason": "x" * 1001}, "too_long"),
        ({"judgement": "helpful", "extra": 1}, "unknown_key"),
        ({"judgement": "wrong", "reason": "x", "statement": "s99"}, "bad_statement"),
    ],
)
def test_what_cannot_be_read_is_refused(body: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as error:
        feedback_case(read_feedback(body), sample_answer(), today=TODAY)
    assert error.value.code == code


def test_case_files_are_private_few_and_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = CaseFiles(tmp_path / "notes")
    assert files.write({"id": "feedback-1"})
    assert files.write({"id": "feedback-1"})
    (path,) = (tmp_path / "notes").iterdir()
    assert json.loads(path.read_text()) == {"id": "feedback-1"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    monkeypatch.setattr(case_files, "MOST_FILES", 1)
    assert not files.write({"id": "feedback-2"})


def test_answers_are_forgotten() -> None:
    now = [0.0]
    kept = KeptAnswers(most=2, seconds=10, clock=lambda: now[0])
    keys = [kept.keep(sample_answer()) for _ in range(3)]
    assert len(set(keys)) == 3
    assert [kept.find(key) is not None for key in keys] == [False, True, True]  # the oldest made room
    now[0] = 11
    assert kept.find(keys[2]) is None
