"""``assistant check``: audit any text, whoever wrote it, against the corpus or against one given source."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.answers import claim_to_json
from assistant.audits import audit_to_json
from assistant.commands.common import environment_settings, read_rows, read_text, write_row
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.checker import Checker
    from assistant.records import CheckedClaim, CheckedStatement

_SIGNS = {"verified": "+", "contradicted": "X", "not_found": "-", "not_checkable": "?"}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "check",
        help="audit any text: every number verified, contradicted, not found or not checkable",
        description="Audit any text, whoever wrote it. Each sentence is verified, contradicted, not found or not checkable, "
        "with what was expected, what was observed, and the quoted source. Exit status 1 when something is contradicted.",
    )
    parser.add_argument("file", nargs="?", default="-", help="the text to check; - (the default) for standard input")
    parser.add_argument("--source", metavar="FILE", help="check against this text alone instead of the corpus")
    parser.add_argument("--json", action="store_true", help="every statement with its claims as JSON")
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help="read rows {id, text, source?} from standard input, write {id, claims, verdict}",
    )
    parser.add_argument("--all", action="store_true", help="show verified statements in full too")


def run(args: argparse.Namespace) -> int:
    if args.jsonl and (args.file != "-" or args.source):
        raise InputError("usage", "--jsonl reads rows from standard input; give the source of each row in the row")
    checker = _open_checker()
    if args.jsonl:
        return _check_rows(checker)
    source = read_text(args.source) if args.source else None
    statements = checker.audit(read_text(args.file), source)
    if args.json:
        print(json.dumps(audit_to_json(statements), ensure_ascii=False, indent=2))
    else:
        width = min(shutil.get_terminal_size((110, 40)).columns, 140)
        print(audit_table(statements, width=width, show_all=args.all))
    return 1 if any(s.verdict.value == "contradicted" for s in statements) else 0


def _open_checker() -> Checker:
    from assistant.adapters.corpus import read_corpus
    from assistant.checker import Checker

    return Checker(read_corpus(environment_settings().corpus))


def _check_rows(checker: Checker) -> int:
    from assistant.verdicts import worst

    for row in read_rows(sys.stdin):
        source = row.get("source")
        statements = checker.audit(str(row.get("text", "")), None if source is None else str(source))
        claims = [claim_to_json(claim) for statement in statements for claim in statement.claims]
        verdict = worst(s.verdict for s in statements).value if statements else "not_checkable"
        write_row({"id": row.get("id"), "claims": claims, "verdict": verdict})
    return 0


def audit_table(statements: Sequence[CheckedStatement], *, width: int = 110, show_all: bool = False) -> str:
    """One block a statement: sign, verdict and text, then for each fault what was observed, expected, and the quote."""
    lines: list[str] = []
    for statement in statements:
        verdict = statement.verdict.value
        text = _shown(statement.text)
        first = f"{_SIGNS[verdict]} {verdict.replace('_', ' '):14} "
        lines += textwrap.wrap(text, width, initial_indent=first, subsequent_indent=" " * len(first))
        for claim in statement.claims:
            if claim.verdict is statement.verdict and (verdict != "verified" or show_all):
                lines += _claim_lines(claim, width, len(first))
    counts = [f"{sum(1 for s in statements if s.verdict.value == v)} {v.replace('_', ' ')}" for v in _SIGNS]
    lines += ["", f"{len(statements)} statements: " + ", ".join(counts)]
    return "\n".join(lines)


def _shown(text: str) -> str:
    """A statement on one line, without its markup: cells of a table stand apart, emphasis and tags are gone."""
    if text.count("|") >= 2:
        text = " · ".join(cell.strip() for cell in text.strip().strip("|").split("|"))
    text = re.sub(r"<sup>\s*(.*?)\s*</sup>", r" [\1]", text)
    return " ".join(re.sub(r"\*\*|</?su[pb]>|(?<!\w)[*`](?=\w)|(?<=\w)[*`](?!\w)", "", text).split())


def _claim_lines(claim: CheckedClaim, width: int, indent: int) -> list[str]:
    rows = [("why", claim.reason)]
    if claim.expected and "instead" not in claim.expected:
        rows += [("observed", _slots(claim.observed)), ("expected", _slots(claim.expected))]
    if claim.rule:
        rows.append(("rule", claim.rule))
    if claim.source is not None and claim.verdict.value in {"contradicted", "verified"}:
        rows.append(("source", f"{claim.source.passage}: “{claim.source.quote}”"))
    lines: list[str] = []
    for name, words in rows:
        head = " " * indent + f"{name:9} "
        lines += textwrap.wrap(" ".join(words.split()), width, initial_indent=head, subsequent_indent=" " * len(head))
    return lines


def _slots(slots: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in (slots or {}).items())
