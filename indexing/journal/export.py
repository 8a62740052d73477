"""From the journal to Parquet days, each row exactly once, whatever is killed when.

A part is planned in the database before it is written: rows ``first … last``, which also name its files
(``day=…/part-<first>-<last>.parquet``). A part that was cut short is found by its plan and
written again under the same names, so that what was there is replaced; only then is it marked as done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Column, Row, Table, func, select

from indexing.journal.database import LOCK_TIMEOUT_S, Database
from indexing.journal.files import replaced
from indexing.journal.lock import exclusive
from indexing.journal.times import day_of

KEEP = timedelta(days=30)
_PART = 1_000_000
_BATCH = 10_000
_PRUNED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Log:
    """One table that is exported.

    Attributes:
        cursor: the table with its one row ``done``, ``planned``.
        folder: ``<home>/events`` or ``<home>/shown``.
        time: the column that gives the day.
        to_arrow: rows to a table of the contract's schema.
    """

    database: Database
    table: Table
    cursor: Table
    folder: Path
    time: Column[int]
    schema: pa.Schema
    to_arrow: Callable[[Sequence[Row[*tuple[Any, ...]]]], pa.Table]


@dataclass(frozen=True, slots=True)
class Exported:
    """What one run wrote.

    Attributes:
        upto: number of the last row that is in Parquet now.
        files: written by this run.
    """

    rows: int
    upto: int
    files: tuple[Path, ...]


def export(log: Log, until: int | None = None) -> Exported:
    """Write what is not in Parquet yet, up to row ``until`` (None: the newest now).

    Raises:
        JournalError: another export runs; or a disk is full. Run it again: nothing is lost or doubled.
    """
    log.database.ready()
    with exclusive(log.database.path.with_name(log.table.name + ".export.lock"), LOCK_TIMEOUT_S):
        rows = 0
        files: list[Path] = []
        while (part := _plan(log, until)) is not None:
            written, paths = _write_part(log, *part)
            _mark(log, part[1])
            rows += written
            files += paths
        return Exported(rows, _cursor(log)[0], tuple(files))


def prune(log: Log, before: int) -> int:
    """Delete exported rows received before a time (microseconds), from the oldest on; how many."""
    deleted = 0
    done = _cursor(log)[0]
    number = log.table.c.sequence
    oldest = select(number, log.time).where(number <= done).order_by(number).limit(_PRUNED_AT_ONCE)
    while True:
        with log.database.write() as connection:
            rows = connection.execute(oldest).all()
            old = [row[0] for row in rows if row[1] < before]
            if old:
                within = (number <= rows[-1][0]) & (log.time < before)
                connection.execute(log.table.delete().where(within))
        deleted += len(old)
        # rows lie in order of arrival, so the first few that must stay end it: no scan of the rest
        if len(old) < _PRUNED_AT_ONCE:
            return deleted


def _cursor(log: Log) -> tuple[int, int | None]:
    with log.database.read() as connection:
        done, planned = connection.execute(select(log.cursor.c.done, log.cursor.c.planned)).one()
        return done, planned


def _plan(log: Log, until: int | None) -> tuple[int, int] | None:
    """The next part, first and last row: one that was cut short, else a new one."""
    number = log.table.c.sequence
    with log.database.write() as connection:
        done, planned = connection.execute(select(log.cursor.c.done, log.cursor.c.planned)).one()
        if planned is None:
            newest = connection.execute(select(func.max(number))).scalar_one() or 0
            planned = min(newest, newest if until is None else until, done + _PART)
            if planned <= done:
                return None
            connection.execute(log.cursor.update().values(planned=planned))
        return done + 1, planned


def _mark(log: Log, last: int) -> None:
    with log.database.write() as connection:
        connection.execute(log.cursor.update().values(done=last, planned=None))


def _write_part(log: Log, first: int, last: int) -> tuple[int, list[Path]]:
    name = f"part-{first}-{last}.parquet"
    query = (
        select(log.table)
        .where(log.table.c.sequence.between(first, last))
        .order_by(log.table.c.sequence)
        .execution_options(yield_per=_BATCH)
    )
    count = 0
    with ExitStack() as stack, log.database.snapshot() as connection:
        days = _Days(log, name, stack)
        for rows in connection.execute(query).partitions():
            days.write(rows)
            count += len(rows)
    written = set(days.paths.values())
    for found in (*log.folder.glob(f"day=*/{name}"), *log.folder.glob(f"day=*/.{name}.tmp")):
        if found not in written:
            found.unlink()  # of a run that was cut short: all its rows of that day were erased since
    return count, sorted(written)


class _Days:
    """An open Parquet file for each day that a part touches; most parts touch one."""

    def __init__(self, log: Log, name: str, stack: ExitStack) -> None:
        self._log = log
        self._name = name
        self._stack = stack
        self._writers: dict[date, pq.ParquetWriter] = {}
        self.paths: dict[date, Path] = {}

    def write(self, rows: Sequence[Row[*tuple[Any, ...]]]) -> None:
        by_day: dict[date, list[Row[*tuple[Any, ...]]]] = {}
        for row in rows:
            by_day.setdefault(day_of(getattr(row, self._log.time.name)), []).append(row)
        for day, some in by_day.items():
            self._writer(day).write_table(self._log.to_arrow(some))

    def _writer(self, day: date) -> pq.ParquetWriter:
        if day not in self._writers:
            path = self._log.folder / f"day={day:%Y-%m-%d}" / self._name
            temporary = self._stack.enter_context(replaced(path))
            self._writers[day] = self._stack.enter_context(
                pq.ParquetWriter(temporary, self._log.schema, compression="zstd")
            )
            self.paths[day] = path
        return self._writers[day]
