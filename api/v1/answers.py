"""Search, suggest, recommend, multi: the questions of a storefront."""

from __future__ import annotations

from api.endpoint import Call
from api.types import MultiAnswer, RecommendAnswer, SearchAnswer, SuggestAnswer


async def search(call: Call) -> SearchAnswer:
    """A page of results."""
    return await call.shop.search(call.body, call.context)


async def suggest(call: Call) -> SuggestAnswer:
    """What may be about to be typed."""
    return await call.shop.suggest(call.body, call.context)


async def recommend(call: Call) -> RecommendAnswer:
    """A list."""
    return await call.shop.recommend(call.body, call.context)


async def multi(call: Call) -> MultiAnswer:
    """The lists of a page."""
    return await call.shop.multi(call.body, call.context)
