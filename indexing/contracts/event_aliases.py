"""Events in the names of GA4, Segment and Google Retail, translated to ours.

Three shapes are recognised by their keys and flattened: Segment's ``properties``, GA4's ``params`` or
``ecommerce``, Google Retail's ``eventType``. Their open parts become ``attributes``. What describes the
product (name, brand, price list) is dropped: the catalogue knows it. What describes the message
(``context``, ``sentAt``) is dropped too.
"""

from __future__ import annotations

from datetime import UTC, datetime

from indexing.contracts.errors import InputError
from indexing.contracts.event_lines import line, product_lines
from indexing.contracts.events import Event, Line
from indexing.contracts.faults import shown
from indexing.contracts.item_aliases import Raw, custom_value, put
from indexing.contracts.money import check_currency, to_minor
from indexing.contracts.shop import Shop

EVENTS = {
    "view_item_list": "impression",
    "select_item": "click",
    "view_search_results": "search",
    "sign_up": "login",
    "Products Searched": "search",
    "Product List Viewed": "impression",
    "Product Clicked": "click",
    "Product Viewed": "view_item",
    "Product Added": "add_to_cart",
    "Product Removed": "remove_from_cart",
    "Product Added to Wishlist": "add_to_wishlist",
    "Checkout Started": "begin_checkout",
    "Order Completed": "purchase",
    "Order Refunded": "refund",
    "Signed In": "login",
    "detail-page-view": "view_item",
    "add-to-cart": "add_to_cart",
    "remove-from-cart": "remove_from_cart",
    "purchase-complete": "purchase",
}
"""Names that have a counterpart. Page views (``home-page-view``, ``page_view``) have none."""

_NAMES = {
    "event_name": "event",
    "eventType": "event",
    "anonymousId": "client_id",
    "visitorId": "client_id",
    "user_pseudo_id": "client_id",
    "userId": "user_id",
    "messageId": "event_id",
    "eventId": "event_id",
    "sessionId": "session_id",
    "attributionToken": "request_id",
    "search_term": "query",
    "searchQuery": "query",
    "transaction_id": "order_id",
    "eventTime": "timestamp",
    "product_id": "item_id",
}
_CLOCKS = {"timestamp_s": 1, "timestamp_ms": 1e3, "timestamp_micros": 1e6, "event_timestamp": 1e6}
_SEGMENT = frozenset(
    {
        "type",
        "context",
        "integrations",
        "sentAt",
        "receivedAt",
        "originalTimestamp",
        "channel",
        "writeKey",
        "version",
        "_metadata",
    }
)
_RETAIL = frozenset(
    {
        "filter",
        "orderBy",
        "offset",
        "pageCategories",
        "uri",
        "referrerUri",
        "pageViewId",
        "experimentIds",
        "cartId",
        "completionData",
        "entity",
        "panels",
        "purchaseTransaction",
        "productDetails",
        "userInfo",
    }
)
_MONEY = ("total", "revenue", "value")  # of Segment the first that is there is the whole order
_ONE_PRODUCT = frozenset({"click", "view_item", "add_to_wishlist", "dislike"})
_FIELDS = frozenset(Event.__struct_fields__)
_LINE = frozenset(Line.__struct_fields__)


def translate_event(raw: Raw, shop: Shop) -> Raw:
    """The same event in our names, types unchecked; what is not known stays as it is.

    Raises:
        InputError: an alias with a value that cannot be translated, or two names for one field.
    """
    out: Raw = {}
    flat = _flatten(raw)
    if flat.get("currency") is not None:
        check_currency(flat["currency"], shop.currency)
    for name, value in flat.items():
        if name in _CLOCKS or name in ("ts", "time"):
            put(out, "timestamp", _moment(name, value))
        elif name != "currency":
            put(out, _NAMES.get(name, name), value)
    if isinstance(out.get("event"), str):
        out["event"] = EVENTS.get(out["event"], out["event"])
    _money(out, shop)
    _products(out, shop)
    return out


def _flatten(raw: Raw) -> Raw:
    if "properties" in raw or "anonymousId" in raw or "messageId" in raw:
        return _segment(raw)
    if "eventType" in raw:
        return _retail(raw)
    return _analytics(raw)


def _segment(raw: Raw) -> Raw:
    out = {name: value for name, value in raw.items() if name not in _SEGMENT and name != "properties"}
    if "timestamp" not in out and "originalTimestamp" in raw:
        out["timestamp"] = raw["originalTimestamp"]
    return _opened(out, raw.get("properties"), "properties")


def _analytics(raw: Raw) -> Raw:
    out = {name: value for name, value in raw.items() if name not in ("params", "ecommerce")}
    if "params" in raw and "name" in out:
        put(out, "event", out.pop("name"))
    for wrapper in ("ecommerce", "params"):
        if wrapper in raw:
            out = _opened(out, raw[wrapper], wrapper)
    return out


def _retail(raw: Raw) -> Raw:
    out = {name: value for name, value in raw.items() if name not in _RETAIL}
    if isinstance(details := raw.get("productDetails"), list):
        out["items"] = details
    if isinstance(order := raw.get("purchaseTransaction"), dict):
        for theirs, ours in (("id", "order_id"), ("revenue", "value"), ("currencyCode", "currency")):
            if theirs in order:
                put(out, ours, order[theirs])
    if isinstance(user := raw.get("userInfo"), dict) and "userId" in user:
        put(out, "user_id", user["userId"])
    if isinstance(attributes := out.get("attributes"), dict):
        out["attributes"] = {name: custom_value(value) for name, value in attributes.items()}
    return out


def _opened(out: Raw, inner: object, wrapper: str) -> Raw:
    """Lift what we know out of an open object; the rest becomes attributes."""
    if inner is None:
        return out
    if not isinstance(inner, dict):
        raise InputError(
            f"{wrapper} is {shown(inner)}; expected an object", field=wrapper, code="wrong_type"
        )
    rest: Raw = {}
    one = line(inner)
    for name, value in inner.items():
        if not isinstance(name, str):
            raise InputError("the name of a field is not text", field=wrapper, code="wrong_type")
        if name == "products":
            put(out, "items", value)
        elif name in _FIELDS or name in _NAMES or name in ("items", "currency", *_MONEY):
            put(out, name, value)
        elif name not in one.dropped and isinstance(value, str | int | float):
            rest[name] = value
    if one.item and "products" not in inner and "items" not in inner:
        out.pop("item_id", None)
        out.pop("product_id", None)
        out.pop("position", None)
        out["items"] = [one.item]
    if rest:
        given = out.get("attributes")
        out["attributes"] = {**(given if isinstance(given, dict) else {}), **rest}
    return out


def _moment(name: str, value: object) -> object:
    """An epoch clock as a time; ``ts`` and ``time`` are milliseconds from 1e11 on (in seconds: 5138)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    scale = _CLOCKS.get(name) or (1e3 if abs(value) >= 1e11 else 1)
    try:
        return datetime.fromtimestamp(value / scale, UTC)
    except (OverflowError, ValueError, OSError):
        raise InputError(
            f"{name} is {shown(value)}; expected a time since 1970", field=name, code="bad_time"
        ) from None


def _money(out: Raw, shop: Shop) -> None:
    given = [(name, out.pop(name)) for name in _MONEY if name in out]
    for name, value in given:
        if value is not None:
            put(out, "value_minor", to_minor(value, shop.minor_digits, currency=shop.currency, field=name))
            return


def _products(out: Raw, shop: Shop) -> None:
    """Lines in our names; an event about one product names it at the top."""
    if not isinstance(out.get("items"), list):
        return
    lines = out["items"] = product_lines(out["items"], shop)
    if len(lines) == 1 and out.get("event") in _ONE_PRODUCT and "item_id" not in out and _is_line(lines[0]):
        del out["items"]
        put(out, "item_id", lines[0]["item_id"])
        if "position" in lines[0]:
            put(out, "position", lines[0]["position"])


def _is_line(one: object) -> bool:
    return isinstance(one, dict) and "item_id" in one and one.keys() <= _LINE
