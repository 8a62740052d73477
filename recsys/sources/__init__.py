"""Candidate sources by the name that profiles and shown lists use."""

from recsys.ask import Source
from recsys.sources.co_purchase import co_purchase
from recsys.sources.complements import complements
from recsys.sources.content import content
from recsys.sources.factors import factors
from recsys.sources.fresh import fresh
from recsys.sources.item_item import item_item
from recsys.sources.popularity import popularity
from recsys.sources.recent import recent
from recsys.sources.rows import rows
from recsys.sources.trend import trend

SOURCES: dict[str, Source] = {
    "co_purchase": co_purchase,
    "complements": complements,
    "content": content,
    "factors": factors,
    "fresh": fresh,
    "item_item": item_item,
    "popularity": popularity,
    "recent": recent,
    "rows": rows,
    "trend": trend,
}

__all__ = ["SOURCES"]
