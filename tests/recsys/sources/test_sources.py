"""Each source against the slow way."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from recsys.ask import Ask, Missing, Seeds
from recsys.folding import fold_in
from recsys.models import open_models
from recsys.sources import SOURCES
from recsys.taste import read_taste


@pytest.fixture
def ask(planted, did, now):
    """Three products of one kind viewed, one of another in the cart; half of the shop allowed."""
    catalogue = planted.catalogue
    actions = [*did("view_item", *planted.ids(6)[:3]), *did("add_to_cart", planted.ids(30)[0])]
    taste = read_taste(actions, catalogue)
    mask = np.random.default_rng(3).random(catalogue.rows) < 0.5
    return Ask(
        catalogue=catalogue,
        models=open_models(catalogue),
        mask=mask,
        seeds=Seeds(taste.rows, taste.weights, from_context=False),
        taste=taste,
        quota=30,
        today=now.timestamp(),
    )


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_source_keeps_to_the_mask_and_the_quota(ask, name):
    """Only allowed rows, at most the quota, finite scores, causes among the seeds."""
    found = SOURCES[name](ask)
    assert ask.mask[found.rows].all()
    assert len(found) <= ask.quota
    assert np.isfinite(found.scores).all()
    assert set(found.because.tolist()) <= {-1, *ask.seeds.rows.tolist()}


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_source_finds_nothing_where_nothing_is_allowed(ask, name):
    """An empty mask gives an empty list."""
    assert len(SOURCES[name](ask.asking(30, np.zeros_like(ask.mask)))) == 0


def _sums(ask, table, seeds, weights):
    sums = {}
    for seed, weight in zip(seeds.tolist(), weights.tolist(), strict=True):
        for row, score in table[seed].items():
            if ask.mask[row]:
                sums.setdefault(row, []).append((weight * score, seed))
    return {row: (sum(share for share, _ in parts), max(parts)[1]) for row, parts in sums.items()}


def test_item_item_is_the_weighted_sum_of_neighbours(ask, planted):
    """Scores to 1e-5; the cause is the seed with the largest share."""
    found = SOURCES["item_item"](ask)
    expected = _sums(ask, planted.neighbours, ask.seeds.rows, ask.seeds.weights)
    best = sorted(expected, key=lambda row: (-expected[row][0], row))[:30]
    assert found.scores == pytest.approx([expected[row][0] for row in best], rel=1e-5)
    for row, because in zip(found.rows.tolist(), found.because.tolist(), strict=True):
        assert because == expected[row][1]


def test_co_purchase_asks_only_for_what_is_bought_or_in_the_cart(ask, planted):
    """Of the shopper's own products; of a context every one."""
    found = SOURCES["co_purchase"](ask)
    cart = planted.catalogue.row_of(planted.ids(30)[0])
    assert set(found.because.tolist()) == {cart}
    assert set(found.rows.tolist()) == {row for row in planted.together[cart] if ask.mask[row]}


def test_complements_are_of_the_kinds_that_go_with_what_is_wanted(ask, planted):
    """Every allowed product of the partner kind, the cause being what is in the cart; those that read most
    like it come first among equally popular ones."""
    found = SOURCES["complements"](ask)
    cart = planted.catalogue.row_of(planted.ids(30)[0])
    partner = planted.complements[30]
    assert set(found.because.tolist()) == {cart}
    assert set(found.rows.tolist()) == set(np.flatnonzero((planted.kind_of == partner) & ask.mask).tolist())
    assert found.scores[0] == pytest.approx(0.5 * ask.seeds.weights[ask.seeds.rows == cart][0])
    assert found.scores[1] == pytest.approx(found.scores[0] / 2)


def test_each_kind_shows_its_best_before_one_shows_its_second(ask, planted, models, tmp_path):
    """Two partner kinds of nearly the same excess take turns."""
    shutil.rmtree(tmp_path / "models" / "complements")
    best = np.arange(planted.catalogue.rows).reshape(40, 12).astype(np.int32)
    models.complements(planted.kind_of, {30: {2: 0.5, 5: 0.4}}, best)
    every = np.ones(planted.catalogue.rows, np.bool_)
    found = SOURCES["complements"](replace(ask, models=open_models(planted.catalogue), mask=every))
    assert planted.kind_of[found.rows[:4]].tolist() == [2, 5, 2, 5]


def test_factors_are_the_best_inner_products_with_the_folded_vector(ask):
    """And their cause gives the most of the score."""
    model = ask.models.factors
    folded = fold_in(model, ask.seeds.rows, ask.seeds.weights)
    found = SOURCES["factors"](ask)
    scores = np.where(ask.mask, model.items @ folded.vector, -np.inf)
    best = np.argsort(-scores, kind="stable")[:30]
    assert found.rows.tolist() == best[scores[best] > 0].tolist()
    shares = model.items[found.rows] @ folded.parts.T
    named = found.because >= 0
    assert named.any()
    assert (found.because[named] == ask.seeds.rows[shares.argmax(axis=1)][named]).all()


def test_content_is_nearest_to_the_weighted_mean(ask):
    """Over the text vectors of the seeds."""
    index = ask.catalogue.vectors("text")
    every = index.vectors(np.arange(index.size, dtype=np.int32))
    mean = ask.seeds.weights @ every[ask.seeds.rows]
    scores = np.where(ask.mask, every @ (mean / np.linalg.norm(mean)), -np.inf)
    found = SOURCES["content"](ask)
    best = np.argsort(-scores, kind="stable")[:30]
    assert found.rows.tolist() == best[scores[best] > 0].tolist()


def test_trend_and_popularity_are_the_highest_scores(ask):
    """Under the mask, without sorting everything."""
    for name in ("trend", "popularity"):
        scores = np.load(ask.catalogue.model(name) / "scores.npy")
        allowed = np.where(ask.mask, scores, -1)
        assert SOURCES[name](ask).rows.tolist() == np.argsort(-allowed, kind="stable")[:30].tolist()


def test_fresh_is_by_launch_date_and_prefers_what_fits(ask, planted, did, now):
    """A stranger gets launch dates downwards; for a shopper their own kind comes up among the same rows."""
    catalogue = planted.catalogue

    def fresh(actions):
        taste = read_taste(actions, catalogue)
        seeds = Seeds(taste.rows, taste.weights, from_context=False)
        every = np.ones(catalogue.rows, np.bool_)
        return SOURCES["fresh"](replace(ask, seeds=seeds, taste=taste, mask=every, quota=400)).rows.tolist()

    rows = fresh([])
    dates = [catalogue.item(row).created_at for row in rows]
    assert dates == sorted(dates, reverse=True)
    assert sorted(rows) == [
        row for row in range(catalogue.rows) if now - catalogue.item(row).created_at <= timedelta(days=30)
    ]
    last = rows[-1]
    kind = int(planted.kind_of[last])
    known = fresh(did("view_item", *planted.ids(kind)))
    assert sorted(known) == sorted(rows)
    assert known.index(last) < rows.index(last)


def test_a_source_whose_model_is_missing_says_which(ask, tmp_path, planted):
    """Not a silent nothing."""
    shutil.rmtree(tmp_path / "models")
    bare = replace(ask, models=open_models(planted.catalogue))
    for name in ("factors", "item_item", "co_purchase", "complements", "trend", "popularity"):
        assert isinstance(SOURCES[name](bare), Missing)
