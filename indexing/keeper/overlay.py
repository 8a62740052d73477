"""``overlay.sqlite``: what changed in items, and what is committed. Written by the keeper, read by workers.

A row a changed item, never one for a changed price: its last state and the generation that made it, so that
a reader loads only what is newer than what it has. New items have their row here once and for all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.keeper.vocabulary import NewText

_SCHEMA = """
CREATE TABLE items (
    row INTEGER PRIMARY KEY,
    item_id TEXT NOT NULL UNIQUE,
    alive INTEGER NOT NULL,
    body BLOB,
    vector BLOB,
    generation INTEGER NOT NULL
);
CREATE INDEX items_by_generation ON items (generation);
CREATE TABLE texts (
    field TEXT NOT NULL,
    code INTEGER NOT NULL,
    text TEXT NOT NULL,
    display TEXT NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (field, code)
) WITHOUT ROWID;
CREATE INDEX texts_by_generation ON texts (generation);
CREATE TABLE committed (seq INTEGER, generation INTEGER, rows INTEGER, versions TEXT);
"""
_ITEM = "SELECT row, item_id, alive, body, vector FROM items"
_TEXTS = "SELECT field, code, text, display FROM texts WHERE generation > ? ORDER BY field, code"


@dataclass(frozen=True, slots=True)
class Changed:
    """The state of an item that is not as it was built.

    Attributes:
        body: its JSON; None: that of the build.
        vector: float32 of its text; None: that of the build, or there is no such index.
    """

    row: int
    item_id: str
    alive: bool
    body: bytes | None
    vector: bytes | None


@dataclass(frozen=True, slots=True)
class Committed:
    """What readers may see.

    Attributes:
        versions: of the arrays of the columns.
    """

    seq: int
    generation: int
    rows: int
    versions: Mapping[str, int]


class OverlayReader:
    """Read side; several threads may use one, one at a time.

    Raises:
        sqlite3.Error: not there or damaged; so do the methods.
    """

    def __init__(self, path: Path) -> None:
        self._connection = _connect(path)
        self._connection.execute("PRAGMA query_only = ON")

    def committed(self) -> Committed:
        """What is committed."""
        return _committed(self._connection)

    def changed(self, after: int) -> list[Changed]:
        """Items that changed after a generation, by row."""
        found = self._connection.execute(f"{_ITEM} WHERE generation > ? ORDER BY row", (after,))
        return [_changed(one) for one in found]

    def texts(self, after: int) -> list[NewText]:
        """Texts that came after a generation, in order of their codes."""
        return _texts(self._connection, after)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


class OverlayWriter:
    """Write side, of one keeper. Without syncs: what a power cut takes is made anew (``folder.py``)."""

    def __init__(self, path: Path) -> None:
        self._connection = _connect(path)
        self._connection.execute("PRAGMA synchronous = OFF")

    @classmethod
    def create(cls, path: Path, *, rows: int, seq: int, versions: Mapping[str, int]) -> None:
        """Make the file of a snapshot without changes."""
        with closing(_connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)
            connection.execute("INSERT INTO committed VALUES (?, 0, ?, ?)", (seq, rows, _json(versions)))

    def committed(self) -> Committed:
        """What is committed."""
        return _committed(self._connection)

    def texts(self) -> list[NewText]:
        """All texts since the build."""
        return _texts(self._connection, -1)

    def of_row(self, row: int) -> Changed | None:
        """The state of a row, None when it is as it was built."""
        return self._one("row", row)

    def of_id(self, item_id: str) -> Changed | None:
        """The state of an item, None when it is as it was built, or unknown."""
        return self._one("item_id", item_id)

    def save(
        self,
        items: Iterable[Changed],
        texts: Iterable[NewText],
        *,
        generation: int,
        rows: int,
        versions: Mapping[str, int],
    ) -> None:
        """What the next :meth:`commit` stands on; rows are given to new items here, for good."""
        connection = self._connection
        with _transaction(connection):
            connection.executemany(
                "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?)",
                ((i.row, i.item_id, i.alive, i.body, i.vector, generation) for i in items),
            )
            connection.executemany(
                "INSERT INTO texts VALUES (?, ?, ?, ?, ?)",
                ((t.field, t.code, t.text, t.display, generation) for t in texts),
            )
            connection.execute("UPDATE committed SET rows = ?, versions = ?", (rows, _json(versions)))

    def commit(self, seq: int, generation: int) -> None:
        """Everything up to ``seq`` is where it belongs."""
        with _transaction(self._connection):
            self._connection.execute("UPDATE committed SET seq = ?, generation = ?", (seq, generation))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _one(self, column: str, value: int | str) -> Changed | None:
        found = self._connection.execute(f"{_ITEM} WHERE {column} = ?", (value,)).fetchone()
        return None if found is None else _changed(found)


def vector_of(blob: bytes) -> npt.NDArray[np.float32]:
    """A vector as it was stored."""
    return np.frombuffer(blob, np.float32)


def _connect(path: Path) -> sqlite3.Connection:
    # transactions are begun in words; a worker's reader opens in one thread and reads in another
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)


class _transaction:  # noqa: N801 - reads as a function
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._connection.execute("COMMIT" if kind is None else "ROLLBACK")


def _committed(connection: sqlite3.Connection) -> Committed:
    seq, generation, rows, versions = connection.execute("SELECT * FROM committed").fetchone()
    return Committed(seq, generation, rows, msgspec.json.decode(versions, type=dict[str, int]))


def _texts(connection: sqlite3.Connection, after: int) -> list[NewText]:
    return [NewText(*found) for found in connection.execute(_TEXTS, (after,))]


def _changed(found: tuple[int, str, int, bytes | None, bytes | None]) -> Changed:
    row, item_id, alive, body, vector = found
    return Changed(row, item_id, bool(alive), body, vector)


def _json(versions: Mapping[str, int]) -> str:
    return msgspec.json.encode(dict(versions)).decode()
