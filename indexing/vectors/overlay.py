"""An index of the build together with the items that changed since."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.vectors.base import Vector, VectorHits, VectorIndex
from indexing.vectors.exact import ExactIndex
from indexing.vectors.hits import Matrix, best
from indexing.vectors.query import check


class OverlayIndex:
    """``base``, with some rows replaced, added or dead.

    Changed and new rows are left out of the base's search and scored exactly beside it; both lists are
    merged by score. An immutable value: a further change makes a new one, which costs a byte a row.

    Args:
        base: rows ``0 … base.size - 1``.
        rows: int32, rising, unique: changed rows and rows past the base's last.
        vectors: float32 of shape (len(rows), dimension): their vectors now; zeros: no candidate any more.
        size: number of rows of the whole; a row that is neither in the base nor in ``rows`` has none.
        dead: bool of shape (size,): rows that are never found; None: none is.
    """

    def __init__(
        self,
        base: VectorIndex,
        rows: npt.NDArray[np.int32],
        vectors: Matrix,
        *,
        size: int,
        dead: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        assert size >= base.size
        assert vectors.shape == (len(rows), base.dimension)
        assert not len(rows) or 0 <= rows[0] <= rows[-1] < size
        assert bool((np.diff(rows) > 0).all())
        self._base = base
        self._rows = np.asarray(rows, np.int32)
        self._changed = ExactIndex(np.ascontiguousarray(vectors, np.float32))
        self._size = size
        self._dead = dead
        self._of_base = np.ones(base.size, np.bool_)  # rows that the base still answers for
        self._of_base[self._rows[self._rows < base.size]] = False
        if dead is not None:
            self._of_base &= ~dead[: base.size]
        self._untouched = bool(self._of_base.all())

    @property
    def size(self) -> int:
        return self._size

    @property
    def dimension(self) -> int:
        return self._base.dimension

    def search(self, query: Vector, k: int, *, mask: npt.NDArray[np.bool_] | None = None) -> VectorHits:
        """The best ``min(k, candidates)`` rows; see ``base.py``."""
        check(self, query, mask)
        old = self._base.search(query, k, mask=self._base_mask(mask))
        if not len(self._rows):
            return old
        new = self._changed.search(query, k, mask=self._changed_mask(mask))
        rows = np.concatenate([old.rows, self._rows[new.rows]])
        rising = np.argsort(rows)
        return best(rows[rising], np.concatenate([old.scores, new.scores])[rising], k)

    def vectors(self, rows: npt.NDArray[np.int32]) -> Matrix:
        """The vectors as they are now, shape (len(rows), dimension); zeros for a row without one."""
        rows = np.asarray(rows)
        out = np.zeros((len(rows), self.dimension), np.float32)
        built = rows < self._base.size
        out[built] = self._base.vectors(rows[built])
        if len(self._rows):
            places = np.searchsorted(self._rows, rows).clip(max=len(self._rows) - 1)
            changed = self._rows[places] == rows
            out[changed] = self._changed.vectors(places[changed])
        return out

    def _base_mask(self, mask: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.bool_] | None:
        if mask is None:
            return None if self._untouched else self._of_base
        built = mask[: self._base.size]
        return built if self._untouched else built & self._of_base

    def _changed_mask(self, mask: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.bool_] | None:
        if mask is None:
            return None if self._dead is None else ~self._dead[self._rows]
        kept = mask[self._rows]
        return kept if self._dead is None else kept & ~self._dead[self._rows]
