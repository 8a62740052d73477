"""Folding a shopper in."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.by_length import ByLength
from recsys.folding import fold_in
from recsys.models import Factors, FactorSettings


@pytest.mark.parametrize("count", [1, 5, 40])
def test_it_is_the_equation_of_hu_koren_and_volinsky(count):
    """Equation 4, for fewer products than factors and for more; the parts sum to it."""
    rng = np.random.default_rng(count)
    items = rng.normal(size=(60, 8)).astype(np.float32)
    items[50] = 0
    wide = items.astype(np.float64)
    system = wide.T @ wide + 3.0 * np.eye(8)
    settings = FactorSettings(8, 3.0, 5.0)
    factors = Factors(items, ByLength(items, np.arange(60), np.ones(60)), np.linalg.inv(system), settings)
    rows = rng.permutation(60)[:count].astype(np.int32)
    strength = rng.uniform(0.1, 4.0, count).astype(np.float32)
    folded = fold_in(factors, rows, strength)
    mine, extra = wide[rows], 5.0 * strength.astype(np.float64)
    system += (mine.T * extra) @ mine
    assert folded.vector == pytest.approx(np.linalg.solve(system, mine.T @ (1.0 + extra)), rel=1e-5)
    assert folded.parts.sum(axis=0) == pytest.approx(folded.vector, rel=1e-5)
    assert folded.places.tolist() == np.flatnonzero(mine.any(axis=1)).tolist()


def test_nothing_known_folds_to_nothing():
    """Rows of zeros and rows since the build have no factors."""
    items = np.zeros((3, 2), np.float32)
    factors = Factors(
        items,
        ByLength(items[:0], np.zeros(0, np.int32), np.zeros(0)),
        np.eye(2),
        FactorSettings(2, 1.0, 1.0),
    )
    assert fold_in(factors, np.array([1, 7], np.int32), np.ones(2, np.float32)) is None
