"""The head of a long order under a mask."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recsys.orders import first_allowed, first_rows


@given(
    seed=st.integers(0, 9),
    rows=st.integers(0, 20_000),
    keep=st.sampled_from([0, 1, 50, 5_000]),
    count=st.integers(0, 300),
)
def test_the_head_is_that_of_the_whole(seed, rows, keep, count):
    """Also beyond one chunk, and when fewer are allowed than asked."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(rows).astype(np.int32)
    mask = np.zeros(rows, np.bool_)
    mask[order[: min(keep, rows)] if seed % 2 else order[max(0, rows - keep) :]] = True
    assert first_allowed(order, mask, count).tolist() == order[mask[order]][:count].tolist()
    assert first_rows(mask, count).tolist() == np.flatnonzero(mask)[:count].tolist()
