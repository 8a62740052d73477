"""Every candidate is scored: the oracle of the conformance suite, and the index of small shops."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.vectors.base import Vector, VectorHits
from indexing.vectors.hits import Matrix, best, inner_products, no_hits
from indexing.vectors.query import check


class ExactIndex:
    """Inner products by numpy over all candidates. 50,000 vectors of 64 take .6 ms.

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
        rows = self._rows if mask is None else self._rows[mask[self._rows]]
        if k <= 0 or not len(rows):
            return no_hits()
        whole = len(rows) == self.size
        return best(rows, inner_products(self._vectors, query, None if whole else rows), k)

    def vectors(self, rows: npt.NDArray[np.int32]) -> Matrix:
        """The stored vectors, shape (len(rows), dimension)."""
        return np.asarray(self._vectors[rows])


def candidate_rows(vectors: Matrix) -> npt.NDArray[np.int32]:
    """Rows of the vectors that are not all zeros, int32, rising."""
    return np.flatnonzero(vectors.any(axis=1)).astype(np.int32)
