"""Kinds that are bought together, and what is made of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from offline.jobs.complements import complements
from offline.jobs.cooccurrence import order_neighbours
from offline.jobs.kinds import kind_pairs, kinds_of

KINDS = np.repeat(np.arange(6, dtype=np.int32), 10)


def _orders(touches, rng, orders=600):
    """Two products an order: kind 0 goes with 1 and 2 with 3 in two thirds of their orders, else chance."""
    entries = []
    for order in range(orders):
        kind = int(rng.integers(6))
        partner = {0: 1, 1: 0, 2: 3, 3: 2}.get(kind) if rng.random() < 2 / 3 else None
        other = int(rng.integers(6)) if partner is None else partner
        rows = kind * 10 + int(rng.integers(10)), other * 10 + int(rng.integers(10))
        entries += [(order, row, "purchase", 0.0, order, order) for row in rows]
    return touches(entries, rows=61)


def _pairs(found, kinds):
    return kind_pairs(found.order, found.row, kinds, baskets=found.orders)


def test_planted_pairs_of_kinds_are_found_and_no_others(touches):
    """Both ways, with about the excess that was planted, over ten logs."""
    for seed in range(10):
        kinds = np.append(KINDS, -1).astype(np.int32)
        pairs = _pairs(_orders(touches, np.random.default_rng(seed)), kinds)
        assert {*zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)} == {
            (0, 1),
            (1, 0),
            (2, 3),
            (3, 2),
        }
        assert ((pairs.excess > 0.2) & (pairs.excess < 0.5)).all()


def test_the_excess_of_a_pair_is_looked_up(touches):
    """0 for pairs by chance, for products without kind, and in a log without pairs."""
    kinds = np.append(KINDS, -1).astype(np.int32)
    pairs = _pairs(_orders(touches, np.random.default_rng(0)), kinds)
    first, second = np.array([0, 1, 0, -1, 5, 0], np.int32), np.array([1, 0, 2, 1, -1, 0], np.int32)
    found = pairs.excess_of(first, second)
    assert (found > 0).tolist() == [True, True, False, False, False, False]
    assert not _pairs(touches([], rows=61), kinds).excess_of(first, second).any()


def test_the_model_names_partners_and_the_most_sought_after(touches, tmp_path):
    """Partners best first, -1 padded; rows of a kind by events, ties by row."""
    found = _orders(touches, np.random.default_rng(0))
    kinds = np.append(KINDS, -1).astype(np.int32)
    report = complements(found, kinds, tmp_path)
    assert report.written
    assert (report.pairs, report.kinds, report.of) == (4, 4, 6)
    partners, scores, best = (np.load(tmp_path / f"{name}.npy") for name in ("partners", "excess", "best"))
    assert partners[:, 0].tolist() == [1, 0, 3, 2, -1, -1]
    assert (partners[:, 1:] == -1).all()
    assert ((scores > 0) == (partners >= 0)).all()
    counts = np.bincount(found.row, minlength=61)
    for kind in range(6):
        rows = best[kind][best[kind] >= 0]
        assert sorted(rows.tolist()) == list(range(kind * 10, kind * 10 + 10))
        assert rows.tolist() == sorted(rows.tolist(), key=lambda row: (-counts[row], row))
    assert np.load(tmp_path / "kinds.npy").tolist() == kinds.tolist()


@pytest.mark.parametrize("kinds", [np.full(61, -1, np.int32), np.append(KINDS, -1).astype(np.int32)])
def test_without_orders_or_kinds_nothing_is_written(touches, tmp_path, kinds):
    """The report says why."""
    report = complements(touches([], rows=61), kinds, tmp_path / "none")
    assert not report.written
    assert report.why
    assert not (tmp_path / "none").exists()


def test_one_order_is_believed_between_kinds_that_go_together(touches, tmp_path):
    """Of pairs bought once only those of partner kinds are neighbours; without kinds none is."""
    found = _orders(touches, np.random.default_rng(1))
    kinds = np.append(KINDS, -1).astype(np.int32)
    order_neighbours(found, tmp_path / "with", kinds=kinds)
    order_neighbours(found, tmp_path / "without")
    partner = {0: 1, 1: 0, 2: 3, 3: 2}
    shared = np.zeros((61, 61), int)
    for order in range(found.orders):
        rows = np.unique(found.row[found.order == order])
        shared[np.ix_(rows, rows)] += 1
    near = np.load(tmp_path / "with" / "neighbours.npy")
    scores = np.load(tmp_path / "with" / "scores.npy")
    assert near.shape == (61, 20)
    assert (np.diff(scores, axis=1) <= 0).all()
    for row in range(60):
        expected = {
            other
            for other in np.flatnonzero(shared[row]).tolist()
            if other != row and (shared[row, other] >= 2 or partner.get(kinds[row]) == kinds[other])
        }
        assert set(near[row][near[row] >= 0].tolist()) == expected
    plain = np.load(tmp_path / "without" / "neighbours.npy")
    assert all(
        shared[row, other] >= 2 for row in range(60) for other in plain[row][plain[row] >= 0].tolist()
    )


def test_a_kind_is_a_whole_path():
    """Leaves of one name under different parents are different; no category is none."""
    paths = [["家电", "咖啡机"], [], ["食品", "咖啡机"], None, ["家电", "咖啡机"], ["食品"]]
    column = pa.chunked_array([paths[:3], paths[3:], []], pa.list_(pa.string()))
    assert kinds_of(column).tolist() == [0, -1, 1, -1, 0, 2]
    assert kinds_of(column[:1]).tolist() == [0]
    assert kinds_of(column[:0]).tolist() == []
