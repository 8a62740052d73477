"""What others bought in the same order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking
from recsys.ask import Ask, Missing
from recsys.sources.neighbours import sum_of_neighbours


def co_purchase(ask: Ask) -> Ranking | Missing:
    """Neighbours of the seeds by orders; ``because`` is the seed.

    Of a shopper's own products only those bought or put into the cart count: who merely looks at a
    machine does not need its filters yet.
    """
    if ask.models.co_purchase is None:
        return Missing("models/co_purchase")
    rows, weights = wanted_seeds(ask)
    return sum_of_neighbours(ask, ask.models.co_purchase, rows, weights, source="co_purchase")


def wanted_seeds(ask: Ask) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Rows and weights of the context; of a shopper, what they bought or put into the cart."""
    rows, weights = ask.seeds.rows, ask.seeds.weights
    if ask.seeds.from_context:
        return rows, weights
    wanted = np.isin(rows, ask.taste.rows[ask.taste.wanted])
    return rows[wanted], weights[wanted]
