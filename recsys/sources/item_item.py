"""What others looked at in the same sessions."""

from __future__ import annotations

from indexing.contracts.ranking import Ranking
from recsys.ask import Ask, Missing
from recsys.sources.neighbours import sum_of_neighbours


def item_item(ask: Ask) -> Ranking | Missing:
    """Neighbours of the seeds by co-occurrence in sessions; ``because`` is the seed."""
    if ask.models.item_item is None:
        return Missing("models/item_item")
    return sum_of_neighbours(
        ask, ask.models.item_item, ask.seeds.rows, ask.seeds.weights, source="item_item"
    )
