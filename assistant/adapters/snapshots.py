"""The versions of each guideline that this installation has held, so that readers can see what changed and when.

<folder>/<guideline>/<digest>.json     {"version", "seen", "digest", "text"}; written once, never changed
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from assistant.history import Snapshot
from assistant.records import Corpus

log = logging.getLogger(__name__)


class Snapshots:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def record(self, corpus: Corpus, texts: Mapping[str, str], *, today: date) -> int:
        """Hold every guideline whose text is new (``texts`` by id); the number written. OSError is for the caller."""
        new = 0
        for guideline in corpus.guidelines.values():
            path = self._path(guideline.id, guideline.digest)
            if path.exists() or guideline.id not in texts:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            row = {
                "version": guideline.version, "seen": today.isoformat(), "digest": guideline.digest,
                "text": texts[guideline.id], "place": len(list(path.parent.glob("*.json"))),
            }  # fmt: skip
            part = path.with_suffix(".part")
            part.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
            part.replace(path)
            new += 1
        return new

    def of(self, guideline_id: str) -> tuple[Snapshot, ...]:
        """What was held of a guideline, oldest first; a file that cannot be read is left out and named in the log."""
        rows = []
        for path in (self.folder / guideline_id).glob("*.json"):
            try:
                row = json.loads(path.read_text(encoding="utf-8"))
                held = Snapshot(row["version"], date.fromisoformat(row["seen"]), row["digest"], row["text"])
                rows.append((int(row["place"]), held))
            except (OSError, ValueError, KeyError):
                log.warning("the held version %s cannot be read", path.name)
        return tuple(held for _, held in sorted(rows, key=lambda row: row[0]))

    def _path(self, guideline_id: str, digest: str) -> Path:
        return self.folder / guideline_id / f"{digest.removeprefix('sha256:')}.json"
