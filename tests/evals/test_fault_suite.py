"""The fault suite with checkers made for the test: counts, the dangerous cell, and the hand-labelled file."""

from __future__ import annotations

import json
import random
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.adapters.corpus import read_corpus
from assistant.settings import default_corpus
from evals import fault_suite
from evals.cases import CaseError
from evals.fault_suite import check_all, manual_variants, missed, rates, sample, variants_of, worded_variants
from evals.faults import Variant, truths_of

CORPUS = read_corpus(default_corpus())
VARIANTS = [
    Variant("tenfold", True, "Give 10 mg.", "p#d.1", "Give 1 mg.", "1 -> 10"),
    Variant("tenfold", True, "Give 20 mg.", "p#d.1", "Give 2 mg.", "2 -> 20"),
    Variant("same", False, "Give 1 mg.", "p#d.1", "Give 1 mg.", ""),
    Variant("lead-in", False, "In short: give 1 mg.", "p#d.1", "Give 1 mg.", ""),
]


class Fixed:
    """Verifies exactly the texts it was given; raises on those that say "raise"."""

    def __init__(self, *verified: str) -> None:
        self.verified = verified

    def check_statement(self, text: str, *, passage_ids: tuple[str, ...]) -> SimpleNamespace:
        if "raise" in text:
            raise ValueError("broken")
        verdict = SimpleNamespace(value="verified" if text in self.verified else "contradicted")
        return SimpleNamespace(verdict=verdict, claims=(SimpleNamespace(verdict=verdict, reason="because"),))


def test_rates_and_the_dangerous_cell() -> None:
    checked = check_all(VARIANTS, Fixed("Give 10 mg.", "Give 1 mg."))
    found = rates(checked)
    assert (found["wrong not verified"].passed, found["wrong not verified"].total) == (1, 2)
    assert found["correct verified, word for word"].value == 1
    assert found["correct verified, reworded"].value == 0
    assert found["precision of alarms"].value == 0.5  # one alarm on a wrong sentence, one on a correct one
    assert [c.variant.text for c in missed(checked)] == ["Give 10 mg.", "In short: give 1 mg."]


def test_an_exception_is_a_finding_and_never_counts_as_verified() -> None:
    checked = check_all([Variant("tenfold", True, "raise", "p#d.1", "", "")], Fixed())
    assert checked[0].verdict == "error: ValueError"
    assert missed(checked) == checked


def test_the_log_gives_the_same_results_again(tmp_path: Path) -> None:
    checked = check_all(VARIANTS, Fixed("Give 1 mg."))
    fault_suite.write(tmp_path / "faults.jsonl", checked)
    lines = (tmp_path / "faults.jsonl").read_text().splitlines()
    assert rates(fault_suite.read([json.loads(line) for line in lines])) == rates(checked)


def test_hand_labelled_sentences_are_enough_and_rest_on_passages() -> None:
    variants = manual_variants(CORPUS)
    assert len(variants) >= 60
    assert sum(v.wrong for v in variants) >= 30 and sum(not v.wrong for v in variants) >= 20
    assert all(id in CORPUS.passages for v in variants for id in v.passage.split("|"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": "x-1", "text": "t", "label": "maybe", "cites": ["oh2017"]}, "label 'maybe'"),
        ({"id": "x-1", "text": "t", "label": "wrong", "cites": ["nobody1900"]}, "no passage cites nobody1900"),
    ],
)
def test_a_label_that_cannot_be_believed_is_refused(tmp_path: Path, row: dict[str, object], reason: str) -> None:
    path = tmp_path / "faults_manual.jsonl"
    path.write_text(json.dumps(row) + "\n")
    with pytest.raises(CaseError, match=reason):
        manual_variants(CORPUS, path)


def test_splits_share_no_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    # 150 of the corpus's statements, the same every time: the split looks at ids alone, and all take half a minute
    some = random.Random(7).sample(truths_of(CORPUS), 150)
    monkeypatch.setattr(fault_suite, "truths_of", lambda corpus: some)
    dev, test = (
        {v.passage for v in variants_of(CORPUS, split=s) if not v.kind.startswith(("by-hand", "dangerous"))}
        for s in ("dev", "test")
    )
    assert dev and test and not dev & test


def test_a_sample_keeps_order_small_kinds_and_every_hand_labelled_sentence() -> None:
    kinds = ["tenfold"] * 50 + ["route"] * 3 + ["by-hand"] * 9
    variants = [Variant(kind, True, f"text {i}", "p#d.1", "", "") for i, kind in enumerate(kinds)]
    some = sample(variants, per_kind=5, seed=1)
    assert [v.kind for v in some] == ["tenfold"] * 5 + ["route"] * 3 + ["by-hand"] * 9
    assert [variants.index(v) for v in some] == sorted(variants.index(v) for v in some)
    assert sample(variants, per_kind=5, seed=1) == some
    assert sample(variants, per_kind=5, seed=2) != some
    # what is kept of one kind does not hang on another
    assert sample(variants[:50], per_kind=5, seed=1) == some[:5]


def test_statements_worded_anew_are_read_and_a_row_without_its_passage_is_refused(tmp_path: Path) -> None:
    variants = worded_variants(CORPUS)
    assert {v.kind for v in variants} == {"worded-ward", "worded-chat"}
    assert len(variants) == len({v.text for v in variants}) == 150
    assert not any(v.wrong for v in variants)
    path = tmp_path / "faults_worded.jsonl"
    path.write_text('{"id": "x", "passage": "nowhere#x.1", "kind": "ward", "text": "Give it."}\n', encoding="utf-8")
    with pytest.raises(CaseError, match="passage"):
        worded_variants(CORPUS, path)
