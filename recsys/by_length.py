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
        rows, scores = np.zeros(0, np.int32), np.zeros(0, np.float32)
        first = mask.take(self.order[:_FIRST])
        share = np.count_nonzero(first) / max(len(first), 1)
        score = self._score_all if share > _DENSE else self._score_few
        start, stop, lowest = 0, _FIRST, -np.inf
        while start < (end := self._end(lowest, nearest if scored > _ENOUGH else whole)):
            if most is not None and start and (end if share > _DENSE else end * share) > most:
                return None
            stop = min(stop, end)
            places, products = score(query, start, stop, mask)
            nearest = max(nearest, float((products / self.lengths[places]).max(initial=0.0)))
            scored += len(products)
            near, high = self._allowed(places, products, mask, lowest)
            rows, scores = _best(np.concatenate([rows, near]), np.concatenate([scores, high]), k)
            lowest = scores.min() if len(rows) == k else -np.inf
            start, stop = stop, stop + _NEXT
        return rows, scores

    def _end(self, lowest: float, reach: float) -> int:
        """How many vectors are long enough for a score of ``lowest``; one of length 1 has ``reach``."""
        if lowest <= 0:
            return len(self.order)
        # below what rounding takes away, and of the lengths' type: else all of them would be converted
        shortest = np.float32(lowest / reach * (1.0 - 1e-5))
        return len(self.order) - int(np.searchsorted(self.lengths[::-1], shortest))

    def _score_all(
        self, query: Floats, start: int, stop: int, _mask: npt.NDArray[np.bool_]
    ) -> tuple[slice, Floats]:
        """Places in the order, and the products of the vectors there."""
        return slice(start, stop), self.vectors[start:stop] @ query

    def _score_few(
        self, query: Floats, start: int, stop: int, mask: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.intp], Floats]:
        """The same of the allowed ones."""
        allowed = np.flatnonzero(mask.take(self.order[start:stop]))
        return start + allowed, inner_products(self.vectors[start:stop], query, allowed)

    def _allowed(
        self,
        places: slice | npt.NDArray[np.intp],
        products: Floats,
        mask: npt.NDArray[np.bool_],
        lowest: float,
    ) -> tuple[Rows, Floats]:
        """Allowed rows whose products are not below ``lowest``."""
        high = np.flatnonzero(products >= lowest)
        rows, products = self.order[places][high], products[high]
        allowed = mask[rows]
        return rows[allowed], products[allowed]


def _best(rows: Rows, scores: Floats, k: int) -> tuple[Rows, Floats]:
    """The ``k`` highest scores, equal ones by row."""
    if len(rows) <= k:
        return rows, scores
    lowest = np.partition(scores, len(scores) - k)[len(scores) - k]
    above, equal = np.flatnonzero(scores > lowest), np.flatnonzero(scores == lowest)
    equal = equal[np.argsort(rows[equal])][: k - len(above)]
    kept = np.concatenate([above, equal])
    return rows[kept], scores[kept]
