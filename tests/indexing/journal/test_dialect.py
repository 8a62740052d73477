"""What is true of SQLite alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from indexing.contracts.errors import JournalError
from indexing.journal import Journal, dialect, open_journal

# sqlite.org/rescode.html: primary result codes that only a mistake in our own statements can cause, or
# that are no errors
OURS = {0, 1, 2, 4, 12, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27, 28}


def test_every_code_has_its_words() -> None:
    """The table of reasons is complete: every primary code is in it or is a mistake of ours."""
    assert OURS.isdisjoint(dialect.REASONS)
    assert OURS | set(dialect.REASONS) == set(range(29))


def test_extended_codes_have_the_words_of_their_primary_code() -> None:
    """``SQLITE_IOERR_FSYNC`` is a failing disk."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    assert dialect.reason_of(error) == dialect.REASONS[sqlite3.SQLITE_IOERR]


def test_messages_hold_no_parameters(journal: Journal) -> None:
    """An error tells the file and the reason, never a raw id."""
    with pytest.raises(JournalError) as raised, journal.events._database.write() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:id)"), {"id": "raw-4711"})
    assert "events.sqlite" in raised.value.detail
    assert "4711" not in raised.value.detail
    assert "4711" not in str(raised.value.__cause__)


def test_how_files_are_opened(journal: Journal) -> None:
    """Write-ahead log everywhere; a sync at each commit but for shown lists; deleted bytes overwritten."""
    found = {}
    for database in journal._databases:
        with database.read() as connection:
            found[database.path.name] = [
                connection.execute(text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "synchronous", "secure_delete")
            ]
    full, normal = ["wal", 2, 1], ["wal", 1, 1]
    assert found == {
        "events.sqlite": full,
        "shown.sqlite": normal,
        "catalogue.sqlite": full,
        "control.sqlite": full,
    }


def test_files_that_cannot_be_made(tmp_path: Path) -> None:
    """A folder that is a file is an error in words."""
    (tmp_path / "journal").write_text("in the way")
    with (
        open_journal(tmp_path) as journal,
        pytest.raises(JournalError, match="journal cannot be made: File exists"),
    ):
        journal.events.count()
