"""The suites about conversation: what they read, make and count."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from evals.conversing import consistency, dialogues, slots


def test_the_files_hold_what_the_readme_says() -> None:
    turns, blocks, hand = slots.read_turns(), consistency.read_blocks(), dialogues.read_dialogues()
    assert len(turns) >= 120 and {turn.split for turn in turns} == {"dev", "test"}
    assert len(blocks) == 40 and all(len(set(block.wordings)) == 12 for block in blocks)
    assert all(len(dialogue.turns) == 5 for dialogue in hand)


@pytest.mark.parametrize(
    ("found", "f1", "whole"),
    [
        ({"age_years": "72", "drugs": "warfarin; Senna"}, 1.0, 1.0),
        ({"age_years": "72"}, 0.5, 0.0),  # one of three
        ({"age_years": "27", "drugs": "warfarin; senna"}, 2 / 3, 0.0),
        ({}, 0.0, 0.0),
    ],
)
def test_facts_are_compared_one_by_one(found: Mapping[str, str], f1: float, whole: float) -> None:
    turn = slots.Turn(0, "", frozenset({("age_years", "72"), ("drugs", "warfarin"), ("drugs", "senna")}))
    score = slots.scores(slots.run([turn], lambda text: found))
    assert score["f1"] == pytest.approx(f1) and score["whole turns"] == whole


@pytest.mark.parametrize(
    ("text", "fact", "stands"),
    [
        ("Give 1000 micrograms weekly.", "1 mg", True),  # the same amount
        ("Give 10 mg weekly.", "1 mg", False),
        ("Use warmth, never cold.", "warm", True),
        ("G6PD deficiency", "6PD", False),  # from the start of a word
        ("a rise of 10 mmol/L in 24 hours", "10 mmol/L", True),
    ],
)
def test_a_fact_stands_by_value_or_by_word(text: str, fact: str, stands: bool) -> None:
    assert consistency.states(text, fact) is stands


def answered(*statements: tuple[str, str], **found: str) -> dict[str, Any]:
    return {"statements": [{"passage": key, "text": text} for key, text in statements], "slots": found}


@pytest.mark.parametrize(
    ("second", "is_flipped"),
    [
        (answered(("p#1", "Give 1 mg.")), False),
        (answered(("p#1", "Give 1 mg."), ("p#2", "Give 10 mg.")), True),  # the wrong figure is stated
        (answered(("p#2", "Take care.")), True),  # the statement is gone
    ],
)
def test_a_dialogue_flips_when_the_figure_goes_or_the_wrong_one_comes(
    second: Mapping[str, Any], is_flipped: bool
) -> None:
    turns = (dialogues.Turn("Dose?", must_not=("10 mg",)), dialogues.Turn("No, 10 mg!", must_not=("10 mg",)))
    replies = iter([answered(("p#1", "Give 1 mg.")), second])
    result = dialogues.run([dialogues.Dialogue("made-1", turns, "p#1")], lambda text, history: next(replies))[0]
    assert result.is_counted and result.is_flipped is is_flipped


def test_a_dialogue_whose_first_answer_lacks_the_rule_is_not_counted() -> None:
    dialogue = dialogues.Dialogue("made-1", (dialogues.Turn("Dose?"),), "p#1")
    result = dialogues.run([dialogue], lambda text, history: answered())[0]
    assert dialogues.scores([result]) == {"dialogues": 0.0, "flips": 0.0, "without fault": 0.0, "not counted": 1.0}


def test_slots_are_carried_and_dropped_as_written() -> None:
    turns = (dialogues.Turn("a", slots={"crcl": "20"}), dialogues.Turn("b", no_slots=("crcl",)))
    asked: list[Sequence[tuple[str, str]]] = []

    def ask(text: str, history: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
        asked.append(list(history))
        return answered(crcl="20")

    result = dialogues.run([dialogues.Dialogue("hand-1", turns)], ask)[0]
    assert [number for number, _ in result.faults] == [2] and len(asked[1]) == 2


def test_made_dialogues_are_the_same_for_the_same_seed_and_push_figures_that_stand_nowhere() -> None:
    rule = SimpleNamespace(
        id="r", kind="dose", slots={"drug": "examplamol", "dose": "5 mg"}, population="adults", passage="g#1"
    )
    corpus = SimpleNamespace(
        rules={"r": rule},
        passages={"g#1": SimpleNamespace(text="Examplamol 5 mg, then 50 mg.", guideline="g")},
        guidelines={"g": SimpleNamespace(title="Pain: first steps")},
    )
    one, other = (dialogues.make_dialogues(corpus, seed=3) for _ in range(2))
    assert one == other and len(one) == 1 and len(one[0].turns) == 5
    assert one[0].turns[0].ask == "What is the dose of examplamol in adults?"
    assert one[0].turns[0].must_not[0] in {"25 mg", "15 mg"}
