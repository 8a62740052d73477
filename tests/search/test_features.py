"""Rank features by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from indexing.contracts.memory_columns import columns_of
from indexing.text import fold
from search.features import FEATURES, Candidates, codes_of, values_of
from search.models import Popularity
from search.understand import Wanted
from tests.search.shop import SHOP, phone, thing

ITEMS = [
    phone(1, "手机 a", brand="小米", price_minor=300),
    phone(31, "手机 b", brand="华为", price_minor=100, in_stock=False),
    thing(1, "充电宝", "数码", "配件", brand=None, price_minor=None),
]
COLUMNS = columns_of(ITEMS, SHOP, fold)
ROWS = np.array([0, 1, 2], np.int32)


@dataclass
class Taste:
    """A shopper."""

    given: list[float]

    def scores(self, rows: np.ndarray) -> np.ndarray:
        return np.array(self.given, np.float32)


def values(name: str, **more: object) -> list[float]:
    wanted = more.pop("wanted", Wanted())
    found = values_of(Candidates(ROWS, COLUMNS, wanted, **more))  # type: ignore[arg-type]
    assert found.shape == (len(FEATURES), 3)
    place = [one.name for one in FEATURES].index(name)
    return [round(float(one), 3) for one in found[place]]


def test_category_match() -> None:
    """The greatest share of a category that the product is in, ancestors included."""
    category = COLUMNS.text("category").values
    shares = {category.find("数码"): 0.2, category.find("数码 > 手机"): 0.9}
    assert values("category_match", wanted=Wanted(categories=shares)) == [0.9, 0.9, 0.2]
    assert values("category_match") == [0.0, 0.0, 0.0]


def test_brand_match() -> None:
    """1 for a brand that was named; a product without a brand never matches."""
    brand = COLUMNS.text("brand").values
    assert values("brand_match", wanted=Wanted(brands=(brand.find("小米"),))) == [1.0, 0.0, 0.0]


def test_popularity_of_new_rows_is_nothing() -> None:
    """Rows after the build have no sales."""
    sold = Popularity(np.array([0.5, 1.0], np.float32), np.array([1, 0], np.int32))
    assert values("popularity", popularity=sold) == [0.5, 1.0, 0.0]
    assert values("popularity") == [0.0, 0.0, 0.0]


def test_stock_price_and_age() -> None:
    """In stock or not; the cheaper the better when asked; half for each month."""
    assert values("in_stock") == [1.0, 0.0, 1.0]
    assert values("price_fit", wanted=Wanted(cheap=True)) == [0.0, 0.5, 0.0]
    assert values("price_fit") == [0.0, 0.0, 0.0]
    assert values("freshness") == [0.5, 1.0, 0.0]


def test_shopper_is_kept_in_bounds() -> None:
    """What comes from outside is clipped, and what is no number is the default."""
    assert values("shopper", shopper=Taste([2.0, -1.0, float("nan")])) == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("field", ["category", "brand"])
def test_codes_of(field: str) -> None:
    """All codes of some rows, each with the place of its row."""
    column = COLUMNS.text(field)
    rows = np.array([2, 0, 2], np.int32)
    codes, places = codes_of(column, rows)
    expected = [(int(code), place) for place, row in enumerate(rows) for code in column.of_row(int(row))]
    assert list(zip(codes.tolist(), places.tolist(), strict=True)) == expected


def test_names_are_unique(tmp_path: Path) -> None:
    """A profile names them."""
    assert len({one.name for one in FEATURES}) == len(FEATURES)
