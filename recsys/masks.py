"""Masks of what the shop itself says: stock and rules. The same for every request of one moment."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.filters import Filter
from indexing.snapshots.catalogue import Catalogue

Mask = npt.NDArray[np.bool_]

_MOST = 8
"""Kept at once: a million rows are a megabyte each."""


class Masks:
    """Masks of one view of the shop, computed once. Safe to use from several threads.

    A view is replaced when anything changes, so nothing here grows old. What a request filters by is not
    kept: there is no end to it.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._kept: dict[Filter | None, Mask] = {}

    def of(self, condition: Filter | None) -> Mask:
        """Shape (rows,): alive and matching. Not to be written to."""
        found = self._kept.get(condition)
        if found is None:
            found = self._catalogue.mask(condition)
            if len(self._kept) >= _MOST:
                self._kept = {}
            self._kept[condition] = found
        return found

    def within(self, condition: Filter | None, wanted: Filter | None) -> Mask:
        """A new mask of what matches both; ``condition`` is kept, ``wanted`` is not."""
        shop = self.of(condition)
        if wanted is None:
            return np.array(shop)
        found = self._catalogue.mask(wanted)
        return np.logical_and(found, shop, out=found)
