"""``assistant ask``: one question, or many as JSON lines in one process."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.commands.common import environment_settings, read_rows, read_text, write_row
from assistant.errors import InputError
from assistant.records import Audience, Turn

JURISDICTIONS = ("uk", "eu", "us", "international")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "ask",
        help="answer a question, checked and cited",
        description="Answer a question from the corpus; every number shown was traced to a quoted sentence.",
    )
    parser.add_argument("question", nargs="?", help="the question; left out with --jsonl")
    parser.add_argument("--audience", choices=[a.value for a in Audience], default=Audience.CLINICIAN.value)
    parser.add_argument(
        "--jurisdiction", choices=JURISDICTIONS, help="show this practice first (default: all, each named)"
    )
    parser.add_argument(
        "--slot", action="append", default=[], metavar="NAME=VALUE", help="a fact of the patient, e.g. weight_kg=54"
    )
    parser.add_argument(
        "--history", metavar="FILE", help="earlier turns: a JSON list of {role, content}; - for standard input"
    )
    parser.add_argument(
        "--model", help="a chat model to write the draft (any LangChain chat model); default: offline writer"
    )
    parser.add_argument("--provider", help="the model's provider for LangChain, e.g. openai, anthropic, ollama")
    parser.add_argument("--base-url", help="an OpenAI-compatible server")
    parser.add_argument(
        "--explain", action="store_true", help="show how the question was understood and what was found"
    )
    parser.add_argument(
        "--record", metavar="FILE", help="write all that the answer was made of, for assistant replay; as typed"
    )
    parser.add_argument("--json", action="store_true", help="the whole answer as JSON (contract answer/1)")
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help="read rows {id, question, history?, audience?, jurisdiction?, slots?} from stdin, write {id, answer}",
    )


def run(args: argparse.Namespace) -> int:
    if args.jsonl == (args.question is not None):
        raise InputError("usage", "give either a question or --jsonl")
    if args.jsonl and args.record:
        raise InputError("usage", "--record keeps one answer; it does not go with --jsonl")
    from assistant.answers import answer_to_json
    from assistant.wiring import Assistant, say_progress

    settings = environment_settings()
    overrides = {"model": args.model, "provider": args.provider, "base_url": args.base_url}
    settings = replace(settings, **{name: value for name, value in overrides.items() if value})
    assistant = Assistant.open(settings, build=True, progress=say_progress)
    if args.jsonl:
        return _ask_rows(assistant, args)
    answer, record = assistant.record(
        args.question,
        history=_history(json.loads(read_text(args.history))) if args.history else (),
        audience=args.audience,
        jurisdiction=args.jurisdiction,
        slots=_slots(args.slot),
    )
    if args.record:
        _write_record(args.record, record)
    if args.json:
        print(json.dumps(answer_to_json(answer, explain=args.explain), ensure_ascii=False, indent=2))
    else:
        from assistant.ui.terminal import answer_text

        if args.explain and answer.understanding:
            print("\n".join(f"· {note}" for note in answer.understanding.notes), file=sys.stderr)
        print(answer_text(answer, width=min(shutil.get_terminal_size().columns, 110)), end="")
    return 0


def _write_record(name: str, record: Mapping[str, Any]) -> None:
    try:
        Path(name).write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError("unwritable", f"cannot write {name}: {error.strerror}") from error


def _ask_rows(assistant: Any, args: argparse.Namespace) -> int:
    from assistant.answers import answer_to_json

    for row in read_rows(sys.stdin):
        answer = assistant.ask(
            str(row.get("question", "")),
            history=_history(row.get("history") or []),
            audience=row.get("audience") or args.audience,
            jurisdiction=row.get("jurisdiction") or args.jurisdiction,
            slots={**_slots(args.slot), **(row.get("slots") or {})},
        )
        write_row({"id": row.get("id"), "answer": answer_to_json(answer, explain=args.explain)})
    return 0


def _slots(pairs: list[str]) -> Mapping[str, str]:
    slots = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals and value):
            raise InputError("usage", f"--slot {pair}: write NAME=VALUE, e.g. --slot weight_kg=54")
        slots[name.strip()] = value.strip()
    return slots


def _history(turns: Any) -> tuple[Turn, ...]:
    if not isinstance(turns, list) or not all(
        isinstance(turn, dict) and {"role", "content"} <= turn.keys() for turn in turns
    ):
        raise InputError("bad_history", "history is a list of {role, content}")
    return tuple(Turn(role=str(turn["role"]), content=str(turn["content"])) for turn in turns)
