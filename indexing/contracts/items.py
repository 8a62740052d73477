"""The item: one product, as it stands in the catalogue table, in Parquet and in a snapshot."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
import pyarrow as pa
from msgspec import Meta

CATEGORY_SEPARATOR = " > "
ITEM_VERSION = 1

Id = Annotated[str, Meta(min_length=1, max_length=128)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Minor = Annotated[int, Meta(ge=0, le=10**12)]
Value = str | int | float | bool | list[str]


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One product. Required: ``item_id`` and ``title``; null means not known, never zero.

    Attributes:
        item_id: text, unique, at most 128 characters; compares as it is.
        title: as shown, at most 500 characters.
        brand: as shown, at most 200 characters.
        category: path from the root, at most 8 names.
        price_minor: what it costs now, in the minor unit of the shop's currency (分, cents).
        list_price_minor: the price before a reduction, in the same unit.
        in_stock: False hides nothing by itself; scenarios and filters decide.
        group_id: variants of one product share it; lists show one of them.
        attributes: at most 100, open; those declared in ``shop.toml`` are filtered, counted and searched.
        tags: at most 100 words to filter by.
        rating: the mean, from 0 to 5.
        rating_count: how many have rated.
        image_url: of the picture, at most 2,000 characters.
        url: of the product's page, at most 2,000 characters.
        created_at: the launch of the product, RFC 3339 with its zone, in the years 1970 to 2199.
        description: searched and shown, at most 20,000 characters.
        version: the source's own number of this state; decides which of two changes is newer.
    """

    item_id: Id
    title: Annotated[str, Meta(min_length=1, max_length=500)]
    brand: Name | None = None
    category: Annotated[list[Name], Meta(max_length=8)] = []
    price_minor: Minor | None = None
    list_price_minor: Minor | None = None
    in_stock: bool = True
    group_id: Id | None = None
    attributes: Annotated[dict[str, Value], Meta(max_length=100)] = {}
    tags: Annotated[list[Name], Meta(max_length=100)] = []
    rating: Annotated[float, Meta(ge=0, le=5)] | None = None
    rating_count: Annotated[int, Meta(ge=0, le=10**12)] | None = None
    image_url: Annotated[str, Meta(max_length=2000)] | None = None
    url: Annotated[str, Meta(max_length=2000)] | None = None
    created_at: Annotated[datetime, Meta(tz=True)] | None = None
    description: Annotated[str, Meta(max_length=20_000)] | None = None
    version: Annotated[int, Meta(ge=0, le=2**62)] | None = None

    def category_paths(self) -> list[str]:
        """Every ancestor as text: ``["家电", "家电 > 厨房"]``. What filters and facets compare."""
        return [CATEGORY_SEPARATOR.join(self.category[: depth + 1]) for depth in range(len(self.category))]


_UTC = pa.timestamp("us", tz="UTC")

ITEM_SCHEMA = pa.schema(
    [
        pa.field("item_id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("brand", pa.string()),
        pa.field("category", pa.list_(pa.string())),
        pa.field("price_minor", pa.int64()),
        pa.field("list_price_minor", pa.int64()),
        pa.field("in_stock", pa.bool_()),
        pa.field("group_id", pa.string()),
        pa.field("attributes", pa.string()),  # a JSON object: the set is open
        pa.field("tags", pa.list_(pa.string())),
        pa.field("rating", pa.float64()),
        pa.field("rating_count", pa.int64()),
        pa.field("image_url", pa.string()),
        pa.field("url", pa.string()),
        pa.field("created_at", _UTC),
        pa.field("description", pa.string()),
        pa.field("version", pa.int64()),
    ],
    metadata={"daogou.item": str(ITEM_VERSION)},
)
