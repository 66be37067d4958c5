"""From cases to the report: runs are resumable, reports can be made again, and a missed gate is an exit status."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evals import __main__ as command
from evals import fault_suite
from evals import results as results_module
from evals.cases import Case, read_cases
from evals.fault_suite import check_all
from evals.faults import Variant
from evals.metrics import rate, rate_of
from evals.report import change_text, percent, print_table, write_html
from evals.results import Logs, Results, gates_of, results_of, retrieval_rates
from evals.runner import Found, read_answers, run_answers, run_retrieval
from evals.scorers import Score

PASSAGE = SimpleNamespace(id="pain#dosing.1", text="Give 1 mg.", plain=None)
CORPUS = SimpleNamespace(passages={PASSAGE.id: PASSAGE}, references={"smith2020": None}, must_mention=())
CASES = [
    Case("a-1", "How much?", ("answered",), ("dose",), must_state=({"quantity": "1 mg"},), must_cite=(("smith2020",),)),
    Case("a-2", "And <b>gout</b>?", ("no_guidance",), ("out-of-corpus",)),
]


def answer(text: str = "Give 1 mg.") -> dict[str, Any]:
    claim = {
        "text": "1 mg",
        "verdict": "verified",
        "reason": "",
        "source": {"passage": "pain#dosing.1", "start": 5, "end": 9, "quote": "1 mg"},
    }
    statement = {"id": "s1", "section": "dosing", "text": text, "citations": [1], "claims": [claim]}
    return {
        "state": "answered",
        "question": "q",
        "understood_as": "q",
        "statements": [{**statement, "passage": "pain#dosing.1"}],
        "references": [{"n": 1, "id": "smith2020"}],
        "withheld": [],
        "notices": [],
        "not_covered": [],
        "timings_ms": {"total": 1},
    }


class Product:
    """Counts what it is asked; raises on a question that says "raise"."""

    def __init__(self, text: str = "Give 1 mg.") -> None:
        self.text = text
        self.asked: list[tuple[str, str]] = []

    def __call__(self, case: Case, audience: str) -> Mapping[str, Any]:
        self.asked.append((case.id, audience))
        if "raise" in case.question:
            raise ValueError("broken")
        return {**answer(self.text), "timings_ms": {"total": len(self.asked)}}


def test_a_case_is_asked_twice_and_once_for_every_other_audience(tmp_path: Path) -> None:
    product = Product()
    asked = run_answers(CASES[:1], tmp_path / "log.jsonl", open_asker=lambda: product)
    assert [audience for _, audience in product.asked] == ["clinician"] * 2 + [
        "pharmacist",
        "nurse",
        "student",
        "patient",
    ]
    assert asked[0].repeat_difference == ""  # timings may differ
    assert set(asked[0].audiences) == {"clinician", "pharmacist", "nurse", "student", "patient"}


def test_a_difference_between_two_answers_is_named(tmp_path: Path) -> None:
    texts = iter(["Give 1 mg.", "Give 2 mg."] + ["Give 1 mg."] * 4)
    asked = run_answers(CASES[:1], tmp_path / "log.jsonl", open_asker=lambda: lambda case, audience: answer(next(texts)))
    assert asked[0].repeat_difference == "asked twice, differs in statements"


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    whole = run_answers(CASES, log, open_asker=Product)
    lines = log.read_text().splitlines(keepends=True)
    log.write_text(lines[0] + lines[1][:40])  # cut off in the middle of a line
    product = Product()
    again = run_answers(CASES, log, open_asker=lambda: product)
    assert {id for id, _ in product.asked} == {"a-2"}
    assert [a.answer and a.answer["statements"] for a in again] == [a.answer and a.answer["statements"] for a in whole]
    assert len(read_answers(log)) == 2


def test_an_exception_is_logged_and_the_next_case_is_asked(tmp_path: Path) -> None:
    cases = [Case("a-1", "raise", ("answered",), ("x",)), CASES[1]]
    asked = run_answers(cases, tmp_path / "log.jsonl", open_asker=Product)
    assert [a.error for a in asked] == ["ValueError: broken", ""]


def test_retrieval_ranks_the_passages_that_cite_the_source(tmp_path: Path) -> None:
    passages = {f"pain#d.{i}": SimpleNamespace(citations=(f"ref{i}",), guideline="pain") for i in (1, 2, 3)}
    cases = [Case("a-1", "q", ("answered",), ("x",), must_cite=(("ref2", "ref3"), ("other",)))]
    hits = [SimpleNamespace(passage_id=id) for id in passages]
    corpus = SimpleNamespace(passages=passages)
    found = run_retrieval(cases, lambda text, limit: hits, corpus, tmp_path / "log.jsonl")
    assert found[0].ranks == (2, None)
    assert retrieval_rates(found)["source in the first 3"] == rate(1, 2)
    assert retrieval_rates(found)["source at rank 1"].passed == 0


def results(text: str, tmp_path: Path) -> Results:
    asked = run_answers(CASES, tmp_path / "log.jsonl", open_asker=lambda: Product(text))
    return results_of(CASES, Logs(answers=asked), CORPUS)


def test_rates_leave_out_what_does_not_apply(tmp_path: Path) -> None:
    found = results("Give 1 mg.", tmp_path)
    assert found.rates["answers"]["facts stated"] == rate(1, 1)  # a-2 wants no fact
    assert found.rates["answers"]["state right"] == rate(1, 2)
    assert found.rates["answers"]["no number without guidance"].value is None
    assert found.slices["dose"]["state right"].value == 1
    assert found.slices["out-of-corpus"]["state right"].value == 0


def test_wilson_interval() -> None:
    # z = 1.959964: (n p + z^2/2 +- z sqrt(n p q + z^2/4)) / (n + z^2), by hand for 9 of 10
    assert (rate(9, 10).low, rate(9, 10).high) == (pytest.approx(0.5958, abs=1e-4), pytest.approx(0.9821, abs=1e-4))
    assert rate_of([Score(1), Score(None), Score(0)]) == rate(1, 2)
    assert rate(0, 0).value is None


def test_gates(tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(
        '[answers]\n"state right" = 0.9\n"facts stated" = 1.0\n"red flag shown" = 1.0\n[faults]\n"x" = 1.0\n'
    )
    found = results("Give 1 mg.", tmp_path)
    whole = {g.name: g.is_missed for g in gates_of(found, is_whole_run=True, path=path)}
    assert whole == {"state right": True, "facts stated": False, "red flag shown": True}  # not measured is no pass
    part = {g.name: g.is_missed for g in gates_of(found, is_whole_run=False, path=path)}
    assert part["red flag shown"] is False


def test_every_gate_names_a_rate_that_exists() -> None:
    from evals import drafts
    from evals.fault_suite import rates
    from evals.scorers import SCORERS

    gates = results_module.tomllib.loads(results_module.GATES.read_text())
    assert set(gates["answers"]) <= {*SCORERS, "facts stated, each"}
    assert set(gates["retrieval"]) <= set(retrieval_rates([Found("a", "q", (1,), ())]))
    overall = set(rates([]))
    from evals.fault_words import WORD_KINDS
    from evals.faults import NUMBER_KINDS, UNGUARDED_KINDS

    kinds = {*NUMBER_KINDS, *UNGUARDED_KINDS, *WORD_KINDS, "foreign-citation", "dangerous"}
    assert set(gates["drafts"]) <= set(drafts.rates([])) | {f"wrong draft not shown: {kind}" for kind in kinds}
    assert set(gates["faults"]) <= overall | {f"wrong not verified: {kind}" for kind in kinds}


def test_the_table_shows_rate_interval_gate_and_baseline(tmp_path: Path) -> None:
    import io

    from rich.console import Console

    found = results("Give 1 mg.", tmp_path)
    out = io.StringIO()
    baseline = {"answers": {"state right": {"rate": 1.0}}}
    print_table(found, gates_of(found, is_whole_run=True), baseline, console=Console(file=out, width=140))
    text = out.getvalue()
    assert "50.0 %" in text and "1/2" in text and "-50.0" in text and "MISSED" in text
    assert "gate missed: answers, state right: 50.0 %, wanted 95.0 %" in text


def test_the_html_report_opens_failing_cases_and_escapes_what_it_shows(tmp_path: Path) -> None:
    asked = run_answers(CASES, tmp_path / "log.jsonl", open_asker=Product)
    checker = SimpleNamespace(check_statement=lambda text, passage_ids: SimpleNamespace(
        verdict=SimpleNamespace(value="verified"), claims=()))  # fmt: skip
    faults = check_all([Variant("tenfold", True, "Give 10 mg <i>.", "pain#dosing.1", "", "1 -> 10")], checker)
    logs = Logs(answers=asked, faults=faults)
    found = results_of(CASES, logs, CORPUS)
    path = tmp_path / "report.html"
    write_html(
        path,
        found,
        gates_of(found, is_whole_run=True),
        {},
        run={"split": "all"},
        cases=CASES,
        logs=logs,
        corpus=CORPUS,
    )
    page = path.read_text()
    assert 'id="a-2"' in page and "answered, not no_guidance" in page and 'id="a-1"' not in page
    assert "&lt;b&gt;gout" in page and "<b>gout" not in page
    assert "wrong, yet verified" in page and "10 mg &lt;i&gt;" in page
    assert "http" not in page and "<script" not in page  # loads nothing, runs nothing


@pytest.mark.parametrize(
    ("value", "shown"), [(1.0, "100.0 %"), (0.9996, "99.9 %"), (0.99494, "99.4 %"), (0.29, "29.0 %"), (0.0, "0.0 %")]
)
def test_percent_is_never_rounded_up(value: float, shown: str) -> None:
    assert percent(value) == shown


def test_change_against_the_baseline() -> None:
    assert change_text(rate(9, 10), {"rate": 0.8}) == "+10.0"
    assert change_text(rate(9, 10), {"rate": 0.9}) == "="
    assert change_text(rate(9, 10), None) == ""


class Checker:
    """Verifies every sentence (``trusting``) or none."""

    def __init__(self, trusting: bool) -> None:
        self.value = "verified" if trusting else "contradicted"

    def check_statement(self, text: str, *, passage_ids: tuple[str, ...]) -> SimpleNamespace:
        return SimpleNamespace(verdict=SimpleNamespace(value=self.value), claims=())


@pytest.fixture
def few_truths(monkeypatch: pytest.MonkeyPatch) -> None:
    """150 statements of the corpus, the same every time; a run over all of them is the command's business."""
    from evals import faults

    monkeypatch.setattr(fault_suite, "truths_of", lambda c: random.Random(7).sample(faults.truths_of(c), 150))


@pytest.mark.usefixtures("few_truths")
def test_a_missed_gate_is_exit_status_1_and_the_report_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fault_suite, "open_checker", lambda: Checker(trusting=True))
    out = ["--suite", "faults", "--limit", "2", "--jobs", "1", "--out", str(tmp_path)]
    assert command.main(out) == 1
    assert "gate missed: faults, wrong not verified" in capsys.readouterr().out
    assert (tmp_path / "report.html").exists()
    first = json.loads((tmp_path / "results.json").read_text())
    monkeypatch.setattr(fault_suite, "open_checker", lambda: pytest.fail("nothing is checked again"))
    assert command.main([*out, "--remake", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["rates"] == first["rates"]
    assert command.main(["--suite", "faults", "--limit", "3", "--out", str(tmp_path), "--remake"]) == 2


@pytest.mark.usefixtures("few_truths")
def test_gates_that_hold_are_exit_status_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gates = tmp_path / "gates.toml"
    gates.write_text('[faults]\n"wrong not verified" = 1.0\n')
    monkeypatch.setattr(results_module, "GATES", gates)
    monkeypatch.setattr(results_module.gates_of, "__kwdefaults__", {"path": gates})
    monkeypatch.setattr(fault_suite, "open_checker", lambda: Checker(trusting=False))
    assert command.main(["--suite", "faults", "--limit", "2", "--jobs", "1", "--out", str(tmp_path / "run")]) == 0


def test_the_shipped_cases_can_be_asked_of_any_product(tmp_path: Path) -> None:
    asked = run_answers(read_cases()[:3], tmp_path / "log.jsonl", open_asker=Product)
    assert len(asked) == 3
