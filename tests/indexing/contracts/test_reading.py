"""Rows at the edge become Item, Event or Patch, or an InputError that says what was wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.contracts.errors import InputError
from indexing.contracts.events import Event
from indexing.contracts.items import Item
from indexing.contracts.patches import Patch
from indexing.contracts.reading import read_event, read_item, read_patch
from indexing.contracts.shop import Attribute, Shop

SHOP = Shop(
    attributes=(
        Attribute("颜色"),
        Attribute("screen", type="number"),
        Attribute("wireless", type="flag"),
    )
)
ITEM = {"item_id": "1", "title": "小米 手机"}
EVENT = {"event": "click", "timestamp": "2026-01-31T08:00:00Z", "client_id": "c"}


def test_plain_item_keeps_every_value() -> None:
    """A row in our own names comes through as it is, times in UTC."""
    raw = ITEM | {
        "brand": "小米",
        "category": ["手机", "智能手机"],
        "price_minor": 199900,
        "in_stock": False,
        "attributes": {"颜色": ["黑", "白"], "screen": 6.7, "wireless": True, "free": "x"},
        "rating": 4,
        "created_at": "2026-01-31T08:00:00+08:00",
        "version": 3,
    }
    item = read_item(raw, SHOP)
    assert msgspec.to_builtins(item) == raw | {"created_at": "2026-01-31T00:00:00Z", "rating": 4.0}


def test_plain_event_keeps_every_value() -> None:
    """An event in our own names comes through as it is, and equal values under aliases too."""
    raw = EVENT | {
        "event": "purchase",
        "items": [{"item_id": "1", "price_minor": 5, "quantity": 2}],
        "value_minor": 10,
        "order_id": "o",
        "consent": False,
        "attributes": {"a": None},
    }
    assert msgspec.to_builtins(read_event(raw, SHOP)) == raw


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"title": None}, "title", "wrong_type"),
        ({"title": ""}, "title", "too_short"),
        ({"title": "x" * 501}, "title", "too_long"),
        ({"title": "a\0b"}, "title", "not_unicode"),
        ({"title": "a\ud800"}, "title", "not_unicode"),
        ({"item_id": 7}, "item_id", "wrong_type"),
        ({"colour": "x"}, "colour", "unknown_field"),
        ({"a\ud800": "x"}, "a\\ud800", "not_unicode"),
        ({7: "x"}, None, "wrong_type"),
        ({"price_minor": "19.90"}, "price_minor", "wrong_type"),
        ({"price_minor": 19.9}, "price_minor", "wrong_type"),
        ({"price_minor": True}, "price_minor", "wrong_type"),
        ({"price_minor": -1}, "price_minor", "out_of_range"),
        ({"price_minor": 10**400}, "price_minor", "out_of_range"),
        ({"rating": float("nan")}, "rating", "out_of_range"),
        ({"in_stock": 1}, "in_stock", "wrong_type"),
        ({"category": ["a"] * 9}, "category", "too_long"),
        ({"category": ["a", ""]}, "category[1]", "too_short"),
        ({"category": [1]}, "category[0]", "wrong_type"),
        ({"created_at": "2026-01-31T08:00:00"}, "created_at", "bad_time"),
        ({"created_at": "yesterday"}, "created_at", "bad_time"),
        ({"created_at": 1700000000}, "created_at", "wrong_type"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "created_at", "bad_time"),
        ({"created_at": "9999-01-01T00:00:00Z"}, "created_at", "bad_time"),
        ({"attributes": {"a": {}}}, "attributes.a", "wrong_type"),
        ({"attributes": {"a": [1]}}, "attributes.a", "wrong_type"),
        ({"attributes": {"a": float("inf")}}, "attributes.a", "out_of_range"),
        ({"attributes": {"a": 10**400}}, "attributes.a", "out_of_range"),
        ({"attributes": {"a": 10**400, "b": "\0"}}, "attributes.b", "not_unicode"),
        ({"attributes": {"a": ["x\0"]}}, "attributes.a[0]", "not_unicode"),
        ({"attributes": {"": "x"}}, "attributes.", "too_short"),
        ({"attributes": {"a" * 101: "x"}}, "attributes." + "a" * 101, "too_long"),
        ({"attributes": {"a": "x" * 2001}}, "attributes.a", "too_long"),
        ({"attributes": {"a": ["x"] * 101}}, "attributes.a", "too_long"),
        ({"attributes": {"screen": "6.7"}}, "attributes.screen", "wrong_type"),
        ({"attributes": {"screen": True}}, "attributes.screen", "wrong_type"),
        ({"attributes": {"wireless": 1}}, "attributes.wireless", "wrong_type"),
        ({"attributes": {"颜色": 5}}, "attributes.颜色", "wrong_type"),
        ({"price": "19.999"}, "price", "too_precise"),
        ({"price": "¥19"}, "price", "wrong_type"),
        ({"price": "1,299.00"}, "price", "wrong_type"),
        ({"price": float("nan")}, "price", "wrong_type"),
        ({"price": "19.90 USD"}, "currency", "wrong_currency"),
        ({"price": 5, "currency": "USD"}, "currency", "wrong_currency"),
        ({"price": 10**5000}, "price_minor", "out_of_range"),
        ({"price": 5, "price_minor": 400}, "price_minor", "conflict"),
        ({"availability": "maybe"}, "availability", "unknown_value"),
    ],
)
def test_bad_item_names_field_and_code(change: dict[object, object], field: str, code: str) -> None:
    """Each fault is named by field and code, with a text that can stand in an answer."""
    with pytest.raises(InputError) as caught:
        read_item(ITEM | change, SHOP)
    assert (caught.value.field, caught.value.code) == (field, code)
    assert (
        "expected" in caught.value.detail
        or "given twice" in caught.value.detail
        or "is " in caught.value.detail
    )
    assert msgspec.json.encode([caught.value.detail, caught.value.field])


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"event": "levitate"}, "event", "unknown_value"),
        ({"event": "home-page-view"}, "event", "unknown_value"),
        ({"event": 5}, "event", "wrong_type"),
        ({"timestamp": 1700000000}, "timestamp", "wrong_type"),
        ({"client_id": None}, "client_id", "missing"),
        ({"colour": 1}, "colour", "unknown_field"),
        ({"items": [{"item_id": "1"}, {"item_id": "2", "z": 1}]}, "items[1].z", "unknown_field"),
        ({"items": [{"quantity": 1}]}, "items[0].item_id", "missing"),
        ({"items": [{"item_id": "1"}], "item_id": "1"}, "items", "conflict"),
        ({"items": [{"item_id": "1"}] * 201}, "items", "too_long"),
        ({"items": [{"item_id": "1", "price": "x"}]}, "items[0].price", "wrong_type"),
        ({"items": [{"item_id": "1", "index": "x"}]}, "items[0].index", "wrong_type"),
        ({"position": 0}, "position", "out_of_range"),
        ({"query": "x" * 501}, "query", "too_long"),
        ({"query": "\udfff"}, "query", "not_unicode"),
        ({"consent": None}, "consent", "wrong_type"),
        ({"ts": 10**400, "timestamp": None}, "ts", "bad_time"),
        ({"properties": 5}, "properties", "wrong_type"),
        ({"value": 5, "currency": "USD"}, "currency", "wrong_currency"),
        ({"attributes": {"a": {}}}, "attributes.a", "wrong_type"),
    ],
)
def test_bad_event_names_field_and_code(change: dict[str, object], field: str, code: str) -> None:
    """Each fault is named by field and code."""
    with pytest.raises(InputError) as caught:
        read_event(EVENT | change, SHOP)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_detail_says_what_was_given_and_expected() -> None:
    """A reader of the message needs no documentation."""
    with pytest.raises(InputError, match=r"price_minor is '19\.90'; expected int \| null, not str"):
        read_item(ITEM | {"price_minor": "19.90"}, SHOP)
    with pytest.raises(InputError, match=r"colour is not known; expected one of item_id, title"):
        read_item(ITEM | {"colour": "x"}, SHOP)
    with pytest.raises(InputError, match=r"event is 'levitate'; expected one of impression, click"):
        read_event(EVENT | {"event": "levitate"}, SHOP)


@pytest.mark.parametrize("raw", [None, 5, "x", [], [["item_id", "1"]], b"{}"])
def test_row_that_is_no_object(raw: object) -> None:
    """Whatever is no mapping is a wrong type."""
    for read in (read_item, read_event, read_patch):
        with pytest.raises(InputError) as caught:
            read(raw, SHOP)
        assert caught.value.code == "wrong_type"


def test_null_lists_are_empty() -> None:
    """Serialisers write null for an empty list or object."""
    assert read_item(ITEM | {"category": None, "tags": None, "attributes": None}, SHOP) == read_item(
        ITEM, SHOP
    )
    assert read_event(EVENT | {"items": None, "attributes": None}, SHOP) == read_event(EVENT, SHOP)


def test_patch_names_its_changes() -> None:
    """What is named is set, null takes a value away, aliases work."""
    patch = read_patch({"price": "19.90", "brand": None, "tags": None, "attributes": {"x": "y"}}, SHOP)
    assert patch.changes() == {"price_minor": 1990, "brand": None, "tags": [], "attributes": {"x": "y"}}


@pytest.mark.parametrize(
    ("raw", "field", "code"),
    [
        ({}, None, "missing"),
        ({"item_id": "2"}, "item_id", "unknown_field"),
        ({"title": None}, "title", "wrong_type"),
        ({"created_at": "1900-01-01T00:00:00Z"}, "created_at", "bad_time"),
        ({"attributes": {"screen": "x"}}, "attributes.screen", "wrong_type"),
        ({"brand": "\0"}, "brand", "not_unicode"),
    ],
)
def test_bad_patch(raw: dict[str, object], field: str | None, code: str) -> None:
    """A change is checked like an item."""
    with pytest.raises(InputError) as caught:
        read_patch(raw, SHOP)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_patch_time_is_utc() -> None:
    """As in an item."""
    patch = read_patch({"created_at": "2026-01-31T08:00:00+08:00"}, SHOP)
    assert patch.created_at == datetime(2026, 1, 31, tzinfo=UTC)


_NAMES = st.sampled_from(
    [
        *Item.__struct_fields__,
        *Event.__struct_fields__,
        "price",
        "currency",
        "properties",
        "params",
        "ecommerce",
        "productDetails",
        "eventType",
        "anonymousId",
        "ts",
        "priceInfo",
        "brands",
        "images",
        "availability",
        "id",
        "purchaseTransaction",
        "userInfo",
        "item_category",
        "sale_price",
        "value",
        "name",
        "product",
        "index",
    ]
)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=5)
    | st.sampled_from(
        ["click", "Product Viewed", "2026-01-31T08:00:00Z", "9" * 30, "19.90", "家电 > 厨房", "CNY"]
    )
    | st.datetimes()
    | st.binary(max_size=2)
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_NAMES | st.text(max_size=2), inner, max_size=4)
    ),
    max_leaves=8,
)


def _outcome(read: Any, raw: object) -> Any:
    try:
        return read(raw, SHOP)
    except InputError as error:
        return error


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(_NAMES | st.text(st.characters(), max_size=3) | st.integers(), _VALUES, max_size=6))
def test_nothing_but_a_row_or_an_input_error(raw: dict[object, object]) -> None:
    """Whatever comes in: a contract struct that can be encoded, or an InputError that can."""
    rows = ((read_item, ITEM, Item), (read_event, EVENT, Event), (read_patch, {}, Patch))
    for read, base, kind in rows:
        for given_row in (raw, base | raw):
            outcome = _outcome(read, given_row)
            if isinstance(outcome, InputError):
                assert msgspec.json.encode([outcome.detail, outcome.field, outcome.code])
            else:
                assert msgspec.json.decode(msgspec.json.encode(outcome), type=kind) == outcome
