"""Neighbours by sessions and orders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offline.jobs.cooccurrence import SESSIONS, PairConfig, order_neighbours, session_neighbours
from offline.jobs.pairs import baskets_of, neighbours

QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)


def _oracle(basket, row, weight, *, products, crowd, shrink, discount, doubt, least):
    """The formula by a sparse product: baskets × products, then its square."""
    baskets = max(basket, default=-1) + 1
    held = np.zeros((baskets, products))
    for one, product, value in zip(basket, row, weight, strict=True):
        if one >= 0:
            held[one, product] = max(held[one, product], value)
    sizes = (held > 0).sum(axis=1)
    matrix = sp.csr_matrix(held * np.sqrt(np.maximum(sizes - 1, 1) ** -crowd)[:, None])
    together = (matrix.T @ matrix).toarray()
    shared = (held > 0).T.astype(int) @ (held > 0)
    norms = np.diag(together)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = together / (norms[:, None] ** (1 - discount) * norms[None, :] ** discount + shrink)
        scores *= 1 - doubt / shared
    scores[shared < least] = 0
    np.fill_diagonal(scores, 0)
    return np.nan_to_num(scores)


ENTRIES = st.lists(
    st.tuples(st.integers(-1, 6), st.integers(0, 8), st.sampled_from([1.0, 1.5, 2.0])), max_size=40
)


@QUIET
@given(
    entries=ENTRIES,
    crowd=st.sampled_from([0.0, 0.5, 1.0]),
    shrink=st.sampled_from([0.0, 1.0, 5.0]),
    discount=st.sampled_from([0.3, 0.5, 0.7]),
    doubt=st.sampled_from([0.0, 0.9]),
    least=st.integers(1, 2),
    threads=st.integers(1, 2),
)
def test_neighbours_agree_with_a_sparse_product(  # noqa: PLR0917 - drawn values
    entries, crowd, shrink, discount, doubt, least, threads
):
    """Scores to 1e-6, all neighbours there are, best first, equal scores by row, padded with -1."""
    products = 9
    basket = np.array([entry[0] for entry in entries], np.int32)
    row = np.array([entry[1] for entry in entries], np.int32)
    weight = np.array([entry[2] for entry in entries], np.float32)
    held = baskets_of(basket, row, weight, baskets=7, products=products, most=100, crowd=crowd)
    near = neighbours(
        held,
        products=products,
        keep=4,
        shrink=shrink,
        discount=discount,
        doubt=doubt,
        least=least,
        threads=threads,
    )
    expected = _oracle(
        basket,
        row,
        weight,
        products=products,
        crowd=crowd,
        shrink=shrink,
        discount=discount,
        doubt=doubt,
        least=least,
    )
    rows, scores = near.rows, near.scores
    for product in range(products):
        best = np.sort(expected[product][expected[product] > 0])[::-1][:4]
        kept = rows[product] >= 0
        assert kept.sum() == len(best)
        assert scores[product][kept] == pytest.approx(best, abs=1e-6)
        assert expected[product][rows[product][kept]] == pytest.approx(best, abs=1e-6)
        pairs = list(zip(-scores[product][kept], rows[product][kept], strict=True))
        assert pairs == sorted(pairs)
        assert (rows[product][~kept] == -1).all()
        assert (scores[product][~kept] == 0).all()


def test_a_basket_counts_its_last_products_when_it_is_too_large():
    """Of four products with most = 2 the last two are a pair, and nothing else is."""
    row = np.arange(4, dtype=np.int32)
    held = baskets_of(
        np.zeros(4, np.int32), row, np.ones(4, np.float32), baskets=1, products=4, most=2, crowd=0.5
    )
    rows = neighbours(held, products=4, keep=3, shrink=0.0, discount=0.5, least=1).rows
    assert rows.tolist() == [[-1, -1, -1], [-1, -1, -1], [3, -1, -1], [2, -1, -1]]


def test_sessions_bind_what_is_looked_at_and_orders_what_is_bought(touches, tmp_path):
    """Planted pairs: 0-1 are looked at together, 2-3 bought together in two orders, 4-5 in one."""
    entries = [(s, row, "click", 0, s, -1) for s in range(3) for row in (0, 1)]
    entries += [(s, row, "purchase", 1, 10 + s, s) for s in range(2) for row in (2, 3)]
    entries += [(5, row, "purchase", 1, session, 5) for row in (4, 5) for session in (20, 21)]
    found = touches(entries, rows=6)
    report = session_neighbours(found, tmp_path / "item_item")
    near = np.load(tmp_path / "item_item" / "neighbours.npy")
    assert near.dtype == np.int32
    assert near.shape == (6, 50)
    assert near[:, 0].tolist() == [1, 0, 3, 2, 5, 4]
    assert report.written
    assert (report.baskets, report.with_neighbours) == (7, 6)
    report = order_neighbours(found, tmp_path / "co_purchase")
    near = np.load(tmp_path / "co_purchase" / "neighbours.npy")
    scores = np.load(tmp_path / "co_purchase" / "scores.npy")
    assert near.shape == scores.shape == (6, 20)
    assert scores.dtype == np.float32
    assert near[:, 0].tolist() == [-1, -1, 3, 2, -1, -1]
    assert report.baskets == 3


def test_a_pair_of_popular_products_is_nearer_by_meaning_than_by_chance(touches, tmp_path):
    """Product 0 is in every session; 1 and 2 always come together: 1's first neighbour is 2."""
    entries = []
    for session in range(40):
        entries.append((session, 0, "click", 0, session, -1))
        if session % 4 == 0:
            entries += [(session, row, "click", 0, session, -1) for row in (1, 2)]
    session_neighbours(touches(entries, rows=3), tmp_path)
    near = np.load(tmp_path / "neighbours.npy")
    assert near[1, :2].tolist() == [2, 0]


def test_nothing_is_written_where_nothing_is_together(touches, tmp_path):
    """No events, no products, or only single ones: a report that says why."""
    for entries, rows in (([], 0), ([], 3), ([(0, 1, "click", 0, 0, -1)], 3)):
        report = session_neighbours(touches(entries, rows=rows), tmp_path / "none")
        assert not report.written
        assert report.why
        assert not (tmp_path / "none").exists()


def test_the_result_does_not_depend_on_threads(touches, tmp_path):
    """Blocks are computed apart and never added across threads."""
    rng = np.random.default_rng(1)
    entries = [
        (int(s), int(r), "click", 0, int(s), -1)
        for s, r in zip(rng.integers(0, 300, 4000), rng.zipf(1.5, 4000) % 90, strict=True)
    ]
    found = touches(entries, rows=90)
    for threads in (1, 2):
        config = PairConfig(SESSIONS.weights, keep=10, threads=threads)
        session_neighbours(found, tmp_path / str(threads), config=config)
    for name in ("neighbours.npy", "scores.npy"):
        one, two = (np.load(tmp_path / threads / name) for threads in ("1", "2"))
        assert (one == two).all()


def test_one_order_is_a_coincidence_and_one_session_a_doubtful_sign(touches, tmp_path):
    """By orders products are neighbours after two; by sessions after one, but below what met twice: 1
    met 0 in two sessions among other products, and 2 and 3 in one where it was nearly alone."""
    entries = [(s, row, "purchase", 0, s, s) for s in range(2) for row in (0, 1)]
    entries += [(5, row, "purchase", 1, 20, 5) for row in (1, 2, 3)]
    entries += [(s, 0, "purchase", 2, 30 + s, 30 + s) for s in range(10)]
    order_neighbours(touches(entries, rows=4), tmp_path)
    assert np.load(tmp_path / "neighbours.npy")[:, :2].tolist() == [[1, -1], [0, -1], [-1, -1], [-1, -1]]
    session_neighbours(touches(entries, rows=4), tmp_path)
    near = np.load(tmp_path / "neighbours.npy")
    assert near[:, :4].tolist() == [[1, -1, -1, -1], [0, 2, 3, -1], [3, 1, -1, -1], [2, 1, -1, -1]]
    trusting = replace(SESSIONS, doubt=0.0)
    session_neighbours(touches(entries, rows=4), tmp_path, config=trusting)
    assert np.load(tmp_path / "neighbours.npy")[1, 0] == 2
