"""Group commit."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from indexing.contracts.errors import JournalError
from indexing.journal.writer import Grouping, GroupWriter


class Disk:
    """Keeps groups; stands still until it is let go; refuses what it is told to."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.go = threading.Event()
        self.go.set()
        self.fault: Exception | None = None
        self.begun = threading.Event()

    def commit(self, jobs: Sequence[int]) -> list[int]:
        self.begun.set()
        self.go.wait(10)
        if self.fault is not None:
            raise self.fault
        if -1 in jobs:
            raise ValueError("minus one")
        self.groups.append(list(jobs))
        return [job * 10 for job in jobs]


def writer(disk: Disk, **grouping: float) -> GroupWriter[int, int]:
    return GroupWriter("test", disk.commit, size=lambda _: 1, grouping=Grouping(**grouping))  # type: ignore[arg-type]


def test_each_job_has_its_own_result() -> None:
    """Results go back to those who asked, in whatever group they went."""
    disk = Disk()
    jobs = writer(disk)
    futures = [jobs.submit(n) for n in range(20)]
    assert [future.result(10) for future in futures] == [n * 10 for n in range(20)]
    jobs.close()
    assert [job for group in disk.groups for job in group] == list(range(20))


def test_what_comes_during_a_commit_is_the_next_group() -> None:
    """While one is being written the others gather, up to the limit of rows."""
    disk = Disk()
    disk.go.clear()
    jobs = writer(disk, rows=3)
    futures = [jobs.submit(0)]
    assert disk.begun.wait(10)
    futures += [jobs.submit(n) for n in range(1, 6)]
    disk.go.set()
    jobs.close()
    assert [len(group) for group in disk.groups] == [1, 3, 2]
    assert all(future.done() for future in futures)


def test_one_bad_job_fails_alone() -> None:
    """Its neighbours are written without it, and the thread lives on."""
    disk = Disk()
    disk.go.clear()
    jobs = writer(disk)
    futures = [jobs.submit(n) for n in (0, 1, -1, 2)]
    disk.go.set()
    with pytest.raises(ValueError, match="minus one"):
        futures[2].result(10)
    assert [futures[n].result(10) for n in (0, 1, 3)] == [0, 10, 20]
    assert jobs.submit(3).result(10) == 30
    jobs.close()


def test_a_failing_disk_fails_the_group_and_not_the_next() -> None:
    """Everybody in the group is told; when the disk is well again, work goes on."""
    disk = Disk()
    disk.fault = JournalError("disk full")
    jobs = writer(disk)
    with pytest.raises(JournalError, match="disk full"):
        jobs.submit(1).result(10)
    disk.fault = None
    assert jobs.submit(2).result(10) == 20
    jobs.close()


def test_too_much_waiting_is_refused() -> None:
    """Past the bound a job is refused at once; those taken before it are written."""
    disk = Disk()
    disk.go.clear()
    jobs = writer(disk, queued_rows=3)
    futures = [jobs.submit(0)]
    assert disk.begun.wait(10)
    futures += [jobs.submit(n) for n in range(1, 4)]
    with pytest.raises(JournalError, match="waiting"):
        jobs.submit(9)
    disk.go.set()
    jobs.close()
    assert [future.result(0) for future in futures] == [0, 10, 20, 30]


def test_close_finishes_and_refuses() -> None:
    """Close waits for what is queued; a later job is refused; closing twice is harmless."""
    disk = Disk()
    jobs = writer(disk, linger_s=30.0)
    future = jobs.submit(1)
    jobs.close()
    assert future.result(0) == 10
    with pytest.raises(JournalError, match="closed"):
        jobs.submit(2)
    jobs.close()


def test_flush_waits_for_all() -> None:
    """After flush every answer is there."""
    disk = Disk()
    jobs = writer(disk, linger_s=0.02)
    futures = [jobs.submit(n) for n in range(5)]
    jobs.flush()
    assert all(future.done() for future in futures)
    assert disk.groups == [[0, 1, 2, 3, 4]]
    jobs.close()


def test_a_job_cannot_be_cancelled() -> None:
    """Who gives up waiting does not take the answer from under the writer's hands."""
    disk = Disk()
    disk.go.clear()
    jobs = writer(disk)
    future = jobs.submit(1)
    assert not future.cancel()
    disk.go.set()
    assert future.result(10) == 10
    jobs.close()
