"""Shown lists are logged without waiting."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

import pytest

from indexing.contracts.errors import JournalError
from indexing.contracts.shown import Shown, Slot
from indexing.journal import Journal, open_journal, shown
from indexing.journal.writer import Grouping

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def one(number: int, query: str | None = None) -> Shown:
    return Shown(f"r{number}", NOON, "home", "home", "s.1.1", [Slot("a", 1, "trend", 1.0)], query=query)


def test_lists_are_on_disk_soon(journal: Journal) -> None:
    """What was logged is in the file without anybody asking."""
    for number in range(500):
        journal.shown.log(one(number))
    deadline = time.monotonic() + 10
    while not (journal.home / "journal" / "shown.sqlite").exists() or journal.shown.count() < 500:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (journal.shown.lost, journal.shown.last_sequence()) == (0, 500)


def test_close_writes_what_is_queued(journal: Journal) -> None:
    """Nothing logged before close is lost by it; what comes after is counted."""
    journal.shown.log(one(1))
    journal.shown.close()
    journal.shown.log(one(2))
    assert (journal.shown.count(), journal.shown.lost) == (1, 1)


def test_a_full_queue_loses_and_counts(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that stands still costs lists, never a caller's time; each is counted."""
    monkeypatch.setattr(shown, "GROUPING", Grouping(linger_s=0.01, rows=10, queued_rows=50))
    log = shown.ShownLog(journal.shown._database)
    with journal.shown._database.write():
        begin = time.perf_counter()
        for number in range(200):
            log.log(one(number))
        assert time.perf_counter() - begin < 5  # the lock alone would be waited for 10 s
    log.close()
    assert log.count() + log.lost == 200
    assert 50 <= log.count() <= 60  # the queue, and a group that was under way


def test_several_journals_log_at_once(journal: Journal) -> None:
    """Nobody loses a list to another, nor to whoever deletes from the file for a while."""
    others = [open_journal(journal.home) for _ in range(3)]
    for number in range(300):
        for other in others:
            other.shown.log(one(number))
        if number == 100:
            with journal.shown._database.write():
                time.sleep(0.3)
    for other in others:
        other.close()
    assert [other.shown.lost for other in others] == [0, 0, 0]
    assert journal.shown.count() == 900


def test_a_list_that_cannot_be_stored_harms_no_other(journal: Journal) -> None:
    """A broken text, a score and a time that are none are lost and counted, the others are kept; none of
    them is an error of whoever answers."""
    scoreless = Shown("r", NOON, "home", "home", "v", [Slot("a", 1, "trend", None)])  # type: ignore[arg-type]
    journal.shown.log(scoreless)
    journal.shown.log(Shown("r", NOON.replace(tzinfo=None), "home", "home", "v", []))
    for number in range(10):
        journal.shown.log(one(number, query="\ud800" if number == 4 else "杯"))
    journal.shown.flush()
    assert (journal.shown.count(), journal.shown.lost) == (9, 3)
    assert journal.export().shown.rows == 9


def test_a_failing_database_is_counted_and_logged_once(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Lists that the database refuses are counted, with one line for the group, and later ones are kept."""
    with monkeypatch.context() as patched, caplog.at_level(logging.WARNING):
        patched.setattr(
            journal.shown._database, "write_one", lambda: (_ for _ in ()).throw(JournalError("disk full"))
        )
        for number in range(5):
            journal.shown.log(one(number))
        journal.shown.flush()
    assert journal.shown.lost == 5
    assert [r.getMessage() for r in caplog.records] == ["5 shown lists were lost: disk full"]
    journal.shown.log(one(9))
    journal.shown.flush()
    assert journal.shown.count() == 1
