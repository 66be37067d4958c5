"""What changed in a guideline from one version to the next, line by line; the versions themselves are held elsewhere."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A guideline's text as this installation first saw it on ``seen``."""

    version: str
    seen: date
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One version; ``changes`` are (sign, line) against the version before: "+" came, "-" went. The first has none."""

    version: str
    seen: date
    digest: str
    changes: tuple[tuple[str, str], ...]
    is_first: bool


def revisions(snapshots: Sequence[Snapshot]) -> tuple[Revision, ...]:
    """Newest first; ``snapshots`` oldest first."""
    found = []
    for place, new in enumerate(snapshots):
        old = snapshots[place - 1] if place else None
        changes = _changes(old.text, new.text) if old else ()
        found.append(Revision(new.version, new.seen, new.digest.removeprefix("sha256:")[:10], changes, old is None))
    return tuple(reversed(found))


def _changes(old: str, new: str) -> tuple[tuple[str, str], ...]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    changed = [(line[0], line[1:].strip()) for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    return tuple((sign, line) for sign, line in changed if line)[:MOST_LINES]
