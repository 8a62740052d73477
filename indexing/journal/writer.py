"""Group commit: one thread writes what many submit, and answers each when its group is on the disk.

A sync takes up to 4 ms, so one event a transaction makes 280/s. What arrives during a commit is the next
group: the more wait, the larger it is. A job that finds the writer idle goes at once.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from indexing.contracts.errors import JournalError

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Grouping:
    """How jobs are put together.

    Attributes:
        interval_s: least time between the begins of two groups. Where a sync is quick, this is what
            makes groups at all: a commit of one event costs .5 ms of the interpreter, one of ten .8.
        linger_s: how long a group waits for company, also when the writer was idle.
        rows: a group that has so many goes at once; a job is never split.
        queued_rows: with more than this many waiting, a job is refused.
    """

    interval_s: float = 0.002
    linger_s: float = 0.0
    rows: int = 500
    queued_rows: int = 20_000


class GroupWriter(Generic[Job, Result]):
    """Commits jobs in groups, in the order of their arrival, in a thread of its own.

    Args:
        name: of the thread, and in messages.
        commit: writes some jobs in one transaction and returns a result for each. When it raises,
            nothing may have been written.
        size: rows of a job.
    """

    def __init__(
        self,
        name: str,
        commit: Callable[[Sequence[Job]], Sequence[Result]],
        *,
        size: Callable[[Job], int],
        grouping: Grouping,
    ) -> None:
        self._name = name
        self._commit = commit
        self._size = size
        self._grouping = grouping
        self._queue: deque[tuple[Job, Future[Result]]] = deque()
        self._rows = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._begun = 0.0
        self._writing = False

    def submit(self, job: Job) -> Future[Result]:
        """Queue a job; never waits. The future cannot be cancelled: the job may be half done.

        Raises:
            JournalError: too much is waiting already, or the journal was closed.
        """
        future: Future[Result] = Future()
        # marked as running at once: a handler that gives up must not cancel under the writer's hands
        future.set_running_or_notify_cancel()
        with self._changed:
            if self._closing:
                raise JournalError(f"{self._name}: the journal was closed")
            if self._rows >= self._grouping.queued_rows:
                raise JournalError(f"{self._name}: {self._rows} rows are waiting to be written; try later")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._queue.append((job, future))
            self._rows += self._size(job)
            # a group that gathers already waits for no single job: to wake its thread for each takes the
            # interpreter from whoever submits
            if len(self._queue) == 1 or self._rows >= self._grouping.rows:
                self._changed.notify_all()
        return future

    def flush(self) -> None:
        """Wait until every job submitted so far has its answer."""
        with self._changed:
            self._changed.wait_for(lambda: not self._queue and not self._writing)

    def close(self) -> None:
        """Write what is queued, then end the thread. Further jobs are refused."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while group := self._next_group():
            self._write(group)
            with self._changed:
                self._writing = False
                self._changed.notify_all()

    def _next_group(self) -> list[tuple[Job, Future[Result]]]:
        """Waits for work; empty when there is none and there will be none."""
        limit = self._grouping.rows
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            now = time.monotonic()
            go = max(now + self._grouping.linger_s, self._begun + self._grouping.interval_s)
            if go > now:
                self._changed.wait_for(lambda: self._rows >= limit or self._closing, timeout=go - now)
            self._begun = time.monotonic()
            group = []
            rows = 0
            while self._queue and rows < limit:
                group.append(self._queue.popleft())
                rows += self._size(group[-1][0])
            self._rows -= rows
            self._writing = bool(group)
            return group

    def _write(self, group: Sequence[tuple[Job, Future[Result]]]) -> None:
        try:
            results = self._commit([job for job, _ in group])
        except JournalError as error:  # the disk or the database: it would refuse each alone, too
            for _, future in group:
                future.set_exception(JournalError(error.detail))  # each is raised in a thread of its own
        except Exception as error:  # noqa: BLE001 - the thread must live on, and the caller be told
            if len(group) == 1:
                group[0][1].set_exception(error)
                return
            for single in group:  # one bad job must not take the others with it
                self._write([single])
        else:
            for (_, future), result in zip(group, results, strict=True):
                future.set_result(result)
