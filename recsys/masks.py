"""Masks of what the shop says, stock and rules, and of what its pages filter by: a category, a price."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from indexing.contracts.filters import Filter
from indexing.snapshots.catalogue import Catalogue

Mask = npt.NDArray[np.bool_]

_MOST = 8
"""Kept at once of each kind: a million rows are a megabyte each. The shop's own are those of every request
of one moment, and what its pages ask for again must not push them out."""


class Masks:
    """Masks of one view of the shop; the last ones asked for are kept. Safe to use from several threads.

    A view is replaced when anything changes, so nothing here grows old.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        @lru_cache(_MOST)
        def of(condition: Filter | None) -> Mask:
            return catalogue.mask(condition)

        @lru_cache(_MOST)
        def both(condition: Filter | None, wanted: Filter) -> Mask:
            found = catalogue.mask(wanted)
            return np.logical_and(found, of(condition), out=found)

        self._of, self._both = of, both

    def of(self, condition: Filter | None) -> Mask:
        """Shape (rows,): alive and matching. Not to be written to."""
        return self._of(condition)

    def within(self, condition: Filter | None, wanted: Filter | None) -> Mask:
        """A new mask of what matches both: the shop's condition and a request's."""
        return np.array(self._of(condition) if wanted is None else self._both(condition, wanted))
