"""Arrays that grow."""

from __future__ import annotations

import numpy as np

from offline.jobs.columns import Column


def test_parts_stand_one_after_the_other_whatever_was_expected():
    """As many as expected, fewer, and more; what is skipped is zero."""
    for size in (0, 2, 5, 100):
        column = Column(np.int32, size)
        column.add(np.array([1, 2], np.int32))
        column.skip(2)
        column.add(np.array([3], np.int32))
        assert column.array().tolist() == [1, 2, 0, 0, 3]
        assert column.array().dtype == np.int32


def test_a_column_that_was_only_skipped_was_not_given():
    """So that nothing is read of it; one part is enough, zeros before and after it."""
    column = Column(np.uint64, 3)
    column.skip(2)
    assert column.if_given() is None
    column.add(np.array([7], np.uint64))
    given = column.if_given()
    assert given is not None
    assert given.tolist() == [0, 0, 7]
