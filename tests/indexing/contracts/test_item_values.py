"""An item's values by field, as columns and documents read them."""

from __future__ import annotations

from datetime import UTC, datetime

from indexing.contracts.columns import field_kinds
from indexing.contracts.item_values import folded_values, item_values
from indexing.contracts.items import Item
from indexing.contracts.shop import Attribute, Shop

SHOP = Shop(
    attributes=(
        Attribute("颜色"),
        Attribute("screen", type="number"),
        Attribute("new", type="flag"),
        Attribute("hidden", filter=False),
    )
)
KINDS = field_kinds(SHOP)


def test_every_field_of_an_item_has_its_value() -> None:
    """Ancestors of the category, seconds for times, floats for numbers, declared attributes only."""
    item = Item(
        item_id="A1",
        title="x",
        brand="Apple",
        category=["家电", "厨房"],
        price_minor=5,
        list_price_minor=6,
        in_stock=False,
        group_id="G",
        tags=["New", "new"],
        rating=4.5,
        rating_count=3,
        created_at=datetime(1970, 1, 2, tzinfo=UTC),
        attributes={"颜色": ["Red"], "screen": 6, "new": True, "hidden": "x", "other": "y"},
    )
    values = {
        "item_id": "A1",
        "brand": "Apple",
        "category": ["家电", "家电 > 厨房"],
        "price_minor": 5.0,
        "list_price_minor": 6.0,
        "in_stock": False,
        "group_id": "G",
        "tags": ["New", "new"],
        "rating": 4.5,
        "rating_count": 3.0,
        "created_at": 86_400.0,
        "attributes.颜色": ["Red"],
        "attributes.screen": 6.0,
        "attributes.new": True,
    }
    assert item_values(item, KINDS) == values
    folded = {"brand": "apple", "tags": ["new"], "attributes.颜色": ["red"]}
    assert folded_values(item, KINDS, str.lower) == values | folded


def test_what_is_not_known_is_absent() -> None:
    """The least item has an id and, by default, stock."""
    assert item_values(Item(item_id="a", title="x"), KINDS) == {"item_id": "a", "in_stock": True}


def test_a_value_of_another_type_than_declared_is_absent() -> None:
    """But for a number in a text attribute, which is its text."""
    item = Item(item_id="a", title="x", attributes={"颜色": 5, "screen": "big", "new": 1})
    assert item_values(item, KINDS) == {"item_id": "a", "in_stock": True, "attributes.颜色": ["5"]}
    item = Item(item_id="a", title="x", attributes={"颜色": True, "screen": float("inf"), "new": "true"})
    assert item_values(item, KINDS) == {"item_id": "a", "in_stock": True}


def test_text_that_folds_to_nothing_is_absent() -> None:
    """White space alone is no brand and no tag."""
    item = Item(item_id="a", title="x", brand=" ", tags=[" ", "b"], attributes={"颜色": []})
    assert folded_values(item, KINDS, str.strip) == {"item_id": "a", "in_stock": True, "tags": ["b"]}
