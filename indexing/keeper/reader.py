"""From a live folder to what a worker holds of it, moment after moment."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Mask, TextColumn, field_kinds
from indexing.contracts.errors import SnapshotBroken, SnapshotError
from indexing.contracts.memory_columns import MemoryColumns
from indexing.keeper.changes import Changes
from indexing.keeper.column_files import MappedColumns
from indexing.keeper.folder import folder_of, is_sound
from indexing.keeper.overlay import OverlayReader
from indexing.keeper.state import State
from indexing.keeper.texts import Added, ExtendedStrings, ExtendedTexts
from indexing.lexical import TantivyIndex
from indexing.snapshots import Snapshot
from indexing.vectors import OverlayIndex, VectorIndex

_TRIES = 3
_COMMIT_S = 0.2
"""How long to wait for the end of a commit: mostly .02 s, and the next look is .25 s away."""

_FAILURES = 3
"""Looks in a row that may fail: a merge of segments, or a folder made anew, is over by then."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything of a live catalogue at one commit. Never changes, apart from price and stock.

    Attributes:
        item_versions: see ``column_files.VERSIONS``; None where nothing has changed since the build.
        text: the text vectors, None where there are none.
    """

    seq: int
    rows: int
    columns: MemoryColumns
    item_versions: npt.NDArray[np.int64] | None
    lexical: TantivyIndex
    changes: Changes
    alive: Mask
    text: VectorIndex | None


class LiveReader:
    """Follows the live folder of one snapshot, also when it comes later, or is made anew.

    Args:
        home: the shop's folder.
        snapshot: stays open as long as this.

    Attributes:
        moment: the newest that was loaded; the snapshot as it was built until there is a live folder.
    """

    def __init__(self, home: Path, snapshot: Snapshot) -> None:
        self._folder = folder_of(home, snapshot.snapshot_name)
        self._snapshot = snapshot
        self._opened: _Opened | None = None
        self._failures = 0
        self.moment = Moment(
            seq=snapshot.catalogue_seq,
            rows=snapshot.rows,
            columns=snapshot.columns,
            item_versions=None,
            lexical=snapshot.lexical,
            changes=Changes(),
            alive=snapshot.alive(),
            text=snapshot.vectors("text"),
        )

    @property
    def waits(self) -> bool:
        """There is a live folder, and nothing could be loaded of it yet."""
        return (self._opened is None or self._opened.generation < 0) and is_sound(self._folder)

    def refresh(self) -> bool:
        """Load what is new. Some microseconds when nothing is; waits a little for a commit under way.

        Returns:
            Whether :attr:`moment` is another now.

        Raises:
            SnapshotBroken: the folder could not be read several times in a row; ``moment`` is as it was.
        """
        opened = self._opened
        if opened is not None and opened.state.is_current():
            if opened.state.generation == opened.generation:
                return False
        elif not self._open():
            return False
        try:
            moment = self._load()
        except (OSError, ValueError, LookupError, sqlite3.Error, SnapshotError) as error:
            self._failures += 1
            if self._failures < _FAILURES or not is_sound(self._folder):
                return False
            raise SnapshotBroken(
                f"{self._folder} cannot be read: {error}", path=str(self._folder)
            ) from error
        self._failures = 0
        if moment is None:
            return False
        self.moment = moment
        return True

    def close(self) -> None:
        """Let go of the live folder."""
        if self._opened is not None:
            self._opened.overlay.close()
            self._opened = None

    def _open(self) -> bool:
        """Open the folder that is there now, if there is one."""
        if not is_sound(self._folder):
            return False
        try:
            opened = _Opened(self._folder, self._snapshot)
        except (OSError, ValueError, sqlite3.Error, SnapshotError):
            return False  # it is being removed, or a merge took a segment away: the next look finds out
        self.close()
        self._opened = opened
        return True

    def _load(self) -> Moment | None:
        """The moment that is committed now, None while the keeper is writing."""
        opened = self._opened
        assert opened is not None
        for _ in range(_TRIES):
            generation = _settled(opened.state)
            if generation % 2:
                return None
            before = self.moment if opened.generation >= 0 else None
            moment = opened.load(before)
            if opened.state.generation == generation:
                opened.generation = generation
                return moment
        return None


class _Opened:
    """A live folder, opened.

    Attributes:
        generation: the last that was loaded, -1 before the first.
    """

    def __init__(self, folder: Path, snapshot: Snapshot) -> None:
        self.generation = -1
        self.state = State(folder / "state.npy")
        self.overlay = OverlayReader(folder / "overlay.sqlite")
        self._snapshot = snapshot
        self._columns = MappedColumns(folder / "columns", snapshot.columns)
        self._lexical = TantivyIndex.open(folder / "lexical", field_kinds(snapshot.shop))
        self._added = {field: Added() for field in snapshot.columns.text_columns}

    def load(self, before: Moment | None) -> Moment:
        """What is there now.

        Args:
            before: what was loaded last from this folder.
        """
        committed = self.overlay.committed()
        changed = self.overlay.changed(self.generation)
        changes = before.changes if before else Changes()
        if changed:
            changes = changes.with_more(changed, self._snapshot.rows)
        self._lexical.reload()
        rows = committed.rows
        same = before is not None and before.changes is changes and before.rows == rows
        alive = before.alive if same and before else changes.alive(rows)
        return Moment(
            seq=committed.seq,
            rows=rows,
            columns=self._columns.at(
                committed.versions, rows, self._texts(), changes.rows(self._snapshot.rows, rows)
            ),
            item_versions=self._columns.item_versions(committed.versions, rows),
            lexical=self._lexical.view(),
            changes=changes,
            alive=alive,
            text=before.text if same and before else self._text_index(changes, alive),
        )

    def _texts(self) -> Mapping[str, TextColumn]:
        built = self._snapshot.columns.text_columns
        for one in self.overlay.texts(self.generation):
            added = self._added[one.field]
            if one.code == len(built[one.field].values) + len(added.texts):  # not when it was read before
                added.append(one.text, one.display, one.code)
        return {field: _extended(column, self._added[field]) for field, column in built.items()}

    def _text_index(self, changes: Changes, alive: Mask) -> VectorIndex | None:
        base = self._snapshot.vectors("text")
        if base is None:
            return None
        rows = np.array(sorted(changes.vectors), np.int32)
        vectors = np.zeros((len(rows), base.dimension), np.float32)
        for place, row in enumerate(rows.tolist()):
            vectors[place] = changes.vectors[row]
        return OverlayIndex(base, rows, vectors, size=len(alive), dead=~alive if changes.dead else None)


def _settled(state: State) -> int:
    """The generation, once a commit under way has ended, or has taken too long."""
    deadline = time.monotonic() + _COMMIT_S
    while (generation := state.generation) % 2 and time.monotonic() < deadline:
        time.sleep(0.002)
    return generation


def _extended(column: TextColumn, added: Added) -> TextColumn:
    count = len(added.texts)
    if not count:
        return column
    values = ExtendedStrings(column.values, added, count)
    return replace(column, values=values, display=ExtendedTexts(column.display, added, count))
