"""Names of columns as people write them: with spaces around, in capitals."""

from __future__ import annotations

from indexing.contracts.events import Event
from indexing.contracts.items import Item

_KNOWN = {
    name.lower(): name
    for name in (
        *Item.__struct_fields__,
        *Event.__struct_fields__,
        *("id", "product_id", "sku", "name", "price", "list_price", "sale_price", "currency", "value"),
    )
}


def known_name(name: str) -> str:
    """Our name where only spaces and capitals differ; any other name without spaces around it.

    >>> known_name(" Item ID "), known_name("PRICE"), known_name("visitorId"), known_name("颜色 ")
    ('item_id', 'price', 'visitorId', '颜色')
    """
    plain = name.strip()
    return _KNOWN.get(plain.lower().replace(" ", "_"), plain)
