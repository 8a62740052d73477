"""Price ranges for a facet: few, round, and about equally full."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from search.request import Bounds

_EDGES = (5, 10, 20, 50, 100, 200, 300, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 50_000)
"""In the currency's main unit; each costs a count 5 µs."""
MOST_RANGES = 6


@lru_cache
def fine_ranges(minor_digits: int) -> tuple[Bounds, ...]:
    """Every range between neighbouring round prices, in minor units: what is counted in one pass."""
    edges = [edge * 10.0**minor_digits for edge in _EDGES]
    return tuple(zip((None, *edges), (*edges, None), strict=True))


def merged_ranges(
    ranges: Sequence[Bounds], counts: Sequence[int], most: int = MOST_RANGES
) -> list[tuple[Bounds, int]]:
    """Join neighbours until at most ``most`` are left, each about as full as the others.

    Empty ranges at both ends disappear; the two outer ones are open where the products end. Ranges are
    closed when they hold their share of what is left, so that one very full range does not leave the
    others empty.

    >>> merged_ranges([(None, 10.0), (10.0, 20.0), (20.0, None)], [0, 4, 4])
    [((None, 20.0), 4), ((20.0, None), 4)]
    """
    full = [place for place, count in enumerate(counts) if count]
    if not full:
        return []
    held: list[tuple[Bounds, int]] = []
    left, low, count = sum(counts), None, 0
    for place in range(full[0], full[-1] + 1):
        count += counts[place]
        last = place == full[-1]
        share = left / max(most - len(held), 1)
        following = next((counts[at] for at in range(place + 1, full[-1] + 1) if counts[at]), 0)
        # close before a range that would overfill this one, too
        if last or (count and (count >= share or count + following > 1.5 * share) and len(held) < most - 1):
            high = None if last else ranges[place][1]
            held.append(((low, high), count))
            left, low, count = left - count, high, 0
    return held
