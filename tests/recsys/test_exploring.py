"""Exploration and its probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.ranking import ranking
from recsys.exploring import explore


def _list(count):
    return ranking(np.arange(count), -np.arange(count, dtype=float), source="a")


@given(
    count=st.integers(0, 30), places=st.integers(0, 20), share=st.floats(0, 0.9), seed=st.integers(0, 99)
)
def test_nothing_is_lost_and_only_the_page_and_the_pool_change(count, places, share, seed):
    """A permutation, the same for the same seed, with propensities in (0, 1]."""
    found = explore(_list(count), places=places, share=share, seed=seed)
    assert sorted(found.ranking.rows.tolist()) == list(range(count))
    assert (
        found.ranking.rows.tolist()
        == explore(_list(count), places=places, share=share, seed=seed).ranking.rows.tolist()
    )
    assert ((found.propensities > 0) & (found.propensities <= 1)).all()


def test_without_a_share_everything_is_certain():
    """Propensity 1 and the same list."""
    found = explore(_list(9), places=4, share=0.0, seed=1)
    assert found.ranking.rows.tolist() == list(range(9))
    assert found.propensities.tolist() == [1.0] * 9


def test_what_is_logged_is_how_often_it_happens():
    """Over 20,000 draws each row stands in each place as often as its logged propensity says."""
    count, places, share, draws = 10, 4, 0.3, 20_000
    stood = np.zeros((places, count))
    logged = np.zeros((places, count))
    for seed in range(draws):
        found = explore(_list(count), places=places, share=share, seed=seed)
        rows = found.ranking.rows[:places]
        stood[np.arange(places), rows] += 1
        logged[np.arange(places), rows] = found.propensities[:places]
    assert (logged > 0).sum() == places * (1 + count - places)
    error = 4 * np.sqrt(0.25 / draws)
    assert stood / draws == pytest.approx(logged, abs=error)


def test_places_without_anything_below_do_not_explore():
    """Two rows below a page of four: only two places may change."""
    for seed in range(50):
        found = explore(_list(6), places=4, share=0.9, seed=seed)
        assert found.ranking.rows[2:4].tolist() == [2, 3]
        assert found.propensities[2:4].tolist() == [1.0, 1.0]
