"""Candidates beside the words."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.contracts.memory_columns import columns_of
from indexing.text import fold
from indexing.vectors import ExactIndex
from search.models import Popularity
from search.retrieve import Meaning, first_places_with, leaders
from tests.search.shop import SHOP, phone, thing


@pytest.fixture
def meaning() -> Meaning:
    vectors = np.array([[1.0, 0.0], [0.9, 0.436], [0.6, 0.8], [0.0, 1.0], [0.0, 0.0]], np.float32)
    return Meaning(ExactIndex(vectors), np.array([1.0, 0.0], np.float32))


def test_nearest_obeys_the_mask_and_the_floors(meaning: Meaning) -> None:
    """Only allowed rows, nearest first, none below 7/10 of the nearest or .35."""
    every = np.ones(5, np.bool_)
    assert meaning.nearest(every, 9).rows.tolist() == [0, 1]
    assert meaning.nearest(every, 1).rows.tolist() == [0]
    assert meaning.nearest(np.array([0, 0, 1, 1, 1], np.bool_), 9).rows.tolist() == [2]
    assert meaning.nearest(np.array([0, 0, 0, 1, 1], np.bool_), 9).rows.tolist() == []


def test_views_and_indexes_of_different_lengths(meaning: Meaning) -> None:
    """Rows that only the index has are not allowed; rows that only the view has have no vector."""
    assert meaning.nearest(np.ones(1, np.bool_), 9).rows.tolist() == [0]
    assert meaning.nearest(np.ones(99, np.bool_), 9).rows.tolist() == [0, 1]
    assert meaning.among(np.array([1, 3, 98], np.int32)).rows.tolist() == [1]
    assert meaning.among(np.empty(0, np.int32)).rows.tolist() == []


def test_leaders() -> None:
    """The best sellers of a category or brand, rows without sales left out, ties by row."""
    items = [phone(n, "手机", brand="小米") for n in range(4)] + [thing(9, "充电宝", "数码", "配件")]
    columns = columns_of(items, SHOP, fold)
    scores = np.array([0.2, 0.9, 0.0, 0.2, 0.5], np.float32)
    sold = Popularity(scores, np.argsort(-scores, kind="stable").astype(np.int32))
    category, brand = columns.text("category"), columns.text("brand")
    phones, digital = category.values.find("数码 > 手机"), category.values.find("数码")
    assert leaders(sold, category, "category", (phones,)).tolist() == [1, 0, 3]
    assert leaders(sold, category, "category", (digital,)).tolist() == [1, 4, 0, 3]
    assert leaders(sold, category, "category", (phones, digital)).tolist() == [1, 4, 0, 3]
    assert leaders(sold, brand, "brand", (brand.values.find("小米"),)).tolist() == [1, 0, 3]
    assert leaders(sold, brand, "brand", ()).tolist() == []


def test_the_first_products_of_a_category(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked for piece by piece: all where there are few, else no more than the piece that has enough."""
    monkeypatch.setattr("search.retrieve._PIECE", 3)
    items = [phone(n, "手机") if n % 2 else thing(n, "充电宝", "数码", "配件") for n in range(12)]
    column = columns_of(items, SHOP, fold).text("category")
    rows, phones = np.arange(12, dtype=np.int32)[::-1], column.values.find("数码 > 手机")
    every = [0, 2, 4, 6, 8, 10]
    assert first_places_with(column, rows, [phones], 99).tolist() == every
    assert first_places_with(column, rows, [phones], 3).tolist() == every[:3]
    assert first_places_with(column, rows, [phones], 4).tolist() == every[:5]
    assert first_places_with(column, rows[:0], [phones], 1).tolist() == []
