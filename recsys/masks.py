"""Masks of what the shop says, stock and rules, and of what its pages filter by: a category, a price."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from indexing.contracts.filters import Filter
from indexing.snapshots.catalogue import Catalogue

Mask = npt.NDArray[np.bool_]

_SHOP = 8
"""Masks of the shop that are kept: a million rows are a megabyte each. They are those of every request
of one moment, and what pages filter by must not push them out."""

_PAGES = 64
"""Masks of what pages filter by, in bits: eight megabytes of a million rows. A mask of bits is unpacked in
the time that a copy of bytes takes, and a request needs one that it may write to. So many, since filters
that come once, of a price, lie between those that come again, of a category."""


class Masks:
    """Masks of one view of the shop; the last ones asked for are kept. Safe to use from several threads.

    A view is replaced when anything changes, so nothing here grows old.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        @lru_cache(_SHOP)
        def of(condition: Filter | None) -> Mask:
            return catalogue.mask(condition)

        @lru_cache(_PAGES)
        def both(condition: Filter | None, wanted: Filter | None) -> npt.NDArray[np.uint8]:
            shops = of(condition)
            return np.packbits(shops if wanted is None else shops & catalogue.mask(wanted))

        self._of, self._both = of, both

    def of(self, condition: Filter | None) -> Mask:
        """Shape (rows,): alive and matching. Not to be written to."""
        return self._of(condition)

    def within(self, condition: Filter | None, wanted: Filter | None) -> Mask:
        """A new mask of what matches both: the shop's condition and a request's."""
        rows = len(self._of(condition))
        return np.unpackbits(self._both(condition, wanted), count=rows).view(np.bool_)
