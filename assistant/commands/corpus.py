"""``assistant corpus check`` and ``assistant corpus stats``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from assistant.commands.common import environment_settings


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("corpus", help="check the corpus files, or count what is in them")
    actions = parser.add_subparsers(dest="action", metavar="check|stats", required=True)
    for name, line in (
        ("check", "every problem with file, line and reason; exit status 1 when there is one"),
        ("stats", "topics, statements, rules, references and terms, and how the facts were read"),
    ):
        action = actions.add_parser(name, help=line, description=line)
        action.add_argument("--corpus", type=Path, help="another corpus folder than the configured one")
        action.add_argument("--json", action="store_true", help="machine-readable output")


def run(args: argparse.Namespace) -> int:
    folder = args.corpus or environment_settings().corpus
    return _check(folder, as_json=args.json) if args.action == "check" else _stats(folder, as_json=args.json)


def _check(folder: Path, *, as_json: bool) -> int:
    from assistant.adapters.corpus import check_corpus, read_corpus
    from assistant.checker import check_rules

    started = time.perf_counter()
    problems = check_corpus(folder)
    if not problems:  # the rules' own examples are run only on a corpus that loads
        problems = check_rules(read_corpus(folder))
    seconds = time.perf_counter() - started
    if as_json:
        rows = [{"path": problem.path, "line": problem.line, "reason": problem.reason} for problem in problems]
        print(json.dumps({"problems": rows}, ensure_ascii=False))
    else:
        for problem in problems:
            print(problem, file=sys.stderr)
        verdict = f"{len(problems)} problem(s)" if problems else "no problems"
        print(f"{folder.name}: {verdict} ({seconds:.1f} s)")
    return 1 if problems else 0


def _stats(folder: Path, *, as_json: bool) -> int:
    from assistant.adapters.corpus import read_corpus

    corpus = read_corpus(folder)
    passages = corpus.passages.values()
    stats = {
        "guidelines": len(corpus.guidelines),
        "statements": len(corpus.passages),
        "rules": len(corpus.rules),
        "references": len(corpus.references),
        "terms": len(corpus.terms),
        "must_mention": len(corpus.must_mention),
        "statements_by_evidence": dict(sorted(Counter(p.evidence for p in passages).items())),
        "statements_by_jurisdiction": dict(sorted(Counter(p.jurisdiction or "default" for p in passages).items())),
        "rules_by_kind": dict(sorted(Counter(rule.kind for rule in corpus.rules.values()).items())),
        "status": dict(sorted(Counter(g.status.value for g in corpus.guidelines.values()).items())),
        "digest": corpus.digest,
    }
    if as_json:
        print(json.dumps(stats, ensure_ascii=False))
        return 0
    for name, value in stats.items():
        shown = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        print(f"{name.replace('_', ' '):28} {shown}")
    return 0
