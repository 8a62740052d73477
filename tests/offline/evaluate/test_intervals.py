"""Intervals: they hold what they promise, and pairing tells more."""

from __future__ import annotations

import numpy as np
import pytest

from offline.evaluate.intervals import difference, estimate


def test_the_interval_is_that_of_the_normal_law_where_it_holds() -> None:
    """Half its width is 1.96 standard errors, within what 2,000 draws allow."""
    values = np.random.default_rng(1).normal(0.5, 0.1, 900)
    found = estimate(values)
    assert found.mean == pytest.approx(values.mean(), abs=1e-6)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * values.std() / 30, rel=0.08)
    assert found == estimate(values)
    assert found.cases == 900


def test_nineteen_of_twenty_intervals_hold_the_truth() -> None:
    """Of 400 samples of a fair coin, between 92 and 98 % have one half in their interval."""
    rng = np.random.default_rng(2)
    inside = 0
    for sample in range(400):
        found = estimate(rng.integers(0, 2, 200), seed=sample, draws=300)
        inside += found.low <= 0.5 <= found.high
    assert 0.92 <= inside / 400 <= 0.98


def test_pairing_sees_a_small_difference_behind_large_ones() -> None:
    """Cases differ by a hundred times more than the systems do."""
    rng = np.random.default_rng(3)
    cases = rng.normal(0, 1, 200)
    ours, theirs = cases + 0.01 + rng.normal(0, 0.01, 200), cases
    assert difference(ours, theirs).above
    assert difference(theirs, ours).below
    same = difference(cases, cases)
    assert (same.mean, same.above, same.below) == (0, False, False)


def test_what_cannot_be_paired_is_refused() -> None:
    """As is nothing."""
    with pytest.raises(ValueError, match="paired"):
        difference([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="no case"):
        estimate([])
