"""Recommendation: what is asked, what is answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from api.types.shared import (
    Experiments,
    FieldNames,
    FilterText,
    Notes,
    ProfileName,
    RequestId,
    RulesApplied,
    ShownItem,
    Timings,
    Version,
    Visitor,
)
from indexing.contracts.items import Id

Scenario = Literal["home", "similar", "bought_together", "cart", "trending", "new", "recently_viewed"]


ScenarioName = Annotated[Scenario, Meta(description="What the list is for.", examples=["home"])]
About = Annotated[
    list[Id],
    Meta(
        max_length=100,
        description="What `similar`, `bought_together` and `cart` are about: the product of the page, or "
        "the products in the cart. Ids that are not known are noted.",
    ),
]
Excluded = Annotated[
    list[Annotated[str, Meta(max_length=128)]], Meta(max_length=1000, description="Not to be shown.")
]
Limit = Annotated[int, Meta(ge=1, le=100, description="Places of a page.")]
Explain = Annotated[bool, Meta(description="Say how each item got its place.")]
Personalized = Annotated[bool, Meta(description="False: nothing of the shopper's history counts.")]


class RecommendBody(Visitor, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One list, or its next page."""

    scenario: ScenarioName
    item_ids: About = field(default_factory=list)
    filter: FilterText | None = None
    exclude_items: Excluded = field(default_factory=list)
    limit: Limit = 20
    cursor: (
        Annotated[str, Meta(max_length=64_000, description="From the answer before; it expires.")] | None
    ) = None
    fields: FieldNames | None = None
    profile: ProfileName | None = None
    personalized: Personalized = True
    explain: Explain = False


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why an item is there."""

    code: Annotated[str, Meta(description="Stable, for programs.", examples=["because_viewed"])]
    text: Annotated[str, Meta(description="In the shopper's language.", examples=["因为你看过咖啡机"])]
    item_id: Annotated[str | None, Meta(description="The product that the text names.")] = None


class RecommendedItem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One place of the list."""

    item_id: Annotated[str, Meta(description="Of the product.")]
    position: Annotated[int, Meta(description="From 1, over all pages.")]
    item: ShownItem
    reason: Annotated[Reason, Meta(description="Why it is there, true to its source.")]
    explain: Annotated[
        dict[str, Any] | None, Meta(description="`source`, `score`, `propensity`, `ranks`, when asked for.")
    ] = None


class RecommendAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A list."""

    request_id: RequestId
    version: Version
    scenario: Annotated[str, Meta(description="As asked.")]
    items: Annotated[list[RecommendedItem], Meta(description="The page, best first.")]
    cursor: Annotated[str | None, Meta(description="Of the next page; null on the last one.")]
    rules_applied: RulesApplied
    experiments: Experiments
    notes: Notes
    timings_ms: Timings
