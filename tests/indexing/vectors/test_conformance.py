"""The guarantees of ``indexing/vectors/base.py``, over every implementation, by value."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexing.vectors import ExactIndex, VectorHits, VectorIndex

Pair = tuple[VectorIndex, ExactIndex]

RECALL_FLOOR = 0.95
SLOW_FIXTURE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def some_query(oracle: ExactIndex, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, oracle.size, rng.integers(1, 4)).astype(np.int32)
    noise = 0.3 * rng.standard_normal(oracle.dimension, np.float32)
    return oracle.vectors(rows).sum(axis=0) + noise


def assert_sound(hits: VectorHits, oracle: ExactIndex, query: np.ndarray, mask: np.ndarray | None) -> None:
    """Types, exact scores, order, no row twice, no row that is no candidate."""
    assert hits.rows.dtype == np.int32
    assert hits.scores.dtype == np.float32
    vectors = oracle.vectors(hits.rows)
    np.testing.assert_allclose(hits.scores, vectors.astype(np.float64) @ query, rtol=1e-5, atol=1e-5)
    assert hits.rows.tolist() == hits.rows[np.lexsort((hits.rows, -hits.scores))].tolist()
    assert len(set(hits.rows.tolist())) == len(hits.rows)
    assert vectors.any(axis=1).all()
    assert mask is None or mask[hits.rows].all()


@SLOW_FIXTURE
@given(seed=st.integers(0, 2**32), share=st.floats(0, 1), k=st.integers(0, 400))
def test_masked_search(pair: Pair, seed: int, share: float, k: int) -> None:
    """Whatever the filter keeps, min(k, candidates) sound hits come back, none better than the best."""
    index, oracle = pair
    mask = np.random.default_rng(seed).random(oracle.size) < share**3
    query = some_query(oracle, seed)
    hits, truth = index.search(query, k, mask=mask), oracle.search(query, k, mask=mask)
    candidates = int((mask & oracle.vectors(np.arange(oracle.size, dtype=np.int32)).any(axis=1)).sum())
    assert len(hits.rows) == len(truth.rows) == min(k, candidates)
    assert_sound(hits, oracle, query, mask)
    assert (hits.scores <= truth.scores + 1e-5).all()  # how near they come on the mean is tested below


@pytest.mark.parametrize("share", [None, 0.9, 0.5, 0.02])
def test_mean_recall(pair: Pair, share: float | None) -> None:
    """Over 100 queries the recall at 50 is above the floor, filtered or not."""
    index, oracle = pair
    mask = None if share is None else np.random.default_rng(3).random(oracle.size) < share
    shares = []
    for seed in range(100):
        query = some_query(oracle, seed)
        hits, truth = index.search(query, 50, mask=mask), oracle.search(query, 50, mask=mask)
        assert_sound(hits, oracle, query, mask)
        shares.append(np.mean(hits.scores >= truth.scores[-1] - 1e-5))
    assert np.mean(shares) >= RECALL_FLOOR


def test_a_mask_that_drops_the_nearest(pair: Pair) -> None:
    """Most rows are allowed, but none of what the query is like: as many sound hits come all the same."""
    index, oracle = pair
    for seed in range(50):
        query = some_query(oracle, seed)
        mask = np.ones(oracle.size, np.bool_)
        mask[oracle.search(query, oracle.size // 10).rows] = False
        hits = index.search(query, 50, mask=mask)
        assert len(hits.rows) == 50
        assert_sound(hits, oracle, query, mask)


def test_every_candidate_can_be_asked_for(pair: Pair) -> None:
    """With k above the size every candidate comes, exactly as the oracle orders them."""
    index, oracle = pair
    query = some_query(oracle, 5)
    hits, truth = index.search(query, oracle.size + 10), oracle.search(query, oracle.size + 10)
    assert hits.rows.tolist() == truth.rows.tolist()
    assert hits.scores.tolist() == truth.scores.tolist()


def test_equal_vectors_have_equal_scores_in_row_order(pair: Pair) -> None:
    """Rows that hold the same vector share their score exactly, the lower row first."""
    index, oracle = pair
    everything = oracle.vectors(np.arange(oracle.size, dtype=np.int32))
    row = next(
        r
        for r in range(oracle.size - 1)
        if everything[r].any() and (everything[r] == everything[r + 1]).all()
    )
    mask = np.zeros(oracle.size, bool)
    mask[row : row + 2] = True
    hits = index.search(everything[row], 10, mask=mask)
    assert hits.rows.tolist() == [row, row + 1]
    assert hits.scores[0] == hits.scores[1]


def test_masks_that_keep_nothing_or_only_zeros(pair: Pair) -> None:
    """No candidate, no hit."""
    index, oracle = pair
    zeros = ~oracle.vectors(np.arange(oracle.size, dtype=np.int32)).any(axis=1)
    query = some_query(oracle, 1)
    assert zeros.any()
    assert len(index.search(query, 10, mask=zeros).rows) == 0
    assert len(index.search(query, 10, mask=np.zeros(oracle.size, bool)).rows) == 0
    assert len(index.search(query, 0).rows) == 0


def test_a_query_of_zeros_scores_zero(pair: Pair) -> None:
    """Every candidate has the score 0, so min(k, candidates) come, in row order."""
    index, oracle = pair
    hits = index.search(np.zeros(oracle.dimension, np.float32), 20)
    assert hits.scores.tolist() == [0.0] * 20
    assert hits.rows.tolist() == sorted(hits.rows.tolist())


def test_vectors_are_those_given(pair: Pair) -> None:
    """``vectors`` answers in the order asked, repeats included."""
    index, oracle = pair
    rows = np.array([5, 0, oracle.size - 1, 5, 13], np.int32)
    np.testing.assert_array_equal(index.vectors(rows), oracle.vectors(rows))
    assert (index.size, index.dimension) == (oracle.size, oracle.dimension)


@pytest.mark.parametrize(
    "query", [np.zeros(3, np.float32), np.full(16, np.nan, np.float32), np.full(16, np.inf, np.float32)]
)
def test_wrong_queries_are_refused(pair: Pair, query: np.ndarray) -> None:
    """Another dimension, NaN and infinity are errors, not answers."""
    with pytest.raises(ValueError, match="finite numbers"):
        pair[0].search(query, 5)


@pytest.mark.parametrize("mask", [np.ones(7, bool), np.ones(3_000, np.uint8)])
def test_wrong_masks_are_refused(pair: Pair, mask: np.ndarray) -> None:
    """Another length or type is an error."""
    with pytest.raises(ValueError, match="bool mask"):
        pair[0].search(np.ones(16, np.float32), 5, mask=mask)


def test_threads_get_the_answers_of_one(pair: Pair) -> None:
    """Four threads at once, filtered and not, find what one thread finds."""
    index, oracle = pair
    masks = [None, np.random.default_rng(1).random(oracle.size) < 0.8]

    def ask(seed: int) -> list[int]:
        return index.search(some_query(oracle, seed), 30, mask=masks[seed % 2]).rows.tolist()

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(ask, range(80)))
    assert together == [ask(seed) for seed in range(80)]
