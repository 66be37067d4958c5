"""``assistant eval new`` writes a case from its parts; ``assistant eval validate`` reads case files and names every fault.

What a case expects comes from its source and is given by its author; the product is asked only afterwards, to show how it fares.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.cases import CASES, SENTENCES, Case, CaseError, case_of, read_cases, read_rows

STATES = ("answered", "partial", "withheld", "no_guidance", "signpost", "invalid")


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="assistant eval new",
        description="Write a new case: what is asked, and what an answer must and must not hold.",
        epilog='A fact is an amount, then "@" and words that must stand in the same statement: "1 mg @ hydroxocobalamin, '
        'alternate day*|every other day". Without "@" it is one phrase or several alternatives: "do not|avoid".',
    )
    p.add_argument("question")
    p.add_argument("--file", type=Path, required=True, help="case file to append to (made when it is missing)")
    p.add_argument("--id", help="default: the file's name and the next free number")
    p.add_argument("--state", action="append", choices=STATES, help="expected state; default: answered or partial")
    p.add_argument("--must", action="append", default=[], metavar="FACT", help="a fact the answer must state")
    p.add_argument("--must-not", action="append", default=[], metavar="FACT", help="a fact it must not state")
    p.add_argument("--cite", action="append", default=[], metavar="ID|ID", help="a source it must cite, any of these")
    p.add_argument("--tag", action="append", default=[], help="for the slices of the report")
    p.add_argument("--source", action="append", default=[], metavar="FACT-ID", help="row of evidence behind it")
    p.add_argument("--jurisdiction", choices=("uk", "us", "eu", "international", "other"))
    p.add_argument("--audience", choices=("clinician", "pharmacist", "nurse", "student", "patient"))
    p.add_argument(
        "--said", action="append", default=[], metavar="TEXT", help="an earlier question of the conversation"
    )
    p.add_argument("--no-run", action="store_true", help="do not ask the product how it fares on it now")
    return p


def main(arguments: Sequence[str]) -> int:
    args = parser().parse_args(arguments)
    row = row_of(args)
    case = case_of(row, args.file.name, 0)  # refuses with the reason what the suites could not read
    with args.file.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{case.id} ({case.split}) written to {args.file}")
    return 0 if args.no_run else _show(case)


def row_of(args: argparse.Namespace) -> dict[str, Any]:
    """The case as its line; only what was given."""
    row: dict[str, Any] = {"id": args.id or _next_id(args.file), "question": args.question}
    if args.said:
        row["history"] = [{"role": "user", "content": text} for text in args.said]
    for key in ("audience", "jurisdiction"):
        if getattr(args, key):
            row[key] = getattr(args, key)
    row["expected_states"] = args.state or ["answered", "partial"]
    for key, facts in (("must_state", args.must), ("must_not_state", args.must_not)):
        if facts:
            row[key] = [_matcher(fact) for fact in facts]
    if args.cite:
        row["must_cite"] = [[part.strip() for part in ids.split("|")] for ids in args.cite]
    row["tags"] = args.tag or ["own"]
    if args.source:
        row["source"] = args.source
    return row


def _matcher(fact: str) -> dict[str, Any]:
    amount, at, near = fact.partition("@")
    if not at:
        return {"text_any": [part.strip() for part in fact.split("|")]}
    words = [word.strip() for word in near.split(",") if word.strip()]
    return {"quantity": amount.strip(), **({"near": words} if words else {})}


def _next_id(path: Path) -> str:
    stem = path.stem.lower().replace("_", "-")
    taken = {row.get("id") for _, row in read_rows(path)} if path.exists() else set()
    number = next(n for n in range(1, len(taken) + 2) if f"{stem}-{n:03d}" not in taken)
    return f"{stem}-{number:03d}"


def _show(case: Case) -> int:
    from assistant.adapters.corpus import read_corpus
    from assistant.commands.common import environment_settings
    from evals.runner import ask_case, open_asker
    from evals.scorers import Evidence, score

    asked = ask_case(case, open_asker())
    for text in [s["text"] for s in (asked.answer or {}).get("statements", ())][:6]:
        print(f"  · {text}")
    for name, found in score(case, asked, Evidence.of(read_corpus(environment_settings().corpus))).items():
        if found.value is not None:
            print(f"  {'passes' if found.value else 'FAILS'}  {name}{': ' + found.reason if found.reason else ''}")
    return 0


# --------------------------------------------------------------------------- validate


def validate(arguments: Sequence[str]) -> int:
    """Every fault of the named files (default: those that ship), one a line; status 1 when there is one."""
    p = argparse.ArgumentParser(prog="assistant eval validate", description=(validate.__doc__ or "").split(";")[0])
    p.add_argument("files", nargs="*", type=Path)
    files = p.parse_args(arguments).files or [
        f for f in sorted(CASES.glob("*.jsonl")) if not f.name.startswith(SENTENCES)
    ]
    faults = list(faults_of(files))
    for fault in faults:
        print(fault, file=sys.stderr)
    print(
        f"{len(files)} files, {len(faults)} faults"
        if faults
        else f"{len(files)} files, {len(read_cases(files))} cases, no fault"
    )
    return int(bool(faults))


def faults_of(files: Sequence[Path]) -> Iterator[CaseError]:
    """All of them, not only the first: a file that is not JSON Lines gives one, every wrong case another."""
    seen: dict[str, str] = {}
    for path in files:
        try:
            rows = read_rows(path)
        except CaseError as error:
            yield error
            continue
        except OSError as error:
            yield CaseError(str(path), 0, error.strerror or str(error))
            continue
        for line, row in rows:
            yield from _faults(row, path.name, line, seen)


def _faults(row: Mapping[str, Any], file: str, line: int, seen: dict[str, str]) -> Iterator[CaseError]:
    try:
        case = case_of(dict(row), file, line)
    except CaseError as error:
        yield error
        return
    if case.id in seen:
        yield CaseError(file, line, f"id {case.id!r} stands already in {seen[case.id]}")
    seen[case.id] = f"{file}:{line}"
