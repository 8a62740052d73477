"""Search: what is asked, what is answered."""

from __future__ import annotations

from typing import Annotated, Any

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

DEEPEST = 1000
"""Places of a list that can be paged to."""
_Value = Annotated[str, Meta(max_length=500)]
_Field = Annotated[str, Meta(max_length=64)]


class SearchBody(Visitor, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A search. Everything is optional: without a query it browses the catalogue."""

    query: Annotated[str, Meta(max_length=500, description="As typed.", examples=["小米手机"])] = ""
    filter: FilterText | None = None
    refine: Annotated[
        dict[_Field, Annotated[list[_Value], Meta(max_length=100)]],
        Meta(
            max_length=20,
            description="Chosen facet values by field: any within a field, all across fields. "
            "A facet's own counts ignore its own refinement. Ranges as `from..to`.",
            examples=[{"brand": ["华为", "小米"]}],
        ),
    ] = field(default_factory=dict)
    facets: (
        Annotated[
            list[_Field],
            Meta(max_length=20, description="Fields to count; those that the shop declares without it."),
        ]
        | None
    ) = None
    max_facet_values: Annotated[
        int, Meta(ge=1, le=200, description="Values of each facet, the most frequent first.")
    ] = 20
    facet_ranges: Annotated[
        dict[_Field, Annotated[list[_Value], Meta(max_length=20)]],
        Meta(
            max_length=5,
            description="Ranges to count of number fields, `from..to` with the end left out for open; "
            "`from` is included, `to` is not.",
            examples=[{"price_minor": ["..10000", "10000..50000", "50000.."]}],
        ),
    ] = field(default_factory=dict)
    sort: (
        Annotated[
            str,
            Meta(
                max_length=80,
                description="A field, a colon, `asc` or `desc`; then no vectors, boosts or pins, and only "
                "products that match all terms; without a value they come last, equal ones keep one order.",
                examples=["price_minor:asc"],
                extra_json_schema={"pattern": "^.+:(asc|desc)$"},
            ),
        ]
        | None
    ) = None
    page: Annotated[
        int,
        Meta(
            ge=1,
            description="From 1; `page * page_size` is at most 1,000.",
            extra_json_schema={"maximum": DEEPEST},
        ),
    ] = 1
    page_size: Annotated[int, Meta(ge=1, le=100, description="Places of a page.")] = 20
    page_of: Annotated[
        Id | None, Meta(description="The `request_id` of the first page, when this is a later one.")
    ] = None
    fold_variants: Annotated[
        bool, Meta(description="False: every variant of a product stands on the list.")
    ] = True
    fields: FieldNames | None = None
    profile: ProfileName | None = None
    personalized: Annotated[bool, Meta(description="False: the same list for everybody.")] = True
    correct: Annotated[bool, Meta(description="False: search for exactly what was typed.")] = True
    explain: Annotated[bool, Meta(description="Say how each item got its place.")] = False


class Highlight(msgspec.Struct, frozen=True):
    """What matched in a field."""

    field: Annotated[str, Meta(description="Of `item`, shown or not.", examples=["title"])]
    spans: Annotated[list[tuple[int, int]], Meta(description="Half-open, in code points of the field.")]
    html: Annotated[
        str, Meta(description="The field escaped, with `<mark>`.", examples=["<mark>小米</mark> 手机"])
    ]


class FoundItem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One place of the list."""

    item_id: Annotated[str, Meta(description="Of the product.")]
    position: Annotated[int, Meta(description="From 1, over all pages.")]
    item: ShownItem
    highlights: Annotated[list[Highlight], Meta(description="By field; empty where no word matched.")]
    variants: Annotated[int, Meta(description="Further variants of this product behind it.")] = 0
    explain: Annotated[
        dict[str, Any] | None, Meta(description="`source`, `score`, `features`, `ranks`, when asked for.")
    ] = None


class FacetValue(msgspec.Struct, frozen=True):
    """One value of a facet."""

    value: Annotated[str, Meta(description="Give it back in `refine`.")]
    count: Annotated[int, Meta(description="Matching items, variants counted each.")]
    selected: Annotated[bool, Meta(description="Whether `refine` names it.")]
    label: Annotated[str, Meta(description="What to show.")]
    depth: Annotated[int, Meta(description="Of a category in its tree, 0 for the root.")] = 0


class FacetStats(msgspec.Struct, frozen=True):
    """Of a number field over the matches; null where none has a value."""

    count: Annotated[int, Meta(description="Matching items that have a value.")]
    min: Annotated[float | None, Meta(description="In the field's own unit.")]
    max: Annotated[float | None, Meta(description="In the field's own unit.")]
    mean: Annotated[float | None, Meta(description="In the field's own unit.")]


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of results."""

    request_id: RequestId
    version: Version
    total: Annotated[
        int,
        Meta(
            description="Items that match, variants counted each. Products that are only like what was "
            "asked for may follow them on the list, uncounted: then there is a note `related_added`."
        ),
    ]
    total_is_exact: Annotated[bool, Meta(description="False: there are at least so many.")]
    page: Annotated[int, Meta(description="As asked.")]
    page_size: Annotated[int, Meta(description="As asked.")]
    more: Annotated[bool, Meta(description="Whether there is a further page.")]
    items: Annotated[list[FoundItem], Meta(description="The page, best first.")]
    facets: Annotated[
        dict[str, list[FacetValue]],
        Meta(description="Values by field, the most frequent first; ranges and categories in their order."),
    ]
    facet_stats: Annotated[
        dict[str, FacetStats], Meta(description="Of number fields among the facets, by field.")
    ]
    did_you_mean: Annotated[str | None, Meta(description="A query that finds more.")]
    corrected_to: Annotated[
        str | None, Meta(description="What was searched instead of the query, which finds nothing.")
    ]
    redirect: Annotated[str | None, Meta(description="An address to go to instead of showing a list.")]
    ladder: Annotated[
        list[dict[str, Any]],
        Meta(description="The steps tried: `terms` that had to match, `dropped` ones, `total` found."),
    ]
    rules_applied: RulesApplied
    experiments: Experiments
    notes: Notes
    timings_ms: Timings
    explain: Annotated[
        dict[str, Any] | None, Meta(description="How the query was understood, when asked for.")
    ] = None
