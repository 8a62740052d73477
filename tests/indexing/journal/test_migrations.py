"""Schema versions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, inspect

from indexing.contracts.errors import JournalError
from indexing.journal import Journal, open_journal
from indexing.journal.database import Database
from indexing.journal.migrations import Schema, version_of

_OLD = MetaData()
Table("shelf", _OLD, Column("id", Integer, primary_key=True), Column("kept", Integer, nullable=False))
_NEW = MetaData()
SHELF = Table(
    "shelf",
    _NEW,
    Column("id", Integer, primary_key=True),
    Column("kept", Integer, nullable=False),
    Column("label", Text),
    Column("height", Integer),
)


def _label(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE shelf ADD COLUMN label TEXT")


def _height(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE shelf ADD COLUMN height INTEGER")
    connection.exec_driver_sql("UPDATE shelf SET height = kept * 2")


def _broken(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE shelf ADD COLUMN lost TEXT")
    connection.exec_driver_sql("SELECT nonsense")


FIRST = Schema("x.sqlite", _OLD, singles=(_OLD.tables["shelf"],))
THIRD = Schema("x.sqlite", _NEW, steps=(_label, _height), singles=(SHELF,))


def opened(folder: Path, schema: Schema) -> Database:
    database = Database(folder, schema, synchronous="FULL", create=True)
    database.ready()
    return database


def columns(database: Database) -> set[str]:
    with database.read() as connection:
        return {column["name"] for column in inspect(connection).get_columns("shelf")}


def test_an_older_file_takes_each_step_once(tmp_path: Path) -> None:
    """A file of version 1 becomes one of version 3, rows included; opened again, nothing happens."""
    opened(tmp_path, FIRST).close()
    for _ in range(2):
        database = opened(tmp_path, THIRD)
        with database.write() as connection:
            assert version_of(connection) == 3
            assert connection.execute(SHELF.select()).all() == [(1, 0, None, 0)]
        assert columns(database) == {"id", "kept", "label", "height"}
        database.close()


def test_a_new_file_is_as_it_is_today(tmp_path: Path) -> None:
    """Made anew or migrated: the same columns and the same version."""
    old = opened(tmp_path / "old", FIRST)
    old.close()
    migrated, fresh = opened(tmp_path / "old", THIRD), opened(tmp_path / "new", THIRD)
    assert columns(migrated) == columns(fresh)
    with fresh.read() as connection:
        assert version_of(connection) == 3
    migrated.close()
    fresh.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """Steps are taken in one transaction."""
    opened(tmp_path, FIRST).close()
    failing = Database(
        tmp_path, Schema("x.sqlite", _NEW, steps=(_label, _broken)), synchronous="FULL", create=True
    )
    with pytest.raises(JournalError):
        failing.ready()
    failing.close()
    database = opened(tmp_path, FIRST)
    assert columns(database) == {"id", "kept"}
    database.close()


def test_a_newer_file_is_refused_in_words(journal: Journal) -> None:
    """A file of a newer daogou is not touched, and the message names both versions."""
    journal.control.seq()
    journal.close()
    path = journal.home / "journal" / "control.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO schema_version VALUES (99, 0)")
    connection.close()
    with open_journal(journal.home) as again:
        with pytest.raises(JournalError, match=r"version 99.*reads up to 1"):
            again.control.seq()
        assert again.events.count() == 0  # the other files are as good as ever


def test_missing_files_are_an_error_when_nothing_shall_be_made(home: Path) -> None:
    """``create=False`` makes neither folder nor file."""
    with pytest.raises(JournalError, match="no journal"):
        open_journal(home, create=False)
    assert not home.exists()
    with open_journal(home) as journal:
        journal.events.count()
    with open_journal(home, create=False) as journal:
        assert journal.events.count() == 0
        with pytest.raises(JournalError, match="does not exist"):
            journal.control.seq()


def test_only_the_owner_may_read(journal: Journal) -> None:
    """The folder that holds raw ids is closed to others."""
    journal.events.count()
    assert (journal.home / "journal").stat().st_mode & 0o077 == 0


def test_each_file_is_made_when_it_is_used(journal: Journal) -> None:
    """Opening a journal makes nothing."""
    assert not (journal.home / "journal").exists()
    journal.control.seq()
    made = {path.name for path in (journal.home / "journal").glob("*.sqlite")}
    assert made == {"control.sqlite"}
