"""The lane: one after the other, and no more than so many waiting."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from api.lane import Lane
from api.problems import Overloaded


def test_one_at_a_time_in_order() -> None:
    """In a thread of its own."""

    async def run() -> list[tuple[int, str]]:
        lane = Lane(10, name="engine")
        calls = [lane.run(lambda n=n: (n, threading.current_thread().name)) for n in range(5)]  # type: ignore[misc]
        found = await asyncio.gather(*calls)
        lane.close()
        return found

    found = asyncio.run(run())
    assert [number for number, _ in found] == list(range(5))
    assert {name for _, name in found} == {"engine_0"}


def test_past_the_bound_nobody_waits() -> None:
    """The third of two is refused at once; when the first are done there is room again."""

    async def run() -> None:
        lane = Lane(2)
        gate = threading.Event()
        held = [asyncio.ensure_future(lane.run(gate.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        began = time.perf_counter()
        with pytest.raises(Overloaded) as caught:
            await lane.run(lambda: None)
        assert time.perf_counter() - began < 0.5
        assert (caught.value.status, caught.value.retry_after) == (503, 1)
        gate.set()
        await asyncio.gather(*held)
        await asyncio.sleep(0.01)
        assert await lane.run(lambda: "free") == "free"
        assert lane.waiting <= 1
        lane.close()

    asyncio.run(run())


def test_a_client_that_left_still_counts() -> None:
    """Cancelling does not stop the work, so it does not make room."""

    async def run() -> None:
        lane = Lane(1)
        gate = threading.Event()
        task = asyncio.ensure_future(lane.run(gate.wait))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert lane.waiting == 1
        gate.set()
        while lane.waiting:
            await asyncio.sleep(0.01)
        lane.close()

    asyncio.run(run())


def test_errors_come_back() -> None:
    """As they were raised."""

    async def run() -> None:
        lane = Lane(1)
        with pytest.raises(ZeroDivisionError):
            await lane.run(lambda: 1 // 0)
        lane.close()

    asyncio.run(run())


def test_what_waited_too_long_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asked has gone; what comes later is answered."""
    monkeypatch.setattr("api.lane.PATIENCE_SECONDS", 0.02)

    async def run() -> None:
        lane = Lane(3)
        gate = threading.Event()
        begun: list[str] = []
        first = asyncio.ensure_future(lane.run(gate.wait))
        second = asyncio.ensure_future(lane.run(lambda: begun.append("late")))
        await asyncio.sleep(0.05)
        gate.set()
        assert await first
        with pytest.raises(Overloaded):
            await second
        assert (begun, lane.shed) == ([], 1)
        assert await lane.run(lambda: "free") == "free"
        lane.close()

    asyncio.run(run())
