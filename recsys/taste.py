"""What a shopper's last actions say about what they want now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Rows
from indexing.snapshots.catalogue import Catalogue
from recsys.request import Action

EVENT_WEIGHTS: dict[str, float] = {
    "click": 1.0,
    "view_item": 1.0,
    "add_to_wishlist": 2.0,
    "add_to_cart": 3.0,
    "purchase": 4.0,
}
"""How much an event says that its product is wanted. The same numbers train the factors."""

MOST_STRENGTH = 10.0
"""The tenth view of a product says no more than the ninth."""

SHORT_MEMORY, LONG_MEMORY, SHORT_SHARE = 0.7, 0.98, 0.6
"""Weight of a product by how many others were touched after it: ``0.6 · 0.7^i + 0.4 · 0.98^i``. The first
part makes a new interest visible after three clicks, the second keeps the tastes of a long history: on the
demo shop a single decay of 0.8 finds a tenth less of what is bought two days later, and on sequences of
real purchases one of 0.95 a tenth less of the next one."""

HALF_LIFE_DAYS, LEAST_BY_AGE = 14.0, 0.1
"""Weight by age halves every two weeks, down to a tenth: an old taste is one too, and an action whose clock
was years ahead must not make all the others nothing."""

_DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Taste:
    """The products that a shopper touched.

    Attributes:
        rows: int32 (n,), unique, the last touched first; without those taken back or disliked.
        strength: float32 (n,), sum of event weights, at most ``MOST_STRENGTH``.
        weights: float32 (n,), strength times recency; the newest has its full strength.
        viewed: bool (n,): clicked or viewed.
        bought: bool (n,).
        wanted: bool (n,): bought or put into the cart.
        disliked: int32, rows never to be shown.
    """

    rows: Rows
    strength: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    viewed: npt.NDArray[np.bool_]
    bought: npt.NDArray[np.bool_]
    wanted: npt.NDArray[np.bool_]
    disliked: Rows

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(slots=True)
class _Touch:
    """One product while the actions are read."""

    strength: float = 0.0
    age_days: float = 0.0
    viewed: bool = False
    bought: bool = False
    carted: bool = False


def read_taste(actions: Sequence[Action], catalogue: Catalogue) -> Taste:
    """Sum up actions, newest first, by product.

    Ages count from the newest action, not from now: after a month's absence the last interest is still
    the best that is known. Products unknown to the catalogue are passed over.
    """
    named = [action for action in actions if action.item_id]
    rows = catalogue.rows_of([action.item_id for action in named if action.item_id]).tolist()
    known = [(row, action) for row, action in zip(rows, named, strict=True) if row >= 0]
    disliked = {row for row, action in known if action.event == "dislike"}
    touched = _touches([pair for pair in known if pair[0] not in disliked])
    strength = np.array([min(t.strength, MOST_STRENGTH) for t in touched.values()], np.float32)
    ages = np.array([t.age_days for t in touched.values()], np.float32)
    decay = place_weights(len(touched)) * np.maximum(0.5 ** (ages / HALF_LIFE_DAYS), LEAST_BY_AGE)
    bought = np.array([t.bought for t in touched.values()], np.bool_)
    return Taste(
        rows=np.array(list(touched), np.int32),
        strength=strength,
        weights=(strength * decay).astype(np.float32),
        viewed=np.array([t.viewed for t in touched.values()], np.bool_),
        bought=bought,
        wanted=bought | np.array([t.carted for t in touched.values()], np.bool_),
        disliked=np.array(sorted(disliked), np.int32),
    )


@cache
def place_weights(count: int) -> npt.NDArray[np.float64]:
    """Weight of each of ``count`` products by its place, the newest being 1. Not to be written to."""
    place = np.arange(count)
    return SHORT_SHARE * SHORT_MEMORY**place + (1.0 - SHORT_SHARE) * LONG_MEMORY**place


def _touches(known: Sequence[tuple[int, Action]]) -> dict[int, _Touch]:
    """Products by their newest action; what a newer action took back does not count."""
    found: dict[int, _Touch] = {}
    taken_back: dict[tuple[int, str], int] = {}
    newest = max((action.timestamp for _, action in known), default=None)
    for row, action in known:
        if action.event in _TAKES_BACK:
            key = (row, _TAKES_BACK[action.event])
            taken_back[key] = taken_back.get(key, 0) + 1
            continue
        weight = EVENT_WEIGHTS.get(action.event)
        if weight is None:
            continue
        if taken_back.get((row, action.event), 0):
            taken_back[row, action.event] -= 1
            continue
        assert newest is not None
        age = (newest - action.timestamp).total_seconds() / _DAY_SECONDS
        touch = found.get(row)
        if touch is None:
            touch = found[row] = _Touch(age_days=max(age, 0.0))
        touch.strength += weight
        touch.viewed |= action.event in _VIEWS
        touch.bought |= action.event == "purchase"
        touch.carted |= action.event == "add_to_cart"
    return found


_VIEWS = frozenset({"click", "view_item"})
_TAKES_BACK = {"remove_from_cart": "add_to_cart", "refund": "purchase"}
