"""What an empty query shows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.browse import most_popular
from search.models import Popularity


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5]), st.booleans()), max_size=40),
    st.integers(0, 5),
    st.integers(1, 50),
)
def test_most_popular(rows: list[tuple[float, bool]], newer: int, most: int) -> None:
    """By sales, then by row; what came after the build follows; only what is allowed."""
    scores = np.array([score for score, _ in rows], np.float32)
    allowed = np.array([held for _, held in rows] + [True] * newer, np.bool_)
    sold = Popularity(scores, np.argsort(-scores, kind="stable").astype(np.int32))
    expected = sorted(range(len(rows)), key=lambda row: -rows[row][0]) + [
        len(rows) + n for n in range(newer)
    ]
    assert most_popular(sold, allowed, most).tolist() == [row for row in expected if allowed[row]][:most]


def test_blocks_are_read_until_there_are_enough() -> None:
    """A selective filter reads on to the end."""
    scores = np.linspace(1, 0, 50_000, dtype=np.float32)
    allowed = np.zeros(50_000, np.bool_)
    allowed[[3, 20_000, 49_999]] = True
    sold = Popularity(scores, np.arange(50_000, dtype=np.int32))
    assert most_popular(sold, allowed, 2).tolist() == [3, 20_000]
    assert most_popular(sold, allowed, 9).tolist() == [3, 20_000, 49_999]


def test_without_sales() -> None:
    """Then by row."""
    assert most_popular(None, np.array([True, False, True]), 9).tolist() == [0, 2]
