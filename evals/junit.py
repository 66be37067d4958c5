"""A run as JUnit XML, so that a build server shows evals among its tests (written with junitparser).

One test case for each scored question, with the reasons of the scores it fails; one for each gate of every suite. A question to
which a scorer does not apply says nothing about that scorer; a question to which none applies is skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.cases import Case
from evals.results import Gate, Logs, Results


def write(path: Path, cases: Sequence[Case], found: Results, logs: Logs, gates: Sequence[Gate]) -> None:
    from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

    report = JUnitXml("assistant eval")
    answers = TestSuite("answers")
    seconds = {asked.id: asked.seconds for asked in logs.answers}
    for case in cases:
        scores = found.scored.get(case.id)
        if scores is None:
            continue
        row: Any = TestCase(case.id, classname=f"evals.{case.file.removesuffix('.jsonl')}", time=seconds[case.id])
        failed = [f"{name}: {score.reason}" for name, score in scores.items() if score.value == 0]
        if failed:
            row.result = [Failure(_printable(f"{case.question}\n" + "\n".join(failed)))]
        elif all(score.value is None for score in scores.values()):
            row.result = [Skipped("no scorer applies")]
        answers.add_testcase(row)
    if len(answers):
        report.add_testsuite(answers)
    gated = TestSuite("gates")
    for gate in gates:
        row = TestCase(gate.name, classname=f"evals.gates.{gate.suite}")
        if gate.is_missed:
            value = "not measured" if gate.rate is None or gate.rate.value is None else f"{gate.rate.value:.4f}"
            row.result = [Failure(f"{value}, wanted at least {gate.least}")]
        gated.add_testcase(row)
    report.add_testsuite(gated)
    report.write(str(path), pretty=True)


def _printable(text: str) -> str:
    """Without what XML cannot hold: questions of the bad-input cases carry NULL bytes and terminal codes."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
