"""How much a shopper likes a product: the one formula behind clicks, carts and purchases.

    liking(s, i) = style · ⟨z_s, q_i⟩/√d + brand · [brand(i) loved by s] − price · (band_i − band_s)²
                   + appeal · (a_i + trend_i(day))
    leaf(s, i)   = leaf · clip(log(taste_s(leaf(i)) · leaves), −3, 3)

The weights are those of ``Behaviour``; everything else is written to ``truth/``, so that an oracle can
compute the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from offline.simulate.crowd import Crowd
from offline.simulate.draws import Floats, Rows
from offline.simulate.parameters import Behaviour
from offline.simulate.shelf import DIMENSIONS, Shelf


@dataclass(frozen=True, slots=True)
class Affinity:
    """The formula, bound to one shop."""

    crowd: Crowd
    shelf: Shelf
    behaviour: Behaviour

    def liking(self, shoppers: Rows, rows: Rows, warmth: Floats) -> Floats:
        """Without the leaf: shoppers (n,), rows (n, m) (-1 is taken for row 0), warmth by row of the shelf
        (``appeal + trend`` of the day); float32 (n, m)."""
        crowd, shelf, by = self.crowd, self.shelf, self.behaviour
        rows = np.maximum(rows, 0)
        style = np.einsum("nd,nmd->nm", crowd.style[shoppers], shelf.style[rows]) / np.sqrt(DIMENSIONS)
        loved = (shelf.brand[rows][:, :, None] == crowd.loved[shoppers][:, None, :]).any(2)
        apart = shelf.band[rows] - crowd.band[shoppers][:, None]
        # far from the band is far: beyond three deviations nothing gets worse
        price = np.minimum(apart * apart, 9.0)
        total = by.style * style + by.brand * loved - by.price * price + by.appeal * warmth[rows]
        return np.asarray(total, np.float32)

    def leaf(self, shoppers: Rows, rows: Rows) -> Floats:
        """The part of the leaf, same shapes."""
        taste = self.crowd.leaves[shoppers[:, None], self.shelf.leaf[np.maximum(rows, 0)]]
        logs = np.log(np.maximum(taste * self.crowd.leaves.shape[1], 1e-6))
        return np.asarray(self.behaviour.leaf * np.clip(logs, -3.0, 3.0), np.float32)
