"""The catalogue table: a row an item, with its state and the number of its last change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeGuard

import msgspec
import pyarrow as pa
from sqlalchemy import Connection, Row, bindparam, func, select

from indexing.contracts.collecting import collected_rarely
from indexing.contracts.errors import JournalError
from indexing.contracts.items import Item
from indexing.journal import catalogue_files, states
from indexing.journal.checks import check_id
from indexing.journal.database import Database
from indexing.journal.tables import ITEMS
from indexing.journal.upserts import SEQ, STATES, Group, Outcome, Status, state_of
from indexing.journal.writer import Grouping, GroupWriter

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
_BULK = 5000
"""Items of one transaction of a bulk load: about .1 s, so that a price need not wait for long."""


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of an item; those before it are gone.

    Attributes:
        item: as it is now, None when it was deleted.
    """

    seq: int
    item_id: str
    item: Item | None
    kind: Literal["put", "delete"]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How many items of a bulk load had which outcome, and the last change afterwards."""

    outcomes: Mapping[Status, int]
    seq: int


_ONE = STATES.where(ITEMS.c.item_id == bindparam("item_id"), ITEMS.c.alive)
_AFTER = STATES.where(ITEMS.c.seq > bindparam("after")).order_by(ITEMS.c.seq).limit(bindparam("limit"))


class CatalogueTable:
    """What the shop sells, as its sources said last. Durable when a call returns."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writer: GroupWriter[tuple[states.Change, ...], list[Outcome]] = GroupWriter(
            "journal-catalogue", self._commit, size=len, grouping=Grouping()
        )

    def put(self, items: Sequence[Item]) -> list[Outcome]:
        """Insert or replace; an outcome for each, in order. An older ``version`` than is known is stale.

        Raises:
            InputError: an item that cannot be stored; nothing was.
            JournalError: nothing was stored.
        """
        return self.submit([states.put(item) for item in items]).result()

    def patch(self, item_id: str, changes: Mapping[str, Any]) -> Outcome:
        """Set some fields; None takes one back to not known; lists and ``attributes`` are replaced whole.
        A ``version`` among them decides, for each of the fields, which change is the newer.

        Raises:
            InputError: an unknown field or a wrong type; nothing was stored.
            JournalError: nothing was stored.
        """
        return self.submit([states.patch(item_id, changes)]).result()[0]

    def delete(self, item_ids: Sequence[str], *, version: int | None = None) -> list[Outcome]:
        """Take items out of the catalogue; an outcome for each, in order.

        Raises:
            InputError: an id that is no text; nothing was stored.
            JournalError: nothing was stored.
        """
        return self.submit([states.delete(item_id, version) for item_id in item_ids]).result()

    def submit(self, changes: Iterable[states.Change]) -> Future[list[Outcome]]:
        """Changes made by ``states.put``, ``states.patch`` and ``states.delete``, all or none of them,
        without waiting: the future's result are the outcomes."""
        return self._writer.submit(tuple(changes))

    def load(
        self, items: Iterable[Item] | Iterable[states.Put] | pa.Table | pa.RecordBatchReader
    ) -> LoadReport:
        """Put a whole catalogue, in transactions of some thousand items.

        Args:
            items: an iterable, also of what ``states.put`` made, or Arrow data with the columns of
                ``ITEM_SCHEMA``.

        Raises:
            InputError: an item that cannot be stored; the thousands before it were.
        """
        rows = catalogue_files.items_of(items) if _is_arrow(items) else iter(items)
        counts: Counter[Status] = Counter()
        written: Future[list[Outcome]] | None = None
        with collected_rarely():
            while chunk := list(islice(rows, _BULK)):
                following = self.submit(
                    [states.put(item) if isinstance(item, Item) else item for item in chunk]
                )
                if written is not None:  # one chunk is read while the one before it is written
                    counts.update(outcome.status for outcome in written.result())
                written = following
            if written is not None:
                counts.update(outcome.status for outcome in written.result())
        return LoadReport(dict(counts), self.seq())

    def get(self, item_id: str) -> Item | None:
        """The item as it is now, None when it is not in the catalogue. Raises: InputError."""
        check_id("item_id", item_id)
        with self._database.read() as connection:
            row = connection.execute(_ONE, {"item_id": item_id}).one_or_none()
        return None if row is None else _item(row)

    def seq(self) -> int:
        """Number of the last change, 0 before the first."""
        with self._database.read() as connection:
            seq: int = connection.execute(SEQ).scalar_one()
        return seq

    def count(self) -> int:
        """Items in the catalogue."""
        with self._database.read() as connection:
            query = select(func.count()).select_from(ITEMS).where(ITEMS.c.alive)
            return connection.execute(query).scalar_one()

    def changes(self, after: int, limit: int = 1000) -> list[Change]:
        """The items that changed after a number, each with its last change, in that order."""
        with self._database.read() as connection:
            rows = connection.execute(_AFTER, {"after": after, "limit": limit}).all()
        return [_change(row) for row in rows]

    def export(self, folder: Path) -> tuple[Path, int]:
        """Write all items, sorted by id, as they are at one moment.

        Args:
            folder: made where it is missing.

        Returns:
            The Arrow IPC file, of ``catalogue_files.EXPORT_SCHEMA``, uncompressed; and the ``seq`` that it
            holds.

        Raises:
            JournalError: an item cannot be read.
        """
        with self._database.snapshot() as connection:
            seq = connection.execute(SEQ).scalar_one()
            bodies = (state_of(row).stored() for row in self._alive(connection))
            try:
                path = catalogue_files.write_bodies(bodies, folder / f"catalogue-{seq}.arrow")
            except _UNREADABLE as error:
                unknown = JournalError(f"the catalogue cannot be read: {error}")
                raise next(self.damaged(), unknown) from error
        return path, seq

    def damaged(self) -> Iterator[JournalError]:
        """Of each item that cannot be read, which it is and why."""
        with self._database.snapshot() as connection:
            for row in self._alive(connection):
                try:
                    _item(row)
                except JournalError as error:
                    yield error

    def _alive(self, connection: Connection) -> Iterable[Row[*tuple[Any, ...]]]:
        query = STATES.where(ITEMS.c.alive).order_by(ITEMS.c.item_id)
        return connection.execution_options(yield_per=catalogue_files.BATCH).execute(query)

    def close(self) -> None:
        """Write what is queued."""
        self._writer.close()

    def _commit(self, jobs: Sequence[tuple[states.Change, ...]]) -> list[list[Outcome]]:
        with self._database.write() as connection:
            group = Group(connection, {change.item_id for job in jobs for change in job})
            outcomes = [[group.apply(change) for change in job] for job in jobs]
            group.save(connection)
        return outcomes


def _change(row: Row[*tuple[Any, ...]]) -> Change:
    item = _item(row) if row.alive else None
    return Change(row.seq, row.item_id, item, "put" if item else "delete")


def _item(row: Row[*tuple[Any, ...]]) -> Item:
    try:
        return state_of(row).item()
    except _UNREADABLE as error:
        detail = f"the product {row.item_id!r} cannot be read: {error}. Import it again, or delete it"
        raise JournalError(detail) from error


def _is_arrow(items: object) -> TypeGuard[pa.Table | pa.RecordBatchReader]:
    return isinstance(items, pa.Table | pa.RecordBatchReader)
