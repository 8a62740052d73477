"""The catalogue as the simulation sees it: arrays by row, with what shoppers feel but titles do not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from indexing.contracts.items import Item
from offline.simulate.draws import Bins, Floats, Rows
from offline.simulate.titles import Product
from offline.simulate.tree import LEAVES, PLACES

DIMENSIONS = 6
_FRESH_DAYS = 14
_TREND_SHARE = 1 / 250
TREND_JUMP, TREND_DAYS = 3.0, 5.0
NO_LAUNCH = -10_000


@dataclass(frozen=True, slots=True)
class Shelf:
    """Arrays with one entry a product, in order of ids.

    Attributes:
        ids: the item ids.
        leaf: place in the tree. brand: place in ``brands``, -1 without one.
        prices: minor units, 0 where there is none.
        band: logarithm of the price, standardised within the leaf; 0 without a price.
        appeal: what everybody likes about it, standard normal.
        style: what some like, shape (n, 6), unit variance.
        launched: day of the log on which it can first be shown; far back for old products.
        sellable: in stock and with a price.
        rises: day on which it becomes a trend, -10,000 for most.
    """

    ids: list[str]
    brands: list[str]
    leaf: Rows
    brand: Rows
    prices: npt.NDArray[np.int64]
    band: Floats
    appeal: Floats
    style: Floats
    launched: Rows
    sellable: npt.NDArray[np.bool_]
    rises: Rows

    def __len__(self) -> int:
        return len(self.ids)

    def shown_on(self, day: int) -> npt.NDArray[np.bool_]:
        """Products that were launched before that day of the log."""
        return self.launched <= day

    def fresh_on(self, day: int) -> Rows:
        """Rows launched in the two weeks before that day."""
        return np.flatnonzero(self.shown_on(day) & (self.launched > day - _FRESH_DAYS)).astype(np.int32)

    def trend(self, day: int) -> Floats:
        """What the fashion of the day adds to the appeal: a jump that halves every few days."""
        since = (day - self.rises).astype(np.float32)
        return np.where(since >= 0, TREND_JUMP * np.exp(-since / TREND_DAYS), 0).astype(np.float32)

    def demand(self, day: int) -> Floats:
        """How often each product is asked for on that day, relative; 0 before its launch."""
        heat = np.exp(0.9 * self.appeal + self.trend(day))
        return np.where(self.shown_on(day), heat, 0).astype(np.float32)

    def by_leaf(self, day: int) -> Bins:
        """Draws products of a leaf by the day's demand."""
        return Bins(self.leaf, self.demand(day), len(LEAVES))


def shelf_of(made: Sequence[tuple[Item, Product]], dates: Sequence[date], seed: int) -> Shelf:
    """Arrays of the products made, with the tastes that the seed gives them."""
    items = [item for item, _ in made]
    rng = np.random.default_rng([seed, 31])
    n = len(items)
    brands = sorted({brand.name for leaf in LEAVES for brand in leaf.brands})
    brand_places = {name: place for place, name in enumerate(brands)}
    leaf = np.array([PLACES[item.category[-1]] for item in items], np.int32)
    brand = np.array([brand_places[item.brand] if item.brand else -1 for item in items], np.int32)
    prices = np.array([item.price_minor or 0 for item in items], np.int64)
    _, group = np.unique([item.group_id or item.item_id for item in items], return_inverse=True)
    return Shelf(
        ids=[item.item_id for item in items],
        brands=brands,
        leaf=leaf,
        brand=brand,
        prices=prices,
        band=_bands(prices, leaf),
        appeal=_appeal(rng, items),
        style=_styles(rng, brand, group, len(brands)),
        launched=_launched(items, dates[0]),
        sellable=np.array([item.in_stock and item.price_minor is not None for item in items]),
        rises=_rises(rng, n, len(dates)),
    )


def _bands(prices: npt.NDArray[np.int64], leaf: Rows) -> Floats:
    logs = np.log(np.maximum(prices, 1).astype(np.float64))
    known = prices > 0
    count = np.maximum(np.bincount(leaf[known], minlength=len(LEAVES)), 1)
    mean = np.bincount(leaf[known], logs[known], minlength=len(LEAVES)) / count
    square = np.bincount(leaf[known], logs[known] ** 2, minlength=len(LEAVES)) / count
    spread = np.sqrt(np.maximum(square - mean**2, 1e-4))
    return np.where(known, (logs - mean[leaf]) / spread[leaf], 0).astype(np.float32)


def _appeal(rng: np.random.Generator, items: Sequence[Item]) -> Floats:
    """Mostly what the number of ratings says (so that the page tells the truth), and some luck."""
    ratings = np.log1p(np.array([item.rating_count or 0 for item in items], np.float64))
    known = (ratings - ratings.mean()) / max(float(ratings.std()), 1e-6)
    fresh = np.array([not item.rating_count for item in items])
    luck = rng.standard_normal(len(items))
    return np.where(fresh, luck, 0.8 * known + 0.6 * luck).astype(np.float32)


def _styles(rng: np.random.Generator, brand: Rows, group: npt.NDArray[np.integer], brands: int) -> Floats:
    """Half the brand's (the last row stands for none), half the product's own; variants share it."""
    of_brand = rng.standard_normal((brands + 1, DIMENSIONS))
    of_group = rng.standard_normal((int(group.max()) + 1, DIMENSIONS))
    return np.asarray((of_brand[brand] + of_group[group]) / np.sqrt(2), np.float32)


def _launched(items: Sequence[Item], first: date) -> Rows:
    """A product is shown from the day after its launch."""
    days = [(item.created_at.date() - first).days + 1 if item.created_at else NO_LAUNCH for item in items]
    return np.array(days, np.int32)


def _rises(rng: np.random.Generator, products: int, days: int) -> Rows:
    rises = np.full(products, NO_LAUNCH, np.int32)
    chosen = rng.choice(products, max(int(products * _TREND_SHARE), 3), replace=False)
    rises[chosen] = rng.integers(-3, days, len(chosen))
    return rises
