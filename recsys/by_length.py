"""The best inner products, reading only vectors long enough to be among them.

⟨x, y⟩ = ‖x‖·‖y‖·cos(x, y), so rows are read from the longest vector to the shortest, and reading stops
where a vector would be too short even if it pointed as near to the query as the fourth nearest that was
read (Teflioudi, Gemulla and Mykytiuk, LEMP: Fast Retrieval of Large Entries in a Matrix Product, SIGMOD
2015, stop at a cosine of 1, which is exact). Factors suit it: the length of a product's vector grows with
its popularity, and most products are not popular. Of m vectors read the next is among the four nearest four
times in m, so little is missed.

The longest are read whole. They hold most of what is found, and say how high a score must be; where a mask
allows most products, codes of four bits a dimension propose which of those behind may be as high.

Of the best 200, .9999 are found among a million generated products, of Amazon's CDs, of Retail Rocket's
products and of Taobao's, where all or nine tenths are allowed; .995 of a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.contracts.masks import places_of
from indexing.contracts.ranking import Rows
from indexing.vectors.codes import Bytes, Codes
from indexing.vectors.scan import products

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

FIRST, CODED, MOST_CODED = 8192, 57_344, 114_688
"""Vectors that are read whole at first, places of each block of codes behind them, and of all blocks. Of a
million generated products a search without codes reads 31,000 on the mean, and of a hundred searches none
went beyond one block."""

_NEXT = 32_768
"""Vectors that are read whole at once where there are no codes, or few are allowed."""

_ENOUGH = 2048
"""Before so many vectors are scored the nearest of them says little: a cosine of 1 is reckoned with."""

_NEAREST = 4
"""Which of the nearest ends the reading: with the first two fifths more are read where a tenth is allowed;
with the eighth, without codes, of one shopper of Retail Rocket a quarter of the best 200 is missed."""

_DENSE = 0.25
"""Where more than this of the vectors read so far are allowed, the mask is looked up for the best scores
only: to read what lies side by side costs less than picking rows out of it."""

_PROPOSED = 1.5
"""Rows that codes propose for each that is wanted. Of 200 wanted, most are among the longest vectors."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The best ``k`` so far.

    Attributes:
        lowest: a score below it is not among them.
        scored: how many vectors were scored.
        nearest: the largest scores, ``_NEAREST`` at most, that these would have if their length were 1.
    """

    k: int
    rows: Rows
    scores: Floats
    nearest: Floats
    lowest: float = -np.inf
    scored: int = 0

    def and_these(self, rows: Rows, scores: Floats, scored: int, directed: Floats) -> _Found:
        """With allowed rows of ``scored`` vectors more; those below ``lowest`` may be left out.

        Args:
            directed: scores of vectors like these of length 1.
        """
        rows, scores = np.concatenate([self.rows, rows]), np.concatenate([self.scores, scores])
        lowest = self.lowest
        if len(rows) >= self.k:
            lowest = np.partition(scores, len(scores) - self.k)[len(scores) - self.k]
            kept = scores >= lowest
            rows, scores = rows[kept], scores[kept]
        nearest = np.concatenate([self.nearest, _nearest(directed)])
        return _Found(self.k, rows, scores, _nearest(nearest), lowest, self.scored + scored)

    def best(self) -> tuple[Rows, Floats]:
        """Without those below the last place, equal ones by row."""
        if len(self.rows) <= self.k:
            return self.rows, self.scores
        above, equal = np.flatnonzero(self.scores > self.lowest), np.flatnonzero(self.scores == self.lowest)
        equal = equal[np.argsort(self.rows[equal])][: self.k - len(above)]
        kept = np.concatenate([above, equal])
        return self.rows[kept], self.scores[kept]


def _nothing(k: int) -> _Found:
    none = np.zeros(0, np.float32)
    return _Found(k, np.zeros(0, np.int32), none, none)


def _nearest(directed: Floats) -> Floats:
    """The largest few."""
    return directed if len(directed) <= _NEAREST else np.partition(directed, -_NEAREST)[-_NEAREST:]


@dataclass(frozen=True, slots=True)
class ByLength:
    """Vectors in the order of their length.

    Attributes:
        vectors: float32 (m, f), those that are not all zeros, the longest first.
        order: int32 (m,), the row of each.
        lengths: float32 (m,).
        codes: of the places from ``FIRST`` on, ``CODED`` each but the last; there may be none.
    """

    vectors: Floats
    order: Rows
    lengths: Floats
    codes: Sequence[Codes] = ()

    def search(
        self, query: Floats, k: int, *, mask: Mask, most: int | None = None
    ) -> tuple[Rows, Floats] | None:
        """The best ``k`` rows that the mask allows, nearly, in no order; fewer when there are fewer.

        Args:
            most: give up, with None, when more vectors than this would have to be read: lengths that
                hardly differ make this no better than reading everything.
        """
        allowed = mask.take(self.order[:FIRST])
        share = np.count_nonzero(allowed) / max(len(allowed), 1)
        dense = share > _DENSE
        read = self._read_all if dense else self._read_allowed
        found = self._first(query, k, allowed) if dense else read(query, 0, len(allowed), mask, _nothing(k))
        whole, start = float(np.linalg.norm(query)), len(allowed)
        while start < (end := self._end(found, whole)):
            if most is not None and (end if dense else end * share) > most:
                return None
            codes, stop = self._coded(start) if dense else (None, start + _NEXT)
            better = None
            if codes is not None:
                better = self._propose(query, codes, start, mask, found)
            if better is None:
                stop = min(stop, end)
                better = read(query, start, stop, mask, found)
            found, start = better, stop
        return found.best()

    def _first(self, query: Floats, k: int, allowed: Mask) -> _Found:
        """What the longest vectors hold, all of them being scored. There is no lowest score yet."""
        scores: Floats = np.where(allowed, self.vectors[: len(allowed)] @ query, np.float32(-np.inf))
        nearest = _nearest(scores / self.lengths[: len(allowed)])
        lowest = np.partition(scores, -k)[-k] if k <= len(scores) else np.float32(-np.inf)
        high = np.flatnonzero((scores >= lowest) & allowed)
        return _Found(k, self.order[high], scores[high], nearest, float(lowest), len(scores))

    def _end(self, found: _Found, whole: float) -> int:
        """How many vectors are long enough for a score of ``lowest``."""
        if found.lowest <= 0:
            return len(self.order)
        reach = float(found.nearest.min()) if found.scored > _ENOUGH else whole
        if reach <= 0:
            return len(self.order)
        # below what rounding takes away, and of the lengths' type: else all of them would be converted
        shortest = np.float32(found.lowest / reach * (1.0 - 1e-5))
        return len(self.order) - int(np.searchsorted(self.lengths[::-1], shortest))

    def _coded(self, start: int) -> tuple[Codes | None, int]:
        """The codes of what follows and where they end; where there are none, where to read to."""
        block, within = divmod(start - FIRST, CODED)
        if within or block >= len(self.codes):
            return None, start + _NEXT
        return self.codes[block], start + len(self.codes[block])

    def _propose(self, query: Floats, codes: Codes, start: int, mask: Mask, found: _Found) -> _Found | None:
        """With what codes propose; None where others than these may be as good, if codes are off by twice
        as much as is usual."""
        wanted = round(_PROPOSED * found.k)
        near, rough = codes.nearest(query, wanted)
        if len(near) < wanted:
            return None
        rest = rough[-1]  # of none that was not proposed the codes say more
        allowed = mask.take(self.order[start + near])
        near, rough = start + near[allowed], rough[allowed]
        scores = products(self.vectors, query, near)
        better = found.and_these(self.order[near], scores, len(codes), scores / self.lengths[near])
        usual = float(np.linalg.norm(scores - rough)) / max(len(scores), 1) ** 0.5
        return better if rest + 2.0 * usual < better.lowest else None

    def _read_all(self, query: Floats, start: int, stop: int, mask: Mask, found: _Found) -> _Found:
        """With what these places hold, by scoring all of them."""
        scores = self.vectors[start:stop] @ query
        directed = scores / self.lengths[start:stop]
        high = np.flatnonzero(scores >= found.lowest)
        high = high[mask.take(self.order[start + high])]
        return found.and_these(self.order[start + high], scores[high], len(scores), directed)

    def _read_allowed(self, query: Floats, start: int, stop: int, mask: Mask, found: _Found) -> _Found:
        """The same by scoring the allowed ones."""
        allowed = places_of(mask.take(self.order[start:stop])) + start
        scores = products(self.vectors, query, allowed)
        directed = scores / self.lengths[allowed]
        high = scores >= found.lowest
        return found.and_these(self.order[allowed[high]], scores[high], len(scores), directed)


def code_blocks(codes: Bytes, values: Floats) -> tuple[Codes, ...]:
    """Codes uint8 (c, ⌈f / 2⌉) of the places from ``FIRST`` on, as :class:`ByLength` takes them.

    Raises:
        ValueError: the values are not those of the codes.
    """
    return tuple(Codes(codes[start : start + CODED], values) for start in range(0, len(codes), CODED))
