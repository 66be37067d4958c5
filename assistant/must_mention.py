"""``corpus/must_mention/*.toml`` to MustMention records: what an answer on a topic may not leave out.

Pure. Problems are collected with their line, never raised; ids are resolved by ``adapters/corpus.py``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.errors import CorpusError
from assistant.passages import toml_error_line
from assistant.records import MustMention

KINDS = frozenset({"red_flag", "safety", "core"})
KEYS = frozenset({"topic", "item", "kind", "passages", "question_kinds"})


def read_must_mention(text: str, *, path: str) -> tuple[list[tuple[MustMention, str, int]], list[CorpusError]]:
    """Items with their path and line (from 1), and every problem in the file; a faulty item is left out."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [CorpusError(path, toml_error_line(error), f"not valid TOML: {error}")]
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if line.strip() == "[[item]]"]
    items: list[tuple[MustMention, str, int]] = []
    strays = [key for key in tables if key != "item"]
    problems = [CorpusError(path, 0, f"unknown key {key!r}; each entry stands under [[item]]") for key in strays]
    for line, table in zip(lines, tables.get("item", []), strict=False):
        reasons = list(_problems(table))
        problems.extend(CorpusError(path, line, reason) for reason in reasons)
        if not reasons:
            kinds = tuple(table.get("question_kinds", ()))
            item = MustMention(table["topic"], table["item"], table["kind"], tuple(table["passages"]), kinds)
            items.append((item, path, line))
    return items, problems


def _problems(table: Mapping[str, Any]) -> Iterator[str]:
    for key in table:
        if key not in KEYS:
            yield f"unknown key {key!r}; known are {', '.join(sorted(KEYS))}"
    for key in ("topic", "item"):
        if not isinstance(table.get(key), str):
            yield f"{key} is missing"
    if table.get("kind") not in KINDS:
        yield f"kind {table.get('kind')!r} is not one of {', '.join(sorted(KINDS))}"
    if not isinstance(table.get("passages"), list) or not table["passages"]:
        yield "passages is missing: name at least one passage that says it"
