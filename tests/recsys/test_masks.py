"""Masks kept for a view."""

from __future__ import annotations

import numpy as np

from indexing.contracts.filters import Compare
from indexing.contracts.items import Item
from recsys.masks import Masks


def test_masks_are_those_of_the_catalogue_and_computed_once(make_catalogue):
    """Kept for the shop's own conditions, at most eight of them; what a request adds is not kept."""
    catalogue = make_catalogue([Item(f"p{row:02d}", "商品", price_minor=row) for row in range(20)])
    masks = Masks(catalogue)
    stock = Compare("in_stock", "=", True)
    assert masks.of(stock) is masks.of(stock)
    below = Compare("price_minor", "<", 5.0)
    both = masks.within(stock, below)
    assert np.flatnonzero(both).tolist() == [0, 1, 2, 3, 4]
    alone = masks.within(stock, None)
    alone[:] = False
    assert masks.of(stock).all()
    for price in range(30):
        condition = Compare("price_minor", "<", float(price))
        assert (masks.of(condition) == catalogue.mask(condition)).all()
    assert len(masks._kept) <= 8
