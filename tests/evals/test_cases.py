"""The case files load, obey their schema and are enough; a wrong line is refused with file, line and reason."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.adapters.corpus import read_corpus
from assistant.settings import default_corpus
from evals.cases import CaseError, read_cases, select, split_of

CASES = read_cases()


def test_there_are_enough_cases_of_each_sort() -> None:
    tags = Counter(tag for case in CASES for tag in case.tags)
    assert len(CASES) >= 90
    for tag, least in {
        "direct": 20,
        "vignette": 8,
        "follow-up": 8,
        "abbreviation": 6,
        "misspelling": 3,
        "lay": 3,
        "wrong-premise": 8,
        "near-miss": 8,
        "out-of-corpus": 8,
        "bad-input": 4,
        "injection": 3,
        "identifiers": 1,
        "emergency": 2,
        "other-language": 2,
        "jurisdiction": 3,
        "audience": 4,
    }.items():
        assert tags[tag] >= least, tag


def test_ids_are_unique_and_both_splits_hold_about_half() -> None:
    assert len({case.id for case in CASES}) == len(CASES)
    halves = Counter(case.split for case in CASES)
    assert set(halves) == {"dev", "test"}
    assert min(halves.values()) >= 0.4 * len(CASES)


def test_the_split_depends_on_the_id_alone() -> None:
    assert split_of("raised-001") == split_of("raised-001")
    assert {split_of(f"case-{i:03d}") for i in range(50)} == {"dev", "test"}


def test_every_expected_source_is_in_the_corpus() -> None:
    corpus = read_corpus(default_corpus())
    known = {*corpus.references, *corpus.guidelines}
    unknown = {(case.id, id) for case in CASES for group in case.must_cite for id in group if id not in known}
    assert not unknown


def test_every_clinical_expectation_names_the_facts_behind_it() -> None:
    assert not [case.id for case in CASES if case.must_state and not case.source]


def test_select_by_split_tag_and_limit() -> None:
    dev = select(CASES, split="dev", tag="dose", limit=3)
    assert len(dev) == 3
    assert all(case.split == "dev" and "dose" in case.tags for case in dev)
    assert select(CASES) == CASES


GOOD = {"id": "a-1", "question": "q", "expected_states": ["answered"], "tags": ["direct"]}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({**GOOD, "tag": ["x"]}, "'tag' was unexpected"),
        ({**GOOD, "id": "A 1"}, "id:"),
        ({**GOOD, "expected_states": ["done"]}, "expected_states/0"),
        ({**GOOD, "must_state": [{"near": ["x"]}]}, "must_state/0"),
        ({**GOOD, "must_state": [{"quantity": "some"}]}, "cannot read the amount 'some'"),
        ({**GOOD, "must_state": [{"any_of": [{"quantity": "1 mg"}, {"quantity": "?"}]}]}, "cannot read the amount"),
        ({**GOOD, "must_cite": [[]]}, "must_cite/0"),
        ("not json", "not JSON"),
        ([1], "a case is a JSON object"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(tmp_path: Path, row: object, reason: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(GOOD) + "\n\n" + (row if isinstance(row, str) else json.dumps(row)) + "\n")
    with pytest.raises(CaseError) as caught:
        read_cases([path])
    assert (caught.value.path, caught.value.line) == ("cases.jsonl", 3)
    assert reason in caught.value.reason


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + json.dumps(GOOD) + "\n")
    with pytest.raises(CaseError, match=r"cases.jsonl:2: id 'a-1' stands already in cases.jsonl:1"):
        read_cases([path])
