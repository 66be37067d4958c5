"""``assistant eval trend``: one page with the gated rates of every frozen run, oldest first.

Runs are frozen with ``assistant eval --freeze``: besides ``baseline.json`` a copy goes to ``evals/baselines/``, named by day and
corpus. The page has no script and loads nothing; each line of points is an inline SVG with its interval.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.cases import HERE, CaseError
from evals.report import percent
from evals.results import GATES

FOLDER = HERE / "baselines"
TEMPLATE = HERE / "trend.html.jinja"
WIDTH, HEIGHT = 480, 64  # of one plot, in CSS pixels


def frozen_runs(folder: Path = FOLDER) -> list[tuple[str, Mapping[str, Any]]]:
    """(name, content) in the order of the names, which begin with the day."""
    return [(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))]


def points(runs: Sequence[tuple[str, Mapping[str, Any]]], suite: str, name: str) -> list[dict[str, Any]]:
    """One point for each run that measured the rate: its place in the plot, value and interval. Scale: lowest value to 1."""
    rows = [(run, (content["rates"].get(suite) or {}).get(name)) for run, content in runs]
    rated = [(run, row) for run, row in rows if row and row["rate"] is not None]
    if not rated:
        return []
    floor = min(row["low"] for _, row in rated)
    span = (1.0 - floor) or 1.0
    step = (WIDTH - 24) / max(1, len(rated) - 1)

    def height(value: float) -> float:
        return round(6 + (1 - (value - floor) / span) * (HEIGHT - 12), 1)

    return [
        {
            "run": run,
            "x": round(12 + i * step, 1),
            "y": height(row["rate"]),
            "low": height(row["low"]),
            "high": height(row["high"]),
            "shown": f"{percent(row['rate'])} ({row['passed']}/{row['total']})",
        }
        for i, (run, row) in enumerate(rated)
    ]


def write_page(
    path: Path, runs: Sequence[tuple[str, Mapping[str, Any]]], gates: Mapping[str, Mapping[str, float]]
) -> None:
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    suites = {
        suite: [
            {"name": name, "gate": percent(float(least)), "points": points(runs, suite, name)}
            for name, least in named.items()
        ]
        for suite, named in gates.items()
    }
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    page = template.render(runs=runs, suites=suites, width=WIDTH, height=HEIGHT)
    path.write_text(page, encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    import tomllib

    p = argparse.ArgumentParser(prog="assistant eval trend", description="One page with the rates of all frozen runs.")
    p.add_argument("--out", type=Path, default=Path("trend.html"), metavar="FILE")
    args = p.parse_args(arguments)
    runs = frozen_runs()
    if not runs:
        raise CaseError(str(FOLDER), 0, "no frozen run yet; make one with: assistant eval --freeze")
    write_page(args.out, runs, tomllib.loads(GATES.read_text(encoding="utf-8")))
    print(f"{len(runs)} runs: {args.out}")
    return 0
