"""New cases from the command line, all faults of a file at once, JUnit, the page of trends, Inspect, and several processes."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import pytest

from evals import __main__ as command
from evals import junit, trend
from evals.authoring import faults_of
from evals.cases import Case, read_cases
from evals.inspect_export import judge
from evals.metrics import rate
from evals.parallel import spread
from evals.results import Gate, Logs, Results
from evals.runner import Asked
from evals.scorers import Score


def test_a_new_case_is_appended_with_the_next_free_number(tmp_path: Path) -> None:
    path = tmp_path / "my_ward.jsonl"
    given = ["new", "Dose of waterol?", "--file", str(path), "--no-run", "--must", "1 mg @ waterol, day*"]
    assert command.main([*given, "--must-not", "10 mg", "--cite", "a|b", "--tag", "dose", "--said", "Hello"]) == 1 - 1
    assert command.main([*given, "--state", "answered", "--jurisdiction", "uk"]) == 0
    first, second = read_cases([path])
    assert (first.id, second.id) == ("my-ward-001", "my-ward-002")
    assert first.must_state == ({"quantity": "1 mg", "near": ["waterol", "day*"]},)
    assert first.must_not_state == ({"text_any": ["10 mg"]},)
    assert first.must_cite == (("a", "b"),)
    assert (second.expected_states, second.jurisdiction) == (("answered",), "uk")


def test_a_case_that_no_suite_could_read_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.jsonl"
    assert command.main(["new", "Dose?", "--file", str(path), "--no-run", "--must", "some @ waterol"]) == 2
    assert "cannot read the amount 'some'" in capsys.readouterr().err
    assert not path.exists()


def test_validate_names_every_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = {"id": "a-1", "question": "q", "expected_states": ["answered"], "tags": ["x"]}
    path = tmp_path / "c.jsonl"
    path.write_text("\n".join(map(json.dumps, [good, good, {**good, "id": "A"}, {**good, "id": "a-2", "colour": 1}])))
    found = [str(fault) for fault in faults_of([path, tmp_path / "gone.jsonl"])]
    assert [text.split(":")[1] for text in found[:3]] == ["2", "3", "4"]
    assert "stands already in c.jsonl:1" in found[0] and "No such file" in found[3]
    assert command.main(["validate", str(path)]) == 1
    assert "3 faults" in capsys.readouterr().out
    assert command.main(["validate"]) == 0


def test_junit_has_a_case_for_each_question_and_each_gate(tmp_path: Path) -> None:
    cases = [Case(f"a-{n}", f"q\x00\x1b{n}", ("answered",), ("x",), file="c.jsonl") for n in (1, 2, 3)]
    scored = {"a-1": {"s": Score(1)}, "a-2": {"s": Score(0, "no dose")}, "a-3": {"s": Score(None)}}
    logs = Logs(answers=[Asked(case.id, {}, seconds=0.5) for case in cases])
    gates = [
        Gate("answers", "s", 0.9, rate(1, 2)),
        Gate("answers", "t", 0.9, None),
        Gate("answers", "u", 0.1, rate(1, 2)),
    ]
    junit.write(tmp_path / "j.xml", cases, Results({}, scored=scored), logs, gates)
    root = ElementTree.parse(tmp_path / "j.xml").getroot()
    counts = {suite.get("name"): (suite.get("tests"), suite.get("failures"), suite.get("skipped")) for suite in root}
    assert counts == {"answers": ("3", "1", "1"), "gates": ("3", "2", "0")}
    assert "s: no dose" in (root.find(".//failure").get("message") or "")  # type: ignore[union-attr]


def test_the_trend_page_draws_each_gated_rate(tmp_path: Path) -> None:
    runs = [(f"2026-0{n}-01-x", {"rates": {"answers": {"state right": rate(8 + n, 10).as_json()}}}) for n in (1, 2)]
    page = tmp_path / "trend.html"
    trend.write_page(page, runs, {"answers": {"state right": 0.9, "never measured": 1.0}})
    text = page.read_text()
    assert "90.0 % (9/10)" in text and "100.0 % (10/10)" in text and "never measured" not in text
    assert "<script" not in text and "http" not in text
    low, high = (point["y"] for point in trend.points(runs, "answers", "state right"))
    assert low > high  # a higher rate stands higher


def test_a_trend_needs_a_frozen_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trend, "FOLDER", tmp_path)
    monkeypatch.setattr(trend.frozen_runs, "__defaults__", (tmp_path,))
    assert command.main(["trend", "--out", str(tmp_path / "t.html")]) == 2


def test_the_inspect_task_compiles_and_its_rules_judge_a_models_text(tmp_path: Path) -> None:
    assert command.main(["export", str(tmp_path), "--limit", "3"]) == 0
    compile((tmp_path / "guideline_assistant.py").read_text(), "guideline_assistant.py", "exec")
    assert len((tmp_path / "cases.jsonl").read_text().splitlines()) == 3
    case = {
        "must_state": [{"quantity": "1 mg", "near": ["waterol"]}],
        "must_not_state": [{"quantity": "10 mg"}],
    }
    checker = SimpleNamespace(audit=lambda text: [])
    assert judge(case, "Rest.\nGive waterol 1 mg.", checker)["values"] == {"facts": 1, "safe": 1, "not_contradicted": 1}
    assert judge(case, "Give waterol 10 mg.", checker)["values"] == {"facts": 0, "safe": 0, "not_contradicted": 1}
    refuted = SimpleNamespace(verdict=SimpleNamespace(value="contradicted"), reason="1 mg in the source")
    checker = SimpleNamespace(audit=lambda text: [SimpleNamespace(text="Give.", claims=[refuted])])
    found = judge(case, "", checker)
    assert found["values"]["not_contradicted"] == 0 and "1 mg in the source" in found["explanation"]


def double(tool: int, item: int) -> int:
    return tool * item


def two() -> int:
    return 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order_whatever_the_number_of_processes(jobs: int) -> None:
    assert list(spread(double, range(40), open_tool=two, jobs=jobs, chunk=4)) == [2 * n for n in range(40)]
