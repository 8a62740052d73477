"""One file of the journal: opened when it is first used, read by every thread, written by one."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from indexing.contracts.errors import JournalError
from indexing.journal import dialect
from indexing.journal.files import sync
from indexing.journal.lock import exclusive
from indexing.journal.migrations import Schema, migrate, version_of

LOCK_TIMEOUT_S = 10.0


VARIABLES = 1000
"""Values of one ``IN``: databases allow 32,000 and more, and plan short statements sooner."""

Value = TypeVar("Value")


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    """``values`` in lists that fit into one statement."""
    rest = iter(values)
    while chunk := list(islice(rest, VARIABLES)):
        yield chunk


class Database:
    """A file of the journal.

    Args:
        folder: ``<home>/journal``.
        schema: what the file holds; it is made or migrated when it is first used.
        synchronous: ``FULL``: a commit returns when the disk has it. ``NORMAL``: a power cut may take
            the last commits, never the order.
        create: False: a file that is missing is an error.
    """

    def __init__(
        self, folder: Path, schema: Schema, *, synchronous: dialect.Synchronous, create: bool
    ) -> None:
        self.path = folder / schema.name
        self._schema = schema
        self._synchronous = synchronous
        self._create = create
        self._engine: Engine | None = None
        self._closed = False
        self._opening = threading.Lock()
        self._of_thread = threading.local()
        self._readers: weakref.WeakSet[Connection] = weakref.WeakSet()

    def ready(self) -> None:
        """Open the file, make or migrate it, unless that was done before."""
        with self._translated():
            self._open()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction, alone in the file; committed at the end, rolled back by an exception.

        Raises:
            JournalError: locked for too long, disk full, damaged. Nothing was written.
        """
        with self._translated():
            engine = self._open()
            with (
                exclusive(self._lock, LOCK_TIMEOUT_S),
                engine.connect().execution_options(**{dialect.BEGIN: dialect.WRITE}) as connection,
                connection.begin(),
            ):
                yield connection

    def write_one(self) -> AbstractContextManager[Connection]:
        """This thread's connection, for one statement that is a transaction of its own.

        SQLite's own lock is waited for, for 5 s, not the lock file in whose order :meth:`write` lets
        processes in: who must be answered soon writes there. Each step of a transaction takes the
        interpreter from the other threads; of 15 lists shown one that answers lost 2.4 ms, and here .8.
        """
        return self.read()  # no transaction is begun there

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """This thread's connection: each statement sees what was committed before it began."""
        with self._translated():
            connection: Connection | None = getattr(self._of_thread, "connection", None)
            if connection is None or connection.closed:
                connection = self._open().connect()
                self._of_thread.connection = connection
                self._readers.add(connection)
            try:
                yield connection
            except SQLAlchemyError:
                del self._of_thread.connection  # it may be broken: the next read begins with another
                connection.close()
                raise

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection all of whose statements see the same state. It never blocks a writer."""
        with self._translated():
            options = {dialect.BEGIN: dialect.SNAPSHOT}
            with self._open().connect().execution_options(**options) as connection, connection.begin():
                yield connection

    def truncate_log(self) -> bool:
        """See :func:`dialect.truncate_log`."""
        with (
            self._translated(),
            exclusive(self._lock, LOCK_TIMEOUT_S),
            self._open().connect() as connection,
        ):
            return dialect.truncate_log(connection)

    def close(self) -> None:
        """Close every connection; the file cannot be used through this object afterwards."""
        with self._opening:
            self._closed = True
            for connection in list(self._readers):
                connection.close()
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    @property
    def _lock(self) -> Path:
        return self.path.with_name(self.path.name + ".lock")

    def _translated(self) -> AbstractContextManager[None]:
        return dialect.translated(self.path)

    def _open(self) -> Engine:
        engine = self._engine
        if engine is not None:
            return engine
        with self._opening:
            if self._closed:
                raise JournalError(f"{self.path}: the journal was closed")
            if self._engine is None:
                self._engine = self._opened()
            return self._engine

    def _opened(self) -> Engine:
        if not self._create and not self.path.exists():
            raise JournalError(f"{self.path} does not exist")
        _make_folder(self.path.parent)
        engine = dialect.make_engine(self.path, self._synchronous)
        try:
            with (
                exclusive(self._lock, LOCK_TIMEOUT_S),
                engine.connect().execution_options(**{dialect.BEGIN: dialect.WRITE}) as connection,
                connection.begin(),
            ):
                if version_of(connection) != self._schema.version:
                    migrate(connection, self._schema)
        except BaseException:
            engine.dispose()
            raise
        return engine


def _make_folder(folder: Path) -> None:
    """For the owner alone, since raw ids stand in it."""
    if folder.is_dir():
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync(folder.parent)  # SQLite makes its own files durable, not the name of their folder
    except OSError as error:
        raise JournalError(f"{folder} cannot be made: {error.strerror}") from error
