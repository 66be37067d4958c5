"""Asks the cases and writes one JSON line per case, so that a run can be resumed and its report made again.

A run is a folder with ``run.json`` (what was run on which corpus) and a ``.jsonl`` log of each suite.
The same cases on the same corpus give the same lines but for ``seconds`` and ``timings_ms``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import Case
from evals.parallel import spread
from evals.scorers import SHOWN, Asked

AUDIENCES = ("clinician", "pharmacist", "nurse", "student", "patient")
DEPTHS = (3, 5, 10)

# asks one case for one audience, gives the JSON contract answer/1
Ask = Callable[[Case, str], Mapping[str, Any]]
Progress = Callable[[Iterable[Any]], Iterable[Any]]


def asker(assistant: Any) -> Ask:
    """The product behind ``Ask``: imported here, so that scoring and reporting need no product."""
    from assistant.answers import answer_to_json
    from assistant.records import Audience, Turn

    def ask(case: Case, audience: str) -> Mapping[str, Any]:
        answer = assistant.ask(
            case.question,
            history=tuple(Turn(role=t["role"], content=t["content"]) for t in case.history),
            audience=Audience(audience),
            jurisdiction=case.jurisdiction,
            slots=dict(case.slots),
        )
        # through JSON and back: what is scored is what a reader of the log sees
        return dict(json.loads(json.dumps(answer_to_json(answer))))

    return ask


def ask_case(case: Case, ask: Ask) -> Asked:
    """Asks once for the case, once more to see whether the answer repeats itself, and once for every other audience."""
    audience = case.audience or AUDIENCES[0]
    start = time.perf_counter()
    try:
        answer = ask(case, audience)
        seconds = time.perf_counter() - start
        difference = _difference(answer, ask(case, audience))
        audiences = {}
        if answer["state"] in SHOWN:
            others = {a: _told(ask(case, a)) for a in AUDIENCES if a != audience}
            audiences = {a: others[a] if a in others else _told(answer) for a in AUDIENCES}
    except Exception as error:
        # whatever a question does to the product is a result of this case, and the next one is asked
        return Asked(case.id, None, f"{type(error).__name__}: {error}", time.perf_counter() - start)
    return Asked(case.id, answer, "", seconds, difference, audiences)


def run_answers(
    cases: Sequence[Case],
    log: Path,
    *,
    open_asker: Callable[[], Ask],
    jobs: int = 1,
    progress: Progress = iter,
) -> list[Asked]:
    """All cases in their order; those that stand in ``log`` already are not asked again."""
    done = {asked.id: asked for asked in read_answers(log)}
    left = [case for case in cases if case.id not in done]
    with log.open("a", encoding="utf-8") as file:
        for asked in spread(_asked, left, open_tool=open_asker, jobs=jobs, chunk=4, progress=progress):
            done[asked.id] = asked
            file.write(json.dumps(_line(asked), ensure_ascii=False) + "\n")
            file.flush()
    return [done[case.id] for case in cases]


def _asked(ask: Ask, case: Case) -> Asked:
    return ask_case(case, ask)


def open_asker() -> Ask:
    """The product of the configured corpus with its index, for a process of its own."""
    import os

    from assistant.settings import Settings
    from assistant.wiring import Assistant

    assistant = Assistant.open(Settings.from_env(os.environ), build=True)
    assistant.warm()
    return asker(assistant)


def read_answers(log: Path) -> list[Asked]:
    """The log's lines; a last line that was cut off by an interruption is left out, and dropped from the file."""
    return [
        Asked(
            row["id"],
            row["answer"],
            row["error"],
            row["seconds"],
            row["repeat_difference"],
            {a: tuple((passage, text) for passage, text in told) for a, told in row["audiences"].items()},
        )
        for row in read_lines(log)
    ]


def read_lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    whole, newline, cut = text.rpartition("\n")
    if cut:
        path.write_text(whole + newline, encoding="utf-8")
    return [json.loads(line) for line in whole.split("\n") if line]


@dataclass(frozen=True, slots=True)
class Found:
    """Ranks of the passages that cite a case's sources: ``ranks[i]`` is the best one for ``must_cite[i]``, or None."""

    id: str
    query: str
    ranks: tuple[int | None, ...]
    passages: tuple[str, ...]


def run_retrieval(
    cases: Sequence[Case], search: Callable[[str, int], Any], corpus: Any, log: Path, *, progress: Progress = iter
) -> list[Found]:
    """The question as typed (no history: follow-ups are the understanding's business) against the retriever alone."""
    found = []
    with log.open("w", encoding="utf-8") as file:
        for case in progress([c for c in cases if c.must_cite and not c.history]):
            hits = search(case.question, max(DEPTHS))
            ids = [hit.passage_id for hit in hits]
            cited = [set(corpus.passages[id].citations) | {corpus.passages[id].guideline} for id in ids]
            ranks = tuple(
                next((rank for rank, ids_ in enumerate(cited, start=1) if ids_ & set(group)), None)
                for group in case.must_cite
            )
            found.append(Found(case.id, case.question, ranks, tuple(ids)))
            row = {"suite": "retrieval", "id": case.id, "query": case.question, "ranks": ranks, "passages": ids}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return found


def read_retrieval(log: Path) -> list[Found]:
    return [Found(r["id"], r["query"], tuple(r["ranks"]), tuple(r["passages"])) for r in read_lines(log)]


def _difference(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    a, b = ({k: v for k, v in answer.items() if k != "timings_ms"} for answer in (first, second))
    if a == b:
        return ""
    return "asked twice, differs in " + ", ".join(_changed(a, b))


def _changed(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    yield from (key for key in sorted({*a, *b}) if a.get(key) != b.get(key))


def _told(answer: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(s.get("passage") or ""), s["text"]) for s in answer["statements"])


def _line(asked: Asked) -> dict[str, Any]:
    return {
        "suite": "answers",
        "id": asked.id,
        "answer": asked.answer,
        "error": asked.error,
        "seconds": round(asked.seconds, 4),
        "repeat_difference": asked.repeat_difference,
        "audiences": {a: [list(pair) for pair in told] for a, told in asked.audiences.items()},
    }
