"""Suggestions while somebody types."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.types.shared import Experiments, Notes, RequestId, Timings, Version, Visitor


class SuggestBody(Visitor, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What was typed so far: characters, pinyin, initials, or a mixture."""

    query: Annotated[
        str,
        Meta(
            max_length=200, description="Empty: what is often asked for.", examples=["shouji", "sj", "手ji"]
        ),
    ] = ""
    limit: Annotated[int, Meta(ge=1, le=50, description="Lines.")] = 10
    max_products: Annotated[int, Meta(ge=0, le=20, description="Of the suggestions, products.")] = 3


class Suggestion(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line under the search box."""

    text: Annotated[str, Meta(description="What to show, and to search for.")]
    kind: Annotated[str, Meta(description="`query`, `category`, `brand` or `product`.")]
    html: Annotated[str, Meta(description="The text escaped, with what was typed in `<mark>`.")]
    spans: Annotated[list[tuple[int, int]], Meta(description="What was typed, in code points.")]
    item_id: Annotated[str | None, Meta(description="Of a product.")] = None
    category: Annotated[str | None, Meta(description="Where a query or category leads.")] = None


class SuggestAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Suggestions, best first."""

    request_id: RequestId
    version: Version
    suggestions: Annotated[list[Suggestion], Meta(description="The lines.")]
    experiments: Experiments
    notes: Notes
    timings_ms: Timings
