"""Two runs beside each other: what changed in the corpus, which suites it moved, and which cases it touches."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evals import __main__ as command
from evals import compare as module
from evals import snapshot
from evals.compare import compare
from evals.fault_suite import Checked, write
from evals.faults import Variant
from evals.metrics import mcnemar_p


def items(**changed: Any) -> dict[str, dict[str, Any]]:
    base = {
        "passages": {"pain#dosing.1": {"text": "Give waterol 1 mg.", "plain": None, "citations": ["a"], "tags": []}},
        "rules": {"waterol": {"kind": "dose", "dose": "1 mg"}},
        "terms": {"waterol": {"kind": "drug", "classes": [], "forms": ["aquol", "waterol"]}},
        "references": {},
        "must_mention": {},
    }
    return {**base, **changed}


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (items(), []),
        (items(passages={}), ["passage pain#dosing.1 removed"]),
        (items(rules={"waterol": {"kind": "dose", "dose": "10 mg"}}), ["rule waterol changed: dose '1 mg' → '10 mg'"]),
        (
            items(terms={"waterol": {"kind": "drug", "classes": [], "forms": ["waterol"]}}),
            ["term waterol changed: forms lost 'aquol'"],
        ),
        (
            items(rules={"waterol": {"kind": "dose", "dose": "1 mg"}, "new": {"kind": "dose"}}),
            ["rule new added"],
        ),
    ],
)
def test_a_change_of_the_corpus_is_named(after: dict[str, Any], said: list[str]) -> None:
    assert [str(change) for change in snapshot.changes(items(), after)] == said


def test_a_run_without_a_snapshot_has_no_changes_to_name() -> None:
    assert snapshot.changes({}, items()) == []


@dataclass
class Run:
    """A run folder of two questions and two sentences; ``passed`` says which pass."""

    folder: Path
    passed: dict[str, bool] = field(default_factory=dict)
    corpus: dict[str, Any] = field(default_factory=items)

    def write(self) -> Path:
        self.folder.mkdir()
        (self.folder / "run.json").write_text("{}")
        (self.folder / snapshot.NAME).write_text(json.dumps(self.corpus))
        statement = {"text": "Give waterol 1 mg.", "passage": "pain#dosing.1", "claims": [{"rule": "waterol"}]}
        lines, scores = [], {}
        for id, question in (("a-1", "Dose of aquol?"), ("a-2", "Is gout here?")):
            answer = {"question": question, "statements": [statement] if id == "a-1" else []}
            row = {"suite": "answers", "id": id, "answer": answer, "error": "", "seconds": 0.1}
            lines.append(json.dumps({**row, "repeat_difference": "", "audiences": {}}))
            good = self.passed.get(id, True)
            scores[id] = {"state right": [int(good), "" if good else "no_guidance"], "red flag shown": [None, ""]}
        (self.folder / "answers.jsonl").write_text("\n".join(lines) + "\n")
        (self.folder / "scores.json").write_text(json.dumps(scores))
        wrong = Variant("tenfold", True, "Give waterol 10 mg.", "pain#dosing.1", "", "1 -> 10")
        caught = self.passed.get("fault", True)
        write(self.folder / "faults.jsonl", [Checked(wrong, "contradicted" if caught else "verified", "slot", 1.0)])
        (self.folder / "results.json").write_text(json.dumps({"seconds": {"answer p50": 0.1, "answer p95": None}}))
        return self.folder


def test_a_dropped_synonym_is_found_in_the_suite_and_the_case_it_touches(tmp_path: Path) -> None:
    before = Run(tmp_path / "a").write()
    poorer = items(terms={"waterol": {"kind": "drug", "classes": [], "forms": ["waterol"]}})
    after = Run(tmp_path / "b", {"a-1": False}, poorer).write()
    found = compare(before, after)
    assert {suite.suite: suite.colour for suite in found.suites} == {"answers": "red", "faults": "unmoved"}
    flip = found.suites[0].worse[0]
    assert flip.after.key == ("a-1", "state right")
    assert [str(change) for change in flip.touched] == ["term waterol changed: forms lost 'aquol'"]
    assert found.is_worse


def test_a_changed_rule_is_found_in_the_fault_suite(tmp_path: Path) -> None:
    before = Run(tmp_path / "a").write()
    other = items(
        passages={"pain#dosing.1": {"text": "Give waterol 10 mg.", "plain": None, "citations": ["a"], "tags": []}}
    )
    after = Run(tmp_path / "b", {"fault": False}, other).write()
    found = compare(before, after)
    assert {suite.suite: suite.colour for suite in found.suites} == {"answers": "unmoved", "faults": "red"}
    flip = found.suites[1].worse[0]
    assert "wrong, yet verified" in flip.after.reason
    assert flip.touched[0].id == "pain#dosing.1"


def test_the_same_run_twice_is_unmoved_and_an_improvement_is_green(tmp_path: Path) -> None:
    worse, good = Run(tmp_path / "a", {"a-2": False}).write(), Run(tmp_path / "b").write()
    assert {suite.colour for suite in compare(good, good).suites} == {"unmoved"}
    found = compare(worse, good)
    assert [suite.colour for suite in found.suites] == ["green", "unmoved"]
    assert not found.is_worse


def test_the_command_prints_what_it_found_and_fails_on_a_regression(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = Run(tmp_path / "a").write(), Run(tmp_path / "b", {"a-1": False}, items(passages={})).write()
    assert command.main(["compare", str(before), str(after)]) == 1
    out = capsys.readouterr().out
    assert "passage pain#dosing.1 removed" in out and "no_guidance" in out and "red" in out
    assert command.main(["compare", str(before), str(before), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["suites"]["answers"]["state"] == "unmoved"
    assert command.main(["compare", str(tmp_path), str(before)]) == 2


@pytest.mark.parametrize(("worse", "better", "p"), [(0, 0, None), (5, 5, 1.0), (6, 0, 0.03125), (0, 6, 0.03125)])
def test_mcnemar_is_the_exact_one(worse: int, better: int, p: float | None) -> None:
    assert mcnemar_p(worse, better) == pytest.approx(p)


def test_a_snapshot_keeps_the_words() -> None:
    passage = SimpleNamespace(id="p#d.1", text="Give.", plain=None, citations=("a",), tags=())
    rule = SimpleNamespace(id="r", kind="dose", slots={"dose": "1 mg"}, passage="p#d.1", population=None)
    term = SimpleNamespace(
        id="t", kind="drug", classes=(), name="waterol", synonyms=("aquol",), brands=(), ambiguous=()
    )
    work = SimpleNamespace(id="a", title="A", retracted=False, superseded_by=None)
    item = SimpleNamespace(topic="x", item="drink", kind="core", passages=("p#d.1",))
    corpus = SimpleNamespace(
        passages={"p#d.1": passage}, rules={"r": rule}, terms=(term,), references={"a": work}, must_mention=(item,)
    )
    made = snapshot.snapshot(corpus)
    assert made["rules"]["r"]["dose"] == "1 mg"
    assert made["terms"]["t"]["forms"] == ["aquol", "waterol"]
    assert set(made) == {"passages", "rules", "terms", "references", "must_mention"}
    assert asdict(module.SuiteChange("s", 0))["p"] is None
