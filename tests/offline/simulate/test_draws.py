"""Weighted draws from bins and rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.simulate.draws import Bins, pick_rows

_WEIGHTS = st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1e6)), max_size=40)


@given(_WEIGHTS, st.integers(0, 2**32 - 1))
def test_a_draw_stays_in_its_bin_and_never_takes_weight_zero(
    pairs: list[tuple[int, float]], seed: int
) -> None:
    """Whatever the weights: the right bin, a positive weight, and -1 only for a bin without weight."""
    bins = np.array([b for b, _ in pairs], np.int32)
    weights = np.array([w for _, w in pairs], np.float64)
    asked = np.repeat(np.arange(6), 50)
    drawn = Bins(bins, weights, 6).draw(np.random.default_rng(seed), asked)
    filled = set(bins[weights > 0].tolist())
    assert ((drawn >= 0) == np.isin(asked, list(filled))).all()
    found = drawn >= 0
    assert (bins[drawn[found]] == asked[found]).all()
    assert (weights[drawn[found]] > 0).all()


def test_draws_follow_the_weights() -> None:
    """Shares of 1 : 3 within a bin, whatever is in the other bins."""
    bins, weights = np.array([1, 0, 1, 0]), np.array([1.0, 100.0, 3.0, 5.0])
    drawn = Bins(bins, weights, 2).draw(np.random.default_rng(0), np.ones(20_000, np.int64))
    assert (drawn == 2).mean() == pytest.approx(0.75, abs=0.015)
    assert set(drawn.tolist()) == {0, 2}


def test_columns_are_picked_by_weight() -> None:
    """Each row of cumulative weights has shares of its own."""
    cumulative = np.array([[0.2, 1.0], [0.9, 1.0]], np.float32)
    picked = pick_rows(np.random.default_rng(0), cumulative, 20_000)
    assert picked.mean(1) == pytest.approx([0.8, 0.1], abs=0.015)
