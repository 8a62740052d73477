"""What did the shopper mean, and which products answer it, in which order? No HTTP, no training."""

from search.engine import SearchEngine
from search.request import DEEPEST, SearchRequest, ShopperAffinity, SuggestRequest
from search.result import (
    FacetRange,
    FacetValue,
    FieldHighlight,
    Hit,
    Note,
    SearchResult,
    Step,
    Suggestion,
    SuggestResult,
    Understanding,
)

__all__ = [
    "DEEPEST",
    "FacetRange",
    "FacetValue",
    "FieldHighlight",
    "Hit",
    "Note",
    "SearchEngine",
    "SearchRequest",
    "SearchResult",
    "ShopperAffinity",
    "Step",
    "SuggestRequest",
    "SuggestResult",
    "Suggestion",
    "Understanding",
]
