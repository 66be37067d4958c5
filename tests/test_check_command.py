"""`assistant check`: table, JSON, rows, exit status."""

import io
import json
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.checker import Checker
from assistant.commands import check
from tests.tiny_checker_corpus import tiny_corpus


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_open_checker", lambda: Checker(tiny_corpus()))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main(["check", *words])
    return status, capsys.readouterr().out


def test_a_table_names_what_was_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "draft.md"
    file.write_text("A fictose below 190 mg/dL confirms deficiency.\n", encoding="utf-8")
    status, out = run(capsys, str(file))
    assert status == 1
    assert "contradicted" in out and "180" in out and "tiny#threshold.1" in out


def test_json_has_every_statement_with_offsets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "A fictose below 180 mg/dL confirms deficiency."
    file = tmp_path / "draft.md"
    file.write_text(text, encoding="utf-8")
    status, out = run(capsys, str(file), "--json")
    audit = json.loads(out)
    assert (status, audit["schema"], audit["verdict"]) == (0, "audit/1", "verified")
    claim = audit["statements"][0]["claims"][0]
    assert text[claim["start"] : claim["end"]].strip() == claim["text"].strip()
    assert claim["source"]["passage"] == "tiny#threshold.1"


def test_a_given_source_replaces_the_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "draft").write_text("Examplamol 7 mg orally daily.", encoding="utf-8")
    (tmp_path / "source").write_text("Take examplamol 7 mg by mouth once daily.", encoding="utf-8")
    status, out = run(capsys, str(tmp_path / "draft"), "--source", str(tmp_path / "source"), "--json")
    assert (status, json.loads(out)["verdict"]) == (0, "verified")


def test_rows_in_rows_out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"id": 1, "text": "A fictose below 180 mg/dL confirms deficiency."},
        {"id": 2, "text": "Examplamol 8 mg orally daily.", "source": "Take examplamol 7 mg by mouth once daily."},
        {"id": 3, "text": ""},
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(json.dumps(row) + "\n" for row in rows)))
    status, out = run(capsys, "--jsonl")
    found = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [(row["id"], row["verdict"]) for row in found] == [
        (1, "verified"),
        (2, "contradicted"),
        (3, "not_checkable"),
    ]
    assert found[1]["claims"][0]["source"]["passage"] == "source"


def test_rows_and_a_file_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "some-file", "--jsonl"]) == 2
    assert "standard input" in capsys.readouterr().err
