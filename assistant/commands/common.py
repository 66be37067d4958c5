"""What several commands share: the settings of this process and reading rows of JSON lines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from assistant.errors import InputError
from assistant.settings import Settings


def environment_settings() -> Settings:
    return Settings.from_env(os.environ)


def read_rows(stream: TextIO) -> Iterator[dict[str, Any]]:
    """Yield one object per non-empty line; InputError names the line that is not a JSON object."""
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError("bad_json", f"line {number} is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise InputError("bad_json", f"line {number} is not a JSON object")
        yield row


def write_row(row: dict[str, Any]) -> None:
    """One JSON object on one line of standard output, at once, so that a reader of a pipe need not wait."""
    print(json.dumps(row, ensure_ascii=False), flush=True)


def read_text(name: str) -> str:
    """The text of a file, or of standard input for ``-``; InputError when it cannot be read as UTF-8."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError("unreadable", f"cannot read {name}: {error.strerror}") from error
    return data.decode("utf-8", errors="replace")
