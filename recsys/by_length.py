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

Floats = npt.NDArray[np.float32]

_FIRST, _LARGEST = 4096, 65_536


_DENSE = 0.25
"""A mask that keeps more than this of the rows is applied to scores, not to vectors: to read what lies side
by side costs less than picking rows out of it."""


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
            most: give up, with None, when so many vectors were read and the end is not in sight: lengths
                that hardly differ make this no better than reading everything.
        """
        reach = float(np.linalg.norm(query)) * (1.0 + 1e-5)  # above what rounding takes away
        dense = bool(np.count_nonzero(mask) > _DENSE * len(mask))
        rows, scores = np.zeros(0, np.int32), np.zeros(0, np.float32)
        start, size, read = 0, _FIRST, 0
        while start < len(self.order):
            if len(rows) == k and self.lengths[start] * reach < scores.min(initial=np.inf):
                break
            if most is not None and read > most:
                return None
            places = slice(start, start + size)
            near, score = self._scored(query, places, mask[self.order[places]], dense=dense)
            read += size if dense else len(near)
            rows, scores = _best(np.concatenate([rows, near]), np.concatenate([scores, score]), k)
            start, size = start + size, min(2 * size, _LARGEST)
        return rows, scores

    def _scored(
        self, query: Floats, places: slice, allowed: npt.NDArray[np.bool_], *, dense: bool
    ) -> tuple[Rows, Floats]:
        """Rows and scores of the allowed ones of some neighbours in the order."""
        rows, vectors = self.order[places][allowed], self.vectors[places]
        return rows, (vectors @ query)[allowed] if dense else vectors[allowed] @ query


def _best(rows: Rows, scores: Floats, k: int) -> tuple[Rows, Floats]:
    """The ``k`` highest scores, equal ones by row."""
    if len(rows) <= k:
        return rows, scores
    lowest = np.partition(scores, len(scores) - k)[len(scores) - k]
    above, equal = np.flatnonzero(scores > lowest), np.flatnonzero(scores == lowest)
    equal = equal[np.argsort(rows[equal])][: k - len(above)]
    kept = np.concatenate([above, equal])
    return rows[kept], scores[kept]
