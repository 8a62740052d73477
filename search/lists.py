"""Lists of one answer: variants folded, pins put, one list after another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.membership import among
from indexing.contracts.ranking import Ranking, empty, pin

Rows = npt.NDArray[np.int32]


def put_pins(found: Ranking, places: dict[int, int], groups: npt.NDArray[np.int32]) -> Ranking:
    """Pins, in a list without the other variants of what is pinned.

    Args:
        groups: code of the group of every row of the catalogue, -1 for none.
    """
    if not places:
        return found
    held = groups[np.fromiter(places, np.int32)]
    variants = among(groups[found.rows], held[held >= 0])
    variants &= ~among(found.rows, np.fromiter(places, np.int32))
    return pin(found.take(np.flatnonzero(~variants)), places)


def first_by_group(
    rows: Rows, groups: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Places of the first row of each group, in their order, and how many more each group has.

    Args:
        rows: of a list.
        groups: code of the group of every row of the catalogue; -1 stands for itself.
    """
    codes = groups[rows].astype(np.int64)
    alone = codes < 0
    if alone.all():
        return np.arange(len(rows)), np.zeros(len(rows), np.intp)
    codes[alone] = -2 - rows[alone].astype(np.int64)
    _, first, counts = np.unique(codes, return_index=True, return_counts=True)
    order = np.argsort(first)
    return first[order], counts[order] - 1


def joined(first: Ranking, second: Ranking) -> Ranking:
    """``second`` after ``first``, without what ``first`` holds; its scores are moved below."""
    rest = second.take(np.flatnonzero(~among(second.rows, first.rows)))
    names = tuple(dict.fromkeys((*first.names, *rest.names)))
    scores = rest.scores
    if len(first) and len(rest):
        lowest = first.scores[-1]
        scores = np.minimum(scores + min(lowest - scores[0], np.float32(0.0)), lowest)

    def sources(one: Ranking) -> npt.NDArray[np.uint8]:
        return np.array([names.index(name) for name in one.names], np.uint8)[one.sources]

    return Ranking(
        np.concatenate([first.rows, rest.rows]),
        np.concatenate([first.scores, scores]),
        np.concatenate([sources(first), sources(rest)]),
        np.concatenate([first.because, rest.because]),
        names,
    )


def in_order(rows: Rows, source: str) -> Ranking:
    """A ranking of unique rows whose order is given: scores count down from 0."""
    if not len(rows):
        return empty()
    scores = -np.arange(len(rows), dtype=np.float32)
    zeros = np.zeros(len(rows), np.uint8)
    return Ranking(rows.astype(np.int32), scores, zeros, np.full(len(rows), -1, np.int32), (source,))
