"""Products that are bought together: the planted pairs that bought-together models should find."""

from __future__ import annotations

import numpy as np

from offline.simulate.draws import Rows
from offline.simulate.shelf import NO_LAUNCH, Shelf
from offline.simulate.tree import complements

MOST = 8
_HUBS = 5
_EACH = 2


def partners_of(shelf: Shelf, seed: int) -> Rows:
    """For each product the products that go with it, int32 (n, 8), -1 padded.

    A complementing leaf has a few hubs for each leaf it goes with: sellable, well liked, and there from
    the first day. A product goes with the two hubs whose price band is nearest to its own and some luck,
    so that pairs are bought often enough to be found.
    """
    rng = np.random.default_rng([seed, 53])
    partners = np.full((len(shelf), MOST), -1, np.int32)
    used = np.zeros(len(shelf), np.int32)
    for leaf, other in complements():
        hubs = _hubs(rng, shelf, other)
        rows = np.flatnonzero(shelf.leaf == leaf)
        if not hubs.size or not rows.size:
            continue
        apart = np.abs(shelf.band[rows][:, None] - shelf.band[hubs][None, :])
        nearest = np.argsort(apart + 0.6 * rng.random(apart.shape), axis=1, kind="stable")[:, :_EACH]
        for column in range(nearest.shape[1]):
            free = rows[used[rows] < MOST]
            partners[free, used[free]] = hubs[nearest[used[rows] < MOST, column]]
            used[free] += 1
    return partners


def _hubs(rng: np.random.Generator, shelf: Shelf, leaf: int) -> Rows:
    rows = np.flatnonzero(
        (shelf.leaf == leaf) & shelf.sellable & (shelf.launched <= 0) & (shelf.rises == NO_LAUNCH)
    )
    liked = shelf.appeal[rows] + 0.5 * rng.standard_normal(len(rows))
    return rows[np.argsort(-liked, kind="stable")[:_HUBS]].astype(np.int32)
