"""Price ranges of a facet."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from search.prices import MOST_RANGES, fine_ranges, merged_ranges

FINE = fine_ranges(2)


@given(st.lists(st.sampled_from([0, 0, 0, 1, 5, 100]), min_size=len(FINE), max_size=len(FINE)))
def test_merged_ranges_partition(counts: list[int]) -> None:
    """Few, in order, side by side, open at both ends, none empty, nothing lost."""
    found = merged_ranges(FINE, counts)
    assert len(found) <= MOST_RANGES
    assert sum(count for _, count in found) == sum(counts)
    assert all(count for _, count in found)
    assert all(left[0][1] == right[0][0] for left, right in pairwise(found))
    if found:
        assert found[0][0][0] is None
        assert found[-1][0][1] is None


def test_fine_ranges_are_in_minor_units() -> None:
    """Whole yen, cents of a yuan."""
    assert fine_ranges(0)[0] == (None, 5.0)
    assert FINE[0] == (None, 500.0)
    assert FINE[-1][1] is None


def test_about_equally_full() -> None:
    """Prices spread evenly give ranges of like counts."""
    counts = [10] * len(FINE)
    found = [count for _, count in merged_ranges(FINE, counts)]
    assert len(found) >= 5
    assert max(found) <= 3 * min(found)
