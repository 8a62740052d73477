"""What a worker reads: a snapshot with what changed since, at one moment."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.contracts import filter_mask
from indexing.contracts.columns import Mask
from indexing.contracts.errors import SnapshotError
from indexing.contracts.filters import Filter
from indexing.contracts.items import Item
from indexing.contracts.memory_columns import MemoryColumns
from indexing.contracts.shop import Shop
from indexing.keeper.reader import LiveReader
from indexing.lexical import TantivyIndex
from indexing.snapshots import Snapshot
from indexing.snapshots.storable import decode_item
from indexing.snapshots.store import snapshots_folder
from indexing.text import Analyser
from indexing.vectors import VectorIndex

WAIT_S = 5.0


class LiveCatalogue:
    """Implements ``Catalogue``: one moment, for a request or longer. Safe to use from several threads.

    Without a live folder it is the snapshot as it was built, until :meth:`newest` finds one.
    """

    def __init__(self, snapshot: Snapshot, reader: LiveReader) -> None:
        self._snapshot = snapshot
        self._reader = reader
        self._moment = reader.moment

    @classmethod
    def open(cls, home: Path, name: str, *, wait_s: float = WAIT_S) -> Self:
        """Open a snapshot of a shop, with its live folder where there is one.

        Args:
            wait_s: how long to wait for a keeper that is writing; it writes for .1 s, and longer when it
                was just started.

        Raises:
            SnapshotMissing, SnapshotBroken, SnapshotNewer: it cannot be opened.
            SnapshotError: the live folder was not ready in time.
        """
        snapshot = Snapshot.open(snapshots_folder(home) / name)
        reader = LiveReader(home, snapshot)
        try:
            _wait(reader, name, wait_s)
        except BaseException:
            reader.close()
            snapshot.close()
            raise
        return cls(snapshot, reader)

    def newest(self) -> Self:
        """The same snapshot with what has changed since; this object itself when nothing has.

        Some microseconds when nothing has, about 2 ms when something has, at most .2 s while the keeper is
        committing: call it beside an event loop, not on it.

        Raises:
            SnapshotBroken: the live folder cannot be read.
        """
        self._reader.refresh()
        if self._reader.moment is self._moment:
            return self
        return type(self)(self._snapshot, self._reader)

    def read_ahead(self) -> None:
        """See ``Snapshot.read_ahead``."""
        self._snapshot.read_ahead()

    def close(self) -> None:
        """Let go of everything mapped, for all moments of this opening."""
        self._reader.close()
        self._snapshot.close()

    @property
    def snapshot_name(self) -> str:
        return self._snapshot.snapshot_name

    @property
    def catalogue_seq(self) -> int:
        return self._moment.seq

    @property
    def shop(self) -> Shop:
        return self._snapshot.shop

    @property
    def rows(self) -> int:
        return self._moment.rows

    @property
    def built_rows(self) -> int:
        return self._snapshot.built_rows

    @property
    def columns(self) -> MemoryColumns:
        return self._moment.columns

    @property
    def analyser(self) -> Analyser:
        return self._snapshot.analyser

    @property
    def lexical(self) -> TantivyIndex:
        return self._moment.lexical

    def vectors(self, name: str) -> VectorIndex | None:
        """See ``Catalogue.vectors``."""
        return self._moment.text if name == "text" else self._snapshot.vectors(name)

    def alive(self) -> Mask:
        """See ``Catalogue.alive``."""
        return self._moment.alive

    def mask(self, condition: Filter | None) -> Mask:
        """See ``Catalogue.mask``."""
        if condition is None:
            return self._moment.alive
        found = filter_mask.mask(condition, self._moment.columns, self.rows_of)
        return np.logical_and(found, self._moment.alive, out=found)

    def row_of(self, item_id: str) -> int:
        """See ``Catalogue.row_of``."""
        changes = self._moment.changes
        row = self._snapshot.row_of(item_id)
        if row < 0:
            row = changes.new_rows.get(item_id, -1)
        return -1 if row in changes.dead else row

    def rows_of(self, item_ids: Iterable[str]) -> npt.NDArray[np.int32]:
        """See ``Catalogue.rows_of``."""
        return np.fromiter(map(self.row_of, item_ids), np.int32)

    def id_of(self, row: int) -> str:
        """See ``Catalogue.id_of``. Raises: IndexError."""
        if row < self._snapshot.rows:
            return self._snapshot.id_of(row)
        try:
            return self._moment.changes.new_ids[row]
        except KeyError:
            raise IndexError(row) from None

    def item(self, row: int) -> Item:
        """See ``Catalogue.item``; of a deleted row what it was. Raises: IndexError."""
        moment = self._moment
        body = moment.changes.bodies.get(row)
        item = self._snapshot.item(row) if body is None else decode_item(body)
        if moment.item_versions is None:
            return item
        version = int(moment.item_versions[row])
        if not version:  # nothing was ever said of it since the build
            return item
        numbers = moment.columns.number_columns
        return msgspec.structs.replace(
            item,
            price_minor=_whole(numbers["price_minor"][row]),
            list_price_minor=_whole(numbers["list_price_minor"][row]),
            in_stock=bool(numbers["in_stock"][row]),
            version=version - 2 if version > 1 else None,
        )

    def items(self, rows: npt.NDArray[np.int32]) -> list[Item]:
        """See ``Catalogue.items``. Raises: IndexError."""
        return [self.item(row) for row in rows.tolist()]

    def model(self, name: str) -> Path | None:
        """See ``Catalogue.model``."""
        return self._snapshot.model(name)


def _wait(reader: LiveReader, name: str, seconds: float) -> None:
    """Until the live folder is loaded, where there is one."""
    deadline = time.monotonic() + seconds
    reader.refresh()
    while reader.waits:
        if time.monotonic() > deadline:
            raise SnapshotError(
                f"the live catalogue of {name} is not ready: a keeper is bringing it up to date, or was "
                "killed and has to be started again (python -m indexing.keeper)"
            )
        time.sleep(0.01)
        reader.refresh()


def _whole(number: np.float64) -> int | None:
    return None if np.isnan(number) else int(number)
