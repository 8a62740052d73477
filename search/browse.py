"""All products, the most popular first: what an empty query shows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Mask
from search.models import Popularity

Rows = npt.NDArray[np.int32]
_BLOCK = 1 << 14


def most_popular(popularity: Popularity | None, allowed: Mask, most: int) -> Rows:
    """The first ``most`` allowed rows by popularity, equal ones by row; what came after the build follows.

    Args:
        popularity: None: all are equal.
        allowed: bool by row of the catalogue.
    """
    if popularity is None:
        return np.flatnonzero(allowed)[:most].astype(np.int32)
    order = popularity.order
    found: list[Rows] = []
    held = 0
    for begin in range(0, len(order), _BLOCK):
        block = order[begin : begin + _BLOCK]
        found.append(block[allowed[block]])
        held += len(found[-1])
        if held >= most:
            break
    newer = np.flatnonzero(allowed[len(order) :]).astype(np.int32) + np.int32(len(order))
    return np.concatenate([*found, newer])[:most].astype(np.int32)
