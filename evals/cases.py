"""Reads ``evals/cases/*.jsonl`` into ``Case`` records; every fault is reported with file and line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from evals.matching import find_amounts

HERE = Path(__file__).resolve().parent
CASES = HERE / "cases"
SCHEMA = HERE / "cases.schema.json"
SENTENCES = ("faults_", "rewordings-")


class CaseError(Exception):
    """A case file is wrong; ``line`` counts from 1, 0 means the whole file."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.path, self.line, self.reason = path, line, reason


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what its answer must and must not hold; fields as in ``cases.schema.json``.

    ``must_cite`` is a list of alternatives: of each inner tuple one id is enough.
    """

    id: str
    question: str
    expected_states: tuple[str, ...]
    tags: tuple[str, ...]
    history: tuple[Mapping[str, str], ...] = ()
    audience: str | None = None
    jurisdiction: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    must_state: tuple[Mapping[str, Any], ...] = ()
    must_not_state: tuple[Mapping[str, Any], ...] = ()
    must_cite: tuple[tuple[str, ...], ...] = ()
    source: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def split(self) -> str:
        """ "dev" or "test", by a hash of the id alone: it never changes, and nobody tunes on "test"."""
        return split_of(self.id)


def split_of(id: str) -> str:
    return "dev" if hashlib.sha256(id.encode()).digest()[0] % 2 == 0 else "test"


def read_cases(paths: Iterable[Path] | None = None) -> tuple[Case, ...]:
    """All cases in the order of files and lines. Raises ``CaseError`` at the first fault."""
    cases: list[Case] = []
    seen: dict[str, str] = {}
    for path in sorted(paths if paths is not None else CASES.glob("*.jsonl")):
        if path.name.startswith(SENTENCES):  # labelled sentences for the checker, read by the fault suite
            continue
        for line, row in read_rows(path):
            case = case_of(row, path.name, line)
            if case.id in seen:
                raise CaseError(path.name, line, f"id {case.id!r} stands already in {seen[case.id]}")
            seen[case.id] = f"{path.name}:{line}"
            cases.append(case)
    return tuple(cases)


def read_rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """(line number, object) of every non-empty line of a JSONL file."""
    rows = []
    for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except json.JSONDecodeError as error:
            raise CaseError(path.name, number, f"not JSON: {error.msg} at column {error.colno}") from error
        if not isinstance(row, dict):
            raise CaseError(path.name, number, "a case is a JSON object")
        rows.append((number, row))
    return rows


def select(
    cases: Sequence[Case], *, split: str = "all", tag: str | None = None, limit: int | None = None
) -> tuple[Case, ...]:
    chosen = [c for c in cases if split in ("all", c.split) and (tag is None or tag in c.tags)]
    return tuple(chosen[:limit])


def case_of(row: dict[str, Any], file: str, line: int) -> Case:
    """The case of one line; raises CaseError where the schema or an unreadable amount speaks against it."""
    _obey_schema(row, file, line)
    for key in ("must_state", "must_not_state"):
        for matcher in row.get(key, []):
            _readable(matcher, file, line)
    return Case(
        id=row["id"],
        question=row["question"],
        expected_states=tuple(row["expected_states"]),
        tags=tuple(row["tags"]),
        history=tuple(row.get("history", ())),
        audience=row.get("audience"),
        jurisdiction=row.get("jurisdiction"),
        slots=row.get("slots", {}),
        must_state=tuple(row.get("must_state", ())),
        must_not_state=tuple(row.get("must_not_state", ())),
        must_cite=tuple((c,) if isinstance(c, str) else tuple(c) for c in row.get("must_cite", ())),
        source=tuple(row.get("source", ())),
        file=file,
        line=line,
    )


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _obey_schema(row: dict[str, Any], file: str, line: int) -> None:
    errors = sorted(_validator().iter_errors(row), key=lambda e: [str(part) for part in e.path])
    if errors:
        where = "/".join(str(p) for p in errors[0].path) or "case"
        raise CaseError(file, line, f"{where}: {errors[0].message}")


def _readable(matcher: Mapping[str, Any], file: str, line: int) -> None:
    # A matcher whose amount cannot be read would never match: refuse it here rather than score it as a miss.
    for inner in matcher.get("any_of", ()):
        _readable(inner, file, line)
    if "quantity" in matcher and len(find_amounts(matcher["quantity"])) != 1:
        raise CaseError(file, line, f"cannot read the amount {matcher['quantity']!r}")
