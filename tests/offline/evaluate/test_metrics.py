"""Metrics against values computed by hand, and what holds for every list."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.evaluate.metrics import ndcg, precision, recall, reciprocal_rank, success

RANKED = ["a", "b", "c", "d", "e"]


def test_by_hand() -> None:
    """Of five, the second and the fifth are relevant, and one more that was not found."""
    relevant = {"b", "e", "z"}
    assert recall(RANKED, relevant, 5) == 2 / 3
    assert recall(RANKED, relevant, 4) == 1 / 3
    assert precision(RANKED, relevant, 5) == 2 / 5
    assert precision(RANKED, relevant, 10) == 2 / 10
    assert reciprocal_rank(RANKED, relevant, 5) == 1 / 2
    assert reciprocal_rank(RANKED, relevant, 1) == 0
    assert success(RANKED, relevant, 1) == 0
    assert success(RANKED, relevant, 2) == 1
    found = 1 / log2(3) + 1 / log2(6)
    ideal = 1 + 1 / log2(3) + 1 / log2(4)
    assert ndcg(RANKED, relevant, 5) == pytest.approx(found / ideal)


def test_grades_count_as_two_to_the_power() -> None:
    """A grade of 2 gains 3, one of 1 gains 1; the ideal has the best k of all that is relevant."""
    grades = {"a": 1, "c": 2, "z": 2}
    found = 1 / log2(2) + 3 / log2(4)
    assert ndcg(RANKED, grades, 3) == pytest.approx(found / (3 / log2(2) + 3 / log2(3) + 1 / log2(4)))
    assert ndcg(RANKED, grades, 2) == pytest.approx(1 / (3 / log2(2) + 3 / log2(3)))


@given(
    st.permutations(list(range(12))),
    st.dictionaries(st.integers(0, 15), st.sampled_from([1, 2]), min_size=1),
)
def test_every_value_lies_between_nothing_and_the_ideal_order(ranked: list[int], grades: dict) -> None:
    """In [0, 1]; the ideal order reaches 1; what stands after k changes nothing."""
    for metric in (ndcg, recall, precision, success, reciprocal_rank):
        assert 0 <= metric(ranked, grades, 5) <= 1
        assert metric(ranked, grades, 5) == metric(ranked[:5], grades, 5)
    ideal = sorted(grades, key=lambda one: -grades[one])
    assert ndcg(ideal, grades, 5) == pytest.approx(1)
    assert ndcg([], grades, 5) == recall([], grades, 5) == 0


@pytest.mark.parametrize("metric", [ndcg, recall, precision, success, reciprocal_rank])
def test_a_case_that_nobody_can_solve_is_refused(metric) -> None:
    """Neither 0 nor 1 would be true."""
    with pytest.raises(ValueError, match="nothing is relevant"):
        metric(RANKED, set(), 5)
    with pytest.raises(ValueError, match="at least 1"):
        metric(RANKED, {"a"}, 0)
