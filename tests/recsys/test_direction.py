"""Where the texts of a few products point."""

from __future__ import annotations

import numpy as np

from indexing.vectors import ExactIndex
from recsys.direction import MOST_SEEDS, direction


def _of(vectors, rows, weights):
    index = ExactIndex(np.array(vectors, np.float32))
    return direction(index, np.array(rows, np.int32), np.array(weights, np.float32))


def test_it_is_the_weighted_mean_of_those_that_have_a_vector():
    """Rows beyond the index and rows of zeros say nothing."""
    found = _of([[1, 0], [0, 1], [0, 0]], [7, 1, 2, 0], [9, 3, 9, 4])
    assert found is not None
    assert found.rows.tolist() == [1, 0]
    assert found.weights.tolist() == [3, 4]
    np.testing.assert_allclose(found.mean, [0.8, 0.6], rtol=1e-6)


def test_of_nothing_and_of_what_cancels_out_there_is_none():
    """There is no direction to search in."""
    assert _of([[1, 0], [-1, 0]], [0, 1], [2, 2]) is None
    assert _of([[1, 0]], [], []) is None
    assert _of([[1, 0], [0, 0]], [1, 5], [1, 1]) is None


def test_only_the_first_few_count():
    """The newest come first."""
    many = np.eye(MOST_SEEDS + 5)
    found = _of(many, range(MOST_SEEDS + 5), [1] * (MOST_SEEDS + 5))
    assert found is not None
    assert found.rows.tolist() == list(range(MOST_SEEDS))
    assert not found.mean[MOST_SEEDS:].any()
