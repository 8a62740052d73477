"""The demo shop's tree: every leaf, by place and by name."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from offline.simulate.leaf import Leaf
from offline.simulate.vocabulary import appliances, beauty, clothes, digital, family, food, living

LEAVES: tuple[Leaf, ...] = (
    *digital.LEAVES,
    *appliances.LEAVES,
    *clothes.LEAVES,
    *beauty.LEAVES,
    *food.LEAVES,
    *family.LEAVES,
    *living.LEAVES,
)
PLACES: dict[str, int] = {leaf.name: place for place, leaf in enumerate(LEAVES)}


def shares() -> npt.NDArray[np.float64]:
    """The assortment's share of each leaf, shape (leaves,), sum 1."""
    weights = np.array([leaf.weight for leaf in LEAVES], np.float64)
    return np.asarray(weights / weights.sum())


def complements() -> list[tuple[int, int]]:
    """The planted pairs (leaf, what is bought with it), by place."""
    return [(place, PLACES[name]) for place, leaf in enumerate(LEAVES) for name in leaf.complements]
