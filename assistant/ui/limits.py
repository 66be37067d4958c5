"""How much work is let in at once: a token bucket per address, a gate with a bounded queue."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
MOST_ADDRESSES = 10_000  # remembered at once; the one seen longest ago is forgotten, so memory is bounded under a scan


class Busy(Exception):
    """No place left; try again in ``retry_after_s`` whole seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"busy, try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class TooSlow(Exception):
    """The work did not end within the time allowed."""


class TokenBuckets:
    """One bucket an address: ``burst`` requests at once, refilled at ``per_minute``."""

    def __init__(
        self, *, per_minute: int, burst: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate = per_minute / 60
        self.burst = float(burst if burst is not None else max(1, per_minute // 3))
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address: (tokens, when)

    def take(self, address: str) -> int:
        """0 when the request may pass, else the whole seconds after which the next one may."""
        now = self._clock()
        tokens, when = self._left.pop(address, (self.burst, now))
        tokens = min(self.burst, tokens + (now - when) * self.rate)
        passes = tokens >= 1
        self._left[address] = (tokens - 1 if passes else tokens, now)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return 0 if passes else max(1, math.ceil((1 - tokens) / self.rate)) if self.rate else 60


class Gate:
    """Runs blocking work on ``workers`` threads; at most ``waiting`` calls wait, each at most ``timeout_s``.

    A call that times out or is cancelled while it runs keeps its thread until the work returns: threads cannot be
    stopped, and pretending that the place was free would let the machine be overrun.
    """

    def __init__(self, *, workers: int = 2, waiting: int = 64, timeout_s: float = 20.0) -> None:
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="answer")
        self._most = workers + waiting
        self._timeout_s = timeout_s
        self._inside = 0
        self._lock = threading.Lock()

    @property
    def inside(self) -> int:
        """Calls that run or wait now."""
        return self._inside

    async def run(self, work: Callable[[], T]) -> T:
        """The work's result. Raises Busy, TooSlow, or what the work raised."""
        with self._lock:
            if self._inside >= self._most:
                raise Busy(5)
            self._inside += 1
        future = self._pool.submit(work)
        future.add_done_callback(lambda _: self._left())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._timeout_s)
        except TimeoutError as error:
            raise TooSlow from error

    def _left(self) -> None:
        with self._lock:
            self._inside -= 1
