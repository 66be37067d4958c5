"""Suite ``slots``: the facts of the patient read out of one user turn, against facts written by hand.

A fact is a pair of name and value, each item of a list a fact of its own. Numbers and units must be equal as typed;
letters are compared without regard to case. Precision, recall and F1 over all pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).with_name("data") / "slots.tsv"
LISTS = frozenset({"drugs", "conditions", "without"})
# what a turn is about beyond the facts of the table: a vocabulary may name more conditions than a hand would list
Read = Callable[[str], Mapping[str, str]]
Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Turn:
    number: int
    text: str
    facts: frozenset[Fact]

    @property
    def split(self) -> str:
        return "dev" if self.number % 2 == 0 else "test"


@dataclass(frozen=True, slots=True)
class Result:
    turn: Turn
    found: frozenset[Fact]

    @property
    def missing(self) -> frozenset[Fact]:
        return self.turn.facts - self.found

    @property
    def extra(self) -> frozenset[Fact]:
        return self.found - self.turn.facts


def read_turns(path: Path = DATA) -> list[Turn]:
    """Every turn of the file, numbered from 0; even numbers are for development."""
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip() and not line.startswith("#")]
    return [Turn(n, *_row(line)) for n, line in enumerate(lines)]


def _row(line: str) -> tuple[str, frozenset[Fact]]:
    text, _, stated = line.partition("\t")
    pairs = (entry.partition("=") for entry in stated.split("; ") if entry.strip())
    return text, frozenset(fact for name, _, value in pairs for fact in _facts(name.strip(), value, " + "))


def _facts(name: str, value: str, mark: str) -> list[Fact]:
    items = value.split(mark) if name in LISTS else [value]
    return [(name, item.strip().lower()) for item in items if item.strip()]


def run(turns: list[Turn], read: Read) -> list[Result]:
    return [
        Result(turn, frozenset(fact for name, value in read(turn.text).items() for fact in _facts(name, value, "; ")))
        for turn in turns
    ]


def scores(results: list[Result]) -> dict[str, float]:
    """``precision``, ``recall``, ``f1`` and how many turns are wholly right; 1.0 where nothing was to be found."""
    right = sum(len(result.found & result.turn.facts) for result in results)
    found = sum(len(result.found) for result in results)
    wanted = sum(len(result.turn.facts) for result in results)
    precision, recall = right / found if found else 1.0, right / wanted if wanted else 1.0
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "whole turns": sum(not result.missing and not result.extra for result in results) / max(1, len(results)),
    }
