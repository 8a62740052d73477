"""The products of a foreign event: GA4's ``items``, Segment's ``products``, Google's ``productDetails``."""

from __future__ import annotations

from typing import Any, NamedTuple

from indexing.contracts.errors import InputError
from indexing.contracts.item_aliases import Raw, put
from indexing.contracts.money import check_currency, to_minor
from indexing.contracts.shop import Shop

_IDS = ("item_id", "product_id", "id", "sku")  # Segment sends product_id and sku: the first decides
_OURS = ("position", "price_minor", "quantity", "price", "index", "currency")
DESCRIPTIONS = frozenset(
    {
        "item_name",
        "item_brand",
        "item_category",
        "item_category2",
        "item_category3",
        "item_category4",
        "item_category5",
        "item_variant",
        "item_list_id",
        "item_list_name",
        "affiliation",
        "coupon",
        "discount",
        "location_id",
        "promotion_id",
        "promotion_name",
        "creative_name",
        "creative_slot",
        "google_business_vertical",
        "name",
        "brand",
        "category",
        "variant",
        "image_url",
        "url",
        "sku",
        "title",
    }
)
"""What describes a product or the list around it: known, and not kept with an event."""


class Found(NamedTuple):
    """A product found among open properties: its line ({} when there is none) and the names it used."""

    item: Raw
    dropped: frozenset[str]


def line(properties: Raw) -> Found:
    """The product that an event's own properties describe (Segment's ``Product Viewed``)."""
    if not any(name in properties for name in ("product_id", "sku")):
        return Found({}, frozenset())
    known = {name: properties[name] for name in (*_IDS, *_OURS) if name in properties}
    return Found(known, DESCRIPTIONS | known.keys())


def product_lines(lines: list[Any], shop: Shop) -> list[Any]:
    """Each line in our names; lines that are no objects stay as they are, for the types to reject."""
    return [
        _translated(one, shop, f"items[{place}]") if isinstance(one, dict) else one
        for place, one in enumerate(lines)
    ]


def _translated(raw: Raw, shop: Shop, path: str) -> Raw:
    flat = _unwrapped(raw)
    out: Raw = {}
    ids = [flat[name] for name in _IDS if flat.get(name) is not None]
    if ids:
        out["item_id"] = ids[0]
    for name, value in flat.items():
        if name in _IDS or name in DESCRIPTIONS or (name == "price" and value is None):
            continue
        if name == "currency":
            check_currency(value, shop.currency)
        elif name == "price":
            price = to_minor(value, shop.minor_digits, currency=shop.currency, field=f"{path}.price")
            put(out, "price_minor", price)
        elif name == "index":
            put(out, "position", _after(value, f"{path}.index"))
        else:
            put(out, name, value)
    return out


def _after(index: object, field: str) -> object:
    """GA4 counts from 0, we from 1."""
    if index is None or isinstance(index, int):
        return None if index is None else index + 1
    raise InputError(
        f"{field} is not an integer; expected the place from 0", field=field, code="wrong_type"
    )


def _unwrapped(raw: Raw) -> Raw:
    """Google's ``{"product": {"id": …}, "quantity": …}``, flat."""
    if not isinstance(product := raw.get("product"), dict):
        return raw
    out = {name: value for name, value in raw.items() if name != "product"}
    if "id" in product:
        out["item_id"] = product["id"]
    if isinstance(price := product.get("priceInfo"), dict):
        if "price" in price:
            out["price"] = price["price"]
        if "currencyCode" in price:
            out["currency"] = price["currencyCode"]
    return out
