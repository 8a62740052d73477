"""A whole page's lists in one call."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, field

from api.types.recommend import About, Excluded, Explain, Limit, Personalized, RecommendAnswer, ScenarioName
from api.types.shared import FieldNames, FilterText, ProfileName, Visitor


class MultiList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One list of the page."""

    name: Annotated[str, Meta(min_length=1, max_length=64, description="Of your own.", examples=["top"])]
    scenario: ScenarioName
    item_ids: About = field(default_factory=list)
    filter: FilterText | None = None
    exclude_items: Excluded = field(default_factory=list)
    limit: Limit = 20
    fields: FieldNames | None = None
    explain: Explain = False


class MultiBody(Visitor, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The lists of a page, in the order in which they may choose: no product stands in two of them."""

    lists: Annotated[
        list[MultiList],
        Meta(min_length=1, max_length=12, description="At most 12, each with its own name."),
    ]
    profile: ProfileName | None = None
    personalized: Personalized = True


class MultiAnswer(msgspec.Struct, frozen=True):
    """An answer for each list, by its name, each with a `request_id` of its own."""

    lists: Annotated[dict[str, RecommendAnswer], Meta(description="By the name that was asked.")]
