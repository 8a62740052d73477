"""Recommended lists and the random part of the policy: the propensities are what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.simulate.lists import SOURCES, WIDTH, Answers, Block, explore, interleave, shuffle


def _base(rows: list[int], times: int) -> Answers:
    padded = np.full((times, WIDTH), -1, np.int32)
    padded[:, : len(rows)] = rows
    zeros = np.zeros(padded.shape, np.float32)
    return Answers(padded, zeros.astype(np.int8), zeros, np.ones(padded.shape, np.float32))


@given(
    st.lists(st.lists(st.integers(-1, 12), min_size=4, max_size=4), min_size=1, max_size=9),
    st.integers(1, 12),
)
def test_a_list_has_no_product_twice_and_no_gaps(rows: list[list[int]], places: int) -> None:
    """However sources overlap: each product once, padding last, as many as there are and fit."""
    block = np.array(rows, np.int32)
    blocks = [Block(block[:, :2], "factors", 0.5), Block(block[:, 2:], "trend", 0.0)]
    made = interleave(np.random.default_rng(0), blocks, places)
    for given_rows, out in zip(rows, made.rows.tolist(), strict=True):
        kept = [row for row in out if row >= 0]
        distinct = set(given_rows) - {-1}
        assert out[: len(kept)] == kept
        assert len(kept) == len(set(kept)) == min(places, len(distinct))
        assert set(kept) <= distinct


def test_a_source_is_named_for_its_rows() -> None:
    """Each slot names the source that brought its product, lifted sources first."""
    blocks = [
        Block(np.array([[7, 8]], np.int32), "trend", 0.0),
        Block(np.array([[3]], np.int32), "fresh", 5.0),
    ]
    made = interleave(np.random.default_rng(1), blocks, 3)
    assert made.rows[0, 0] == 3
    named = {
        int(row): SOURCES[code] for row, code in zip(made.rows[0, :3], made.sources[0, :3], strict=True)
    }
    assert named == {3: "fresh", 7: "trend", 8: "trend"}


def test_explored_slots_have_their_true_propensity() -> None:
    """Over many answers of one base list, each product stands at each place as often as is logged."""
    there, times, share = np.arange(0, 240, 2, dtype=np.int32), 60_000, 0.4
    base = [0, 40, 80, 6, 120, 2]  # 0, 40, 80 and 120 are in the pool of the first slot
    made = explore(np.random.default_rng(2), _base(base, times), there, share)
    for place in range(len(base)):
        rows, counts = np.unique(made.rows[:, place], return_counts=True)
        for row, count in zip(rows, counts, strict=True):
            said = made.propensities[made.rows[:, place] == row, place]
            assert said.min() == said.max()
            assert count / times == pytest.approx(float(said[0]), abs=0.01)
        assert np.allclose((1 / made.propensities[:, place]).mean(), len(rows), rtol=0.05)
    assert (made.rows[:, len(base) :] == -1).all()
    for out in made.rows[:500]:
        kept = out[out >= 0]
        assert len(set(kept.tolist())) == len(kept)


def test_exploration_is_named() -> None:
    """A slot given away says so; the others keep their source."""
    made = explore(np.random.default_rng(3), _base([1, 2, 3], 500), np.arange(100, dtype=np.int32), 0.5)
    away = made.rows[:, :3] != np.array([1, 2, 3])
    assert ((made.sources[:, :3] == SOURCES.index("explore")) == away).all()
    assert 0.4 < away.mean() < 0.55


def test_shuffled_lists_have_their_true_propensity() -> None:
    """Each row stands at each place as often as the logged propensity says."""
    times, share = 60_000, 0.3
    made = shuffle(np.random.default_rng(4), _base([5, 6, 7], times), share)
    for place, own in enumerate([5, 6, 7]):
        for row in (5, 6, 7):
            expected = share / 3 + (1 - share) * (row == own)
            here = made.rows[:, place] == row
            assert here.mean() == pytest.approx(expected, abs=0.01)
            assert made.propensities[here, place] == pytest.approx(expected, abs=1e-6)
    assert (made.rows[:, 3:] == -1).all()
