"""``assistant replay``: whether a recorded answer comes out the same again, and what differs where it does not."""

from __future__ import annotations

import argparse
import json

from assistant.commands.common import environment_settings, read_text
from assistant.errors import InputError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "replay",
        help="make a recorded answer again and compare",
        description="Make the answer of a record (assistant ask --record FILE) again, from the recorded question and "
        "draft; no chat model is asked. Exit status 0: reproduced, 1: it differs, 2: it could not be tried.",
    )
    parser.add_argument("file", help="the record; - for standard input")
    parser.add_argument("--json", action="store_true", help='{"reproduced": ..., "differences": [...]}')


def run(args: argparse.Namespace) -> int:
    from assistant.answers import answer_to_json
    from assistant.replaying import differences, read_record
    from assistant.wiring import Assistant, say_progress

    try:
        data = json.loads(read_text(args.file))
    except ValueError as error:
        raise InputError("bad_json", f"{args.file} is not JSON: {error}") from error
    record = read_record(data)
    assistant = Assistant.open(environment_settings(), build=True, progress=say_progress)
    found = differences(record.answer, answer_to_json(assistant.replay(record)))
    if args.json:
        print(json.dumps({"reproduced": not found, "differences": found}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(found) or "reproduced")
    return 1 if found else 0
