"""Statements reworded by hand, as a ward doctor or a chat model would say them: what the checker lets through of each.

Unlike the generated variants these were written one by one (``cases/rewordings-dev.jsonl`` and ``-test.jsonl``): for
each of 120 statements of the corpus, drawn by a seed over all topics, two wordings that follow from the passage in
every slot and three that err as people and models err. They share no pattern with the checker, tuned on ``dev`` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.cases import CASES, CaseError, read_rows, split_of
from evals.fault_suite import Checked
from evals.faults import Variant
from evals.metrics import Rate, rate

FILES = "rewordings-*.jsonl"
KEYS = frozenset({"id", "passage", "split", "kind", "correct", "text", "why", "begins"})


def rewordings(corpus: Any, *, split: str = "all", folder: Path = CASES) -> list[Variant]:
    """The rows of one split in the order of files and lines, each to be checked against its own passage.

    Raises ``CaseError`` for a row whose keys, passage or split are wrong, and for a text or id that stands there twice.
    """
    found: list[Variant] = []
    seen: set[str] = set()
    for path in sorted(folder.glob(FILES)):
        for line, row in read_rows(path):
            fault = _fault(row, path, corpus, seen)
            if fault:
                raise CaseError(path.name, line, fault)
            seen |= {row["id"], row["passage"] + "\n" + row["text"]}
            if split in ("all", row["split"]):
                # "original" holds the row's id, so that a miss can be looked up
                found.append(
                    Variant(row["kind"], not row["correct"], row["text"], row["passage"], row["id"], row["why"])
                )
    return found


def rates(checked: Sequence[Checked]) -> dict[str, Rate]:
    """The dangerous cell first (wrong yet verified, so that less is better), then what was recognised, each by kind."""
    wrong = [c for c in checked if c.variant.wrong]
    correct = [c for c in checked if not c.variant.wrong]
    found = {
        "wrong yet verified": rate(len(wrong) - _right(wrong), len(wrong)),
        "wrong not verified": rate(_right(wrong), len(wrong)),
        "wrong contradicted": rate(sum(c.verdict == "contradicted" for c in wrong), len(wrong)),
        "correct verified": rate(_right(correct), len(correct)),
        "correct contradicted": rate(sum(c.verdict == "contradicted" for c in correct), len(correct)),
    }
    for name, group in (("wrong not verified", wrong), ("correct verified", correct)):
        for kind in sorted({c.variant.kind for c in group}):
            of_kind = [c for c in group if c.variant.kind == kind]
            found[f"{name}: {kind}"] = rate(_right(of_kind), len(of_kind))
    return found


def _fault(row: dict[str, Any], path: Path, corpus: Any, seen: set[str]) -> str:
    if set(row) != KEYS or not isinstance(row["correct"], bool) or not str(row["text"]).strip():
        return f"a row holds {', '.join(sorted(KEYS))}; correct is true or false"
    if row["passage"] not in corpus.passages:
        return f"no passage {row['passage']!r}"
    if not corpus.passages[row["passage"]].text.startswith(row["begins"]):
        # passages are counted: a new paragraph above would silently give the row another statement
        return f"{row['passage']} no longer begins with {row['begins']!r}: read the row against it again"
    if row["split"] != split_of(row["passage"]) or path.stem != f"rewordings-{row['split']}":
        return f"split {row['split']!r} is not that of {row['passage']!r} in this file"
    if row["id"] in seen or row["passage"] + "\n" + row["text"] in seen:
        return f"{row['id']!r} or its text stands there twice"
    return ""


def _right(group: Sequence[Checked]) -> int:
    return sum(c.is_right for c in group)
