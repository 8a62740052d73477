"""The shopper as a vector."""

from __future__ import annotations

import shutil

import numpy as np

from recsys import RecommendEngine


def test_products_of_a_shopper_s_kind_score_higher(planted, did):
    """In [0, 1], own kind above all others, for rows in any order and twice."""
    vector = RecommendEngine(planted.catalogue).shopper_vector(did("click", *planted.ids(8)[:4]))
    rows = np.arange(planted.catalogue.rows, dtype=np.int32)
    scores = vector.scores(rows)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    own = planted.kind_of == 8
    assert scores[own].min() > np.percentile(scores[~own], 99)
    assert (vector.scores(rows[::-1]) == scores[::-1]).all()
    assert vector.scores(np.zeros(0, np.int32)).shape == (0,)


def test_rows_in_no_space_score_zero(planted, did):
    """Rows that no model has heard of, and -1."""
    vector = RecommendEngine(planted.catalogue).shopper_vector(did("click", *planted.ids(8)[:4]))
    assert vector.scores(np.array([-1, 10_000], np.int32)).tolist() == [0.0, 0.0]


def test_a_stranger_has_no_vector(planted, make_catalogue, did):
    """Nor has a shopper in a shop without models."""
    engine = RecommendEngine(planted.catalogue)
    assert engine.shopper_vector([]) is None
    assert engine.shopper_vector(did("click", "unknown")) is None


def test_without_factors_texts_decide(planted, did, tmp_path):
    """One space is enough."""
    shutil.rmtree(tmp_path / "models" / "factors")
    vector = RecommendEngine(planted.catalogue).shopper_vector(did("click", *planted.ids(8)[:4]))
    scores = vector.scores(np.arange(planted.catalogue.rows, dtype=np.int32))
    assert scores[planted.kind_of == 8].mean() > 3 * scores[planted.kind_of != 8].mean()
