"""The board over a real database: steps written down, tampering found row by row, lockout, migrations, the command line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect

from assistant.__main__ import main
from assistant.adapters.board.accounts import SignInRefused
from assistant.adapters.board.board import Board
from assistant.adapters.board.log import LogDamaged
from assistant.adapters.board.schema import MIGRATIONS, migrate, open_database
from assistant.adapters.corpus import read_corpus
from assistant.errors import InputError, SettingsError
from assistant.records import Corpus, ReviewStatus
from assistant.review.chain import FIELDS, Entry
from assistant.review.content import content_hash, review_copy
from assistant.review.steps import Act, Person, ReviewRefusal, State
from tests.conftest import TINY

PASSWORD = "seven green lanterns"
CHEAP = (4, 8, 1)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(TINY)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "review" / "board.sqlite"


@pytest.fixture
def board(corpus: Corpus, file: Path, clock: Clock) -> Iterator[Board]:
    board = Board.open(f"sqlite:///{file}", corpus, clock=clock, cost=CHEAP)
    root = board.accounts.add("root", ["administrator"], PASSWORD, by=None).person
    for name, role in (("ann", "author"), ("bob", "reviewer"), ("both", "author,reviewer")):
        board.accounts.add(name, role.split(","), PASSWORD, by=root)
    yield board
    board.close()


def person(board: Board, name: str) -> Person:
    account = board.accounts.get(name)
    assert account is not None
    return account.person


def steps(board: Board, *named: tuple[str, Act], guideline: str = "pain") -> None:
    for name, act in named:
        board.act(person(board, name), guideline, act, content=content_hash(board.copy(guideline)), comment="a reason")


TO_APPROVED = (("ann", Act.SUBMIT), ("bob", Act.START), ("bob", Act.APPROVE))


def test_a_text_goes_from_submit_to_approved_and_an_edit_resets_it(board: Board, corpus: Corpus, file: Path) -> None:
    steps(board, *TO_APPROVED)
    assert board.view().statuses == {
        "pain": ReviewStatus.APPROVED, "fever": ReviewStatus.SUBMITTED, "rash": ReviewStatus.SUBMITTED,
    }  # fmt: skip
    guideline = corpus.guidelines["pain"]
    passage = replace(guideline.passages[0], text=guideline.passages[0].text.replace("1 g", "2 g"))
    edited = replace(guideline, passages=(passage, *guideline.passages[1:]))
    later = Board.open(
        f"sqlite:///{file}", replace(corpus, guidelines={**corpus.guidelines, "pain": edited}), cost=CHEAP
    )
    topic = later.topic("pain")
    assert (topic.standing.state, topic.edited, topic.status) == (State.UNSIGNED, True, ReviewStatus.SUBMITTED)
    assert "1 g" in later.held_copy(topic.approved) and topic.approved == content_hash(later.held_copy(topic.approved))
    with pytest.raises(ReviewRefusal, match="changed since"):
        later.act(person(later, "bob"), "pain", Act.START, content=topic.approved)
    later.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda c: replace(c, rules={k: replace(r, quote=r.quote + "!") for k, r in c.rules.items()}),
        lambda c: replace(c, references={k: replace(r, retracted=True) for k, r in c.references.items()}),
        lambda c: replace(c, rules={k: r for k, r in c.rules.items() if not r.passage.startswith("pain#")}),
    ],
    ids=["quote of a rule", "retracted work", "rules gone"],
)
def test_rules_and_references_belong_to_the_text(corpus: Corpus, change: Callable[[Corpus], Corpus]) -> None:
    pain = corpus.guidelines["pain"]
    assert content_hash(review_copy(pain, corpus)) != content_hash(review_copy(pain, change(corpus)))


def test_the_status_line_of_the_file_counts_for_nothing(corpus: Corpus) -> None:
    pain = corpus.guidelines["pain"]
    other = replace(pain, status=ReviewStatus.SUBMITTED, digest="sha256:other")
    assert review_copy(pain, corpus) == review_copy(other, corpus)


def test_the_submitter_cannot_review_and_the_log_grows_by_nothing(board: Board) -> None:
    steps(board, ("both", Act.SUBMIT))
    head = board.head()
    with pytest.raises(ReviewRefusal, match="somebody else"):
        steps(board, ("both", Act.START))
    assert board.head() == head


def test_roles_are_those_of_now(board: Board) -> None:
    bob = person(board, "bob")
    steps(board, ("ann", Act.SUBMIT))
    board.accounts.disable("bob", by=person(board, "root"))
    with pytest.raises(InputError, match="no account"):
        board.act(bob, "pain", Act.START, content=content_hash(board.copy("pain")))


def test_an_approval_expires(board: Board, clock: Clock, corpus: Corpus) -> None:
    steps(board, *TO_APPROVED)
    clock.now = datetime(corpus.guidelines["pain"].review_by.year + 1, 1, 1, tzinfo=UTC)
    assert board.topic("pain").standing.state is State.EXPIRED
    assert board.view().statuses["pain"] is ReviewStatus.SUBMITTED


# --------------------------------------------------------------------------- tampering


def tamper(file: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    """As somebody with the file in hand would: triggers away, keys off, then the change."""
    connection = sqlite3.connect(file, isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA foreign_keys=OFF")
    for statement, values in statements:
        connection.execute(statement, values)
    connection.close()


@pytest.fixture
def full(board: Board) -> Board:
    """Ten rows of all kinds."""
    steps(board, *TO_APPROVED, ("bob", Act.WITHDRAW), ("ann", Act.SUBMIT))
    steps(board, ("ann", Act.SUBMIT), guideline="rash")
    assert board.head()[0] == 10 and board.verify() == ()
    return board


@pytest.mark.parametrize("field", [name for name in FIELDS if name != "number"])
@pytest.mark.parametrize("row", [1, 5, 7, 10])
def test_a_changed_field_is_found(full: Board, file: Path, row: int, field: str) -> None:
    tamper(file, (f"UPDATE audit SET {field} = {field} || 'x' WHERE number = ?", (row,)))
    assert row in {fault.number for fault in full.verify()}


@pytest.mark.parametrize("row", range(1, 11))
def test_a_removed_row_is_found_and_named(full: Board, file: Path, row: int) -> None:
    tamper(file, ("DELETE FROM audit WHERE number = ?", (row,)))
    found = full.verify()
    assert found[0].number == row
    assert "removed" in found[0].reason or "missing" in found[0].reason


@pytest.mark.parametrize("row", range(1, 11))
def test_a_removed_row_is_found_when_the_rest_is_renumbered(full: Board, file: Path, row: int) -> None:
    tamper(
        file,
        ("DELETE FROM audit WHERE number = ?", (row,)),
        *(("UPDATE audit SET number = ? WHERE number = ?", (k - 1, k)) for k in range(row + 1, 11)),
    )
    assert full.verify()[0].number == row


def forged(board: Board, number: int, previous: str, **values: str) -> tuple[Any, ...]:
    """The columns of a row whose own hash is right."""
    model = board.history()[5].entry
    entry = replace(model, number=number, previous=previous, **values)
    entry = replace(entry, own=entry.sealed())
    return tuple(getattr(entry, name) for name in FIELDS)


INSERT = f"INSERT INTO audit ({', '.join(FIELDS)}) VALUES ({', '.join('?' * len(FIELDS))})"


@pytest.mark.parametrize("row", [2, 6, 10, 11])
def test_an_inserted_row_is_found(full: Board, file: Path, row: int) -> None:
    """Every later row is moved up by one; the row put in fits the row before it."""
    previous = full.history()[row - 2].entry.own
    later = [("UPDATE audit SET number = ? WHERE number = ?", (k + 1, k)) for k in range(10, row - 1, -1)]
    clash = [("UPDATE audit SET previous = 'x' WHERE number = ?", (row + 1,))] if row < 11 else []
    tamper(file, *later, *clash, (INSERT, forged(full, row, previous, actor="mallory")))
    assert {fault.number for fault in full.verify()} & {row, row + 1}


@pytest.mark.parametrize("row", [1, 4, 9])
def test_two_rows_changed_about_are_found(full: Board, file: Path, row: int) -> None:
    tamper(
        file,
        *(
            ("UPDATE audit SET number = ? WHERE number = ?", pair)
            for pair in ((99, row), (row, row + 1), (row + 1, 99))
        ),
    )
    assert full.verify()[0].number == row


def test_a_whole_forged_end_is_found_by_the_seal_and_a_forged_seal_by_a_noted_head(full: Board, file: Path) -> None:
    noted = full.head()
    previous = full.history()[8].entry.own
    row = forged(full, 10, previous, actor="mallory")
    tamper(
        file, ("DELETE FROM audit WHERE number = 10", ()), ("DELETE FROM comment WHERE number = 10", ()), (INSERT, row)
    )
    assert any("sealed" in fault.reason for fault in full.verify())
    tamper(file, ("UPDATE seal SET own = ?", (row[-1],)))
    assert any("noted" in fault.reason for fault in full.verify(noted))


def test_a_well_formed_row_that_breaks_the_rules_is_a_fault(full: Board, file: Path) -> None:
    """Hashes, seal and all are right, but nobody could have taken this step."""
    last = full.history()[-1].entry
    bad = Entry(
        11, last.time, "ann", "author,reviewer", "approve", "rash", last.content, "", "2099-01-01", "", "", last.own
    )
    bad = replace(bad, own=bad.sealed())
    tamper(
        file,
        (INSERT, tuple(getattr(bad, name) for name in FIELDS)),
        ("UPDATE seal SET number = 11, own = ?", (bad.own,)),
    )
    assert [fault.number for fault in full.verify()] == [11]
    with pytest.raises(LogDamaged, match="rules refuse"):
        full.view()


def test_changed_comments_and_texts_are_found(full: Board, file: Path) -> None:
    tamper(file, ("UPDATE comment SET text = 'fine' WHERE number = 8", ()), ("UPDATE copy SET text = text || ' '", ()))
    reasons = " ".join(fault.reason for fault in full.verify())
    assert "comment of row 8 was changed" in reasons and "text that row 5 is about was changed" in reasons


def test_nothing_is_added_to_a_damaged_log(full: Board, file: Path) -> None:
    tamper(file, ("DELETE FROM audit WHERE number = 3", ()))
    with pytest.raises(LogDamaged):
        steps(full, ("bob", Act.START))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
        "UPDATE comment SET text = ''",
        "DELETE FROM comment",
        "UPDATE copy SET text = ''",
        "DELETE FROM copy",
        "DELETE FROM seal",
        "UPDATE seal SET number = 1",
    ],
)
def test_sqlite_itself_refuses_to_change_the_log(full: Board, file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    with pytest.raises(sqlite3.IntegrityError, match=r"grow|seal"):
        connection.execute(statement)
    connection.close()


# --------------------------------------------------------------------------- accounts, schema, command line


def test_five_failures_lock_the_account_for_a_time(board: Board, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused, match="do not fit"):
            board.accounts.sign_in("bob", "wrong password!")
    with pytest.raises(SignInRefused, match=r"locked for 1[56] min"):
        board.accounts.sign_in("bob", PASSWORD)
    clock.now += timedelta(minutes=16)
    with pytest.raises(SignInRefused, match="do not fit"):
        board.accounts.sign_in("bob", "wrong password!")
    clock.now += timedelta(minutes=20)
    with pytest.raises(SignInRefused, match="locked"):  # the sixth locks for longer
        board.accounts.sign_in("bob", PASSWORD)
    clock.now += timedelta(minutes=20)
    assert board.accounts.sign_in("bob", PASSWORD).name == "bob"
    account = board.accounts.get("bob")
    assert account is not None and account.failures == 0


@pytest.mark.parametrize("name", ["nobody", "off"])
def test_unknown_and_disabled_accounts_are_refused_in_the_same_words(board: Board, name: str) -> None:
    root = person(board, "root")
    board.accounts.add("off", ["reviewer"], PASSWORD, by=root)
    board.accounts.disable("off", by=root)
    with pytest.raises(SignInRefused, match="name and password do not fit"):
        board.accounts.sign_in(name, PASSWORD)


def test_only_administrators_change_accounts_and_weak_passwords_are_refused(board: Board) -> None:
    bob, root = person(board, "bob"), person(board, "root")
    for refused in (
        lambda: board.accounts.add("eve", ["reviewer"], PASSWORD, by=bob),
        lambda: board.accounts.add("eve", ["administrator"], PASSWORD, by=None),
        lambda: board.accounts.set_password("ann", PASSWORD, by=bob),
        lambda: board.accounts.disable("root", by=root),
        lambda: board.accounts.add("eve", ["reviewer"], "short", by=root),
        lambda: board.accounts.add("eve", ["reviewer"], "my name is eve!!", by=root),
        lambda: board.accounts.add("Eve; x", ["reviewer"], PASSWORD, by=root),
    ):
        with pytest.raises(InputError):
            refused()


def test_an_older_database_is_brought_up_to_date_and_a_newer_one_refused(file: Path) -> None:
    file.parent.mkdir()
    engine = create_engine(f"sqlite:///{file}")
    assert migrate(engine, upto=1) == 1
    engine.dispose()
    engine = open_database(f"sqlite:///{file}")
    assert {"audit", "account", "seal"} <= set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").scalar() == 8
    engine.dispose()
    plain = sqlite3.connect(file)
    plain.execute("INSERT INTO migration VALUES (?, 'later', 'x')", (len(MIGRATIONS) + 1,))
    plain.commit()
    plain.close()
    with pytest.raises(SettingsError, match="newer version"):
        open_database(f"sqlite:///{file}")


@pytest.mark.parametrize("url", ["nonsense", "nosuchdb://x/y"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="cannot be used"):
        open_database(url)


def test_the_command_line_takes_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_CORPUS", str(TINY))
    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path))
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    own, new = ["--password-file", str(secret)], ["--new-password-file", str(secret)]
    assert main(["review", "user", "add", "root", "--role", "administrator", *new]) == 0
    for name, role in (("ann", "author"), ("bob", "reviewer")):
        assert main(["review", "user", "add", name, "--role", role, *new, "--as", "root", *own]) == 0
    for name, step in (("ann", "submit"), ("bob", "start"), ("bob", "approve")):
        assert main(["review", step, "pain", "--as", name, *own]) == 0
    assert "Under review → Approved, by bob" in capsys.readouterr().out
    assert main(["review", "withdraw", "pain", "--as", "bob", *own]) == 2
    assert "needs a comment" in capsys.readouterr().err
    assert main(["review", "list", "--json"]) == 0
    rows = {row["guideline"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["pain"]["state"] == "approved" and rows["fever"]["state"] == "unsigned"
    assert main(["review", "history", "pain"]) == 0
    assert [line.split()[4] for line in capsys.readouterr().out.splitlines()[1:]] == ["submit", "start", "approve"]
    assert main(["review", "verify"]) == 0
    assert "6 rows, none changed" in capsys.readouterr().out
    tamper(tmp_path / "review" / "board.sqlite", ("UPDATE audit SET actor = 'ann' WHERE number = 6", ()))
    assert main(["review", "verify"]) == 1
    assert "row 6 (approve) was changed" in capsys.readouterr().out
