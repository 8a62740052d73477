"""Bodies that a stranger can send as they are."""

from __future__ import annotations

from typing import Any

Examples = dict[str, Any]

SEARCH: Examples = {
    "plain": {"query": "小米手机"},
    "narrowed": {
        "query": "手机",
        "filter": "price_minor < 200000 AND in_stock",
        "refine": {"brand": ["华为", "小米"]},
        "facets": ["brand", "price_minor"],
        "sort": "price_minor:asc",
        "page": 2,
        "page_size": 24,
    },
    "personal": {"query": "咖啡机", "client_id": "c-7f3a", "session_id": "s-1"},
}
SUGGEST: Examples = {"pinyin": {"query": "shouji"}, "initials": {"query": "sj"}, "mixed": {"query": "手ji"}}
RECOMMEND: Examples = {
    "home": {"scenario": "home", "client_id": "c-7f3a", "limit": 12},
    "product": {"scenario": "similar", "item_ids": ["sku-1001"], "client_id": "c-7f3a"},
    "cart": {"scenario": "cart", "item_ids": ["sku-1001", "sku-2002"], "filter": "in_stock"},
}
MULTI: Examples = {
    "home": {
        "client_id": "c-7f3a",
        "lists": [
            {"name": "for_you", "scenario": "home", "limit": 12},
            {"name": "hot", "scenario": "trending", "limit": 8},
            {"name": "new", "scenario": "new", "limit": 8},
        ],
    }
}
EVENTS: Examples = {
    "click": {
        "events": [
            {
                "event_id": "0f9d2c",
                "event": "click",
                "timestamp": "2026-11-22T10:43:51Z",
                "client_id": "c-7f3a",
                "request_id": "5f2b8c1d9e7a4f60b1c2d3e4",
                "item_id": "sku-1001",
                "position": 3,
            }
        ]
    },
    "purchase": {
        "event_id": "77aa01",
        "event": "purchase",
        "timestamp": "2026-11-22T10:50:00Z",
        "client_id": "c-7f3a",
        "order_id": "o-9",
        "value_minor": 39800,
        "items": [{"item_id": "sku-1001", "price_minor": 19900, "quantity": 2}],
    },
    "ga4": {
        "event": "select_item",
        "timestamp": "2026-11-22T10:43:51Z",
        "client_id": "c-7f3a",
        "items": [{"item_id": "sku-1001", "item_name": "咖啡机", "index": 2, "price": 199.0}],
    },
}
ITEM: Examples = {
    "coffee": {
        "item_id": "sku-1001",
        "title": "德龙 全自动咖啡机 ECAM22.110",
        "brand": "德龙",
        "category": ["家电", "厨房", "咖啡机"],
        "price_minor": 219900,
        "in_stock": True,
        "attributes": {"颜色": "银"},
        "version": 17,
    }
}
PATCH: Examples = {"price": {"price_minor": 199900, "in_stock": False, "version": 18}}
BULK: Examples = {
    "feed": {
        "items": [{"item_id": "sku-1", "title": "小米 手机 14", "price": "3999.00"}],
        "patch": [{"item_id": "sku-2", "price_minor": 99900, "in_stock": True}],
        "delete": ["sku-3"],
    }
}
