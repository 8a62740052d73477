"""Sums by row against a dictionary."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.sums import summed


@given(st.lists(st.tuples(st.integers(0, 2**31 - 1) | st.integers(0, 5), st.integers(0, 4)), max_size=60))
def test_each_row_has_its_sum_and_the_place_of_its_largest_share(pairs: list[tuple[int, int]]) -> None:
    """Rows rise; of equal shares the one given first is the largest."""
    rows = np.array([row for row, _ in pairs], np.int32)
    shares = np.array([share for _, share in pairs], np.float32)
    found, totals, best = summed(rows, shares)
    assert found.tolist() == sorted(set(rows.tolist()))
    for row, total, place in zip(found.tolist(), totals.tolist(), best.tolist(), strict=True):
        own = [at for at, (one, _) in enumerate(pairs) if one == row]
        assert total == sum(pairs[at][1] for at in own)
        assert place == max(own, key=lambda at: (pairs[at][1], -at))
