"""Whatever is left, in the order of ids: so that a list is full whenever it can be."""

from __future__ import annotations

import numpy as np

from indexing.contracts.ranking import Ranking, ranking
from recsys.ask import Ask
from recsys.orders import first_rows


def rows(ask: Ask) -> Ranking:
    """The first rows allowed; all scores are 0."""
    found = first_rows(ask.mask, ask.quota)
    return ranking(found, np.zeros(len(found)), source="rows")
