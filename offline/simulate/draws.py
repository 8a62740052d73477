"""Weighted draws for many askers at once, without a loop over them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


class Bins:
    """Things in bins, drawn within a bin by weight.

    The cumulative weights of each bin are scaled to ``[bin, bin + 1)`` and laid end to end, so that one
    binary search answers for every bin: a draw costs the logarithm of all things, whatever their number.

    Args:
        bins: the bin of each thing, shape (things,).
        weights: not negative, shape (things,); a thing of weight 0 is never drawn.
        count: how many bins there are.
    """

    def __init__(
        self, bins: npt.NDArray[np.integer], weights: npt.NDArray[np.floating], count: int
    ) -> None:
        self._things = np.argsort(bins, kind="stable").astype(np.int32)
        ordered, mass = bins[self._things], weights[self._things].astype(np.float64)
        keep = mass > 0
        self._things, ordered, mass = self._things[keep], ordered[keep], mass[keep]
        totals = np.bincount(ordered, mass, minlength=count)
        self._sizes = np.bincount(ordered, minlength=count)
        self._ends = np.cumsum(self._sizes)
        before = np.concatenate([[0.0], np.cumsum(totals)])[ordered]
        within = (np.cumsum(mass) - before) / np.where(totals > 0, totals, 1.0)[ordered]
        self._edges = ordered + np.clip(within, 0.0, 1.0)

    def draw(self, rng: np.random.Generator, bins: npt.NDArray[np.integer]) -> Rows:
        """One thing from each of ``bins``, int32 of their shape; -1 where the bin is empty."""
        if not self._things.size:
            return np.full(bins.shape, -1, np.int32)
        places = np.searchsorted(self._edges, bins + rng.random(bins.shape), side="right")
        # rounding may step over the edge of a bin: stay inside
        places = np.clip(places, self._ends[bins] - self._sizes[bins], self._ends[bins] - 1)
        found = self._things[np.maximum(places, 0)]
        return np.asarray(np.where(self._sizes[bins] > 0, found, -1), np.int32)


def pick_rows(rng: np.random.Generator, cumulative: Floats, count: int) -> Rows:
    """For each row of cumulative weights (last column 1), ``count`` columns drawn by weight."""
    draws = rng.random((len(cumulative), count), np.float32) * cumulative[:, -1:]
    below = (cumulative[:, None, :] < draws[:, :, None]).sum(2, dtype=np.int32)
    return np.asarray(np.minimum(below, cumulative.shape[1] - 1), np.int32)


def gumbel(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Standard Gumbel numbers: adding them to logits and taking the best draws by softmax."""
    return np.asarray(-np.log(-np.log(rng.random(shape, np.float32) * 0.999999 + 5e-7)), np.float32)
