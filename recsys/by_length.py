"""The best inner products, reading only vectors long enough to be among them.

⟨x, y⟩ = ‖x‖·‖y‖·cos(x, y), so rows are read from the longest vector to the shortest, and reading stops
where a vector would be too short even if it pointed as near to the query as the nearest one that was read
(Teflioudi, Gemulla and Mykytiuk, LEMP: Fast Retrieval of Large Entries in a Matrix Product, SIGMOD 2015,
stop at a cosine of 1, which is exact). Factors suit it: the length of a product's vector grows with its
popularity, and most products are not popular. Of m vectors read the next is the nearest yet once in m, so
little is missed: of the best 200, .9997 are found among a million generated products, .9999 of Amazon's CDs
and of Taobao's products, .998 of Retail Rocket's, all that a mask leaves or a tenth; and 33,000 vectors of
the million are read where a cosine of 1 asks for 57,000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Rows
from indexing.vectors.hits import inner_products

Floats = npt.NDArray[np.float32]

_FIRST, _NEXT = 8192, 32_768
"""Vectors read at once: after the first the lowest score kept says how far to read, of a million within a
sixth."""

_ENOUGH = 2048
"""Before so many vectors are scored the nearest of them says little: a cosine of 1 is reckoned with."""

_DENSE = 0.25
"""Where more than this of the vectors read so far are allowed, the mask is looked up for the best scores
only: to read what lies side by side costs less than picking rows out of it."""


_Read = tuple[Rows, Floats, int, float]
"""Rows, their scores, how many vectors were scored, the largest score that one of them would have if its
length were 1."""


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
        """The best ``k`` rows that the mask allows, nearly, in no order; fewer when there are fewer.

        Args:
            most: give up, with None, when more vectors than this would have to be read: lengths that
                hardly differ make this no better than reading everything.
        """
        whole, nearest, scored = float(np.linalg.norm(query)), 0.0, 0
        rows, scores, lowest = np.zeros(0, np.int32), np.zeros(0, np.float32), -np.inf
        first = mask.take(self.order[:_FIRST])
        share = np.count_nonzero(first) / max(len(first), 1)
        read = self._read_all if share > _DENSE else self._read_allowed
        start, stop = 0, _FIRST
        while start < (end := self._end(lowest, nearest if scored > _ENOUGH else whole)):
            if most is not None and start and (end if share > _DENSE else end * share) > most:
                return None
            stop = min(stop, end)
            near, high, count, reach = read(query, start, stop, mask, lowest)
            nearest, scored = max(nearest, reach), scored + count
            rows, scores = np.concatenate([rows, near]), np.concatenate([scores, high])
            if len(rows) >= k:
                lowest = np.partition(scores, len(scores) - k)[len(scores) - k]
                kept = scores >= lowest
                rows, scores = rows[kept], scores[kept]
            start, stop = stop, stop + _NEXT
        return _best(rows, scores, k)

    def _end(self, lowest: float, reach: float) -> int:
        """How many vectors are long enough for a score of ``lowest``; one of length 1 has ``reach``."""
        if lowest <= 0:
            return len(self.order)
        # below what rounding takes away, and of the lengths' type: else all of them would be converted
        shortest = np.float32(lowest / reach * (1.0 - 1e-5))
        return len(self.order) - int(np.searchsorted(self.lengths[::-1], shortest))

    def _read_all(
        self, query: Floats, start: int, stop: int, mask: npt.NDArray[np.bool_], lowest: float
    ) -> _Read:
        """Allowed rows of places whose scores are not below ``lowest``, by scoring all."""
        products, rows = self.vectors[start:stop] @ query, self.order[start:stop]
        reach = float((products / self.lengths[start:stop]).max())
        scores = products
        if lowest > -np.inf:
            high = np.flatnonzero(products >= lowest)
            rows, scores = rows[high], products[high]
        allowed = mask.take(rows)
        return rows[allowed], scores[allowed], len(products), reach

    def _read_allowed(
        self, query: Floats, start: int, stop: int, mask: npt.NDArray[np.bool_], lowest: float
    ) -> _Read:
        """The same by scoring the allowed ones."""
        allowed = np.flatnonzero(mask.take(self.order[start:stop]))
        products = inner_products(self.vectors[start:stop], query, allowed)
        reach = float((products / self.lengths[start + allowed]).max(initial=0.0))
        high = np.flatnonzero(products >= lowest)
        return self.order[start + allowed[high]], products[high], len(products), reach


def _best(rows: Rows, scores: Floats, k: int) -> tuple[Rows, Floats]:
    """The ``k`` highest scores, equal ones by row."""
    if len(rows) <= k:
        return rows, scores
    lowest = np.partition(scores, len(scores) - k)[len(scores) - k]
    above, equal = np.flatnonzero(scores > lowest), np.flatnonzero(scores == lowest)
    equal = equal[np.argsort(rows[equal])][: k - len(above)]
    kept = np.concatenate([above, equal])
    return rows[kept], scores[kept]
