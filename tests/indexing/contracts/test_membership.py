"""Which of a few values are among a few others."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from indexing.contracts.membership import among

rows = stn.arrays(np.int32, st.integers(0, 30), elements=st.integers(-3, 20))


@given(rows, rows)
def test_as_numpy_says(values, others):
    """Also of none, among none, and with repeats."""
    assert among(values, others).tolist() == np.isin(values, others).tolist()
