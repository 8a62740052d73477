"""The best inner products exactly, reading only vectors long enough to be among them.

|⟨x, y⟩| ≤ ‖x‖·‖y‖, so rows are read from the longest vector to the shortest, and reading stops where even a
vector in the best direction would be too short (Teflioudi, Gemulla and Mykytiuk, LEMP: Fast Retrieval of
Large Entries in a Matrix Product, SIGMOD 2015, without their buckets). Factors suit it: the length of a
product's vector grows with its popularity, and most products are not popular.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Rows
from indexing.vectors.hits import inner_products

Floats = npt.NDArray[np.float32]

_FIRST, _GROWTH, _LARGEST = 1024, 8, 32_768
_SETTLED = 8192
"""After so many vectors the lowest score kept says how far to read, of a million within a sixth."""

_DENSE = 0.25
"""Where more than this of the vectors read so far are allowed, the mask is looked up for the best scores
only: to read what lies side by side costs less than picking rows out of it."""


@dataclass(frozen=True, slots=True)
class ByLength:
    """Vectors in the order of their length.

    Attributes:
        vectors: float32 (m, f), those that are not all zeros, the longest first.
        order: int32 (m,), the row of each.
        lengths: float32 (m,).
    """

    vectors: Floats
    order: Rows
    lengths: Floats

    def search(
        self, query: Floats, k: int, *, mask: npt.NDArray[np.bool_], most: int | None = None
    ) -> tuple[Rows, Floats] | None:
        """The best ``k`` rows that the mask allows, in no order; fewer when there are fewer.

        Args:
            most: give up, with None, when more vectors than this would have to be read: lengths that
                hardly differ make this no better than reading everything.
        """
        reach = float(np.linalg.norm(query)) * (1.0 + 1e-5)  # above what rounding takes away
        rows, scores = np.zeros(0, np.int32), np.zeros(0, np.float32)
        share = np.count_nonzero(mask.take(self.order[:_FIRST])) / _FIRST
        find = self._best_of_all if share > _DENSE else self._best_of_few
        start, size, lowest = 0, _FIRST, -np.inf
        while start < (end := self._end(lowest, reach)):
            if most is not None and start > _SETTLED and (end if share > _DENSE else end * share) > most:
                return None
            stop = min(start + size, end)
            near, score = find(query, start, stop, mask, lowest)
            rows, scores = _best(np.concatenate([rows, near]), np.concatenate([scores, score]), k)
            lowest = scores.min() if len(rows) == k else -np.inf
            start, size = stop, min(_GROWTH * size, _LARGEST)
        return rows, scores

    def _end(self, lowest: float, reach: float) -> int:
        """How many vectors are long enough for a score of ``lowest``."""
        if lowest <= 0:
            return len(self.order)
        shortest = np.float32(lowest / reach)  # of the lengths' type: else all of them would be converted
        return len(self.order) - int(np.searchsorted(self.lengths[::-1], shortest))

    def _best_of_all(
        self, query: Floats, start: int, stop: int, mask: npt.NDArray[np.bool_], lowest: float
    ) -> tuple[Rows, Floats]:
        """Allowed rows of some neighbours in the order whose scores are not below ``lowest``."""
        scores = self.vectors[start:stop] @ query
        high = np.flatnonzero(scores >= lowest)
        rows = self.order[start:stop][high]
        allowed = mask[rows]
        return rows[allowed], scores[high[allowed]]

    def _best_of_few(
        self, query: Floats, start: int, stop: int, mask: npt.NDArray[np.bool_], lowest: float
    ) -> tuple[Rows, Floats]:
        """The same, scoring only those that are allowed."""
        allowed = np.flatnonzero(mask.take(self.order[start:stop]))
        scores = inner_products(self.vectors[start:stop], query, allowed)
        high = scores >= lowest
        return self.order[start:stop][allowed[high]], scores[high]


def _best(rows: Rows, scores: Floats, k: int) -> tuple[Rows, Floats]:
    """The ``k`` highest scores, equal ones by row."""
    if len(rows) <= k:
        return rows, scores
    lowest = np.partition(scores, len(scores) - k)[len(scores) - k]
    above, equal = np.flatnonzero(scores > lowest), np.flatnonzero(scores == lowest)
    equal = equal[np.argsort(rows[equal])][: k - len(above)]
    kept = np.concatenate([above, equal])
    return rows[kept], scores[kept]
