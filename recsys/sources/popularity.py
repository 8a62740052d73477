"""What has been clicked and bought most, over the whole log."""

from __future__ import annotations

from indexing.contracts.ranking import Ranking, ranked
from recsys.ask import Ask, Missing
from recsys.orders import first_allowed


def popularity(ask: Ask) -> Ranking | Missing:
    """Rows by popularity; those that nobody touched are left to other sources."""
    model = ask.models.popularity
    if model is None:
        return Missing("models/popularity")
    rows = first_allowed(model.order, ask.mask, ask.quota)
    rows = rows[model.scores[rows] > 0]
    return ranked(rows, model.scores[rows], source="popularity")
