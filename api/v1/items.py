"""Products, one by one and in bulk."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.endpoint import Call
from api.types import BulkAnswer, ItemAnswer, Product, product_of


class Deletion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to delete."""

    version: (
        Annotated[
            int, Meta(ge=0, le=2**62, description="The source's number of the state without the product.")
        ]
        | None
    ) = None


async def get(call: Call) -> Product:
    """The product as it is now."""
    return product_of(await call.shop.item(call.item_id))


async def put(call: Call) -> ItemAnswer:
    """Store it, whole."""
    return await call.shop.stock.put(call.item_id, call.body, call.shop.declaration)


async def patch(call: Call) -> ItemAnswer:
    """Change some fields."""
    return await call.shop.stock.patch(call.item_id, call.body, call.shop.declaration)


async def delete(call: Call) -> ItemAnswer:
    """Take it away."""
    return await call.shop.stock.delete(call.item_id, call.body.version)


async def bulk(call: Call) -> BulkAnswer:
    """Many changes at once."""
    return await call.shop.stock.bulk(call.body, call.shop.declaration)
