"""GA4, Segment, Google Merchant and Google Retail, translated at the edge."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from indexing.contracts.events import Event, Line
from indexing.contracts.items import Item
from indexing.contracts.reading import read_event, read_item
from indexing.contracts.shop import Shop

AT = "2026-01-31T08:00:00Z"
WHEN = datetime(2026, 1, 31, 8, tzinfo=UTC)
SHOP = Shop()


@pytest.mark.parametrize(
    ("raw", "item"),
    [
        (
            {"item_id": "S1", "item_name": "手机", "item_brand": "小米", "price": 19.9, "currency": "CNY"}
            | {"item_category": "数码", "item_category2": "手机"},
            Item(item_id="S1", title="手机", brand="小米", price_minor=1990, category=["数码", "手机"]),
        ),
        (
            {
                "id": "7",
                "title": "Mug",
                "price": "25.00 CNY",
                "sale_price": "19.90 CNY",
                "link": "https://s/7",
            }
            | {"image_link": "https://s/7.jpg", "availability": "in stock", "product_type": "Home > Mugs"}
            | {"item_group_id": "g"},
            Item(
                item_id="7",
                title="Mug",
                price_minor=1990,
                list_price_minor=2500,
                url="https://s/7",
                image_url="https://s/7.jpg",
                category=["Home", "Mugs"],
                group_id="g",
            ),
        ),
        (
            {"id": "p", "name": "projects/1/…/products/p", "type": "VARIANT", "title": "T", "brands": ["B"]}
            | {
                "categories": ["A > B", "C"],
                "availability": "OUT_OF_STOCK",
                "images": [{"uri": "https://s"}],
            }
            | {"priceInfo": {"price": 5, "originalPrice": 6.5, "currencyCode": "CNY"}, "uri": "https://p"}
            | {"attributes": {"色": {"text": ["红"]}, "n": {"numbers": [5]}}, "primaryProductId": "g"}
            | {"rating": {"averageRating": 4.5, "ratingCount": 3}, "publishTime": AT},
            Item(
                item_id="p",
                title="T",
                brand="B",
                category=["A", "B"],
                in_stock=False,
                image_url="https://s",
                price_minor=500,
                list_price_minor=650,
                url="https://p",
                attributes={"色": "红", "n": 5},
                group_id="g",
                rating=4.5,
                rating_count=3,
                created_at=WHEN,
            ),
        ),
        (
            {"item_id": "1", "title": "咖啡机", "category": "家电 > 厨房 > 咖啡机"},
            Item(item_id="1", title="咖啡机", category=["家电", "厨房", "咖啡机"]),
        ),
    ],
    ids=["ga4", "merchant", "retail", "path"],
)
def test_items(raw: dict[str, Any], item: Item) -> None:
    """A product of each system means the same item."""
    assert read_item(raw, SHOP) == item


@pytest.mark.parametrize(
    ("raw", "event"),
    [
        (
            {"event": "view_item_list", "timestamp": AT, "client_id": "c"}
            | {"items": [{"item_id": "a", "item_name": "A", "index": 0}, {"item_id": "b", "index": 1}]},
            Event(event="impression", timestamp=WHEN, client_id="c", items=[Line("a", 1), Line("b", 2)]),
        ),
        (
            {"event": "select_item", "timestamp_micros": 1769846400000000, "user_pseudo_id": "c"}
            | {"ecommerce": {"items": [{"item_id": "a", "index": 4, "price": 5}]}},
            Event(event="click", timestamp=WHEN, client_id="c", item_id="a", position=5),
        ),
        (
            {"name": "purchase", "timestamp": AT, "client_id": "c", "user_id": "u"}
            | {
                "params": {
                    "transaction_id": "T1",
                    "value": 39.8,
                    "currency": "CNY",
                    "items": [{"item_id": "a", "price": "19.90", "quantity": 2}],
                    "affiliate": "x",
                }
            },
            Event(
                event="purchase",
                timestamp=WHEN,
                client_id="c",
                user_id="u",
                order_id="T1",
                value_minor=3980,
                items=[Line("a", None, 1990, 2)],
                attributes={"affiliate": "x"},
            ),
        ),
        (
            {"event": "search", "search_term": "手机", "ts": 1769846400, "client_id": "c"},
            Event(event="search", timestamp=WHEN, client_id="c", query="手机"),
        ),
        (
            {
                "type": "track",
                "event": "Product Viewed",
                "messageId": "m",
                "anonymousId": "c",
                "userId": None,
            }
            | {"timestamp": AT, "sentAt": AT, "context": {"ip": "x"}}
            | {"properties": {"product_id": "a", "sku": "s", "name": "A", "price": 5, "list": "home"}},
            Event(
                event="view_item",
                timestamp=WHEN,
                event_id="m",
                client_id="c",
                item_id="a",
                attributes={"list": "home"},
            ),
        ),
        (
            {"event": "Product Added", "anonymousId": "c", "originalTimestamp": AT}
            | {
                "properties": {
                    "product_id": "a",
                    "price": 5.5,
                    "quantity": 2,
                    "position": 3,
                    "cart_id": "k",
                }
            },
            Event(
                event="add_to_cart",
                timestamp=WHEN,
                client_id="c",
                items=[Line("a", 3, 550, 2)],
                attributes={"cart_id": "k"},
            ),
        ),
        (
            {"event": "Order Completed", "userId": "u", "timestamp": AT, "messageId": "m"}
            | {
                "properties": {
                    "order_id": "o",
                    "total": 30,
                    "revenue": 25,
                    "currency": "CNY",
                    "products": [{"product_id": "a", "price": 19, "quantity": 1}, {"sku": "b"}],
                }
            },
            Event(
                event="purchase",
                timestamp=WHEN,
                event_id="m",
                user_id="u",
                order_id="o",
                value_minor=3000,
                items=[Line("a", None, 1900, 1), Line("b")],
            ),
        ),
        (
            {
                "event": "Products Searched",
                "anonymousId": "c",
                "timestamp": AT,
                "properties": {"query": "x"},
            },
            Event(event="search", timestamp=WHEN, client_id="c", query="x"),
        ),
        (
            {"eventType": "detail-page-view", "visitorId": "v", "eventTime": AT, "attributionToken": "r"}
            | {"productDetails": [{"product": {"id": "a", "title": "A"}}], "uri": "https://s"}
            | {"attributes": {"k": {"text": ["v"]}}, "userInfo": {"userId": "u", "ipAddress": "x"}},
            Event(
                event="view_item",
                timestamp=WHEN,
                client_id="v",
                user_id="u",
                request_id="r",
                item_id="a",
                attributes={"k": "v"},
            ),
        ),
        (
            {"eventType": "purchase-complete", "visitorId": "v", "eventTime": AT}
            | {"productDetails": [{"product": {"id": "a", "priceInfo": {"price": 7}}, "quantity": 3}]}
            | {"purchaseTransaction": {"id": "o", "revenue": 21, "tax": 1, "currencyCode": "CNY"}},
            Event(
                event="purchase",
                timestamp=WHEN,
                client_id="v",
                order_id="o",
                value_minor=2100,
                items=[Line("a", None, 700, 3)],
            ),
        ),
    ],
    ids=lambda value: (
        value.get("event") or value.get("name") or value.get("eventType") if isinstance(value, dict) else ""
    ),
)
def test_events(raw: dict[str, Any], event: Event) -> None:
    """An event of each system means the same event."""
    assert read_event(raw, SHOP) == event


@pytest.mark.parametrize(
    ("name", "value"),
    [("ts", 1769846400), ("ts", 1769846400000), ("time", 1769846400.0), ("timestamp_ms", 1769846400000)],
)
def test_epoch_clocks(name: str, value: float) -> None:
    """Seconds and milliseconds are told apart by size, but only under aliases."""
    assert read_event({"event": "click", name: value, "client_id": "c"}, SHOP).timestamp == WHEN
