"""How sure is a mean, and is a difference more than chance? Seeded bootstrap over the cases.

The percentile bootstrap of Efron (1979): cases are drawn with replacement as often as there are cases, and
the interval lies between the 2.5th and 97.5th percentile of the means of the draws. Two systems that
answered the same cases are compared by the mean of the differences, case by case, so that hard cases are
hard for both (paired; Efron and Tibshirani 1993, chapter 13).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

Values = Sequence[float] | npt.NDArray[np.float64]
DRAWS = 2_000
_LEVEL = (2.5, 97.5)


class Estimate(msgspec.Struct, frozen=True):
    """A mean with its 95 % interval over ``cases`` cases."""

    mean: float
    low: float
    high: float
    cases: int

    def __str__(self) -> str:
        return f"{self.mean:.4f} [{self.low:.4f}, {self.high:.4f}]"

    @property
    def above(self) -> bool:
        """Of a difference: more than chance explains."""
        return self.low > 0

    @property
    def below(self) -> bool:
        """Of a difference: worse by more than chance explains."""
        return self.high < 0


def estimate(values: Values, *, seed: int = 0, draws: int = DRAWS) -> Estimate:
    """Mean of the cases with its interval.

    Raises:
        ValueError: there is no case.
    """
    found = np.asarray(values, np.float64)
    if not len(found):
        raise ValueError("no case to estimate from")
    rng = np.random.default_rng(seed)
    means = np.array([found[rng.integers(0, len(found), len(found))].mean() for _ in range(draws)])
    low, high = np.percentile(means, _LEVEL)
    return Estimate(round(float(found.mean()), 6), round(float(low), 6), round(float(high), 6), len(found))


def difference(ours: Values, theirs: Values, *, seed: int = 0, draws: int = DRAWS) -> Estimate:
    """Mean of ``ours − theirs``, paired by case.

    Raises:
        ValueError: they are not equally many, or none.
    """
    if len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} cases cannot be paired with {len(theirs)}")
    return estimate(np.asarray(ours, np.float64) - np.asarray(theirs, np.float64), seed=seed, draws=draws)
