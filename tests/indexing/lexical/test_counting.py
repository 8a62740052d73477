"""Facets counted from columns, beside those of the exact index over the same products."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.errors import InputError
from indexing.contracts.item_values import folded_values
from indexing.contracts.items import Item
from indexing.contracts.memory_columns import columns_of
from indexing.contracts.shop import Attribute, Shop
from indexing.lexical.base import Document, FacetCount, LexicalQuery
from indexing.lexical.counting import count_rows
from indexing.lexical.oracle import OracleIndex
from indexing.text import fold
from tests.indexing.lexical.conformance import facets_equal

SHOP = Shop(attributes=(Attribute("颜色"), Attribute("重量", "number"), Attribute("无线", "flag")))
FIELDS = (
    *("category", "brand", "price_minor", "in_stock", "tags", "rating", "created_at", "group_id"),
    *(f"attributes.{one.name}" for one in SHOP.attributes),
)
RANGES = {"price_minor": [(None, 100.0), (100.0, 300.0), (50.0, None), (300.0, 100.0)], "rating": []}
NAMES = st.sampled_from(["华为", "華為", "HUAWEI", "ＨＵＡＷＥＩ", "小米", "Ａ"])

ITEMS = st.builds(
    Item,
    item_id=st.just("x"),
    title=st.just("t"),
    brand=st.none() | NAMES,
    category=st.lists(st.sampled_from(["家电", "厨房", "咖啡机"]), max_size=3),
    price_minor=st.none() | st.integers(0, 400),
    in_stock=st.booleans(),
    group_id=st.none() | st.sampled_from(["g", "G"]),
    tags=st.lists(NAMES, max_size=3),
    rating=st.none() | st.sampled_from([0.0, 4.5, 5.0]),
    attributes=st.fixed_dictionaries(
        {}, optional={"颜色": NAMES, "重量": st.sampled_from([1, 2.5, -3]), "无线": st.booleans()}
    ),
)


@given(st.lists(ITEMS, max_size=12), st.data())
def test_the_same_as_the_index_says(items: list[Item], data: st.DataObject) -> None:
    """Every kind of field, any rows in any order, ties, missing values, ranges that overlap."""
    columns = columns_of(items, SHOP, fold)
    rows = data.draw(st.lists(st.sampled_from(range(len(items))), unique=True) if items else st.just([]))
    documents = [Document(row, [], [], folded_values(items[row], columns.kinds, fold)) for row in rows]
    most = data.draw(st.sampled_from([0, 1, 2, 20]))
    facets_equal(
        count_rows(columns, np.array(rows, np.int32), FIELDS, most=most, ranges=RANGES),
        OracleIndex(columns.kinds, documents).facets(LexicalQuery(), FIELDS, most=most, ranges=RANGES),
    )


def test_by_hand() -> None:
    """Most frequent first, equal counts by value; ids are refused as the index refuses them."""
    items = [Item("a", "t", brand="小米"), Item("b", "t", brand="Apple"), Item("c", "t", brand="小米")]
    columns, rows = columns_of(items, SHOP, fold), np.arange(3, dtype=np.int32)
    found = count_rows(columns, rows, ["brand"], most=5, ranges={})
    assert found.counts == {"brand": (FacetCount("小米", 2), FacetCount("apple", 1))}
    with pytest.raises(InputError):
        count_rows(columns, rows, ["item_id"], most=5, ranges={})


def test_few_products_of_many_values() -> None:
    """Two brands of a hundred, counted without a place for each of the others."""
    items = [Item(str(place), "t", brand=f"b{place:03}") for place in range(100)]
    rows = np.array([70, 7], np.int32)
    found = count_rows(columns_of(items, SHOP, fold), rows, ["brand"], most=5, ranges={})
    assert found.counts == {"brand": (FacetCount("b007", 1), FacetCount("b070", 1))}
