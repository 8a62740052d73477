"""Orders by score against ``lexsort``."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.ordering import by_row, by_score, by_score_and_row

scores = st.lists(
    st.floats(width=32, allow_nan=False) | st.sampled_from([0.0, -0.0, 1.0, -1.0]), max_size=60
)


@given(scores)
def test_the_highest_is_first_and_equal_ones_keep_their_order(given: list[float]) -> None:
    """Negative ones, both zeros and infinity as well."""
    values = np.array(given, np.float32)
    assert by_score(values).tolist() == np.lexsort((np.arange(len(values)), -values)).tolist()


@given(scores, st.randoms(use_true_random=False))
def test_equal_ones_by_row(given: list[float], random) -> None:
    """Rows up to the largest that there can be."""
    values = np.array(given, np.float32)
    rows = np.array(random.sample([*range(50), *range(2**31 - 50, 2**31)], len(given)), np.int32)
    assert by_score_and_row(values, rows).tolist() == np.lexsort((rows, -values)).tolist()


@given(st.lists(st.integers(0, 2**31 - 1) | st.integers(0, 5), max_size=60))
def test_rows_rise_and_equal_ones_keep_their_order(given: list[int]) -> None:
    """As a stable sort has them."""
    rows = np.array(given, np.int32)
    assert by_row(rows).tolist() == np.argsort(rows, kind="stable").tolist()
