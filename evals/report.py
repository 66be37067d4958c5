"""Shows results: a table for the terminal, one self-contained HTML page with every failing case opened.

The page loads nothing from elsewhere and runs no script; all text of cases, answers and passages is escaped by jinja2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from evals.cases import HERE, Case
from evals.fault_suite import missed
from evals.metrics import Rate
from evals.results import Gate, Logs, Results
from evals.runner import DEPTHS
from evals.scorers import Asked, describe

TEMPLATE = HERE / "report.html.jinja"


def print_table(results: Results, gates: Sequence[Gate], baseline: Mapping[str, Any], *, console: Any = None) -> None:
    """One table per suite: rate, interval, counts, gate, and the change against the baseline."""
    from rich.console import Console
    from rich.table import Table

    console = console or Console()
    missed_gates = {(g.suite, g.name): g for g in gates}
    for suite, rates in results.rates.items():
        table = Table(title=suite, title_justify="left", box=None, header_style="bold", pad_edge=False)
        for column in ("", "rate", "95 % interval", "cases", "gate", "baseline"):
            table.add_column(column, justify="left" if not column else "right", no_wrap=bool(column))
        for name, rate in rates.items():
            gate = missed_gates.get((suite, name))
            style = "red" if gate and gate.is_missed else ""
            before = (baseline.get(suite) or {}).get(name)
            table.add_row(name, *row_of(rate), gate_text(gate), change_text(rate, before), style=style)
        console.print(table)
        console.print()
    times = ", ".join(f"{k} {v * 1000:.1f} ms" for k, v in results.seconds.items() if v is not None)
    if times:
        console.print(times, soft_wrap=True)
    for gate in gates:
        if gate.is_missed:
            value = "not measured" if gate.rate is None or gate.rate.value is None else percent(gate.rate.value)
            console.print(f"gate missed: {gate.suite}, {gate.name}: {value}, wanted {percent(gate.least)}", style="red")


def write_html(
    path: Path,
    results: Results,
    gates: Sequence[Gate],
    baseline: Mapping[str, Any],
    *,
    run: Mapping[str, Any],
    cases: Sequence[Case],
    logs: Logs,
    corpus: Any,
) -> None:
    """The corpus gives the passages that a missed statement was checked against."""
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(percent=percent, describe=describe)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    by_gate = {(g.suite, g.name): g for g in gates}
    page = template.render(
        run=run,
        suites={
            suite: [
                {
                    "name": name,
                    "rate": rate,
                    "row": row_of(rate),
                    "gate": gate_text(by_gate.get((suite, name))),
                    "missed": (suite, name) in by_gate and by_gate[(suite, name)].is_missed,
                    "change": change_text(rate, (baseline.get(suite) or {}).get(name)),
                }
                for name, rate in rates.items()
            ]
            for suite, rates in results.rates.items()
        },
        slices=results.slices,
        seconds={k: v for k, v in results.seconds.items() if v is not None},
        failing=failing_cases(results, cases, logs.answers, gated={g.name for g in gates if g.suite == "answers"}),
        not_found=[f for f in logs.retrieval if any(r is None or r > max(DEPTHS) for r in f.ranks)],
        missed=missed([*logs.rewordings, *logs.faults, *logs.drafts]),
        texts={p.id: p.text for p in corpus.passages.values()},
    )
    path.write_text(page, encoding="utf-8")


def failing_cases(
    results: Results, cases: Sequence[Case], answers: Sequence[Asked], *, gated: Set[str] = frozenset()
) -> list[dict[str, Any]]:
    """Cases with a failed score, and why each scorer failed them; those that fail a gated scorer come first."""
    asked = {a.id: a for a in answers}
    failing = []
    for case in cases:
        failed = {name: s for name, s in results.scored.get(case.id, {}).items() if s.value == 0}
        if failed:
            failing.append({"case": case, "asked": asked[case.id], "failed": failed})
    return sorted(failing, key=lambda item: not gated & set(item["failed"]))


def row_of(rate: Rate) -> tuple[str, str, str]:
    if rate.value is None or rate.low is None or rate.high is None:
        return "does not apply", "", "0"
    interval = f"{percent(rate.low).removesuffix(' %')}–{percent(rate.high)}"
    return percent(rate.value), interval, f"{rate.passed}/{rate.total}"


def gate_text(gate: Gate | None) -> str:
    if gate is None:
        return ""
    return f"≥ {percent(gate.least)}" + (" MISSED" if gate.is_missed else "")


def change_text(rate: Rate, before: Mapping[str, Any] | None) -> str:
    """Change in points against the baseline's rate; nothing where either is missing."""
    if not before or before.get("rate") is None or rate.value is None:
        return ""
    points = (rate.value - before["rate"]) * 100
    return "=" if abs(points) < 0.05 else f"{points:+.1f}"


def percent(value: float) -> str:
    """Cut off after one decimal, never rounded up: 99.96 % is not all, and 99.49 % does not reach a gate of 99.5 %."""
    tenths = int(round(value * 1000, 6))  # the inner rounding takes 0.29 * 1000 = 289.99999999999994 for 290
    return f"{tenths / 10:.1f} %"
