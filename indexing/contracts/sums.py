"""Shares of rows given several times, added up by row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.ordering import by_row, by_score

Rows = npt.NDArray[np.int32]


def summed(
    rows: Rows, shares: npt.NDArray[np.floating]
) -> tuple[Rows, npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Add up the shares of rows given several times.

    Returns:
        the rows, rising; the sum of each; and the place of its largest share, the first of equal ones.

    >>> [found.tolist() for found in summed(np.array([5, 2, 5], np.int32), np.array([1.0, 1.0, 3.0]))]
    [[2, 5], [1.0, 4.0], [1, 2]]
    """
    # of equal shares the one given first
    single = shares.dtype == np.float32
    order = by_score(shares) if single else np.argsort(-shares, kind="stable")
    order = order[by_row(rows[order])]
    sorted_rows = rows[order]
    begins = np.ones(len(rows), np.bool_)
    np.not_equal(sorted_rows[1:], sorted_rows[:-1], out=begins[1:])
    first = np.flatnonzero(begins)
    totals = np.add.reduceat(shares[order], first, dtype=np.float64) if len(first) else np.zeros(0)
    return sorted_rows[first], totals, order[first]
