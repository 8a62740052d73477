"""Every candidate is scored: the oracle of the conformance suite, and the index of small shops."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from indexing.vectors.base import Vector, VectorHits
from indexing.vectors.hits import Matrix, no_hits
from indexing.vectors.query import check
from indexing.vectors.scan import scanned


class ExactIndex:
    """Inner products with all candidates: of 20,000 vectors of 128 numbers, nine tenths allowed, .7 ms.

    Args:
        vectors: float32 of shape (size, dimension), C-contiguous, mapped or not; kept, not copied.
        rows: int32, rising: the rows whose vectors are not all zeros; looked for when it is not given.
    """

    def __init__(self, vectors: Matrix, rows: npt.NDArray[np.int32] | None = None) -> None:
        assert vectors.ndim == 2
        assert vectors.dtype == np.float32
        self._vectors = vectors
        self._rows = candidate_rows(vectors) if rows is None else rows

    @property
    def size(self) -> int:
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    def search(self, query: Vector, k: int, *, mask: npt.NDArray[np.bool_] | None = None) -> VectorHits:
        """The best ``min(k, candidates)`` rows; see ``base.py``."""
        check(self, query, mask)
        rows: npt.NDArray[np.integer] = self._rows
        if mask is not None:
            every = len(rows) == self.size
            rows = np.flatnonzero(mask) if every else rows.take(np.flatnonzero(mask.take(rows)))
        if k <= 0 or not len(rows):
            return no_hits()
        query = np.ascontiguousarray(query, np.float32)
        return scanned(self._vectors, query, rows, k, slack=self._rounding * float(np.linalg.norm(query)))

    @cached_property
    def _rounding(self) -> float:
        """How far two sums of the same products may lie apart, for a query of length 1: twice the number of
        products times what float32 rounds away, of the longest vector."""
        longest = float(np.sqrt(np.vecdot(self._vectors, self._vectors).max(initial=0.0)))
        return 2.0 * self.dimension * float(np.finfo(np.float32).eps) * longest

    def vectors(self, rows: npt.NDArray[np.int32]) -> Matrix:
        """The stored vectors, shape (len(rows), dimension)."""
        return np.asarray(self._vectors[rows])


def candidate_rows(vectors: Matrix) -> npt.NDArray[np.int32]:
    """Rows of the vectors that are not all zeros, int32, rising."""
    return np.flatnonzero(vectors.any(axis=1)).astype(np.int32)
