"""What the faces of the review (command line, pages) pass on: a topic of the queue, a row of the log for people. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.records import Guideline, ReviewStatus
from assistant.review.chain import Entry
from assistant.review.steps import SHOWN, Act, Standing, State

FIRST = (
    State.SUBMITTED, State.UNDER_REVIEW, State.CHANGES_REQUESTED, State.EXPIRED, State.UNSIGNED, State.WITHDRAWN, State.APPROVED,
)  # fmt: skip  # the order of the queue: what waits for the board, then for an author, then what is done
NEAR = 2  # unchanged lines shown on each side of a change


@dataclass(frozen=True, slots=True)
class Topic:
    """One guideline as it lies in the corpus, and how far this very text has come. ``approved`` is the hash of the text
    that was approved last ("" when none ever was); ``edited`` says that a text before this one was in the review."""

    guideline: Guideline
    content: str
    standing: Standing
    approved: str = ""
    edited: bool = False

    @property
    def status(self) -> ReviewStatus:
        return SHOWN[self.standing.state]


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the log with its comment in words."""

    entry: Entry
    comment: str


@dataclass(frozen=True, slots=True)
class View:
    """What readers are shown instead of the files' own status. ``trouble``: why the store cannot be believed, or ""."""

    statuses: Mapping[str, ReviewStatus] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    trouble: str = ""


def queue(topics: Sequence[Topic]) -> list[Topic]:
    return sorted(topics, key=lambda topic: (FIRST.index(topic.standing.state), topic.guideline.title))


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One line of a side-by-side view; ``kind`` is same, changed, came, went or gap (unchanged lines left out)."""

    kind: str
    left: str
    right: str


def side_by_side(old: str, new: str) -> list[DiffRow]:
    """The lines of two texts beside each other, with a few unchanged ones around every change."""
    left, right = old.splitlines(), new.splitlines()
    rows: list[DiffRow] = []
    end = 0
    for group in difflib.SequenceMatcher(None, left, right, autojunk=False).get_grouped_opcodes(NEAR):
        if group[0][1] > end:
            rows.append(DiffRow("gap", f"{group[0][1] - end} unchanged lines", ""))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                rows += [DiffRow("same", line, line) for line in left[i1:i2]]
                continue
            for k in range(max(i2 - i1, j2 - j1)):
                was, now = i1 + k < i2, j1 + k < j2
                kind = "changed" if was and now else "went" if was else "came"
                rows.append(DiffRow(kind, left[i1 + k] if was else "", right[j1 + k] if now else ""))
        end = group[-1][2]
    if rows and end < len(left):
        rows.append(DiffRow("gap", f"{len(left) - end} unchanged lines", ""))
    return rows


def act_named(name: str) -> Act | None:
    """``request-changes`` or ``request_changes``; None when it is no step."""
    try:
        return Act(name.replace("-", "_"))
    except ValueError:
        return None
