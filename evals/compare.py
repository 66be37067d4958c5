"""``assistant eval compare BEFORE AFTER``: what changed between two runs, where it shows, and whether it is more than chance.

Each thing that was measured in both runs (a score of a case, a source's rank, a sentence of the fault suites) is a pair; only
pairs that flipped carry information, so the test is McNemar's exact one (a binomial test of the flips, scipy). Every pair
that newly fails is named with its reason and with those changes of the corpus that it touches: passages it shows or is
checked against, rules its verdicts rest on, names that came or went and stand in its question.

Exit status: 0, or 1 when something newly fails, or 2 when the runs cannot be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals import results, snapshot
from evals.cases import Case, CaseError, read_cases
from evals.fault_suite import Checked
from evals.metrics import mcnemar_p
from evals.snapshot import Change

TOP = 10  # a source counts as found when it stands among the first ten passages


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measured thing of one run. ``key`` names it in both runs; ``used`` are ids of passages and rules behind it."""

    suite: str
    key: tuple[str, ...]
    passed: bool
    words: str = ""  # the question or sentence, in which changed names are looked for
    reason: str = ""
    used: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Flip:
    before: Outcome
    after: Outcome
    touched: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class SuiteChange:
    """``worse`` and ``better`` are the flips; ``p`` is McNemar's, None without a flip."""

    suite: str
    pairs: int
    worse: tuple[Flip, ...] = ()
    better: tuple[Flip, ...] = ()
    p: float | None = None

    @property
    def colour(self) -> str:
        if self.worse:
            return "red"
        return "green" if self.better else "unmoved"


@dataclass(frozen=True, slots=True)
class Comparison:
    changes: tuple[Change, ...]
    suites: tuple[SuiteChange, ...]
    only_before: int = 0
    only_after: int = 0
    slower: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def is_worse(self) -> bool:
        return any(suite.worse for suite in self.suites)

    def as_json(self) -> dict[str, Any]:
        return {
            "changes": [str(change) for change in self.changes],
            "suites": {
                s.suite: {
                    "pairs": s.pairs,
                    "state": s.colour,
                    "p": s.p,
                    "worse": [_flip_json(flip) for flip in s.worse],
                    "better": [_flip_json(flip) for flip in s.better],
                }
                for s in self.suites
            },
            "only_before": self.only_before,
            "only_after": self.only_after,
            "seconds": {name: list(pair) for name, pair in self.slower.items()},
        }


def _flip_json(flip: Flip) -> dict[str, Any]:
    return {
        "key": list(flip.after.key),
        "text": flip.after.words,
        "reason": flip.after.reason,
        "touches": [str(change) for change in flip.touched],
    }


# --------------------------------------------------------------------------- the two runs


def compare(before: Path, after: Path) -> Comparison:
    """Each run as it was scored on its own corpus. Raises CaseError where a folder holds no run."""
    old, new = (list(_outcomes(folder)) for folder in (before, after))
    by_key = {(o.suite, o.key): o for o in old}
    pairs = [(by_key[o.suite, o.key], o) for o in new if (o.suite, o.key) in by_key]
    found = tuple(snapshot.changes(snapshot.read(before), snapshot.read(after)))
    suites = dict.fromkeys(b.suite for _, b in pairs)
    return Comparison(
        found,
        tuple(_suite_change(suite, [p for p in pairs if p[1].suite == suite], found) for suite in suites),
        only_before=len(old) - len(pairs),
        only_after=len(new) - len(pairs),
        slower=_seconds(before, after),
    )


def _suite_change(suite: str, pairs: Sequence[tuple[Outcome, Outcome]], changes: Sequence[Change]) -> SuiteChange:
    flips = [Flip(a, b, _touched(a, b, changes)) for a, b in pairs if a.passed != b.passed]
    worse = tuple(flip for flip in flips if flip.before.passed)
    better = tuple(flip for flip in flips if not flip.before.passed)
    return SuiteChange(suite, len(pairs), worse, better, mcnemar_p(len(worse), len(better)))


def _touched(before: Outcome, after: Outcome, changes: Sequence[Change]) -> tuple[Change, ...]:
    words = f"{before.words} {after.words}".casefold()
    used = before.used | after.used
    return tuple(
        change for change in changes if change.id in used or any(word.casefold() in words for word in change.words)
    )


def _outcomes(folder: Path) -> Iterator[Outcome]:
    if not (folder / "run.json").exists():
        raise CaseError(str(folder), 0, "holds no run: no run.json")
    logs = results.read_logs(folder)
    cases = {case.id: case for case in read_cases()}
    answers = {asked.id: asked for asked in logs.answers}
    for id, scores in results.read_scores(folder).items():
        if id not in answers:
            continue
        words, used = _said(cases.get(id), answers[id].answer)
        for name, (value, reason) in scores.items():
            if value is not None:
                yield Outcome("answers", (id, name), bool(value), words, reason, used)
    for found in logs.retrieval:
        for i, rank in enumerate(found.ranks):
            is_found = rank is not None and rank <= TOP
            reason = "" if is_found else f"source {i + 1} not among the first {TOP} passages"
            yield Outcome("retrieval", (found.id, str(i)), is_found, found.query, reason, frozenset(found.passages))
    for suite, checked in (("faults", logs.faults), ("rewordings", logs.rewordings), ("drafts", logs.drafts)):
        yield from (_of_sentence(suite, row) for row in checked)


def _said(case: Case | None, answer: Mapping[str, Any] | None) -> tuple[str, frozenset[str]]:
    """The words asked (those of the log where the case is gone), and the passages and rules behind what was shown."""
    asked = (
        [*(turn["content"] for turn in case.history), case.question] if case else [(answer or {}).get("question", "")]
    )
    words = " ".join(asked)
    used: set[str] = set()
    for statement in (answer or {}).get("statements", ()):
        used.add(statement.get("passage") or "")
        for claim in statement["claims"]:
            used |= {claim.get("rule") or "", (claim.get("source") or {}).get("passage") or ""}
    return words, frozenset(used - {""})


def _of_sentence(suite: str, row: Checked) -> Outcome:
    variant = row.variant
    key = (variant.kind, variant.passage, variant.text)
    kind = "wrong" if variant.wrong else "correct"
    used = frozenset(variant.passage.split("|"))
    return Outcome(suite, key, row.is_right, variant.text, f"{kind}, yet {row.verdict}: {row.reason}", used)


def _seconds(before: Path, after: Path) -> dict[str, tuple[float, float]]:
    """p50 and p95 of each run where both have them, in seconds."""
    times = []
    for folder in (before, after):
        path = folder / "results.json"
        times.append(json.loads(path.read_text(encoding="utf-8"))["seconds"] if path.exists() else {})
    return {n: (a, times[1][n]) for n, a in times[0].items() if a is not None and times[1].get(n) is not None}


# --------------------------------------------------------------------------- shown


def print_comparison(found: Comparison, *, most: int = 12, console: Any = None) -> None:
    """Changes first, then one line a suite, then what newly fails, with what it touches."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = console or Console()
    console.print("[bold]Changed in the corpus[/bold]")
    for change in found.changes[:most]:
        console.print(f"  {escape(str(change))}", soft_wrap=True)
    if len(found.changes) > most:
        console.print(f"  … and {len(found.changes) - most} more")
    if not found.changes:
        console.print("  nothing (or a run without a snapshot)")
    table = Table(box=None, header_style="bold", pad_edge=False, title="\nSuites", title_justify="left")
    for column in ("", "pairs", "newly failing", "newly passing", "McNemar p", ""):
        table.add_column(column, justify="left" if not column else "right")
    for suite in found.suites:
        p = "" if suite.p is None else f"{suite.p:.3g}"
        style = {"red": "red", "green": "green"}.get(suite.colour, "")
        table.add_row(
            suite.suite, *map(str, (suite.pairs, len(suite.worse), len(suite.better))), p, suite.colour, style=style
        )
    console.print(table)
    for suite in found.suites:
        for flip in suite.worse[:most]:
            console.print(f"\n[red]{suite.suite}[/red] {escape(' · '.join(flip.after.key)[:160])}", soft_wrap=True)
            console.print(f"  {escape(flip.after.reason)[:300]}", soft_wrap=True)
            for change in flip.touched[:3]:
                console.print(f"  touches {escape(str(change))}", style="yellow", soft_wrap=True)
        if len(suite.worse) > most:
            console.print(f"\n… and {len(suite.worse) - most} more in {suite.suite}; all of them with --json")
    if found.only_before or found.only_after:
        console.print(
            f"\nnot compared: {found.only_before} only in the first run, {found.only_after} only in the second"
        )
    for name, (a, b) in found.slower.items():
        console.print(f"{name}: {a * 1000:.1f} → {b * 1000:.1f} ms")


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="assistant eval compare", description=(__doc__ or "").split("\n\n")[0])
    p.add_argument("before", type=Path, help="folder of the first run")
    p.add_argument("after", type=Path, help="folder of the second run")
    p.add_argument("--json", action="store_true", help="every flip, as JSON")
    p.add_argument("--most", type=int, default=12, help="how many of each list are printed")
    return p


def main(arguments: Sequence[str]) -> int:
    args = parser().parse_args(arguments)
    found = compare(args.before, args.after)
    if args.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        print_comparison(found, most=args.most)
    return int(found.is_worse)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
