"""Four bits a dimension."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.vectors.codes import Codes, encoded


def _normal(rows, dimension):
    return np.random.default_rng(0).normal(size=(rows, dimension)).astype(np.float32)


@pytest.mark.parametrize("dimension", [1, 2, 7, 24, 64])
def test_scores_are_near_the_inner_products(dimension):
    """Sixteen values of a normal number are off by a tenth of it, and by nothing on the whole."""
    vectors, query = _normal(3_000, dimension), _normal(2, dimension)[1]
    codes, values = encoded(vectors)
    assert codes.shape == (3_000, -(-dimension // 2))
    assert values.shape == (dimension, 16)
    places, scores = Codes(codes, values).nearest(query, 3_000)
    assert len(set(places.tolist())) == len(places) <= 3_000
    assert len(places) > 2_900 or dimension < 7
    assert (np.diff(scores) <= 0).all()
    off = (scores - (vectors @ query)[places]) / np.linalg.norm(query)
    assert off.std() < 0.15
    assert abs(off.mean()) < 0.02


def test_the_best_are_among_the_first():
    """Of the best 20 of 5,000 all are among the first 100 by codes."""
    vectors, query = _normal(5_000, 32), _normal(2, 32)[1]
    found = Codes(*encoded(vectors))
    best = np.argsort(-(vectors @ query))[:20]
    assert set(best.tolist()) <= set(found.nearest(query, 100)[0].tolist())
    assert len(found.nearest(query, 6_000)[0]) == len(found) == 5_000


def test_parts_of_the_codes_are_codes():
    """As they are cut into blocks."""
    vectors, query = _normal(5_000, 10), _normal(2, 10)[1]
    codes, values = encoded(vectors)
    whole = dict(zip(*(a.tolist() for a in Codes(codes, values).nearest(query, 5_000)), strict=True))
    places, scores = Codes(codes[2_000:], values).nearest(query, 10)
    assert scores.tolist() == pytest.approx([whole[place + 2_000] for place in places.tolist()], abs=0.05)


@pytest.mark.parametrize(
    ("codes", "values"), [((5, 3), (7, 16)), ((5, 4), (7, 8)), ((5,), (7, 16)), ((5, 4), (7, 16, 2))]
)
def test_what_does_not_belong_together_is_an_error(codes, values):
    """Files of another snapshot, say."""
    with pytest.raises(ValueError, match="belong"):
        Codes(np.zeros(codes, np.uint8), np.zeros(values, np.float32))
