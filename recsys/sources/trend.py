"""What is clicked and bought these days."""

from __future__ import annotations

from indexing.contracts.ranking import Ranking, ranked
from recsys.ask import Ask, Missing
from recsys.orders import first_allowed


def trend(ask: Ask) -> Ranking | Missing:
    """Rows by decayed events; a row without any is no trend."""
    model = ask.models.trend
    if model is None:
        return Missing("models/trend")
    rows = first_allowed(model.order, ask.mask, ask.quota)
    rows = rows[model.scores[rows] > 0]
    return ranked(rows, model.scores[rows], source="trend")
