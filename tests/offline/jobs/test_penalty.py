"""What chance makes of a matrix, and λ from it."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from offline.jobs.penalty import chance, penalty


@pytest.mark.parametrize(("rows", "columns", "share"), [(400, 400, 0.1), (100, 1600, 0.1), (900, 300, 0.3)])
def test_it_is_the_largest_singular_value_of_a_random_matrix(rows, columns, share):
    """Entries of 3 strewn at random: within a tenth of the norm of their deviations from the mean, which is
    σ (√m + √n) with the variance 9 · share · (1 − share)."""
    rng = np.random.default_rng(0)
    filled = rng.random((rows, columns)) < share
    deviations = 3.0 * (filled - share)
    found = chance(sp.csr_matrix(3.0 * filled)) * (1 - share) ** 0.5
    assert found == pytest.approx(np.linalg.norm(deviations, 2), rel=0.1)


def test_it_grows_with_the_entries_and_not_with_empty_columns():
    """Twice the entries, twice the chance; a product that nobody touched says nothing; of nothing 0."""
    rng = np.random.default_rng(1)
    matrix = sp.csr_matrix((rng.random((50, 80)) < 0.2).astype(np.float32))
    wide = sp.hstack([matrix, sp.csr_matrix((50, 1000), dtype=np.float32)]).tocsr()
    assert chance(2 * matrix) == pytest.approx(2 * chance(matrix))
    assert chance(wide) == pytest.approx(chance(matrix))
    assert chance(sp.csr_matrix((3, 4))) == 0


def test_the_penalty_is_a_quarter_of_it_and_at_most_fifty():
    """Three products of one shopper each, with a confidence of 3: chance makes 6."""
    matrix = sp.csr_matrix(np.diag([3.0, 3.0, 3.0]))
    assert penalty(matrix) == pytest.approx(6 / 4)
    assert penalty(1000 * matrix) == 50
