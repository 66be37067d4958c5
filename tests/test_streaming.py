"""A reply read while it is written: in whatever pieces it comes, the statements are those of the whole reply."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ModelError
from assistant.prompts import MAX_STATEMENTS, parse_reply
from assistant.streaming import ReplyReader

EVIDENCE = ("pain#a.1", "pain#a.2", "itch#b.1")
ROW = '{"section": "dosing", "text": "Give 1 g.", "evidence": [1]}'
REPLIES = {
    "json": f'{{"statements": [{ROW}, {{"text": "A \\"brace}}\\" [2] é", "citations": [3]}}]}}',
    "fenced": f'Here it is:\n```json\n{{\n  "statements": [\n{ROW}\n]}}\n```',
    "bare list": f"[{ROW},\n{ROW.replace('1 g', '2 g')}]",
    "rows": f"{ROW}\n{ROW.replace('1 g', '2 g')}\n",
    "thought": f'<think>{{"statements": [{{"text": "No"}}]}}</think>[{ROW}]',
    "markdown": "Take < 5 g <b> [1]. Then 2.5 g, e.g. Monday [2].\n## Steps\n- A [1]\n1. Give 3 g. And 4 g [1, 2].\n",
    "headings": "**Dosing:** Give 1 g [1]. Never 1 0 g [2].\n\nMonitoring\nWeigh [3].",
    "table": "Give 1 g [1].\n| drug | dose |\n|---|---|\n| x | 1 g [2] |\n| y | 2 g [1] |\nDone [3].",
    "words before": "Sure. Of course.\nGive 1 g [1].\n",
    "interval": "HR 5 (95% CI [2, 12]) [1]. Nobody says so. End [1].",
    "cited nowhere": "Give 1 g. Give 2 g.",
}


def fed(reply: str, size: int) -> ReplyReader:
    reader = ReplyReader(EVIDENCE)
    for at in range(0, len(reply), size):
        reader.feed(reply[at : at + size])
    return reader


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_any_pieces_give_the_statements_of_the_whole(reply: str, size: int) -> None:
    whole = parse_reply(reply, evidence=EVIDENCE, writer="test")
    reader = fed(reply, size)
    assert (*reader.given, *reader.rest(whole)) == whole.statements


@pytest.mark.parametrize(
    ("come", "given"),
    [
        ('{"statements": [{"section": "dosing", "text": "Give 1 g.", "evidence": [1]', []),
        ('{"statements": [{"section": "dosing", "text": "Give 1 g.", "evidence": [1]}', ["Give 1 g."]),
        ("- Give 1 g [1].", []),  # "1 g." may go on: "1 g.5"
        ("- Give 1 g [1].\n", ["Give 1 g."]),
        ("Give 1 g [1]. T", ["Give 1 g."]),
        ("Give 1 g. [1] ", []),  # another mark may come
        ("Give 1 g, e.g. Monday", []),
        ("Give 1 g [1", []),
        ("<think>Give 1 g [1].\n", []),
        ("Give 1 g.\n", []),  # uncited: words around a JSON reply, perhaps
        ("| a | b |\n", []),  # the head of a table, perhaps
    ],
)
def test_a_statement_is_given_when_it_is_complete_and_not_before(come: str, given: list[str]) -> None:
    assert [statement.text for statement in fed(come, 1).given] == given


@settings(max_examples=150, deadline=None)
@given(st.text('Giv 10.5g[]{}"\n<>think/|#*:,e', max_size=80), st.integers(1, 9))
def test_no_reply_is_given_in_other_words_than_the_whole_or_breaks_the_reader(reply: str, size: int) -> None:
    reader = fed(reply, size)
    with contextlib.suppress(ModelError):
        whole = parse_reply(reply, evidence=EVIDENCE, writer="test")
        texts = {statement.text for statement in (*reader.given, *reader.rest(whole))}
        assert {statement.text for statement in whole.statements} <= texts


@pytest.mark.parametrize("unit", ["Give 1 g [1]. ", "{", '{"text": "', "<think>", "a", "| a |\n", "[[", "1 g. [1] "])
def test_long_replies_are_read_in_linear_time_and_only_so_far(unit: str) -> None:
    reader = ReplyReader(EVIDENCE)
    started = time.process_time()
    for _ in range(8_000):
        reader.feed(unit)
    assert time.process_time() - started < 5.0
    assert len(reader.given) <= MAX_STATEMENTS
