"""Readers' notes on answers, one file each, in the evals' case format; only where a site has named a folder for them."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

MOST_FILES = 10_000  # a folder that fills up must not fill the disk


class CaseFiles:
    """Writes ``<folder>/<id>.jsonl``, readable by its owner alone; moved to ``evals/cases/`` it is a case like any other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, case: Mapping[str, Any]) -> bool:
        """Whether the case lies on the disk now; False when the folder is full. OSError when it cannot be written."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{case['id']}.jsonl"
        if path.exists():
            return True  # the same note again: the id is made of its content
        if sum(1 for _ in self.folder.iterdir()) >= MOST_FILES:
            log.warning("%d case files lie in the feedback folder: nothing more is written", MOST_FILES)
            return False
        part = path.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(case, ensure_ascii=False) + "\n")
        part.replace(path)
        return True
