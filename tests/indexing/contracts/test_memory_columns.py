"""Columns made of items say what the items say."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.columns import NO_COLUMN, field_kinds
from indexing.contracts.item_values import folded_values
from indexing.contracts.items import Item
from indexing.contracts.memory_columns import columns_of
from indexing.contracts.shop import Attribute, Shop

SHOP = Shop(
    attributes=(Attribute("颜色"), Attribute("screen", type="number"), Attribute("new", type="flag"))
)
KINDS = field_kinds(SHOP)
_TEXT = st.sampled_from(["Apple", "apple", "APPLE", "小米", "", " ", "zz"])
_NAME = _TEXT.filter(bool)
_ITEMS = st.lists(
    st.builds(
        Item,
        item_id=_NAME,
        title=st.just("x"),
        brand=st.none() | _NAME,
        category=st.lists(_NAME, max_size=3),
        price_minor=st.none() | st.integers(0, 10**12),
        in_stock=st.booleans(),
        group_id=st.none() | _NAME,
        tags=st.lists(_NAME, max_size=3),
        attributes=st.fixed_dictionaries(
            {}, optional={"颜色": st.lists(_TEXT), "screen": st.floats(-1e9, 1e9), "new": st.booleans()}
        ),
    ),
    max_size=8,
)


def fold(text: str) -> str:
    return text.strip().lower()


@given(_ITEMS)
def test_every_row_has_the_folded_values_of_its_item(items: list[Item]) -> None:
    """All fields of all kinds; NaN and no codes where there is no value."""
    columns = columns_of(items, SHOP, fold)
    assert columns.rows == len(items)
    for row, item in enumerate(items):
        values = folded_values(item, KINDS, fold)
        for name, kind in KINDS.items():
            if name in NO_COLUMN:
                continue
            wanted: Any = values.get(name)
            if kind in {"text", "texts"}:
                column = columns.text(name)
                held = [column.values[code] for code in column.of_row(row)]
                assert held == ([] if wanted is None else [wanted] if kind == "text" else wanted)
            else:
                found = columns.numbers(name)[row]
                assert found == wanted if wanted is not None else np.isnan(found)


def test_display_is_the_commonest_spelling_and_equal_ones_the_first() -> None:
    """The storefront shows a spelling that the shop uses."""
    brands = ["APPLE", "Apple", "Apple", "zz", "ZZ"]
    columns = columns_of((Item(item_id=b, title="x", brand=b) for b in brands), SHOP, fold)
    column = columns.text("brand")
    assert list(zip(column.values, column.display, strict=True)) == [("apple", "Apple"), ("zz", "ZZ")]


def test_ids_of_groups_are_not_folded() -> None:
    """Two groups that differ by case are two."""
    items = [Item(item_id=g, title="x", group_id=g) for g in ("A", "a")]
    assert list(columns_of(items, SHOP, fold).text("group_id").values) == ["A", "a"]


def test_arrays_have_the_types_of_the_contract() -> None:
    """float64, int32 codes, int64 ends; also without any item."""
    columns = columns_of([], SHOP, fold)
    assert columns.numbers("price_minor").dtype == np.float64
    assert columns.text("brand").codes.dtype == np.int32
    assert columns.text("brand").indptr is None
    tags = columns.text("tags")
    assert tags.indptr is not None
    assert (tags.codes.dtype, tags.indptr.dtype, tags.indptr.tolist()) == (np.int32, np.int64, [0])
