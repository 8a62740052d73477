"""A partial change of an item, after RFC 7396: what is named is set, null takes a value away."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from indexing.contracts.items import Id, Item, Minor, Name, Value


class Patch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Fields of :class:`Item`, each optional; null means not known any more (empty, for lists).

    Attributes:
        attributes: merged into those there are; null takes one away.
        version: the source's number of the state that this change makes.
    """

    title: Annotated[str, Meta(min_length=1, max_length=500)] | UnsetType = UNSET
    brand: Name | UnsetType | None = UNSET
    category: Annotated[list[Name], Meta(max_length=8)] | UnsetType | None = UNSET
    price_minor: Minor | UnsetType | None = UNSET
    list_price_minor: Minor | UnsetType | None = UNSET
    in_stock: bool | UnsetType = UNSET
    group_id: Id | UnsetType | None = UNSET
    attributes: Annotated[dict[str, Value | None], Meta(max_length=100)] | UnsetType = UNSET
    tags: Annotated[list[Name], Meta(max_length=100)] | UnsetType | None = UNSET
    rating: Annotated[float, Meta(ge=0, le=5)] | UnsetType | None = UNSET
    rating_count: Annotated[int, Meta(ge=0, le=10**12)] | UnsetType | None = UNSET
    image_url: Annotated[str, Meta(max_length=2000)] | UnsetType | None = UNSET
    url: Annotated[str, Meta(max_length=2000)] | UnsetType | None = UNSET
    created_at: Annotated[datetime, Meta(tz=True)] | UnsetType | None = UNSET
    description: Annotated[str, Meta(max_length=20_000)] | UnsetType | None = UNSET
    version: Annotated[int, Meta(ge=0, le=2**62)] | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        """What was named, by field."""
        named = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return {name: value for name, value in named if value is not UNSET}

    def apply(self, item: Item) -> Item:
        """The item after this change.

        >>> Patch(price_minor=5).apply(Item(item_id="1", title="t")).price_minor
        5
        """
        changes = self.changes()
        for name in ("category", "tags"):
            if name in changes:
                changes[name] = changes[name] or []
        if "attributes" in changes:
            merged = item.attributes | changes["attributes"]
            changes["attributes"] = {name: value for name, value in merged.items() if value is not None}
        return msgspec.structs.replace(item, **changes)
