"""What readers see follows the board: answers, citations and the corpus that the pages get; a broken log approves nothing."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.adapters.board.board import Board
from assistant.records import AnswerState, ReviewStatus
from assistant.review.content import content_hash
from assistant.review.steps import Act
from assistant.settings import Settings

PASSWORD = "seven green lanterns"
QUESTION = "What is the dose of examplamol for a sprain in adults?"


@pytest.fixture
def settings(tiny_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    from assistant.adapters import embedder

    monkeypatch.setattr(embedder, "load_embedder", lambda *_, **__: embedder.HashEmbedder())
    return Settings(corpus=tiny_corpus, data=tmp_path / "data")


def made(settings: Settings, assistant: Assistant) -> Board:
    """Another process's board over the same database, with an author and a reviewer."""
    board = Board.open(settings.review_url, assistant.corpus, cost=(4, 8, 1))
    root = board.accounts.add("root", ["administrator"], PASSWORD, by=None).person
    for name, role in (("ann", "author"), ("bob", "reviewer")):
        board.accounts.add(name, [role], PASSWORD, by=root)
    return board


def take(board: Board, *named: tuple[str, Act]) -> None:
    for name, act in named:
        account = board.accounts.get(name)
        assert account is not None
        board.act(account.person, "pain", act, content=content_hash(board.copy("pain")), comment="why")


APPROVING = (("ann", Act.SUBMIT), ("bob", Act.START), ("bob", Act.APPROVE))


def test_the_board_decides_and_the_file_does_not(settings: Settings) -> None:
    assistant = Assistant.open(settings, build=True)
    assert assistant.corpus.guidelines["pain"].status is ReviewStatus.APPROVED  # no board: the file's own word
    board = made(settings, assistant)
    assert assistant.corpus.guidelines["pain"].status is ReviewStatus.SUBMITTED
    answer = assistant.ask(QUESTION)
    assert answer.statements and {used.status for used in answer.guidance if used.id == "pain"} == {
        ReviewStatus.SUBMITTED
    }
    assert any("Pending human review" in line for line in answer.notices)
    take(board, *APPROVING)
    assert assistant.corpus.guidelines["pain"].status is ReviewStatus.APPROVED
    assert {u.status for u in assistant.ask(QUESTION).guidance if u.id == "pain"} == {ReviewStatus.APPROVED}
    take(board, ("bob", Act.WITHDRAW))
    assert "pain" not in {used.id for used in assistant.ask(QUESTION).guidance}
    board.close()
    assistant.board.close()


def test_only_approved_text_is_used_when_that_is_set(settings: Settings) -> None:
    assistant = Assistant.open(replace(settings, approved_only=True), build=True)
    board = made(settings, assistant)
    answer = assistant.ask(QUESTION)
    assert answer.state is AnswerState.NO_GUIDANCE and not answer.statements
    assert any("none on this question is approved" in line for line in answer.notices)
    take(board, *APPROVING)
    answer = assistant.ask(QUESTION)
    assert answer.statements and {used.id for used in answer.guidance} == {"pain"}
    board.close()
    assistant.board.close()


def test_a_log_that_was_tampered_with_approves_nothing(settings: Settings) -> None:
    assistant = Assistant.open(settings, build=True)
    board = made(settings, assistant)
    take(board, *APPROVING)
    connection = sqlite3.connect(settings.review_file)
    connection.execute("DROP TRIGGER audit_no_update")
    connection.execute("UPDATE audit SET actor = 'eve' WHERE number = 5")
    connection.commit()
    connection.close()
    assert assistant.corpus.guidelines["pain"].status is ReviewStatus.SUBMITTED
    view = assistant.board_view
    assert view is not None and "row 5 (start) was changed" in view.trouble
    board.close()
    assistant.board.close()
