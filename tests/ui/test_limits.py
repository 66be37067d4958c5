"""Token buckets and the gate."""

from __future__ import annotations

import asyncio
import threading

import pytest

from assistant.ui.limits import MOST_ADDRESSES, Busy, Gate, TokenBuckets, TooSlow


def test_a_bucket_empties_and_refills() -> None:
    now = [0.0]
    buckets = TokenBuckets(per_minute=60, burst=3, clock=lambda: now[0])
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 1]
    assert buckets.take("b") == 0  # addresses do not share
    now[0] = 1.0
    assert buckets.take("a") == 0
    assert buckets.take("a") == 1


def test_waiting_longer_never_gives_more_than_a_burst() -> None:
    now = [0.0]
    buckets = TokenBuckets(per_minute=6, burst=2, clock=lambda: now[0])
    buckets.take("a")
    now[0] = 10_000.0
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 10]


def test_addresses_do_not_fill_the_memory() -> None:
    buckets = TokenBuckets(per_minute=60, clock=lambda: 0.0)
    for number in range(MOST_ADDRESSES + 50):
        buckets.take(str(number))
    assert len(buckets._left) == MOST_ADDRESSES


def test_the_gate_refuses_what_has_no_place() -> None:
    release = threading.Event()

    async def run() -> None:
        gate = Gate(workers=1, waiting=1, timeout_s=5)
        first = asyncio.ensure_future(gate.run(release.wait))
        second = asyncio.ensure_future(gate.run(lambda: "second"))
        await asyncio.sleep(0.05)
        assert gate.inside == 2
        with pytest.raises(Busy):
            await gate.run(lambda: "third")
        release.set()
        assert await second == "second"
        assert await first is True
        await asyncio.sleep(0.05)
        assert gate.inside == 0

    asyncio.run(run())


def test_slow_work_is_given_up_but_keeps_its_place_until_it_ends() -> None:
    release = threading.Event()

    async def run() -> None:
        gate = Gate(workers=1, waiting=0, timeout_s=0.05)
        with pytest.raises(TooSlow):
            await gate.run(release.wait)
        with pytest.raises(Busy):
            await gate.run(lambda: None)
        release.set()
        await asyncio.sleep(0.05)
        assert await gate.run(lambda: 1) == 1

    asyncio.run(run())


def test_what_the_work_raises_comes_out() -> None:
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        asyncio.run(Gate().run(fail))
