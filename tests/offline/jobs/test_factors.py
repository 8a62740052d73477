"""Factorisation, and folding in with what it wrote."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from implicit.cpu.als import AlternatingLeastSquares
from threadpoolctl import threadpool_limits

from offline.jobs.factors import FactorConfig, confidences, factors
from offline.jobs.penalty import penalty
from recsys.by_length import ByLength
from recsys.folding import fold_in
from recsys.models import Factors, FactorSettings


def _two_camps(touches, rng, shoppers=80, rows=40):
    """Shoppers of camp c touch products of their half only."""
    entries = []
    for shopper in range(shoppers):
        half = shopper % 2
        chosen = rng.choice(rows // 2, 6, replace=False) + half * rows // 2
        entries += [(shopper, int(row), "click", 0.0, shopper, -1) for row in chosen]
    return touches(entries, rows=rows + 1)


def _load(folder):
    settings = msgspec.json.decode((folder / "model.json").read_bytes(), type=FactorSettings)
    items, order = np.load(folder / "items.npy"), np.load(folder / "order.npy")
    by_length = ByLength(np.load(folder / "by_length.npy"), order, np.load(folder / "lengths.npy"))
    gram = np.load(folder / "gram.npy")
    assert gram.dtype == np.float64
    assert gram == pytest.approx(items.astype(float).T @ items, rel=1e-6)
    inverse = np.linalg.inv(gram + settings.regularization * np.eye(len(gram)))
    return Factors(items, by_length, inverse, settings)


def test_what_is_written_recommends_the_own_camp(touches, tmp_path):
    """A shopper folded in from two products scores the products of that half higher; products without
    events have zeros."""
    report = factors(
        _two_camps(touches, np.random.default_rng(0)), tmp_path, config=FactorConfig(factors=2)
    )
    assert report.written
    assert (report.shoppers, report.products, report.factors) == (80, 40, 2)
    model = _load(tmp_path)
    assert model.items.shape == (41, 2)
    assert model.items.dtype == np.float32
    assert not model.items[40].any()
    assert sorted(model.by_length.order.tolist()) == list(range(40))
    assert (np.diff(model.by_length.lengths) <= 0).all()
    vector = fold_in(model, np.array([1, 3], np.int32), np.ones(2, np.float32)).vector
    scores = model.items @ vector
    assert scores[:20].min() > scores[20:40].max()


def test_folding_in_equals_the_trainer_s_own_solution(touches, tmp_path):
    """The numpy solve against implicit's ``recalculate_user``, to 1e-4."""
    found = _two_camps(touches, np.random.default_rng(2))
    config = FactorConfig(factors=8)
    factors(found, tmp_path, config=config)
    model = _load(tmp_path)
    with threadpool_limits(1, "blas"):
        trainer = AlternatingLeastSquares(
            factors=8, regularization=model.settings.regularization, num_threads=1
        )
    trainer.item_factors = model.items
    matrix, alpha = confidences(found, config)
    for shopper in range(0, 80, 7):
        row = matrix[shopper]
        strength = ((row.data - 1) / alpha).astype(np.float32)
        mine = fold_in(model, row.indices.astype(np.int32), strength)
        theirs = trainer.recalculate_user(0, row)
        assert mine.vector == pytest.approx(theirs, abs=1e-4)
        assert mine.parts.sum(axis=0) == pytest.approx(mine.vector, abs=1e-5)


def test_strength_is_summed_halved_with_age_and_bounded(touches):
    """Two clicks count twice, a purchase four times, sixty days halve it, and no product exceeds ten."""
    entries = [(0, 0, "click", 60, 0, -1), (0, 0, "click", 60, 0, -1), (0, 1, "purchase", 0, 0, -1)]
    entries += [(0, 2, "purchase", 60, 0, -1)] * 5
    config = FactorConfig(alpha=1.0, half_life_days=60.0)
    row = confidences(touches(entries, rows=3), config)[0].toarray()[0]
    assert row.tolist() == [1 + 2.0, 1 + 2.0, 1 + 10.0]


@pytest.mark.parametrize("rows", [3, 50])
def test_confidence_grows_with_what_nobody_touched(touches, tmp_path, rows):
    """``(untouched / touched)^½``, at least 1: two clicks each of two shoppers among n products that others
    touched too; the model keeps it, so that serving folds in with the same."""
    entries = [(shopper, row, "click", 0, 0, -1) for shopper in range(2) for row in range(2)]
    entries += [(2, row, "click", 0, 0, -1) for row in range(rows)]
    found = touches(entries, rows=rows)
    aged = replace(found, time=found.time - np.arange(len(found)) * 10**12)  # days say nothing of it
    assert confidences(aged, FactorConfig())[1] == confidences(found, FactorConfig())[1]
    cells, touched = 3 * rows, 4 + rows
    _, own = confidences(found, FactorConfig())
    assert own == pytest.approx(max((cells - touched) / touched, 1) ** 0.5)
    report = factors(found, tmp_path, config=FactorConfig(factors=2, least_shoppers=1))
    assert report.written
    assert _load(tmp_path).settings.alpha == pytest.approx(own)


@pytest.mark.parametrize("shoppers", [60, 600])
def test_the_penalty_follows_from_the_matrix(touches, tmp_path, shoppers):
    """Unless one is configured. With more factors than there are
    camps the shoppers are not learnt by heart: of the rest of a camp more is found than with little."""
    found = _two_camps(touches, np.random.default_rng(3), shoppers=shoppers)
    shares = {}
    for name, given in (("own", None), ("little", 1.0)):
        config = FactorConfig(factors=16, regularization=given)
        factors(found, tmp_path / name, config=config)
        model = _load(tmp_path / name)
        expected = penalty(confidences(found, config)[0]) if given is None else given
        assert model.settings.regularization == pytest.approx(expected)
        shares[name] = np.mean([_own_camp(model, first) for first in range(19)])
    assert shares["own"] > 0.75
    assert shares["little"] < 0.7


def _own_camp(model, first):
    """Of the first camp's 18 other products, the share among the best 18 beside two of them."""
    pair = np.array([first, first + 1], np.int32)
    scores = model.items[:40] @ fold_in(model, pair, np.ones(2, np.float32)).vector
    scores[pair] = -np.inf
    return (np.argsort(-scores)[:18] < 20).mean()


def test_the_same_seed_gives_the_same_factors(touches, tmp_path):
    """Two threads or not."""
    found = _two_camps(touches, np.random.default_rng(0))
    for name, threads in (("a", 2), ("b", 1)):
        factors(found, tmp_path / name, config=FactorConfig(factors=8, threads=threads))
    assert np.load(tmp_path / "a" / "items.npy") == pytest.approx(
        np.load(tmp_path / "b" / "items.npy"), abs=1e-5
    )


@pytest.mark.parametrize("shoppers", [0, 1, 20])
def test_too_few_shoppers_train_nothing(touches, tmp_path, shoppers):
    """The report says how many there are and how many are needed; guests count for nothing."""
    entries = [(shopper, row, "click", 0, 0, -1) for shopper in range(shoppers) for row in range(3)]
    entries += [(-1, 1, "click", 0, 0, -1)]
    report = factors(touches(entries, rows=5), tmp_path / "none")
    assert not report.written
    assert str(shoppers) in report.why
    assert not (tmp_path / "none").exists()


def test_a_shop_of_fewer_products_than_factors_trains_fewer_factors(touches, tmp_path):
    """Three products: three factors at most."""
    rng = np.random.default_rng(0)
    entries = [
        (s, int(row), "click", 0, 0, -1) for s in range(60) for row in rng.choice(3, 2, replace=False)
    ]
    report = factors(touches(entries, rows=3), tmp_path)
    assert report.written
    assert report.factors == 3
    assert np.load(tmp_path / "items.npy").shape == (3, 3)
