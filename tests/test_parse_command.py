"""`assistant parse`: rows, JSON and the readable table."""

import io
import json

import pytest

from assistant.__main__ import main


def test_rows(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": "a", "text": "Take 5 mg by mouth twice a day."}, {"id": "b", "text": "no fever"}]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(json.dumps(row) + "\n" for row in rows)))
    assert main(["parse", "--jsonl"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["id"] == "a"
    assert {"quantities", "dosages", "polarity", "effects", "flags"} <= first.keys()
    amount = next(q for q in first["quantities"] if q["unit"] == "mg")
    assert (amount["value"], "Take 5 mg by mouth twice a day."[amount["start"] : amount["end"]]) == ("5", "5 mg")
    assert first["dosages"]
    assert second["polarity"][0]["value"] == "negated"


def test_a_table_marks_risky_notation(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Standard:
        buffer = io.BytesIO(b"Give 1.0 mg daily.")

    monkeypatch.setattr("sys.stdin", Standard())
    assert main(["parse"]) == 0
    assert "trailing_zero" in capsys.readouterr().out


def test_nothing_found_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Standard:
        buffer = io.BytesIO(b"hello")

    monkeypatch.setattr("sys.stdin", Standard())
    assert main(["parse"]) == 0
    assert "nothing found" in capsys.readouterr().out
