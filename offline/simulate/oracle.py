"""What a recommender could know at best: the expected next purchase of a shopper, from the truth.

    rate(s, i) ∝ taste_s(leaf(i)) · demand(i) / Σ_leaf demand
                 · σ(click + liking(s, i)) · σ(cart + liked · liking(s, i))

the share of the leaf, the product's share of what is shown in the leaf, then the click and the cart, as the
simulation draws them. It does not know chance, nor what the shopper did lately: a model that sees the
recent events may come above it on products seen before.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from indexing.contracts.errors import NotFoundError
from offline.simulate.draws import Floats
from offline.simulate.looking import CART, CLICK, LIKED, chance
from offline.simulate.parameters import Parameters
from offline.simulate.shelf import TREND_DAYS, TREND_JUMP


class _Written(msgspec.Struct):
    hash: str
    parameters: Parameters


class Oracle:
    """Reads ``truth/`` and ``catalogue.parquet`` of a simulated shop.

    Args:
        home: the shop's folder.

    Attributes:
        item_ids: in the order of the scores, which is that of the ids.
        shoppers: those that have tastes; bots have none.
    """

    def __init__(self, home: Path) -> None:
        content = (home / "truth" / "parameters.json").read_bytes()
        self._parameters = msgspec.json.decode(content, type=_Written).parameters
        items = pq.read_table(home / "truth" / "items.parquet")
        tastes = pq.read_table(home / "truth" / "tastes.parquet")
        catalogue = pq.read_table(home / "catalogue.parquet", columns=["in_stock", "price_minor"])
        self.item_ids: list[str] = items["item_id"].to_pylist()
        self.shoppers: list[str] = tastes["shopper"].to_pylist()
        self._place = {shopper: place for place, shopper in enumerate(self.shoppers)}
        self._sellable = catalogue["in_stock"].to_numpy() & catalogue["price_minor"].is_valid().to_numpy()
        leaves = items["leaf"].to_pylist()
        names = {name: place for place, name in enumerate(sorted(set(leaves)))}
        self._leaf = np.array([names[leaf] for leaf in leaves])
        self._brands = np.array([brand or "" for brand in items["brand"].to_pylist()])
        self._band, self._appeal = items["price_band"].to_numpy(), items["appeal"].to_numpy()
        self._trend = items["trend_from"].fill_null(-10_000).to_numpy()
        self._style = _matrix(items["style"])
        self._shopper_style, self._shopper_band = _matrix(tastes["style"]), tastes["price_band"].to_numpy()
        self._tastes = np.zeros((len(self.shoppers), len(names)), np.float32)
        for place, shares in enumerate(tastes["leaves"].to_pylist()):
            for share in shares:
                if share["name"] in names:
                    self._tastes[place, names[share["name"]]] = share["weight"]
        self._loved = [[brand["name"] for brand in row] for row in tastes["brands"].to_pylist()]

    def liking(self, shopper: str, *, day: int) -> Floats:
        """The formula of ``affinity`` without the leaf, for every product on a day of the log (from 0).

        Raises:
            NotFoundError: no shopper of the simulation has that id.
        """
        if shopper not in self._place:
            raise NotFoundError("shopper", shopper)
        place, by = self._place[shopper], self._parameters.behaviour
        style = self._style @ self._shopper_style[place] / np.sqrt(self._style.shape[1])
        apart = self._band - self._shopper_band[place]
        total = by.style * style + by.brand * np.isin(self._brands, self._loved[place])
        total += by.appeal * self._warmth(day) - by.price * np.minimum(apart * apart, 9.0)
        return np.asarray(total, np.float32)

    def scores(self, shopper: str, *, day: int) -> Floats:
        """Logarithm of the relative rate of purchase, for every product; -inf for what cannot be bought."""
        liking = self.liking(shopper, day=day)
        demand = np.exp(0.9 * self._appeal + self._warmth(day) - self._appeal)
        share = demand / np.bincount(self._leaf, demand)[self._leaf]
        rate = self._tastes[self._place[shopper], self._leaf] * share
        rate = rate * chance(CLICK["home"] + liking) * chance(CART + LIKED * liking)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.where(self._sellable, rate, 0)), np.float32)

    def _warmth(self, day: int) -> Floats:
        since = (day - self._trend).astype(np.float32)
        trend = np.where(since >= 0, TREND_JUMP * np.exp(-since / TREND_DAYS), 0)
        return np.asarray(self._appeal + trend, np.float32)


def _matrix(column: pa.ChunkedArray) -> Floats:
    """A list column whose lists are equally long, as rows."""
    flat = column.combine_chunks().flatten().to_numpy()
    return np.asarray(flat.reshape(len(column), -1), np.float32)
