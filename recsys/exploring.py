"""A small share of places for the untried, with probabilities that can be logged and trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking
from recsys.variety import in_order


@dataclass(frozen=True, slots=True)
class Explored:
    """A list and, for each place, the probability that its row stood there."""

    ranking: Ranking
    propensities: npt.NDArray[np.float32]


def explore(found: Ranking, *, places: int, share: float, seed: int) -> Explored:
    """Swap some of the first ``places`` rows with rows from below, drawn at random.

    Each place explores with probability ε = ``share``, independently; the places that do get different
    rows of the pool, the ``m`` rows below the page, drawn without replacement. So a row of the pool
    stands in a given place with probability ε / m exactly, and the row that belongs there with 1 − ε.
    Places beyond the size of the pool do not explore: there might be no row left for them. Rows that were
    swapped out lead no page: they wait among the rows to come.
    """
    pool = np.arange(min(places, len(found)), len(found))
    open_places = min(places, len(found), len(pool))
    propensities = np.ones(len(found), np.float32)
    if share <= 0 or not open_places:
        return Explored(found, propensities)
    rng = np.random.default_rng(seed)
    exploring = np.flatnonzero(rng.random(open_places) < share)
    drawn = rng.permutation(pool)[: len(exploring)]
    order = np.arange(len(found))
    order[exploring], order[drawn] = drawn, exploring
    propensities[:open_places] = 1.0 - share
    propensities[exploring] = share / len(pool)
    return Explored(in_order(found, order.tolist()), propensities)
