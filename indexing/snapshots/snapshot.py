"""An open snapshot: the catalogue as it was built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from indexing.contracts import filter_mask
from indexing.contracts.columns import Mask, field_kinds
from indexing.contracts.errors import SnapshotBroken
from indexing.contracts.filters import Filter
from indexing.contracts.items import Item
from indexing.contracts.memory_columns import MemoryColumns
from indexing.contracts.shop import Shop
from indexing.lexical import TantivyIndex
from indexing.snapshots.columns import map_columns
from indexing.snapshots.items import ItemStore
from indexing.snapshots.manifest import Manifest, read_manifest
from indexing.snapshots.reading_ahead import ReadingAhead
from indexing.text import Analyser, open_analyser
from indexing.vectors import VectorIndex, open_index


class Snapshot:
    """Implements ``Catalogue`` without changes. Opened by :meth:`open`; safe to use from several threads.

    Attributes:
        path: its folder.
        manifest: what it is.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._ahead: ReadingAhead | None = None
        self._items = ItemStore(path / "items")
        self._columns = map_columns(path / "columns", manifest.shop, manifest.rows)
        self._analyser = open_analyser(path / "text")
        self._lexical = TantivyIndex.open(path / "lexical", field_kinds(manifest.shop))
        self._vectors = {name: open_index(path / "vectors" / name) for name in manifest.indexes}
        self._alive = np.ones(manifest.rows, np.bool_)
        self._alive.flags.writeable = False
        if len(self._items) != manifest.rows:
            raise ValueError(f"{manifest.rows} items were expected, not {len(self._items)}")

    @classmethod
    def open(cls, path: Path) -> Snapshot:
        """Open a snapshot's folder: files are mapped, their lengths checked, nothing is hashed.

        Raises:
            SnapshotMissing: there is none.
            SnapshotBroken: a file is absent, has another length, or cannot be read; or the libraries
                installed here analyse texts differently than those that built it.
            SnapshotNewer: written by a newer daogou.
        """
        manifest = read_manifest(path)
        check_lengths(path, manifest)
        with broken(path):
            return cls(path, manifest)

    @property
    def snapshot_name(self) -> str:
        return self.manifest.name

    @property
    def catalogue_seq(self) -> int:
        return self.manifest.catalogue_seq

    @property
    def shop(self) -> Shop:
        return self.manifest.shop

    @property
    def rows(self) -> int:
        return self.manifest.rows

    @property
    def built_rows(self) -> int:
        return self.manifest.rows

    @property
    def columns(self) -> MemoryColumns:
        return self._columns

    @property
    def analyser(self) -> Analyser:
        return self._analyser

    @property
    def lexical(self) -> TantivyIndex:
        return self._lexical

    @property
    def item_store(self) -> ItemStore:
        """Items with their JSON as it stands in the file."""
        return self._items

    def vectors(self, name: str) -> VectorIndex | None:
        """See ``Catalogue.vectors``."""
        return self._vectors.get(name)

    def alive(self) -> Mask:
        """See ``Catalogue.alive``."""
        return self._alive

    def mask(self, condition: Filter | None) -> Mask:
        """See ``Catalogue.mask``."""
        return (
            self._alive if condition is None else filter_mask.mask(condition, self._columns, self.rows_of)
        )

    def row_of(self, item_id: str) -> int:
        """See ``Catalogue.row_of``."""
        return self._items.ids.find(item_id)

    def rows_of(self, item_ids: Iterable[str]) -> npt.NDArray[np.int32]:
        """See ``Catalogue.rows_of``."""
        return self._items.ids.find_all(item_ids)

    def id_of(self, row: int) -> str:
        """See ``Catalogue.id_of``. Raises: IndexError."""
        return self._items.ids[row]

    def item(self, row: int) -> Item:
        """See ``Catalogue.item``. Raises: IndexError."""
        return self._items.item(row)

    def items(self, rows: npt.NDArray[np.int32]) -> list[Item]:
        """See ``Catalogue.items``. Raises: IndexError."""
        return self._items.items(rows)

    def model(self, name: str) -> Path | None:
        """See ``Catalogue.model``."""
        return self.path / "models" / name if name in self.manifest.models else None

    def read_ahead(self) -> ReadingAhead:
        """Bring the files into memory behind the requests, until all is there or the snapshot is closed."""
        if self._ahead is None:
            self._ahead = ReadingAhead(self.path)
        return self._ahead

    def close(self) -> None:
        """Let go of everything mapped; what others still hold stays mapped until they drop it."""
        if self._ahead is not None:
            self._ahead.stop()
        for name in ("_items", "_columns", "_analyser", "_lexical", "_vectors", "_alive"):
            self.__dict__.pop(name, None)


def check_lengths(path: Path, manifest: Manifest) -> None:
    """Compare the length of every file with the manifest: a mapped file that is short kills its reader.

    Raises:
        SnapshotBroken: names the file.
    """
    for name, entry in manifest.files.items():
        try:
            size = (path / name).stat().st_size
        except OSError as error:
            raise SnapshotBroken(f"{path.name}: {name} cannot be read: {error}", path=str(path)) from error
        if size != entry.bytes:
            raise SnapshotBroken(
                f"{path.name}: {name} has {size} bytes, {entry.bytes} were written. "
                "Publish another snapshot, or build a new one.",
                path=str(path),
            )


@contextmanager
def broken(path: Path) -> Iterator[None]:
    """Whatever a damaged file makes a library raise is a :class:`SnapshotBroken`."""
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError, RuntimeError, pa.ArrowException) as error:
        raise SnapshotBroken(
            f"{path.name} cannot be opened: {error}. Publish another snapshot, or build a new one.",
            path=str(path),
        ) from error
