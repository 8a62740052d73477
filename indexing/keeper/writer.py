"""Changes on their way into a live folder.

A commit makes the generation odd, so that no reader believes what it sees; writes columns; saves items,
their rows and what readers need to map (``overlay.sqlite``); commits the words; notes the ``seq`` in the
overlay; and makes the generation even again, with the ``seq`` beside it. A keeper killed anywhere on the
way leaves an odd generation and the ``seq`` of the last whole commit: the next one replays from there, and
since every step is a "this is how it is now" by a row that was given for good, doing it twice is doing it
once. Readers see nothing until all that had been begun is caught up with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np

from indexing.contracts.columns import field_kinds
from indexing.contracts.items import Item
from indexing.contracts.memory_columns import columns_of
from indexing.journal import Change
from indexing.keeper.column_files import ColumnFiles, version_codes
from indexing.keeper.overlay import Changed, OverlayWriter
from indexing.keeper.state import State
from indexing.keeper.vocabulary import Vocabulary
from indexing.lexical import DocumentMaker, TantivyWriter
from indexing.snapshots import Snapshot
from indexing.snapshots.storable import decode_item, encode_item
from indexing.text import fold
from indexing.vectors import StaticEmbedder

Changes = Callable[[int, int], list[Change]]
"""``journal.catalogue.changes``."""

_CHUNK = 500  # changes read at a time: about .1 s of work
_LEXICAL_MB = 50


@dataclass(frozen=True, slots=True)
class _Pending:
    """What became of a row since the last commit.

    Attributes:
        item: as it is now, None when it was only deleted.
        body: its JSON when its content changed, else None.
        told: whether the overlay must know.
    """

    item_id: str
    alive: bool
    item: Item | None
    body: bytes | None
    told: bool


class LiveWriter:
    """Keeps one live folder up with the catalogue. Nobody reads it before :attr:`published`.

    Args:
        snapshot: stays open as long as this.
        folder: what ``folder.prepare`` made of it.

    Raises:
        ConflictError, SnapshotError, OSError, ValueError, sqlite3.Error: it cannot be written.
    """

    def __init__(self, snapshot: Snapshot, folder: Path) -> None:
        self._snapshot = snapshot
        self._state = State(folder / "state.npy", write=True)
        self._overlay = OverlayWriter(folder / "overlay.sqlite")
        held = self._overlay.committed()
        self.seq = held.seq
        self.published = False
        self._generation = held.generation + 2
        self._state.begin(self._generation)
        self._columns = ColumnFiles(folder / "columns", held.versions, held.rows)
        self._texts = Vocabulary(snapshot.columns.text_columns, self._overlay.texts())
        self._next_row = held.rows
        self._pending: dict[int, _Pending] = {}
        self._new_rows: dict[str, int] = {}
        self._document = DocumentMaker(snapshot.analyser, snapshot.shop)
        self._embedder = _embedder(snapshot)
        kinds = field_kinds(snapshot.shop)
        self._lexical = TantivyWriter(folder / "lexical", kinds, memory_mb=_LEXICAL_MB)
        self._warm()

    @property
    def name(self) -> str:
        """Of the snapshot."""
        return self._snapshot.snapshot_name

    def follow(self, changes: Changes, *, seconds: float) -> int:
        """Take over what changed, for about so long; commit it; publish when nothing is left to take over.

        Returns:
            How many changes were taken over.
        """
        deadline, taken = time.monotonic() + seconds, 0
        while found := changes(self.seq, _CHUNK):
            self.take(found)
            taken += len(found)
            if time.monotonic() > deadline:
                break
        # once published every commit is whole; before, only what reaches the end is
        if taken or not (found or self.published):
            self.commit(publish=self.published or not found)
        return taken

    def take(self, changes: Sequence[Change]) -> None:
        """Take changes over, in order; readers see them after :meth:`commit`."""
        for change in changes:
            if change.item is None:
                self._delete(change.item_id)
            else:
                self._put(*encode_item(change.item))
            self.seq = change.seq

    def commit(self, *, publish: bool) -> None:
        """Put what was taken over where it belongs, and show it to readers."""
        self._state.begin(self._generation)
        if self._pending:
            self._write()
        self._overlay.commit(self.seq, self._generation)
        if publish:
            self._state.publish(self.seq, self._generation)
            self.published = True
            self._generation += 2
            self._columns.sweep()

    def close(self) -> None:
        """Let others write. What was not committed is replayed by them."""
        self._overlay.close()
        try:
            self._lexical.close()
        finally:
            self._snapshot.close()

    def _warm(self) -> None:
        """Load the dictionaries now: .8 s on a busy machine, which the first change would wait for."""
        if self._snapshot.built_rows:
            item = self._snapshot.item(0)
            self._document(0, item)
            columns_of([item], self._snapshot.shop, fold)
            if self._embedder is not None:
                self._embedder.encode([item.title])

    def _delete(self, item_id: str) -> None:
        row = self._row(item_id)
        if row < 0:
            return  # came and went while nobody looked
        before = self._known(row, item_id)
        self._lexical.delete((row,))
        self._pending[row] = replace(before, alive=False, told=True)

    def _put(self, item: Item, body: bytes) -> None:
        row = self._row(item.item_id)
        if row < 0:
            row = self._new_rows[item.item_id] = self._next_row
            self._next_row += 1
            pending = _Pending(item.item_id, True, item, body, told=True)
        else:
            before = self._known(row, item.item_id)
            changed = _content(self._decoded(row, before)) != _content(item)
            told = before.told or changed or not before.alive
            pending = _Pending(item.item_id, True, item, body if changed else before.body, told)
        self._lexical.put((self._document(row, item),))
        self._pending[row] = pending

    def _row(self, item_id: str) -> int:
        row = self._snapshot.row_of(item_id)
        if row < 0:
            row = self._new_rows.get(item_id, -1)
        if row < 0:
            known = self._overlay.of_id(item_id)
            row = known.row if known else -1
        return row

    def _known(self, row: int, item_id: str) -> _Pending:
        """What is known of a row that exists."""
        if row in self._pending:
            return self._pending[row]
        held = self._overlay.of_row(row)
        if held is None:
            return _Pending(item_id, True, None, None, told=False)
        return _Pending(item_id, held.alive, None, held.body, told=False)

    def _decoded(self, row: int, known: _Pending) -> Item:
        return self._snapshot.item(row) if known.body is None else decode_item(known.body)

    def _write(self) -> None:
        rows = sorted(self._pending)
        valued = [row for row in rows if self._pending[row].item is not None]
        if valued:
            items = [item for row in valued if (item := self._pending[row].item) is not None]
            self._columns.put(
                np.array(valued, np.int32),
                columns_of(items, self._snapshot.shop, fold),
                version_codes([item.version for item in items]),
                self._texts,
            )
        self._overlay.save(
            self._changed([row for row in rows if self._pending[row].told]),
            self._texts.take_new(),
            generation=self._generation,
            rows=self._columns.rows,
            versions=self._columns.versions,
        )
        self._lexical.commit()
        self._pending.clear()
        self._new_rows.clear()

    def _changed(self, rows: Sequence[int]) -> list[Changed]:
        """The states of rows, with the vectors of titles that are not those of the build."""
        titles = {row: title for row in rows if (title := self._new_title(row)) is not None}
        vectors: dict[int, bytes] = {}
        if self._embedder is not None and titles:
            encoded = self._embedder.encode(list(titles.values()))
            vectors = {row: vector.tobytes() for row, vector in zip(titles, encoded, strict=True)}
        return [
            Changed(row, one.item_id, one.alive, one.body, vectors.get(row))
            for row in rows
            for one in (self._pending[row],)
        ]

    def _new_title(self, row: int) -> str | None:
        one = self._pending[row]
        if not one.alive or one.body is None:
            return None
        title = decode_item(one.body).title
        built = row < self._snapshot.built_rows and self._snapshot.item(row).title == title
        return None if built else title


def _content(item: Item) -> Item:
    """What the overlay holds of an item: all but what lies in columns that change in place."""
    return msgspec.structs.replace(
        item, price_minor=None, list_price_minor=None, in_stock=True, version=None
    )


def _embedder(snapshot: Snapshot) -> StaticEmbedder | None:
    folder = snapshot.model("text")
    if folder is None or snapshot.vectors("text") is None:
        return None
    return StaticEmbedder.open(folder, snapshot.analyser)
