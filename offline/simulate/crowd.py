"""The shoppers: what they like, what they can pay, when and how often they come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.contracts.experiments import ArmSpec, Experiment, assign
from offline.simulate.draws import Bins, Floats, Rows
from offline.simulate.parameters import Parameters
from offline.simulate.shelf import DIMENSIONS, Shelf
from offline.simulate.tree import LEAVES

AA = Experiment(name="aa", arms=[ArmSpec("control", "default"), ArmSpec("same", "default")])
LOVED = 8
_AUDIENCES = {"women": 0.52, "men": 0.48, "parents": 0.3, "pets": 0.25, "drivers": 0.3}
_OTHERS = 0.12  # how much one buys of what is made for others
# of a day's sessions by local hour, four habits: early, office, evening, night
_HOURS = np.array(
    [
        [1, 0, 0, 0, 0, 2, 6, 10, 9, 6, 4, 4, 5, 4, 3, 3, 3, 4, 5, 5, 4, 3, 2, 1],
        [1, 0, 0, 0, 0, 0, 1, 3, 6, 8, 8, 7, 10, 9, 6, 6, 6, 5, 4, 4, 5, 5, 4, 2],
        [2, 1, 0, 0, 0, 0, 1, 2, 2, 3, 3, 3, 4, 3, 3, 3, 3, 4, 6, 9, 12, 13, 10, 5],
        [9, 6, 3, 1, 0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 5, 7, 10, 13, 13],
    ],
    np.float64,
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Arrays with one entry a shopper; the last ``bots`` of them are bots.

    Attributes:
        ids: 32 hexadecimal digits. arms: place in ``AA.arms``.
        leaves: share of each leaf in what the shopper looks for, shape (n, leaves), rows sum to 1.
        style: shape (n, 6). loved: brands loved, shape (n, 8), -2 where there is none.
        band: the price the shopper looks for, in standard deviations of the leaf's.
        activity: relative number of sessions. hours: cumulative by local hour, shape (n, 24).
        joined: first day of the log on which the shopper comes.
    """

    ids: list[str]
    arms: Rows
    leaves: Floats
    style: Floats
    loved: Rows
    band: Floats
    activity: Floats
    hours: Floats
    joined: Rows
    bots: int

    def __len__(self) -> int:
        return len(self.ids)


def crowd_of(parameters: Parameters, shelf: Shelf) -> Crowd:
    """The shoppers and bots of a simulation."""
    behaviour = parameters.behaviour
    rng = np.random.default_rng([parameters.seed, 37])
    bots = max(3, round(parameters.shoppers * behaviour.bots))
    n = parameters.shoppers + bots
    ids = [rng.bytes(16).hex() for _ in range(n)]
    names = [arm.name for arm in AA.arms]
    arms = [arm.name if (arm := assign(AA, shopper)) else "" for shopper in ids]
    leaves = _leaf_tastes(rng, n)
    hours = _HOURS[rng.integers(0, len(_HOURS), n)] * rng.uniform(0.5, 1.5, (n, 24))
    late = rng.random(n) < 0.15
    return Crowd(
        ids=ids,
        arms=np.array([names.index(arm) for arm in arms], np.int32),
        leaves=leaves,
        style=rng.standard_normal((n, DIMENSIONS)).astype(np.float32),
        loved=_loved_brands(rng, leaves, shelf),
        band=rng.normal(0, 0.9, n).astype(np.float32),
        activity=_relative(np.exp(behaviour.heavy * rng.standard_normal(n))),
        hours=(np.cumsum(hours, 1) / hours.sum(1, keepdims=True)).astype(np.float32),
        joined=np.where(late, rng.integers(0, parameters.days, n), 0).astype(np.int32),
        bots=bots,
    )


def _relative(values: npt.NDArray[np.float64]) -> Floats:
    return np.asarray(values / values.mean(), np.float32)


def _leaf_tastes(rng: np.random.Generator, n: int) -> Floats:
    """Gamma draws of a small shape, so that a few leaves hold most of a shopper's demand."""
    weights = np.tile(np.array([leaf.weight for leaf in LEAVES]), (n, 1))
    women = rng.random(n) < _AUDIENCES["women"]
    belongs = {name: rng.random(n) < share for name, share in _AUDIENCES.items()}
    belongs["women"], belongs["men"] = women, ~women
    for place, leaf in enumerate(LEAVES):
        if leaf.audience in belongs:
            weights[:, place] *= np.where(belongs[leaf.audience], 1.6, _OTHERS)
    departments = [leaf.path[0] for leaf in LEAVES]
    names = sorted(set(departments))
    likes = rng.gamma(0.9, size=(n, len(names)))[:, [names.index(name) for name in departments]]
    drawn = rng.gamma(0.25 * weights) * likes + 1e-6 * weights
    return np.asarray(drawn / drawn.sum(1, keepdims=True), np.float32)


def _loved_brands(rng: np.random.Generator, leaves: Floats, shelf: Shelf) -> Rows:
    """Brands of products in the shopper's own leaves: a few of them are loved."""
    old = Bins(shelf.leaf, np.where(shelf.brand >= 0, np.exp(shelf.appeal), 0), len(LEAVES))
    best = np.argsort(-leaves, axis=1, kind="stable")[:, :LOVED]
    rows = old.draw(rng, best)
    loved = np.where(rng.random(rows.shape) < 0.6, shelf.brand[rows], -2)
    return np.where(rows >= 0, loved, -2).astype(np.int32)
