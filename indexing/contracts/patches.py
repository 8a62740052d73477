"""A partial change of an item: what is named is set, null takes a value away."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from indexing.contracts.items import Id, Minor, Name, Value

_EMPTY: dict[str, type] = {"category": list, "tags": list, "attributes": dict}


class Patch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Fields of :class:`Item`, each optional; null means not known any more (empty, for lists).

    Attributes:
        attributes: all of them, at most 100: those that are not named go.
        version: the source's number of the state that this change makes.
    """

    title: Annotated[str, Meta(min_length=1, max_length=500)] | UnsetType = UNSET
    brand: Name | UnsetType | None = UNSET
    category: Annotated[list[Name], Meta(max_length=8)] | UnsetType | None = UNSET
    price_minor: Minor | UnsetType | None = UNSET
    list_price_minor: Minor | UnsetType | None = UNSET
    in_stock: bool | UnsetType = UNSET
    group_id: Id | UnsetType | None = UNSET
    attributes: Annotated[dict[str, Value], Meta(max_length=100)] | UnsetType | None = UNSET
    tags: Annotated[list[Name], Meta(max_length=100)] | UnsetType | None = UNSET
    rating: Annotated[float, Meta(ge=0, le=5)] | UnsetType | None = UNSET
    rating_count: Annotated[int, Meta(ge=0, le=10**12)] | UnsetType | None = UNSET
    image_url: Annotated[str, Meta(max_length=2000)] | UnsetType | None = UNSET
    url: Annotated[str, Meta(max_length=2000)] | UnsetType | None = UNSET
    created_at: Annotated[datetime, Meta(tz=True)] | UnsetType | None = UNSET
    description: Annotated[str, Meta(max_length=20_000)] | UnsetType | None = UNSET
    version: Annotated[int, Meta(ge=0, le=2**62)] | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        """What was named, by field, as ``indexing.journal`` takes it."""
        named = {name: getattr(self, name) for name in self.__struct_fields__}
        given = {name: value for name, value in named.items() if value is not UNSET}
        return given | {
            name: kind() for name, kind in _EMPTY.items() if name in given and given[name] is None
        }
