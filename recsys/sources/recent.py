"""What the shopper looked at last."""

from __future__ import annotations

import numpy as np

from indexing.contracts.ranking import Ranking, cut, ranking
from recsys.ask import Ask


def recent(ask: Ask) -> Ranking:
    """Rows that the shopper touched, the last one first."""
    seen = ask.taste.rows
    seen = seen[ask.mask[seen]]
    return cut(ranking(seen, -np.arange(len(seen), dtype=np.float32), source="recent"), ask.quota)
