"""The catalogue as search and recommendation see it: a snapshot with what changed since.

``indexing.snapshots.Snapshot`` implements it without changes, ``indexing.keeper.LiveCatalogue`` with
them. Rows are those of the snapshot; new items follow the last one; no row moves. Everything here is
a read of mapped memory, apart from items that changed since the build.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Columns, Mask
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop

if TYPE_CHECKING:
    from indexing.contracts.filters import Filter
    from indexing.lexical.base import LexicalIndex
    from indexing.text import Analyser
    from indexing.vectors.base import VectorIndex


class Catalogue(Protocol):
    """One consistent view of the shop, for the length of a request."""

    @property
    def snapshot_name(self) -> str: ...

    @property
    def catalogue_seq(self) -> int:
        """The last catalogue change that this view holds."""
        ...

    @property
    def shop(self) -> Shop: ...

    @property
    def rows(self) -> int:
        """Number of rows, deleted ones included."""
        ...

    @property
    def built_rows(self) -> int:
        """Rows of the snapshot itself: models have arrays of this length."""
        ...

    @property
    def columns(self) -> Columns: ...

    @property
    def analyser(self) -> Analyser: ...

    @property
    def lexical(self) -> LexicalIndex: ...

    def vectors(self, name: str) -> VectorIndex | None:
        """Index ``text`` (also of changed items) or ``factors`` (built rows only); None: not built."""
        ...

    def alive(self) -> Mask:
        """Shape (rows,): False for deleted rows. Read-only."""
        ...

    def mask(self, condition: Filter | None) -> Mask:
        """Shape (rows,): alive and matching the filter; of a filter the caller's to change."""
        ...

    def row_of(self, item_id: str) -> int:
        """-1 when unknown or deleted."""
        ...

    def rows_of(self, item_ids: Iterable[str]) -> npt.NDArray[np.int32]:
        """int32 in the order given, -1 when unknown or deleted."""
        ...

    def id_of(self, row: int) -> str: ...

    def item(self, row: int) -> Item:
        """As it is now, price and stock included."""
        ...

    def items(self, rows: npt.NDArray[np.int32]) -> list[Item]: ...

    def model(self, name: str) -> Path | None:
        """Folder ``models/<name>`` of the snapshot, None when it was not built."""
        ...
