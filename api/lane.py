"""One thread, a counted queue. Whoever would wait behind too many is told to come back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from api.problems import Overloaded

T = TypeVar("T")
PATIENCE_SECONDS = 10.0
"""What has waited longer is not begun: whoever asked has gone, and those behind wait the less."""


class Lane:
    """Runs calls one after the other, off the event loop (a hop costs .07 ms).

    One thread, for the engines use the cores they have, and so the queue can be counted.

    Args:
        most_waiting: calls that may be waiting or running.
        name: of the thread.
    """

    def __init__(self, most_waiting: int, *, name: str = "engine") -> None:
        self._most = most_waiting
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self.waiting = 0
        self.shed = 0

    async def run(self, call: Callable[[], T]) -> T:
        """The result of ``call()``.

        Raises:
            Overloaded: the queue is full, or was too slow; nothing was done.
        """
        if self.waiting >= self._most:
            self.shed += 1
            raise Overloaded(
                f"{self.waiting} requests are waiting; come back after {Overloaded.retry_after} s"
            )
        self.waiting += 1
        # counted down when the thread is done, not when the client has gone: the work still takes place
        future = self._executor.submit(self._begun, call, time.monotonic())
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._done))
        return await asyncio.wrap_future(future)

    def _begun(self, call: Callable[[], T], since: float) -> T:
        waited = time.monotonic() - since
        if waited > PATIENCE_SECONDS:
            self.shed += 1
            raise Overloaded(f"it waited for {waited:.0f} s; come back after {Overloaded.retry_after} s")
        return call()

    def _done(self) -> None:
        self.waiting -= 1

    def close(self) -> None:
        """Wait for what runs; drop what waits."""
        self._executor.shutdown(wait=True, cancel_futures=True)
