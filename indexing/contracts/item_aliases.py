"""Items in the names of GA4, Segment, Google Merchant and Google Retail, translated to ours.

What has no counterpart in an item (``coupon``, ``affiliation``, ``priceInfo.cost``) is an unknown field
like any other: somebody meant something by it, and it would be lost.
"""

from __future__ import annotations

from typing import Any

from indexing.contracts.errors import InputError
from indexing.contracts.faults import shown
from indexing.contracts.items import CATEGORY_SEPARATOR
from indexing.contracts.money import check_currency, to_minor
from indexing.contracts.shop import Shop

Raw = dict[str, Any]

_NAMES = {
    "id": "item_id",
    "product_id": "item_id",
    "sku": "item_id",
    "name": "title",
    "item_name": "title",
    "item_brand": "brand",
    "item_group_id": "group_id",
    "primaryProductId": "group_id",
    "image_link": "image_url",
    "link": "url",
    "uri": "url",
    "product_type": "category",
    "categories": "category",
    "availableTime": "created_at",
    "publishTime": "created_at",
}
_MONEY = {
    "price": "price_minor",
    "list_price": "list_price_minor",
    "original_price": "list_price_minor",
}
_STOCK = {
    "in stock": True,
    "in_stock": True,
    "instock": True,
    "available": True,
    "out of stock": False,
    "out_of_stock": False,
    "outofstock": False,
    "unavailable": False,
    "preorder": False,
    "backorder": False,
}
_LEVELS = ("item_category", *(f"item_category{level}" for level in range(2, 6)))


def translate_item(raw: Raw, shop: Shop) -> Raw:
    """The same row in our names, types unchecked; what is not known stays as it is.

    Raises:
        InputError: an alias with a value that cannot be translated, or two names for one field.
    """
    flat = _retail(raw) if raw.keys() & {"priceInfo", "images", "brands", "availability"} else dict(raw)
    if "currency" in flat:
        check_currency(flat.pop("currency"), shop.currency)
    if "sale_price" in flat:  # Google Merchant: price is then the price before the sale
        if "price" in flat:
            put(flat, "list_price", flat.pop("price"))
        put(flat, "price", flat.pop("sale_price"))
    if levels := [flat.pop(level) for level in _LEVELS if level in flat]:
        put(flat, "category", [level for level in levels if level not in (None, "")])
    out: Raw = {}
    for name, value in flat.items():
        if name in _MONEY and value is not None:
            put(out, _MONEY[name], to_minor(value, shop.minor_digits, currency=shop.currency, field=name))
        else:
            put(out, _NAMES.get(name, _MONEY.get(name, name)), value)
    if isinstance(path := out.get("category"), str | list):
        out["category"] = to_path(path)
    return out


def put(out: Raw, name: str, value: object) -> None:
    """Set a field once; the same value twice is no conflict.

    Raises:
        InputError: ``conflict``.
    """
    if name in out and out[name] != value:
        detail = f"{name} is given twice, under two names: {shown(out[name])} and {shown(value)}"
        raise InputError(detail, field=name, code="conflict")
    out[name] = value


def to_path(category: str | list[Any]) -> list[Any]:
    """A category as the path from its root.

    >>> to_path("家电 > 厨房>咖啡机"), to_path(["家电 > 厨房"]), to_path(["家电", "厨房"])
    (['家电', '厨房', '咖啡机'], ['家电', '厨房'], ['家电', '厨房'])
    """
    if isinstance(category, str):
        return [part.strip() for part in category.split(">") if part.strip()]
    # Google Retail lists whole paths; a product has one place here, the first
    if category and isinstance(category[0], str) and CATEGORY_SEPARATOR in category[0]:
        return to_path(category[0])
    return category


def _retail(raw: Raw) -> Raw:
    """A Google Retail product, flattened to names of this module."""
    out = dict(raw)
    out.pop("type", None)  # PRIMARY or VARIANT: group_id says it
    if isinstance(price := out.pop("priceInfo", None), dict):
        for theirs, ours in (
            ("currencyCode", "currency"),
            ("price", "price"),
            ("originalPrice", "list_price"),
        ):
            if theirs in price:
                put(out, ours, price[theirs])
    if isinstance(brands := out.pop("brands", None), list) and brands:
        put(out, "brand", brands[0])
    if isinstance(images := out.pop("images", None), list) and images and isinstance(images[0], dict):
        put(out, "image_url", images[0].get("uri"))
    if "availability" in out:
        put(out, "in_stock", _stock(out.pop("availability")))
    if isinstance(rating := out.get("rating"), dict):
        out["rating"] = rating.get("averageRating")
        put(out, "rating_count", rating.get("ratingCount"))
    if isinstance(attributes := out.get("attributes"), dict):
        out["attributes"] = {name: custom_value(value) for name, value in attributes.items()}
    if "title" in out and isinstance(out.get("name"), str) and out["name"].startswith("projects/"):
        del out["name"]  # the resource's path in Google's cloud
    return out


def _stock(value: object) -> bool:
    key = value.rsplit("/", 1)[-1].lower() if isinstance(value, str) else ""
    if key not in _STOCK:
        raise InputError(
            f"availability is {shown(value)}; expected in_stock, out_of_stock, preorder or backorder",
            field="availability",
            code="unknown_value",
        )
    return _STOCK[key]


def custom_value(value: object) -> object:
    """Google's ``{"text": […]}`` or ``{"numbers": […]}`` as a value of ours; anything else unchanged.

    >>> custom_value({"text": ["红"]}), custom_value({"numbers": [5]}), custom_value(3)
    ('红', 5, 3)
    """
    if not isinstance(value, dict) or not value.keys() <= {"text", "numbers", "searchable", "indexable"}:
        return value
    values = value.get("text") or value.get("numbers") or []
    return values[0] if isinstance(values, list) and len(values) == 1 else values
