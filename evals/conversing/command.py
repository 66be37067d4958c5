"""Runs the suites ``slots``, ``conversation`` and ``consistency``: a table, one JSON line per row, exit 1 on a miss."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.conversing import consistency, dialogues, slots

SUITES = ("slots", "conversation", "consistency")
# the least each figure may be on the rows run; flips are the one that may not be above nought
LEAST = {"slots": {"f1": 0.97}, "conversation": {}, "consistency": {"same facts": 0.97}}
Table = dict[str, dict[str, float]]


def run(suite: str, *, split: str, assistant: Any, folder: Path, seed: int = 0, limit: int | None = None) -> int:
    """Exit status: 1 when a figure is below what ``LEAST`` asks or a dialogue flipped."""
    found, rows = _SUITES[suite](assistant, split, seed, limit)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{suite}.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / f"{suite}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    missed = False
    for half, figures in found.items():
        for name, value in figures.items():
            least = LEAST[suite].get(name)
            is_missed = (least is not None and value < least) or (name == "flips" and value > 0)
            missed = missed or is_missed
            print(f"{suite:13} {half:5} {name:15} {value:8.4g}{'  MISSED' if is_missed else ''}")
    return int(missed)


def _halves(
    results: Sequence[Any], half_of: Callable[[Any], str], score: Callable[[Any], Mapping[str, float]]
) -> Table:
    halves = sorted({half_of(result) for result in results})
    return {half: dict(score([r for r in results if half_of(r) == half])) for half in halves}


def _slots(assistant: Any, split: str, seed: int, limit: int | None) -> tuple[Table, list[dict[str, Any]]]:
    from assistant.slots import read_slots
    from assistant.vocabulary import Vocabulary

    vocabulary = Vocabulary(assistant.corpus.terms)
    turns = [turn for turn in slots.read_turns() if split in {"all", turn.split}][:limit]
    results = slots.run(turns, lambda text: read_slots(text, vocabulary))
    rows = [{"text": r.turn.text, "missing": sorted(r.missing), "extra": sorted(r.extra)} for r in results]
    return _halves(results, lambda r: r.turn.split, slots.scores), rows


def _conversation(assistant: Any, split: str, seed: int, limit: int | None) -> tuple[Table, list[dict[str, Any]]]:
    from assistant.answers import answer_to_json
    from assistant.records import Turn

    def ask(text: str, history: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
        turns = tuple(Turn(role=role, content=content) for role, content in history)
        return answer_to_json(assistant.ask(text, history=turns))

    made = [*dialogues.read_dialogues(), *dialogues.make_dialogues(assistant.corpus, seed=seed)]
    results = dialogues.run([one for one in made if split in {"all", one.split}][:limit], ask)
    rows = [{"id": r.dialogue.id, "counted": r.is_counted, "faults": list(r.faults)} for r in results]
    return _halves(results, lambda r: r.dialogue.split, dialogues.scores), rows


def _consistency(assistant: Any, split: str, seed: int, limit: int | None) -> tuple[Table, list[dict[str, Any]]]:
    from assistant.answers import answer_to_json

    blocks = [block for block in consistency.read_blocks() if split in {"all", block.split}][:limit]
    results = consistency.run(blocks, lambda text: answer_to_json(assistant.ask(text)))
    rows = [{"wording": r.wording, "state": r.state, "missing": list(r.missing)} for r in results]
    return _halves(results, lambda r: r.block.split, consistency.scores), rows


_SUITES = {"slots": _slots, "conversation": _conversation, "consistency": _consistency}
