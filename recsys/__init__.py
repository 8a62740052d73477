"""What would this shopper want here and now?

Useful for: home pages, product pages, carts, the shopper's vector for search. Not useful for: HTTP,
reading logs, training (``offline``).
"""

from recsys.engine import RecommendEngine
from recsys.reasons import TEXTS, reason_text, rows_named
from recsys.request import MOST_UPCOMING, Action, RecommendRequest
from recsys.result import Note, Reason, RecommendResult
from recsys.scenarios import SCENARIOS
from recsys.shopper import ShopperVector
from recsys.taste import EVENT_WEIGHTS

__all__ = [
    "EVENT_WEIGHTS",
    "MOST_UPCOMING",
    "SCENARIOS",
    "TEXTS",
    "Action",
    "Note",
    "Reason",
    "RecommendEngine",
    "RecommendRequest",
    "RecommendResult",
    "ShopperVector",
    "reason_text",
    "rows_named",
]
