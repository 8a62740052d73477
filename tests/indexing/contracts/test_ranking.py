"""The ranking algebra, against its definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts import ranking as algebra
from indexing.contracts.ranking import Ranking, ranking

scored = st.dictionaries(st.integers(0, 60), st.integers(-5, 5), max_size=25)


def made(pairs: dict[int, int], source: str = "words") -> Ranking:
    return ranking(list(pairs), list(pairs.values()), source=source)


@given(scored)
def test_a_ranking_is_ordered_by_score_then_row(pairs: dict[int, int]) -> None:
    """Higher scores first, equal scores by row, every row once."""
    found = made(pairs)
    assert found.rows.tolist() == sorted(pairs, key=lambda row: (-pairs[row], row))
    assert found.scores.tolist() == [pairs[row] for row in found.rows.tolist()]


def test_a_row_given_twice_keeps_its_best_score_and_that_score_s_cause() -> None:
    """Two causes of one row: the stronger one is the reason."""
    found = ranking([7, 7, 3], [1.0, 2.0, 1.5], source="item_item", because=[10, 11, 12])
    assert found.rows.tolist() == [7, 3]
    assert found.because.tolist() == [11, 12]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(-3, 3)), max_size=40), st.integers(1, 30))
def test_the_best_few_are_the_first_of_all(pairs: list[tuple[int, int]], most: int) -> None:
    """``most`` cuts the list and changes nothing else, with equal scores and rows given twice too."""
    rows, scores = [row for row, _ in pairs], [score for _, score in pairs]
    causes = list(range(len(pairs)))
    few = ranking(rows, scores, source="words", because=causes, most=most)
    first = algebra.cut(ranking(rows, scores, source="words", because=causes), most)
    assert few.rows.tolist() == first.rows.tolist()
    assert few.scores.tolist() == first.scores.tolist()
    assert few.because.tolist() == first.because.tolist()


@given(st.lists(scored, min_size=1, max_size=4), st.integers(1, 100))
def test_fusion_is_the_sum_of_reciprocal_ranks(parts: list[dict[int, int]], k: int) -> None:
    """score(d) = Σ wᵢ / (k + rankᵢ(d)), computed here row by row."""
    rankings = [made(pairs, source=f"s{i}") for i, pairs in enumerate(parts)]
    weights = [1.0 + i for i in range(len(parts))]
    expected: dict[int, float] = {}
    for one, weight in zip(rankings, weights, strict=True):
        for rank, row in enumerate(one.rows.tolist(), start=1):
            expected[row] = expected.get(row, 0.0) + weight / (k + rank)
    fused = algebra.fuse(rankings, weights, k=k)
    assert set(fused.rows.tolist()) == set(expected)
    for row, score in zip(fused.rows.tolist(), fused.scores.tolist(), strict=True):
        assert score == pytest.approx(expected[row], rel=1e-6)
    assert np.all(np.diff(fused.scores) <= 0)


def test_fusion_keeps_the_source_of_the_largest_share() -> None:
    """Row 2 is first in b and second in a: its reason is b's."""
    a = ranking([1, 2], [2, 1], source="a", because=5)
    b = ranking([2, 3], [2, 1], source="b", because=6)
    fused = algebra.fuse([a, b])
    reasons = {r: (fused.source_of(i), int(fused.because[i])) for i, r in enumerate(fused.rows.tolist())}
    assert reasons == {2: ("b", 6), 1: ("a", 5), 3: ("b", 6)}


@given(scored, st.data())
def test_drop_and_cut_keep_the_order(pairs: dict[int, int], data: st.DataObject) -> None:
    """What is left stands as it stood."""
    found = made(pairs)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(found), max_size=len(found))), bool)
    rows = found.rows.tolist()
    assert algebra.drop(found, mask).rows.tolist() == [r for r, m in zip(rows, mask, strict=True) if not m]
    offset, limit = data.draw(st.integers(0, 30)), data.draw(st.integers(0, 30))
    assert algebra.cut(found, limit, offset=offset).rows.tolist() == rows[offset : offset + limit]


@given(scored, st.data())
def test_bury_puts_the_masked_rows_last_and_loses_none(pairs: dict[int, int], data: st.DataObject) -> None:
    """A stable partition, with scores that never rise down the list."""
    found = made(pairs)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(found), max_size=len(found))), bool)
    buried = algebra.bury(found, mask)
    rows = found.rows.tolist()
    kept = [r for r, m in zip(rows, mask, strict=True) if not m]
    assert buried.rows.tolist() == kept + [r for r in rows if r not in kept]
    assert np.all(np.diff(buried.scores) <= 0)


@given(scored, st.dictionaries(st.integers(50, 70), st.integers(0, 9), max_size=4))
def test_a_pin_stands_where_it_was_put(pairs: dict[int, int], places: dict[int, int]) -> None:
    """Every pin is there once; a pin alone at its place has it when the list is long enough."""
    pinned = algebra.pin(made(pairs), places)
    rows = pinned.rows.tolist()
    assert sorted(rows) == sorted(set(pairs) | set(places))
    assert [r for r in rows if r not in places] == [r for r in made(pairs).rows.tolist() if r not in places]
    for row, place in places.items():
        contested = any(p <= place and place - p < len(places) for r, p in places.items() if r != row)
        if not contested:
            assert rows.index(row) == min(place, len(rows) - 1) or place >= len(rows) - len(places)
    assert np.all(np.diff(pinned.scores) <= 0)


def test_boost_moves_rows_up_and_down_whatever_the_scores_are() -> None:
    """The same factor has the same effect on scores shifted or stretched."""
    mask_of = {2}
    orders = []
    for scale, shift in ((1.0, 0.0), (100.0, -7.0), (0.01, 3.0)):
        found = ranking([0, 1, 2, 3], np.array([1.0, 0.8, 0.5, 0.0]) * scale + shift, source="words")
        mask = np.isin(found.rows, list(mask_of))
        orders.append(algebra.boost(found, mask, 2.5).rows.tolist())
    assert orders == [[2, 0, 1, 3]] * 3


@given(st.lists(st.integers(-1, 3), max_size=25))
def test_diversity_holds_as_long_as_there_is_something_else(keys: list[int]) -> None:
    """No window breaks the rule while a row that keeps it was still left."""
    found = ranking(range(len(keys)), [-i for i in range(len(keys))], source="words")
    by_row = dict(enumerate(keys))
    result = algebra.diversify(found, np.array(keys, np.int32), window=3, most=1).rows.tolist()
    assert sorted(result) == list(range(len(keys)))
    for place, row in enumerate(result):
        recent = [by_row[r] for r in result[max(0, place - 2) : place]]
        if by_row[row] >= 0 and by_row[row] in recent:
            left = [by_row[r] for r in result[place:]]
            assert all(key >= 0 and key in recent for key in left)
