"""What the API takes and answers. Decoding, encoding and the OpenAPI description come from these types."""

from api.types.events import EventsAnswer, EventsBody, RejectedEvent
from api.types.items import BulkAnswer, BulkBody, BulkPatch, ItemAnswer, Product, RejectedItem, product_of
from api.types.multi import MultiAnswer, MultiBody, MultiList
from api.types.recommend import Reason, RecommendAnswer, RecommendBody, RecommendedItem
from api.types.search import FacetStats, FacetValue, FoundItem, Highlight, SearchAnswer, SearchBody
from api.types.shared import ExperimentArm, Note
from api.types.status import Health
from api.types.suggest import SuggestAnswer, SuggestBody, Suggestion

__all__ = [
    "BulkAnswer",
    "BulkBody",
    "BulkPatch",
    "EventsAnswer",
    "EventsBody",
    "ExperimentArm",
    "FacetStats",
    "FacetValue",
    "FoundItem",
    "Health",
    "Highlight",
    "ItemAnswer",
    "MultiAnswer",
    "MultiBody",
    "MultiList",
    "Note",
    "Product",
    "Reason",
    "RecommendAnswer",
    "RecommendBody",
    "RecommendedItem",
    "RejectedEvent",
    "RejectedItem",
    "SearchAnswer",
    "SearchBody",
    "SuggestAnswer",
    "SuggestBody",
    "Suggestion",
    "product_of",
]
