"""What others bought in the same order."""

from __future__ import annotations

import numpy as np

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
    rows, weights = ask.seeds.rows, ask.seeds.weights
    if not ask.seeds.from_context:
        wanted = np.isin(rows, ask.taste.rows[ask.taste.wanted])
        rows, weights = rows[wanted], weights[wanted]
    return sum_of_neighbours(ask, ask.models.co_purchase, rows, weights, source="co_purchase")
