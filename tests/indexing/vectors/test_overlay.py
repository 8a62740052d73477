"""What changed since the build (the guarantees themselves are in ``test_conformance.py``)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.vectors import ExactIndex, OverlayIndex


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_equals_an_index_of_what_is_now(data: st.DataObject) -> None:
    """Any changes, additions and deaths over an exact base answer as one exact index would."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    built, added = data.draw(st.integers(0, 30)), data.draw(st.integers(0, 10))
    now = rng.integers(-2, 3, (built + added, 3)).astype(np.float32)
    base = now[:built].copy()
    changed = np.flatnonzero(rng.random(built + added) < data.draw(st.floats(0, 1)))
    base[changed[changed < built]] = rng.integers(-2, 3, (int((changed < built).sum()), 3))
    known = np.union1d(changed, np.arange(built))
    now[np.setdiff1d(np.arange(built + added), known)] = 0  # new rows nobody gave a vector
    dead = rng.random(built + added) < 0.2 if data.draw(st.booleans()) else None
    mask = rng.random(built + added) < 0.6 if data.draw(st.booleans()) else None
    index = OverlayIndex(
        ExactIndex(base), changed.astype(np.int32), now[changed], size=built + added, dead=dead
    )
    query, k = rng.standard_normal(3, np.float32), data.draw(st.integers(0, 45))
    alive = ~dead if dead is not None else np.ones(built + added, bool)
    truth = ExactIndex(now).search(query, k, mask=alive if mask is None else alive & mask)
    found = index.search(query, k, mask=mask)
    assert found.rows.tolist() == truth.rows.tolist()
    assert found.scores.tolist() == truth.scores.tolist()
    every = np.arange(built + added, dtype=np.int32)
    np.testing.assert_array_equal(index.vectors(every), now)


def test_a_row_that_lost_its_vector_is_gone() -> None:
    """Zeros in the overlay take the row out of the search, whatever the base holds."""
    base = ExactIndex(np.eye(3, dtype=np.float32))
    index = OverlayIndex(base, np.array([1], np.int32), np.zeros((1, 3), np.float32), size=3)
    assert index.search(np.ones(3, np.float32), 5).rows.tolist() == [0, 2]


@pytest.mark.parametrize("rows", [[2, 1], [1, 1], [-1, 0], [0, 9]])
def test_rows_out_of_order_are_our_own_bug(rows: list[int]) -> None:
    """Rows must rise and lie within the size."""
    with pytest.raises(AssertionError):
        OverlayIndex(
            ExactIndex(np.eye(3, dtype=np.float32)),
            np.array(rows, np.int32),
            np.ones((2, 3), np.float32),
            size=4,
        )
