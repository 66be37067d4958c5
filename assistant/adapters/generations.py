"""Generations of the index on disk: numbered folders, a pointer that is switched in one step, one writer at a time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import RetrievalError


def switch_to(folder: Path, name: str) -> None:
    """Make generation ``name`` the current one, in one step that a crash cannot leave half done."""
    part = folder / "current.part"
    with part.open("w", encoding="utf-8") as stream:
        stream.write(name)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(part, folder / "current")


def current_generation(folder: Path) -> str | None:
    try:
        return (folder / "current").read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def new_generation(folder: Path) -> Path:
    """A new empty folder; numbers only rise, so a half-built one is never taken for another."""
    numbers = [int(path.name[1:]) for path in folder.glob("g*") if path.name[1:].isdigit()]
    target = folder / f"g{max(numbers, default=0) + 1:06d}"
    target.mkdir()
    return target


def sweep(folder: Path, *, keep: set[str | None]) -> None:
    """Delete generations that are neither current nor the one before, half-built ones among them."""
    for path in folder.glob("g*"):
        if path.is_dir() and path.name[1:].isdigit() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)  # a reader on Windows may still hold it; the next build tries again


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """One builder at a time: two writers on one Chroma folder lose vectors silently. Freed by the system on a crash."""
    with (folder / "lock").open("a+b") as stream:
        try:
            if os.name == "nt":
                import msvcrt

                stream.seek(0)
                msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            else:
                import fcntl

                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RetrievalError(f"another process is building the index in {folder}; wait for it to end") from error
        yield


def file_sizes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm", "-journal"))
    }
