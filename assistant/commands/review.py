"""``assistant review``: the board's queue, steps, history and accounts from the command line, under one's own name."""

from __future__ import annotations

import argparse
import getpass
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands.common import environment_settings
from assistant.errors import InputError
from assistant.review.face import Event, Topic, act_named, queue
from assistant.review.steps import NAMES, Act, Person, State

if TYPE_CHECKING:
    from assistant.adapters.board.board import Board

STEPS = ("submit", "start", "request-changes", "approve", "withdraw")
CHANGES = ("add", "disable", "enable", "passwd", "roles")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "review",
        help="the review board: queue, steps, history, accounts, verification of the log",
        description="The review board. A step is about the text as it lies in the corpus now; it is taken under --as NAME, "
        "whose password is asked for. Exit status 1 when `verify` finds a fault, 2 when a step is refused.",
    )
    commands = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    listed = commands.add_parser("list", help="the queue: every topic with its standing")
    listed.add_argument("--state", choices=[state.value for state in State], help="only topics in this state")
    listed.add_argument("--json", action="store_true")
    for name in STEPS:
        step = commands.add_parser(name, help=f"{name.replace('-', ' ')} one topic's present text")
        step.add_argument("guideline")
        step.add_argument("--comment", default="", help="why; needed to request changes and to withdraw")
        step.add_argument("--content", help="the hash that you have read; refused when the text has changed since")
        if name == "submit":
            step.add_argument("--author", action="append", default=[], help="who wrote it beside you; may be repeated")
        _add_signing(step)
    told = commands.add_parser("history", help="the audit log, of one topic or of everything")
    told.add_argument("guideline", nargs="?")
    told.add_argument("--json", action="store_true")
    proof = commands.add_parser("verify", help="prove that no row of the audit log was changed, removed or put in")
    proof.add_argument(
        "--head", metavar="NUMBER:HASH", help="a last row that was noted elsewhere, as `verify` prints it"
    )
    proof.add_argument("--json", action="store_true")
    _add_users(commands.add_parser("user", help="accounts: add, list, disable, enable, roles, passwd"))


def _add_signing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="actor", metavar="NAME", help="the account that acts")
    parser.add_argument("--password-file", metavar="FILE", help="its password; else it is asked for")
    parser.add_argument("--json", action="store_true")


def _add_users(parser: argparse.ArgumentParser) -> None:
    users = parser.add_subparsers(dest="user_what", metavar="WHAT", required=True)
    users.add_parser("list", help="every account").add_argument("--json", action="store_true")
    for name in CHANGES:
        change = users.add_parser(name)
        change.add_argument("name")
        if name in {"add", "roles"}:
            change.add_argument(
                "--role", action="append", required=True, help="author, reviewer, administrator; may be repeated"
            )
        if name in {"add", "passwd"}:
            change.add_argument(
                "--new-password-file", metavar="FILE", help="the password to be set; else it is asked for"
            )
        _add_signing(change)


def run(args: argparse.Namespace) -> int:
    board = _open()
    try:
        if args.what == "user":
            return _users(args, board)
        if args.what == "verify":
            return _verify(args, board)
        if args.what == "history":
            return _show_history(board.history(args.guideline), as_json=args.json)
        if args.what == "list":
            topics = [topic for topic in queue(board.topics()) if args.state in (None, topic.standing.state.value)]
            print(json.dumps([topic_json(t) for t in topics], indent=2) if args.json else queue_table(topics))
            return 0
        return _step(args, board)
    finally:
        board.close()


def _open() -> Board:
    from assistant.adapters.corpus import read_corpus
    from assistant.wiring import open_board

    settings = environment_settings()
    return open_board(settings, read_corpus(settings.corpus))


def _step(args: argparse.Namespace, board: Board) -> int:
    before = board.topic(args.guideline)
    person = _sign_in(args, board)
    act = act_named(args.what)
    assert act is not None
    after = board.act(
        person,
        args.guideline,
        act,
        content=args.content or before.content,
        comment=args.comment,
        authors=frozenset(args.author) if act is Act.SUBMIT else frozenset(),
    )
    if args.json:
        print(json.dumps(topic_json(after), indent=2))
    else:
        was, now = NAMES[before.standing.state], NAMES[after.standing.state]
        print(f"{after.guideline.title}: {was} → {now}, by {person.name}, text {short(after.content)}")
    return 0


def _verify(args: argparse.Namespace, board: Board) -> int:
    head = None
    if args.head:
        match = re.fullmatch(r"(\d+):(sha256:[0-9a-f]{64})", args.head)
        if match is None:
            raise InputError("usage", "--head is written NUMBER:sha256:…, as `assistant review verify` prints it")
        head = (int(match[1]), match[2])
    found, last = board.verify(head), board.head()
    if args.json:
        result = {"faults": [asdict(fault) for fault in found], "rows": last[0], "head": f"{last[0]}:{last[1]}"}
        print(json.dumps(result, indent=2))
    elif found:
        print("\n".join(f"FAULT  {fault.reason}" for fault in found))
    else:
        print(f"{last[0]} rows, none changed, removed, put in or moved\nhead {last[0]}:{last[1]}")
    return 1 if found else 0


# --------------------------------------------------------------------------- accounts


def _sign_in(args: argparse.Namespace, board: Board) -> Person:
    if not args.actor:
        raise InputError("usage", "say who acts: --as NAME")
    password = _password(args.password_file, f"Password of {args.actor}: ")
    return board.accounts.sign_in(args.actor, password).person


def _password(file: str | None, prompt: str) -> str:
    if file is None:
        if not sys.stdin.isatty():
            raise InputError("usage", "no terminal to ask for a password; give it in a file")
        return getpass.getpass(prompt)
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("unreadable", f"cannot read {file}") from error


def _users(args: argparse.Namespace, board: Board) -> int:
    accounts = board.accounts
    if args.user_what != "list":
        first = args.user_what == "add" and not args.actor and not accounts.all()
        by = None if first else _sign_in(args, board)
        if args.user_what == "add":
            accounts.add(args.name, args.role, _new_password(args), by=by)
        elif by is not None:
            _change(args, board, by)
    rows = accounts.all() if args.user_what == "list" else [a for a in accounts.all() if a.name == args.name]
    if args.json:
        shown = [
            {"name": a.name, "roles": sorted(a.roles), "disabled": a.disabled, "failures": a.failures} for a in rows
        ]
        print(json.dumps(shown, indent=2))
    else:
        lines = [
            (a.name, ", ".join(sorted(a.roles)), "disabled" if a.disabled else "active", str(a.failures)) for a in rows
        ]
        print(table(("account", "roles", "", "failures"), lines) if lines else "no accounts yet")
    return 0


def _change(args: argparse.Namespace, board: Board, by: Person) -> None:
    if args.user_what == "passwd":
        board.accounts.set_password(args.name, _new_password(args), by=by)
    elif args.user_what == "roles":
        board.accounts.set_roles(args.name, args.role, by=by)
    elif args.user_what == "disable":
        board.accounts.disable(args.name, by=by)
    else:
        board.accounts.enable(args.name, by=by)


def _new_password(args: argparse.Namespace) -> str:
    password = _password(args.new_password_file, f"New password of {args.name}: ")
    if args.new_password_file is None and getpass.getpass("Once more: ") != password:
        raise InputError("bad_password", "the two did not agree")
    return password


# --------------------------------------------------------------------------- shown


def topic_json(topic: Topic) -> dict[str, Any]:
    standing = topic.standing
    return {
        "guideline": topic.guideline.id, "title": topic.guideline.title, "version": topic.guideline.version,
        "state": standing.state.value, "status": topic.status.value, "content": topic.content,
        "edited": topic.edited, "approved_content": topic.approved or None, "authors": sorted(standing.authors),
        "by": standing.by or None, "at": standing.at or None, "comment": standing.comment or None,
        "expires": standing.expires.isoformat() if standing.expires else None,
        "review_by": topic.guideline.review_by.isoformat(),
    }  # fmt: skip


def queue_table(topics: list[Topic]) -> str:
    rows = [
        (
            topic.guideline.id,
            NAMES[topic.standing.state] + (" (edited)" if topic.edited else ""),
            topic.guideline.version,
            short(topic.content),
            topic.standing.by or "-",
            topic.standing.at[:10] or "-",
            topic.guideline.review_by.isoformat(),
        )
        for topic in topics
    ]
    counts = ", ".join(
        f"{n} {NAMES[state].lower()}" for state in State if (n := sum(t.standing.state is state for t in topics))
    )
    return table(("topic", "standing", "version", "text", "by", "on", "review by"), rows) + f"\n\n{counts or 'none'}"


def _show_history(events: list[Event], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps([{**asdict(event.entry), "comment_text": event.comment} for event in events], indent=2))
        return 0
    rows = [
        (
            str(event.entry.number),
            event.entry.time.replace("T", " ").removesuffix("Z"),
            event.entry.actor,
            event.entry.action.replace("_", " "),
            event.entry.guideline or event.entry.subject,
            short(event.entry.content) if event.entry.content else "-",
            " ".join(event.comment.split()),
        )
        for event in events
    ]
    print(table(("row", "time (UTC)", "who", "what", "topic or account", "text", "comment"), rows))
    return 0


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Columns as wide as their widest cell, two spaces apart; the last is not padded. Control signs become spaces."""
    clean = [tuple(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", cell) for cell in row) for row in (head, *rows)]
    widths = [max(len(row[k]) for row in clean) for k in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in clean
    )


def short(content: str) -> str:
    return content.removeprefix("sha256:")[:10]
