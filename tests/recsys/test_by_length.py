"""Search by length."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.vectors.codes import encoded
from recsys.by_length import FIRST, ByLength, code_blocks


def _make(rng, rows, spread, *, coded=False):
    vectors = (rng.normal(size=(rows, 6)) * np.exp(spread * rng.normal(size=rows))[:, None]).astype(
        np.float32
    )
    vectors[rng.random(rows) < 0.1] = 0
    lengths = np.linalg.norm(vectors, axis=1)
    order = np.argsort(-lengths, kind="stable")[: np.count_nonzero(lengths)].astype(np.int32)
    codes = code_blocks(*encoded(vectors[order[FIRST:]])) if coded and len(order) > FIRST else ()
    return vectors, ByLength(vectors[order], order, lengths[order], codes)


@given(
    seed=st.integers(0, 99),
    rows=st.sampled_from([0, 1, 20, 9_500, 30_000, 80_000]),
    spread=st.sampled_from([0.0, 1.0, 2.0]),
    keep=st.sampled_from([0.0, 0.01, 0.5, 1.0]),
    k=st.integers(1, 300),
)
@pytest.mark.parametrize("coded", [False, True])
def test_it_finds_what_reading_everything_finds(coded, seed, rows, spread, **asked):
    """Nearly the same scores, only allowed rows, never one of zeros, as many as there are up to k."""
    keep, k = asked["keep"], asked["k"]
    rng = np.random.default_rng(seed)
    vectors, found = _make(rng, rows, spread, coded=coded)
    mask = rng.random(rows) < keep
    query = rng.normal(size=6).astype(np.float32)
    best, scores = found.search(query, k, mask=mask)
    candidates = np.flatnonzero(mask & vectors.any(axis=1))
    every = np.sort(vectors[candidates] @ query)[::-1][:k]
    assert len(set(best.tolist())) == len(best)
    assert mask[best].all()
    assert len(scores) == len(every)
    missed = np.count_nonzero(~np.isclose(np.sort(scores)[::-1], every, rtol=1e-4, atol=1e-5))
    assert not missed or np.count_nonzero(scores >= every[-1] - 1e-5) >= 0.97 * k


@pytest.mark.parametrize("keep", [0.02, 0.2, 1.0])
def test_of_few_the_answer_is_exact(keep):
    """Until two thousand are scored nothing is guessed from the nearest of them."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        vectors, found = _make(rng, round(2_000 / keep), 1.0)
        mask = rng.random(len(vectors)) < keep
        query = rng.normal(size=6).astype(np.float32)
        _, scores = found.search(query, 50, mask=mask)
        exact = np.sort(vectors[mask] @ query)[::-1][:50]
        assert np.sort(scores)[::-1] == pytest.approx(exact, rel=1e-4, abs=1e-5)


def test_reading_stops_where_no_direction_read_is_near_enough():
    """Forty dimensions: none of 8,192 vectors points within half a right angle of the query, so that far
    fewer are read than a cosine of 1 would ask for; and of the best 100 .97 are found at least."""
    rng = np.random.default_rng(0)
    lengths = np.sort(rng.exponential(size=60_000).astype(np.float32))[::-1] + np.float32(0.5)
    vectors = rng.normal(size=(60_000, 40)).astype(np.float32)
    vectors *= (lengths / np.linalg.norm(vectors, axis=1))[:, None]
    everything = np.ones(60_000, np.bool_)
    found = ByLength(vectors, np.arange(60_000, dtype=np.int32), lengths)
    shares = []
    for query in rng.normal(size=(20, 40)).astype(np.float32):
        answer = found.search(query, 100, mask=everything, most=20_000)
        assert answer is not None
        every = vectors @ query
        lowest = np.partition(every, -100)[-100]
        assert np.count_nonzero(lengths * np.linalg.norm(query) >= lowest) > 20_000
        shares.append(np.count_nonzero(answer[1] >= lowest - 1e-5) / 100)
    assert np.mean(shares) >= 0.97


def test_it_gives_up_where_lengths_say_nothing():
    """Vectors of one length: after ``most`` of them None, and without a bound the answer all the same."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(40_000, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = ByLength(vectors, np.arange(40_000, dtype=np.int32), np.ones(40_000, np.float32))
    everything = np.ones(40_000, np.bool_)
    assert found.search(vectors[0], 10, mask=everything, most=5_000) is None
    assert 0 in found.search(vectors[0], 10, mask=everything)[0]


def test_few_are_read_where_lengths_differ():
    """Popularity by a power law: reading may stop after a tenth, and the answer is exact here."""
    rng = np.random.default_rng(0)
    vectors, found = _make(rng, 100_000, 2.0)
    query = rng.normal(size=6).astype(np.float32)
    best, _ = found.search(query, 50, mask=np.ones(100_000, np.bool_), most=10_000)
    exact = np.argsort(-(vectors @ query))[:50]
    assert set(best.tolist()) == set(exact.tolist())


def test_equal_scores_are_kept_by_row():
    """Which of equal rows are among the best does not depend on their lengths' order."""
    vectors = np.ones((20, 2), np.float32)
    found = ByLength(vectors, np.arange(19, -1, -1, dtype=np.int32), np.full(20, np.sqrt(2), np.float32))
    best, _ = found.search(np.ones(2, np.float32), 5, mask=np.ones(20, np.bool_))
    assert sorted(best.tolist()) == [0, 1, 2, 3, 4]


def _even(rng, rows):
    """Lengths that fall slowly from 2 to 1, the first row having the longest: much has to be read."""
    lengths = np.linspace(2, 1, rows, dtype=np.float32)
    vectors = rng.normal(size=(rows, 24)).astype(np.float32)
    vectors *= (lengths / np.linalg.norm(vectors, axis=1))[:, None]
    return vectors, ByLength(vectors, np.arange(rows, dtype=np.int32), lengths)


class _Counted:
    """Codes that say how often they were asked."""

    def __init__(self, codes):
        self._codes, self.asked = codes, 0

    def __len__(self):
        return len(self._codes)

    def nearest(self, query, k):
        self.asked += 1
        return self._codes.nearest(query, k)


@pytest.mark.parametrize(("keep", "asked"), [(1.0, True), (0.5, True), (0.1, False)])
def test_codes_propose_where_most_is_allowed(keep, asked):
    """Else to read the few that are allowed is quicker."""
    rng = np.random.default_rng(0)
    vectors, plain = _even(rng, 40_000)
    codes = [_Counted(one) for one in code_blocks(*encoded(plain.vectors[FIRST:]))]
    found = ByLength(plain.vectors, plain.order, plain.lengths, codes)
    mask = rng.random(len(vectors)) < keep
    query = rng.normal(size=24).astype(np.float32)
    rows, _ = found.search(query, 50, mask=mask)
    assert bool(codes[0].asked) == asked
    exact = np.argsort(-np.where(mask, vectors @ query, -np.inf))[:50]
    assert len(set(rows.tolist()) & set(exact.tolist())) >= 49


def test_codes_that_say_little_are_not_trusted():
    """Codes of other vectors are off by far: what they propose is dropped, and all is read."""
    rng = np.random.default_rng(0)
    vectors, plain = _even(rng, 40_000)
    others = rng.permutation(plain.vectors[FIRST:])
    found = ByLength(plain.vectors, plain.order, plain.lengths, code_blocks(*encoded(others)))
    everything = np.ones(len(vectors), np.bool_)
    for query in rng.normal(size=(20, 24)).astype(np.float32):
        rows, _ = found.search(query, 50, mask=everything)
        assert set(rows.tolist()) == set(plain.search(query, 50, mask=everything)[0].tolist())


def test_a_block_may_end_reading_and_the_next_one_go_on():
    """Lengths that fall slowly: more than one block of codes is asked, and what is behind them is read."""
    rng = np.random.default_rng(0)
    vectors, plain = _even(rng, 150_000)
    codes = [_Counted(one) for one in code_blocks(*encoded(vectors[FIRST:122_880]))]
    assert [len(one) for one in codes] == [57_344, 57_344]
    found = ByLength(vectors, plain.order, plain.lengths, codes)
    everything = np.ones(150_000, np.bool_)
    for query in rng.normal(size=(10, 24)).astype(np.float32):
        rows, _ = found.search(query, 100, mask=everything)
        exact = np.argsort(-(vectors @ query))[:100]
        assert len(set(rows.tolist()) & set(exact.tolist())) >= 97
    assert [one.asked for one in codes] == [10, 10]


class _Silent:
    """A block of codes that proposes nothing."""

    def __len__(self):
        return 40_000 - FIRST

    def nearest(self, query, k):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)


def test_a_block_whose_codes_fail_is_read_as_far_as_what_is_found_in_it_asks_for():
    """Four near vectors in the first part read of it, from place 9,000 on, say that others may be as good
    further on: one is, at 12,000."""
    cosines = np.zeros(40_000, np.float32)
    cosines[FIRST - 9 : FIRST], cosines[FIRST - 10] = 0.5, 0.49
    cosines[9_000:9_004], cosines[12_000] = 0.55, 0.54
    lengths = np.linspace(2, 1, 40_000, dtype=np.float32)
    vectors = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1) * lengths[:, None]
    found = ByLength(vectors, np.arange(40_000, dtype=np.int32), lengths, [_Silent()])
    rows, _ = found.search(np.array([1, 0], np.float32), 10, mask=np.ones(40_000, np.bool_))
    assert {9_000, 12_000} <= set(rows.tolist())
