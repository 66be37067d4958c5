"""The same work on several processes: each opens its own tool once, results come back in the order of the items.

Processes are spawned, not forked: an open index and a running model do not survive a fork. The figures of a run do not
depend on the number of processes, only its times do (processes share the machine's cores).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_tool: Any = None  # of this worker process


def default_jobs() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[Any, Item], Result],
    items: Sequence[Item],
    *,
    open_tool: Callable[[], Any],
    jobs: int,
    chunk: int = 8,
    progress: Callable[[Iterable[Result]], Iterable[Result]] = iter,
) -> Iterator[Result]:
    """``work(tool, item)`` for each item, in order. ``work`` and ``open_tool`` must be importable by name.

    One process (or few items) runs here, without any pool.
    """
    if jobs <= 1 or len(items) <= chunk:
        tool = open_tool()
        yield from progress(work(tool, item) for item in items)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_open, initargs=(open_tool,)) as pool:
        yield from progress(pool.map(_work, [work] * len(items), items, chunksize=chunk))


def _open(open_tool: Callable[[], Any]) -> None:
    global _tool
    _tool = open_tool()


def _work(work: Callable[[Any, Item], Result], item: Item) -> Result:
    return work(_tool, item)
