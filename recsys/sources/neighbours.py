"""Add up the neighbours of several products; the sum behind ``item_item`` and ``co_purchase``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking, ranking
from indexing.contracts.sums import summed
from recsys.ask import Ask
from recsys.models import Neighbours

MOST_SEEDS = 50


def sum_of_neighbours(
    ask: Ask,
    model: Neighbours,
    seeds: npt.NDArray[np.int32],
    weights: npt.NDArray[np.float32],
    *,
    source: str,
) -> Ranking:
    """Score of a row: Σ over the seeds that have it as a neighbour, of weight times similarity.

    ``because`` is the seed that gave the largest share (the first given, when equal).

    Args:
        seeds: int32 (m,), unique; the first fifty are used.
        weights: float32 (m,).
    """
    built = np.flatnonzero(seeds < len(model.rows))[:MOST_SEEDS]
    seeds = seeds[built]
    rows = model.rows[seeds].ravel()
    shares = (model.scores[seeds] * weights[built, None]).ravel()
    known = np.flatnonzero((rows >= 0) & (shares > 0))
    allowed = known[ask.mask[rows[known]]]
    row, totals, best = summed(rows[allowed], shares[allowed])
    because = seeds[allowed[best] // model.rows.shape[1]]
    return ranking(row, totals, source=source, because=because, most=ask.quota)
