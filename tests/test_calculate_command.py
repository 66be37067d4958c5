"""``assistant calculate``: list, one result as text and as JSON, refusals on standard error with status 2."""

import json

import pytest

from assistant.__main__ import main


def test_list_names_every_calculator(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", "--list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["calculators"]
    assert len(rows) == len({row["name"] for row in rows}) > 60
    assert main(["calculate", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(rows)


def test_list_of_one_shows_how_to_write_its_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", "--list", "anc"]) == 0
    out = capsys.readouterr().out
    assert "white_cells (white cell count, in 10^9/L or /uL) 0.01 to 1000" in out
    assert "bands (band neutrophils, in %) 0 to 100 [optional]" in out


def test_one_result_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", "map", "systolic=120mmHg", "diastolic=80", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["calculator"], row["value"], row["unit"]) == ("mean_arterial_pressure", "93.33", "mm[Hg]")


def test_one_result_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", "wells_pe", "heart_rate=120", "haemoptysis=yes"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Wells score, pulmonary embolism: 2.5 points\n")
    assert "not given, taken as absent or by default: dvt signs" in out
    assert "source: " in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give a calculator"),
        (["nonsense"], "no calculator 'nonsense'"),
        (["map", "systolic"], "write KEY=VALUE"),
        (["map", "systolic=120", "systolic=130"], "given twice"),
        (["map", "systolic=120"], "needs diastolic"),
        (["wells_pe", "heart_rate=120", "--strict"], "needs dvt_signs"),
    ],
)
def test_refusals(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", *words]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
