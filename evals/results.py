"""What a run comes to: rates per suite, gates and baseline; from the log alone, so that it can be made again."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals import drafts, fault_suite, rewordings
from evals.cases import HERE, Case
from evals.fault_suite import Checked
from evals.metrics import Rate, quantile, rate, rates_by_scorer
from evals.runner import DEPTHS, Found, read_answers, read_lines, read_retrieval
from evals.scorers import Asked, Evidence, Score, score

GATES = HERE / "gates.toml"
BASELINE = HERE / "baseline.json"


@dataclass(frozen=True, slots=True)
class Gate:
    suite: str
    name: str
    least: float
    rate: Rate | None
    is_whole_run: bool = True

    @property
    def is_missed(self) -> bool:
        if self.rate is None or self.rate.value is None:
            return self.is_whole_run
        return self.rate.value < self.least


@dataclass(frozen=True, slots=True)
class Results:
    """``rates[suite][name]``; ``slices[tag][name]`` over answers; ``seconds`` holds p50 and p95 of an answer."""

    rates: Mapping[str, Mapping[str, Rate]]
    slices: Mapping[str, Mapping[str, Rate]] = field(default_factory=dict)
    seconds: Mapping[str, float | None] = field(default_factory=dict)
    scored: Mapping[str, Mapping[str, Score]] = field(default_factory=dict)  # by case id

    def as_json(self) -> dict[str, object]:
        return {
            "rates": {suite: {n: r.as_json() for n, r in rates.items()} for suite, rates in self.rates.items()},
            "slices": {tag: {n: r.as_json() for n, r in rates.items()} for tag, rates in self.slices.items()},
            "seconds": dict(self.seconds),
        }


@dataclass(frozen=True, slots=True)
class Logs:
    """What a run folder holds; a suite that was not run is empty."""

    answers: Sequence[Asked] = ()
    retrieval: Sequence[Found] = ()
    faults: Sequence[Checked] = ()
    rewordings: Sequence[Checked] = ()
    drafts: Sequence[Checked] = ()


def read_logs(folder: Path) -> Logs:
    return Logs(
        read_answers(folder / "answers.jsonl"),
        read_retrieval(folder / "retrieval.jsonl"),
        fault_suite.read(read_lines(folder / "faults.jsonl")),
        fault_suite.read(read_lines(folder / "rewordings.jsonl")),
        fault_suite.read(read_lines(folder / "drafts.jsonl")),
    )


def results_of(cases: Sequence[Case], logs: Logs, corpus: Any) -> Results:
    """Scores every answer again; a suite without a log has no rates."""
    by_id = {case.id: case for case in cases}
    asked = [a for a in logs.answers if a.id in by_id]
    evidence = Evidence.of(corpus)
    scored = {a.id: score(by_id[a.id], a, evidence) for a in asked}
    rates = {
        "answers": rates_by_scorer(list(scored.values())) if scored else {},
        "retrieval": retrieval_rates(logs.retrieval) if logs.retrieval else {},
        "faults": fault_suite.rates(logs.faults) if logs.faults else {},
        "rewordings": rewordings.rates(logs.rewordings) if logs.rewordings else {},
        "drafts": drafts.rates(logs.drafts) if logs.drafts else {},
    }
    times = [a.seconds for a in asked if a.answer is not None]
    checked = [c.milliseconds / 1000 for c in logs.faults]
    return Results(
        {suite: found for suite, found in rates.items() if found},
        slices_of(by_id, scored),
        {
            "answer p50": quantile(times, 0.5),
            "answer p95": quantile(times, 0.95),
            "statement checked p50": quantile(checked, 0.5),
            "statement checked p95": quantile(checked, 0.95),
        },
        scored,
    )


SCORES = "scores.json"


def write_scores(folder: Path, found: Results) -> None:
    """Value and reason of every score by case id: what a later comparison takes, whatever the corpus is by then."""
    rows = {id: {name: [s.value, s.reason] for name, s in scores.items()} for id, scores in found.scored.items()}
    (folder / SCORES).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def read_scores(folder: Path) -> dict[str, dict[str, tuple[int | None, str]]]:
    path = folder / SCORES
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {id: {name: (value, reason) for name, (value, reason) in scores.items()} for id, scores in rows.items()}


def retrieval_rates(found: Sequence[Found]) -> dict[str, Rate]:
    """A source counts as found when a passage that cites it stands in the first n; ``first`` means at rank 1."""
    ranks = [rank for case in found for rank in case.ranks]
    rates = {f"source in the first {n}": rate(sum(r is not None and r <= n for r in ranks), len(ranks)) for n in DEPTHS}
    return {"source at rank 1": rate(sum(r == 1 for r in ranks), len(ranks)), **rates}


def slices_of(cases: Mapping[str, Case], scored: Mapping[str, Mapping[str, Score]]) -> dict[str, dict[str, Rate]]:
    """Rates of the scorers by tag, tags in alphabetical order."""
    tags = sorted({tag for id in scored for tag in cases[id].tags})
    return {tag: rates_by_scorer([s for id, s in scored.items() if tag in cases[id].tags]) for tag in tags}


def gates_of(results: Results, *, is_whole_run: bool, path: Path = GATES) -> list[Gate]:
    """The gates of the suites that were run."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Gate(suite, name, float(least), results.rates[suite].get(name), is_whole_run)
        for suite, gates in table.items()
        if suite in results.rates
        for name, least in gates.items()
    ]


def read_baseline(path: Path = BASELINE) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    return dict(json.loads(path.read_text(encoding="utf-8"))["rates"]) if path.exists() else {}
