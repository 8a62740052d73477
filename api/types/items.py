"""Products at the API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from indexing.contracts.items import Id, Item, Value
from indexing.contracts.patches import Patch


class Product(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A product; what is not known, or was not asked for, is left out."""

    item_id: str | None = None
    title: str | None = None
    brand: str | None = None
    category: list[str] = []
    price_minor: int | None = None
    list_price_minor: int | None = None
    in_stock: bool | None = None
    group_id: str | None = None
    attributes: dict[str, Value] = {}
    tags: list[str] = []
    rating: float | None = None
    rating_count: int | None = None
    image_url: str | None = None
    url: str | None = None
    created_at: datetime | None = None
    description: str | None = None
    version: int | None = None


PRODUCT_FIELDS = Product.__struct_fields__


def product_of(item: Item, fields: Iterable[str] = PRODUCT_FIELDS) -> Product:
    """An item for an answer, with the fields asked for."""
    return Product(**{name: getattr(item, name) for name in fields})


class ItemAnswer(msgspec.Struct, frozen=True):
    """What became of a change; it is on the disk, and visible in every answer within a second."""

    item_id: Annotated[str, Meta(description="Of the product.")]
    outcome: Annotated[
        str,
        Meta(
            description="`created`, `updated`, `unchanged`, `deleted`, or `stale` when a newer `version` "
            "was known already."
        ),
    ]
    seq: Annotated[int, Meta(description="Number of the product's last change.")]


class BulkPatch(Patch, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Fields to set of one product; null takes a value away."""

    item_id: Id


class BulkBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most 10,000 changes in 8 MB. Each row is read alone: bad ones are reported, good ones taken.
    A list alone is `items`."""

    items: Annotated[list[Item], Meta(description="Products to put, whole.")] = []
    patch: Annotated[list[BulkPatch], Meta(description="Fields to set, such as price and stock.")] = []
    delete: Annotated[list[str], Meta(description="Ids to delete.")] = []


class RejectedItem(msgspec.Struct, frozen=True):
    """A row that was not taken."""

    part: Annotated[str, Meta(description="`items`, `patch` or `delete`.")]
    index: Annotated[int, Meta(description="Its place in that part, from 0.")]
    item_id: Annotated[str | None, Meta(description="As it was given.")]
    field: Annotated[str | None, Meta(description="Dotted path of the field at fault.")]
    code: Annotated[str, Meta(description="Stable, for programs.", examples=["wrong_type"])]
    detail: Annotated[str, Meta(description="What was given and what was expected.")]


class BulkAnswer(msgspec.Struct, frozen=True):
    """What became of a batch; what was taken is on the disk."""

    outcomes: Annotated[
        dict[str, int],
        Meta(
            description="Rows by outcome: as of one change, and `missing` for products that are not there.",
            examples=[{"created": 2, "updated": 1, "stale": 1}],
        ),
    ]
    rejected: Annotated[list[RejectedItem], Meta(description="By part and place.")]
