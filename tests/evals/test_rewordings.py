"""Sentences reworded by hand: complete rows that belong to their passages; rates with the dangerous cell first."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.corpus import read_corpus
from assistant.settings import default_corpus
from evals.cases import CaseError
from evals.fault_suite import Checked
from evals.faults import Variant
from evals.rewordings import rates, rewordings


@pytest.fixture(scope="module")
def corpus() -> Any:
    return read_corpus(default_corpus())


def test_every_statement_has_two_correct_and_three_wrong_rewordings(corpus: Any) -> None:
    for split in ("dev", "test"):
        rows = rewordings(corpus, split=split)
        counts = Counter((row.passage, row.wrong) for row in rows)
        passages = {row.passage for row in rows}
        assert len(passages) == 60
        assert all((counts[p, False], counts[p, True]) == (2, 3) for p in passages)
        assert len({corpus.passages[p].guideline for p in passages}) == 47, "every topic there was when they were drawn"


ROW = {
    "id": "rewording-x",
    "passage": "atrial-fibrillation#dosing-rate.7",
    "split": "dev",
    "kind": "tenfold",
    "correct": False,
    "text": "Digoxin 7.5 mg.",
    "why": "tenfold",
    "begins": "New Zealand, rate control",
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"why": None}, None),
        ({"correct": "yes"}, "correct is true or false"),
        ({"text": " "}, "a row holds"),
        ({"surplus": 1}, "a row holds"),
        ({"passage": "atrial-fibrillation#nowhere.1"}, "no passage"),
        ({"split": "test"}, "split 'test'"),
        ({"begins": "Another passage"}, "no longer begins"),
    ],
)
def test_a_wrong_row_is_refused_with_file_and_line(
    change: dict[str, Any], reason: str | None, corpus: Any, tmp_path: Path
) -> None:
    path = tmp_path / "rewordings-dev.jsonl"
    path.write_text(json.dumps(ROW | change) + "\n", encoding="utf-8")
    if reason is None:
        assert len(rewordings(corpus, folder=tmp_path)) == 1
    else:
        with pytest.raises(CaseError, match=rf"rewordings-dev\.jsonl:1: .*{reason}"):
            rewordings(corpus, folder=tmp_path)


def test_a_row_that_stands_there_twice_is_refused(corpus: Any, tmp_path: Path) -> None:
    line = json.dumps(ROW) + "\n"
    (tmp_path / "rewordings-dev.jsonl").write_text(line + line.replace("rewording-x", "rewording-y"), encoding="utf-8")
    with pytest.raises(CaseError, match=r":2: .*twice"):
        rewordings(corpus, folder=tmp_path)


def test_the_rates_begin_with_the_dangerous_cell() -> None:
    def checked(kind: str, wrong: bool, verdict: str) -> Checked:
        return Checked(Variant(kind, wrong, "", "", "", ""), verdict, "", 1.0)

    found = rates(
        [
            checked("tenfold", True, "verified"),
            checked("tenfold", True, "contradicted"),
            checked("route", True, "not_found"),
            checked("synonyms", False, "verified"),
            checked("synonyms", False, "contradicted"),
        ]
    )
    assert next(iter(found)) == "wrong yet verified"
    assert {name: (r.passed, r.total) for name, r in found.items()} == {
        "wrong yet verified": (1, 3),
        "wrong not verified": (2, 3),
        "wrong contradicted": (1, 3),
        "correct verified": (1, 2),
        "correct contradicted": (1, 2),
        "wrong not verified: route": (1, 1),
        "wrong not verified: tenfold": (1, 2),
        "correct verified: synonyms": (1, 2),
    }
