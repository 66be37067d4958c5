"""Suite ``consistency``: forty questions in twelve wordings each; every wording must bring the same facts.

The facts of a question were written by hand beside it; a wording is right when each of them stands somewhere in the
statements of its answer. Odd blocks of the file are for development, even ones the test half.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.matching import find_amounts, fold

DATA = Path(__file__).with_name("data") / "paraphrases.txt"
Ask = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Block:
    """``facts``: each a tuple of alternatives, one of which must be stated."""

    number: int
    facts: tuple[tuple[str, ...], ...]
    wordings: tuple[str, ...]

    @property
    def split(self) -> str:
        return "dev" if self.number % 2 else "test"


@dataclass(frozen=True, slots=True)
class Result:
    block: Block
    wording: str
    state: str
    missing: tuple[str, ...]


def read_blocks(path: Path = DATA) -> list[Block]:
    """The blocks of the file, numbered from 1."""
    blocks: list[tuple[str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("= "):
            blocks.append((line[2:], []))
        elif line.strip() and not line.startswith("#"):
            blocks[-1][1].append(line.strip())
    return [
        Block(n, tuple(tuple(x.strip() for x in fact.split("|")) for fact in facts.split(";")), tuple(wordings))
        for n, (facts, wordings) in enumerate(blocks, 1)
    ]


def run(blocks: list[Block], ask: Ask) -> list[Result]:
    results = []
    for block in blocks:
        for wording in block.wordings:
            answer = ask(wording)
            text = " ".join(statement["text"] for statement in answer["statements"])
            missing = tuple(fact[0] for fact in block.facts if not any(states(text, one) for one in fact))
            results.append(Result(block, wording, answer["state"], missing))
    return results


def states(text: str, fact: str) -> bool:
    """``fact`` stands in ``text``: an amount with a unit by value, other words from the start of a word."""
    amounts = {amount.key for amount in find_amounts(fact) if amount.dimension != "1"}
    if amounts and re.match(r"[\d.,]", fact):
        return amounts <= {amount.key for amount in find_amounts(text)}
    return bool(re.search(rf"(?<![\w.]){re.escape(fold(fact))}", fold(text)))


def scores(results: list[Result]) -> dict[str, float]:
    """Share of wordings that bring every fact, and of questions all of whose wordings do."""
    if not results:
        return {}
    failed = {result.block.number for result in results if result.missing}
    blocks = {result.block.number for result in results}
    return {
        "same facts": sum(not result.missing for result in results) / len(results),
        "whole questions": 1 - len(failed) / len(blocks),
    }
