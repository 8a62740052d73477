"""Candidates beside those that the words rank first: near in meaning, popular, or boosted.

Every candidate that stands among the matches is a match: what the vectors, the sales or a rule propose
beyond the words' first hits is asked of the lexical index before it is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Mask, TextColumn
from indexing.contracts.filters import In, all_of
from indexing.contracts.ranking import Ranking, empty, ranking
from indexing.lexical.base import LexicalQuery
from indexing.vectors.base import Vector, VectorIndex
from search.models import Popularity

if TYPE_CHECKING:  # a protocol: search needs no snapshot code
    from indexing.snapshots.catalogue import Catalogue


Rows = npt.NDArray[np.int32]

LEADERS = 60
FLOOR = 0.35
"""Cosine below which a product is not about the query, whatever its rank."""
NEAR_BEST = 0.7
"""Of the best cosine: what is much less like the query than the nearest product is noise."""


def nearest(index: VectorIndex, query: Vector, allowed: Mask, k: int) -> Ranking:
    """Products near the query's vector, those that ``allowed`` (by row) lets through."""
    mask = allowed[: index.size]
    if len(mask) < index.size:  # rows that the index has and this view has not are not allowed
        mask = np.concatenate([mask, np.zeros(index.size - len(mask), np.bool_)])
    hits = index.search(query, k, mask=mask)
    if not len(hits.rows):
        return empty()
    floor = max(FLOOR, NEAR_BEST * float(hits.scores[0]))
    near = hits.scores >= floor
    return ranking(hits.rows[near], hits.scores[near], source="vectors")


@dataclass(frozen=True, slots=True)
class Members:
    """Asks the lexical index which of some rows match."""

    catalogue: Catalogue
    query: LexicalQuery

    def of(self, rows: Rows) -> Rows:
        """Those that match, in the order given."""
        if not len(rows):
            return rows
        ids = tuple(self.catalogue.id_of(int(row)) for row in rows)
        narrowed = replace(self.query, filter=all_of(self.query.filter, In("item_id", ids)))
        hits = self.catalogue.lexical.search(narrowed, limit=len(ids))
        return rows[np.isin(rows, hits.rows)]


def leaders(popularity: Popularity, column: TextColumn, field: str, codes: tuple[int, ...]) -> Rows:
    """The most popular rows that have one of the codes in a field, best first."""
    found = [_leaders(popularity, column, field, code) for code in codes]
    rows = np.unique(np.concatenate(found)) if found else np.empty(0, np.int32)
    return rows[np.argsort(-popularity.of(rows), kind="stable")][:LEADERS]


def _leaders(popularity: Popularity, column: TextColumn, field: str, code: int) -> Rows:
    key = (field, code)
    if key not in popularity.leaders:
        places = np.flatnonzero(column.codes == code)
        if column.indptr is not None:
            places = np.searchsorted(column.indptr, places, side="right") - 1
        rows = places[places < len(popularity.scores)].astype(np.int32)
        rows = rows[popularity.of(rows) > 0]  # what nobody bought leads nothing
        best = np.argsort(-popularity.of(rows), kind="stable")[:LEADERS]
        popularity.leaders[key] = rows[best]
    return popularity.leaders[key]
