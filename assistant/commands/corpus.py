"""``assistant corpus``: check the files, count what is in them, and make what is derived from them."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from assistant.commands.common import environment_settings
from assistant.errors import AssistantError, CorpusError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("corpus", help="check the corpus files, or count what is in them")
    actions = parser.add_subparsers(dest="action", metavar="|".join(_ACTIONS), required=True)
    for name, (line, _) in _ACTIONS.items():
        action = actions.add_parser(name, help=line, description=line)
        action.add_argument("--corpus", type=Path, help="another corpus folder than the configured one")
        if name in {"check", "stats"}:
            action.add_argument("--json", action="store_true", help="machine-readable output")
        if name == "check":
            action.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes; default: all cores")
        if name == "stats":
            action.add_argument("--quick", action="store_true", help="count only; do not run the checker over the text")
        if name == "schema":
            action.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the schemas go")
        if name == "licences":
            action.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")
        if name == "retractions":
            action.add_argument("--register", type=Path, required=True, metavar="CSV", help="Retraction Watch's table")
            action.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="DAY", help="its date")
            action.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")


def run(args: argparse.Namespace) -> int:
    folder = args.corpus or environment_settings().corpus
    return _ACTIONS[args.action][1](folder, args)


def _check(folder: Path, args: argparse.Namespace) -> int:
    from assistant.adapters.corpus import check_corpus

    started = time.perf_counter()
    problems = check_corpus(folder)
    if not problems:  # the rules' own examples are run only on a corpus that loads
        problems = sorted(_rule_problems(folder, args.jobs), key=lambda problem: (problem.path, problem.line))
    seconds = time.perf_counter() - started
    if args.json:
        rows = [{"path": problem.path, "line": problem.line, "reason": problem.reason} for problem in problems]
        print(json.dumps({"problems": rows}, ensure_ascii=False))
    else:
        for problem in problems:
            print(problem, file=sys.stderr)
        verdict = f"{len(problems)} problem(s)" if problems else "no problems"
        print(f"{folder.name}: {verdict} ({seconds:.1f} s)")
    return 1 if problems else 0


def _share(folder: Path, part: int, of: int) -> list[tuple[str, int, str]]:
    """Path, line and reason of each problem in one share (an exception of ours does not travel between processes)."""
    from assistant.adapters.corpus import read_corpus
    from assistant.checker import check_rules

    return [(e.path, e.line, e.reason) for e in check_rules(read_corpus(folder), part=part, of=of)]


def _rule_problems(folder: Path, jobs: int) -> list[CorpusError]:
    """What the checker finds, by several processes that each take every n-th passage and rule."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    if jobs <= 1:
        found = [_share(folder, 0, 1)]
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            found = list(pool.map(_share, [folder] * jobs, range(jobs), [jobs] * jobs))
    return [CorpusError(*row) for rows in found for row in rows]


def _stats(folder: Path, args: argparse.Namespace) -> int:
    from assistant.adapters.corpus import read_corpus, read_retraction_list
    from assistant.tallies import tally

    corpus = read_corpus(folder)
    stats = tally(corpus)
    retractions = read_retraction_list(folder)
    stats["retractions_compared"] = (
        f"{retractions.compared} works on {retractions.as_of} ({retractions.register})" if retractions else "no list"
    )
    if not args.quick:
        stats["verified_against_own_sources"] = _verified(corpus)
    if args.json:
        print(json.dumps(stats, ensure_ascii=False))
        return 0
    for name, value in stats.items():
        _print_row(name.replace("_", " "), _shown(value))
    return 0


def _print_row(name: str, value: str) -> None:
    """A name and its counts, wrapped under themselves so that a long row stays readable at 80 columns."""
    width = min(shutil.get_terminal_size().columns, 110)
    print(textwrap.fill(value, width, initial_indent=f"{name:34} ", subsequent_indent=" " * 35, break_on_hyphens=False))


def _verified(corpus: Any) -> Mapping[str, int]:
    """How many statements, and how many plain variants, the checker verifies against the passage they stand in."""
    from tqdm import tqdm

    from assistant.checker import Checker
    from assistant.records import Verdict

    checker = Checker(corpus)
    counts = {"statements": 0, "of": 0, "plain": 0, "of_plain": 0}
    shown = tqdm(corpus.passages.values(), desc="checking", unit=" statements", leave=False, disable=None)
    for passage in shown:
        for text, name in ((passage.text, "statements"), (passage.plain, "plain")):
            if text is not None:
                counts["of_plain" if name == "plain" else "of"] += 1
                checked = checker.check_statement(text, passage_ids=(passage.id,))
                counts[name] += checked.verdict is Verdict.VERIFIED
    return counts


def _shown(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    if "of_plain" in value:
        return (
            f"{value['statements']} of {value['of']} statements ({_percent(value['statements'], value['of'])}), "
            f"{value['plain']} of {value['of_plain']} plain variants ({_percent(value['plain'], value['of_plain'])})"
        )
    total = sum(value.values())
    return ", ".join(f"{key} {count} ({_percent(count, total)})" for key, count in value.items())


def _percent(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %" if total else "none"


def _schema(folder: Path, args: argparse.Namespace) -> int:
    from assistant.schemas import corpus_schemas

    args.out.mkdir(parents=True, exist_ok=True)
    for name, schema in corpus_schemas().items():
        (args.out / name).write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(args.out / name)
    return 0


def _licences(folder: Path, args: argparse.Namespace) -> int:
    from assistant.adapters.corpus import read_corpus
    from assistant.tallies import licence_manifest

    return _write("\n".join(licence_manifest(read_corpus(folder))) + "\n", args.out)


def _retractions(folder: Path, args: argparse.Namespace) -> int:
    from assistant.adapters.corpus import read_corpus
    from assistant.retractions import compare, written

    references = read_corpus(folder).references.values()
    try:
        with args.register.open(encoding="utf-8-sig", newline="", errors="replace") as lines:
            found = compare(references, lines, name=f"Retraction Watch, {args.register.name}", as_of=args.as_of)
    except (OSError, ValueError) as error:
        raise AssistantError(f"{args.register}: {error}") from error
    print(f"{found.compared} works compared, {len(found.works)} with a notice", file=sys.stderr)
    return _write(written(found), args.out)


def _write(text: str, out: Path | None) -> int:
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")
        print(out)
    return 0


_ACTIONS: Mapping[str, tuple[str, Callable[[Path, argparse.Namespace], int]]] = {
    "check": ("every problem with file, line and reason; exit status 1 when there is one", _check),
    "stats": (
        "what is in the corpus, how it was read, and the share the checker verifies against its own text",
        _stats,
    ),
    "schema": ("write JSON Schemas of the corpus files, for completion in an editor", _schema),
    "licences": ("the licence manifest: each guideline and each cited work", _licences),
    "retractions": ("compare the cited works with a register of retractions and write retractions.toml", _retractions),
}
