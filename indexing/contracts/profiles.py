"""A profile: a named, frozen configuration of search and recommendation.

``api`` picks one for each request, before anything else happens, and passes it down; no other room
knows of experiments.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta, field

Weight = Annotated[float, Meta(ge=0, le=100)]


_FEATURES = {
    "title_match": 1.0,
    "category_match": 0.6,
    "brand_match": 0.4,
    "popularity": 0.35,
    "in_stock": 0.3,
    "shopper": 0.25,
    "price_fit": 0.4,
}
_SOURCES = {
    "home": {
        "factors": 1.0,
        "item_item": 1.0,
        "co_purchase": 0.4,
        "complements": 0.3,
        "content": 0.25,
        "trend": 0.15,
        "fresh": 0.1,
    },
    "similar": {"content": 1.0, "item_item": 0.6},
    "bought_together": {"co_purchase": 1.0, "complements": 0.6},
    "cart": {"co_purchase": 1.0, "complements": 0.6, "item_item": 0.2},
    "trending": {"trend": 1.0},
    "new": {"fresh": 1.0},
    "recently_viewed": {"recent": 1.0},
}


class SearchProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Search.

    Attributes:
        candidates: hits taken from each retriever before ranking.
        vectors: ask the text vectors beside the words (in the default order only).
        words_weight, vectors_weight: weights of the reciprocal rank fusion.
        features: weights of the rank features, by name; a feature that is not named weighs nothing.
        ladder: search with fewer terms when all of them find nothing.
    """

    candidates: Annotated[int, Meta(ge=20, le=1000)] = 200
    vectors: bool = True
    words_weight: Weight = 1.0
    vectors_weight: Weight = 0.5
    features: dict[str, Weight] = field(default_factory=_FEATURES.copy)
    ladder: bool = True


class RecommendProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Recommendation.

    Attributes:
        sources: weight of each candidate source by scenario; a source that is not named is not asked.
        quota: candidates asked of each source.
        same_category, same_brand: most rows of one category (brand) in any ``window`` places.
        fresh_share: of home places, given to new items.
        explore: share of the places of a page given to products from below it, with the probability logged.
    """

    sources: dict[str, dict[str, Weight]] = field(
        default_factory=lambda: {scenario: weights.copy() for scenario, weights in _SOURCES.items()}
    )
    quota: Annotated[int, Meta(ge=20, le=1000)] = 200
    window: Annotated[int, Meta(ge=1, le=50)] = 6
    same_category: Annotated[int, Meta(ge=1, le=50)] = 3
    same_brand: Annotated[int, Meta(ge=1, le=50)] = 3
    fresh_share: Annotated[float, Meta(ge=0, le=1)] = 0.1
    explore: Annotated[float, Meta(ge=0, lt=1)] = 0.0


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both, under a name."""

    name: Annotated[str, Meta(min_length=1, max_length=64)] = "default"
    search: SearchProfile = SearchProfile()
    recommend: RecommendProfile = RecommendProfile()

    @property
    def hash(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of everything but the name."""
        body = msgspec.json.encode((self.search, self.recommend), order="deterministic")
        return hashlib.sha256(body).hexdigest()[:16]
