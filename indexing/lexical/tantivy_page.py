"""The first hits in exact order: by key, equal keys by row.

tantivy breaks ties by place in the index. Within a segment that is the order of rows; between segments it
is not, and a product that was put again lies in a later one. So, with several segments, a few more hits
are asked for than are needed. Mostly that shows every product that ties with the last of the page. Where
it does not, the same query is asked again below the row that would now be last: what is found there takes
its place, and in practice that is all (each further question at least halves what is left).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import tantivy

from indexing.lexical.base import Sort
from indexing.lexical.tantivy_schema import ROW

SPARE = 64
"""Further hits asked for when there are several segments."""


@dataclass(frozen=True, slots=True)
class Found:
    """Hits in order. ``keys`` are float64, smaller first: the score or the sort value, turned so.

    ``total`` counts all matches; ``whole`` says that there are no others.
    """

    rows: npt.NDArray[np.int64]
    keys: npt.NDArray[np.float64]
    total: int

    @property
    def whole(self) -> bool:
        return len(self.rows) == self.total

    def first(self, number: int) -> Found:
        return Found(self.rows[:number], self.keys[:number], self.total)


def fetch(searcher: tantivy.Searcher, query: tantivy.Query, number: int, sort: Sort | None) -> Found:
    """The first ``number`` (at least 1) as tantivy orders them."""
    if sort is None:
        # always counting: without a count tantivy may add scores in another order, and ties would differ
        result = searcher.search(query, limit=number, count=True)
    else:
        order = tantivy.Order.Desc if sort.descending else tantivy.Order.Asc
        result = searcher.search(query, limit=number, count=True, order_by_field=sort.field, order=order)
    hits = result.hits
    rows = np.array(searcher.fast_field_values(ROW, [address for _, address in hits]), np.int64)
    keys = np.array([key for key, _ in hits], np.float64)  # None, a missing value, is NaN
    if sort is None or sort.descending:
        keys = -keys
    # missing in tantivy's type stubs
    total: int = result.count  # type: ignore[attr-defined]
    return Found(rows, np.where(np.isnan(keys), np.inf, keys), total)


def exact(number: int, ask: Callable[[int, int | None], Found]) -> Found:
    """The first ``number`` in exact order, from an index of several segments.

    Args:
        number: how many are needed, at least 1.
        ask: gives as many first hits as its first argument says, below the row in its second.
    """
    found = ask(number + SPARE, None)
    known = _ordered(found)
    last = found
    while not last.whole and known.keys[number - 1] == last.keys[-1]:
        last = ask(number + SPARE, int(known.rows[number - 1]))
        known = _ordered(_joined(known.first(number), last))
    return known.first(number)


def _ordered(found: Found) -> Found:
    order = np.lexsort((found.rows, found.keys))
    return Found(found.rows[order], found.keys[order], found.total)


def _joined(one: Found, other: Found) -> Found:
    rows, places = np.unique(np.concatenate([one.rows, other.rows]), return_index=True)
    return Found(rows, np.concatenate([one.keys, other.keys])[places], one.total)
