"""Masks kept for a view."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from indexing.contracts.filters import Compare
from indexing.contracts.items import Item
from recsys.masks import Masks


def test_masks_are_those_of_the_catalogue_and_kept(make_catalogue):
    """What is handed out to be written to is a copy."""
    catalogue = make_catalogue([Item(f"p{row:02d}", "商品", price_minor=row) for row in range(20)])
    masks = Masks(catalogue)
    stock = Compare("in_stock", "=", True)
    assert masks.of(stock) is masks.of(stock)
    below = Compare("price_minor", "<", 5.0)
    for condition, wanted, rows in ((stock, below, range(5)), (stock, None, range(20))):
        for _ in range(2):
            both = masks.within(condition, wanted)
            assert np.flatnonzero(both).tolist() == list(rows)
            both[:] = False


def test_what_requests_filter_by_does_not_push_out_what_the_shop_says(make_catalogue):
    """There is no end to filters: a few are kept, and each is evaluated once as long as it is."""
    catalogue = make_catalogue([Item(f"p{row:02d}", "商品", price_minor=row) for row in range(20)])
    evaluated = []
    counting = SimpleNamespace(
        mask=lambda condition: evaluated.append(condition) or catalogue.mask(condition)
    )
    masks = Masks(counting)
    stock = Compare("in_stock", "=", True)
    for price in range(100):
        below = Compare("price_minor", "<", float(price))
        for _ in range(2):
            assert np.count_nonzero(masks.within(stock, below)) == min(price, 20)
    assert len(evaluated) == 101
    masks.within(stock, Compare("price_minor", "<", 0.0))
    assert len(evaluated) == 102
