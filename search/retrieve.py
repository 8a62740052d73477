"""Candidates beside those that the words rank first: of the query's category, popular, near, or boosted.

Every candidate that stands among the matches is a match: what the sales propose beyond the words' first
hits is asked of the lexical index before it is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Mask, TextColumn
from indexing.contracts.filters import Filter, In, all_of
from indexing.contracts.membership import among
from indexing.contracts.ranking import Ranking, cut, drop, empty, fuse, ranking
from indexing.lexical.counting import codes_of
from indexing.vectors.base import Vector, VectorIndex
from search.ladder import Found, is_fragment, loosened, shared
from search.models import Popularity
from search.pieces import pairs, pieces
from search.understand import Wanted

if TYPE_CHECKING:  # a protocol: search needs no snapshot code
    from indexing.snapshots.catalogue import Catalogue

Rows = npt.NDArray[np.int32]

FEW_MATCHES = 20
"""Below so many lexical matches, products that match in part, or only in meaning, follow after them."""
_LEADERS, _FOCUSED, _BOOSTED, _RELATED = 40, 100, 20, 40
"""Most candidates of each kind, and most products after the last match."""
_PIECE = 1_000
"""Hits looked through at once."""
_SURE = 0.3
"""Share of its clicks from which a query is about a category."""
_FLOOR = 0.35
"""Cosine below which a product is not about the query, whatever its rank."""
_NEAR_BEST = 0.7
"""Of the best cosine: what is much less like the query than the nearest product is noise."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The query as a vector among the products' vectors."""

    index: VectorIndex
    vector: Vector

    def among(self, rows: Rows) -> Ranking:
        """Those of some rows that are near the query. 200 rows take .05 ms, where a search of a million
        with the filter's mask takes 1.5."""
        known = rows[rows < self.index.size]
        return _near(known, self.index.vectors(known) @ self.vector)

    def nearest(self, allowed: Mask, most: int) -> Ranking:
        """The products near the query that ``allowed`` (by row) lets through."""
        mask = allowed[: self.index.size]
        if len(mask) < self.index.size:  # rows that the index has and this view has not are not allowed
            mask = np.concatenate([mask, np.zeros(self.index.size - len(mask), np.bool_)])
        hits = self.index.search(self.vector, most, mask=mask)
        return _near(hits.rows, hits.scores)


def _near(rows: Rows, cosines: npt.NDArray[np.float32]) -> Ranking:
    if not len(rows):
        return empty()
    near = cosines >= max(_FLOOR, _NEAR_BEST * float(cosines.max()))
    return ranking(rows[near], cosines[near], source="vectors")


@dataclass(frozen=True, slots=True)
class Retriever:
    """Retrieves beside the words, for one query that was found."""

    catalogue: Catalogue
    wanted: Wanted
    found: Found

    def focused(self, window: int) -> Ranking:
        """The words' first hits within the category that the query is about, when it is about one more
        than about others: 手机 (phone) is a word of phone cases, too. Where most of the first ``window``
        hits are of that category anyway, they are enough."""
        shares = self.wanted.categories
        best = max(shares.values(), default=0.0)
        if best < _SURE:
            return empty()
        hits, column = self.found.hits, self.catalogue.columns.text("category")
        sought = [code for code in sorted(shares) if shares[code] >= best / 2]
        head = hits.rows[:window]
        if 2 * len(_places_with(column, head, sought)) >= len(head):
            return empty()
        inside = first_places_with(column, hits.rows, sought, _FOCUSED)
        if len(inside) >= _FOCUSED or hits.total <= len(hits.rows):
            first = inside[:_FOCUSED]
            return ranking(hits.rows[first], hits.scores[first], source="category")
        paths = tuple(column.values[code] for code in sought)
        return self._narrowed(In("category", paths), _FOCUSED, "category")

    def boosted(self, condition: Filter | None) -> Ranking:
        """The words' first hits among what a rule boosts."""
        return empty() if condition is None else self._narrowed(condition, _BOOSTED, "boost")

    def popular(self, popularity: Popularity | None) -> Ranking:
        """The best sellers of the query's categories, else of its brands, that match."""
        fields = (("category", tuple(self.wanted.categories)), ("brand", self.wanted.brands))
        name, codes = next(((name, codes) for name, codes in fields if codes), ("", ()))
        if not codes or popularity is None:
            return empty()
        rows = leaders(popularity, self.catalogue.columns.text(name), name, codes)
        if self.wanted.brands:  # hardly any of another brand matches
            brands = self.catalogue.columns.text("brand").codes[rows]
            rows = rows[among(brands, np.array(self.wanted.brands))]
        rows = self._members(rows)
        return ranking(rows, popularity.of(rows), source="popular")

    def related(self, near: Ranking, weights: tuple[float, float], *, fewer: bool) -> Ranking:
        """What holds some of the words, those with most and rarest first, or is near in meaning; without
        the matches. One match and nothing else leaves a shopper who typed a word too many with nothing:
        of 1,500 real titles sought with a strange word 98.0 % were among the first ten, now 99.8 %.

        Args:
            fewer: whether a word may be left out.
        """
        partly, terms = empty(), self.wanted.terms
        if fewer and (len(terms) > 1 or self.wanted.runs):
            lexical, rows = self.catalogue.lexical, self.catalogue.rows
            none = not self.found.hits.total
            # then a character alone is no more related than any other, and two side by side are something
            said = [term for term in terms if not (none and is_fragment(term))]
            loose = tuple(shared(loosened(term, rows)).term for term in said)
            within = pairs(self.wanted.runs) if none else pieces(self.wanted.runs, lexical, rows)
            if every := (*loose, *within):
                wider = replace(self.found.query, terms=every, minimum=1, optional=())
                hits = lexical.search(wider, limit=FEW_MATCHES + _RELATED)
                partly = ranking(hits.rows, hits.scores, source="fewer")
        both = fuse([partly, near], weights)
        return cut(drop(both, among(both.rows, self.found.hits.rows)), _RELATED)

    def _narrowed(self, condition: Filter, most: int, source: str) -> Ranking:
        query = self.found.query
        narrowed = replace(query, filter=all_of(query.filter, condition))
        hits = self.catalogue.lexical.search(narrowed, limit=most)
        return ranking(hits.rows, hits.scores, source=source)

    def _members(self, rows: Rows) -> Rows:
        """Those of some rows that match."""
        hits = self.found.hits
        if hits.total <= len(hits.rows) or not len(rows):
            return rows[among(rows, hits.rows)]
        ids = tuple(self.catalogue.id_of(row) for row in rows.tolist())
        narrowed = replace(self.found.query, filter=all_of(self.found.query.filter, In("item_id", ids)))
        return self.catalogue.lexical.search(narrowed, limit=len(ids)).rows


def _places_with(column: TextColumn, rows: Rows, sought: Sequence[int]) -> npt.NDArray[np.intp]:
    """Places in ``rows`` of those that have one of the codes."""
    codes, places = codes_of(column, rows)
    found = places[among(codes, np.array(sought))]  # they ascend
    return found[np.diff(found, prepend=-1) > 0]


def first_places_with(
    column: TextColumn, rows: Rows, sought: Sequence[int], least: int
) -> npt.NDArray[np.intp]:
    """Places in ``rows`` of the first that have one of the codes; ``least`` of them where there are."""
    found = [np.empty(0, np.intp)]
    for start in range(0, len(rows), _PIECE):
        found.append(start + _places_with(column, rows[start : start + _PIECE], sought))
        if sum(map(len, found)) >= least:
            break
    return np.concatenate(found)


def leaders(popularity: Popularity, column: TextColumn, field: str, codes: tuple[int, ...]) -> Rows:
    """The most popular rows that have one of the codes in a field, best first."""
    found = [_leaders(popularity, column, field, code) for code in codes]
    if len(found) == 1:
        return found[0]
    rows = np.unique(np.concatenate(found)) if found else np.empty(0, np.int32)
    return rows[np.argsort(-popularity.of(rows), kind="stable")][:_LEADERS]


def _leaders(popularity: Popularity, column: TextColumn, field: str, code: int) -> Rows:
    key = (field, code)
    if key not in popularity.leaders:
        places = np.flatnonzero(column.codes == code)
        if column.indptr is not None:
            places = np.searchsorted(column.indptr, places, side="right") - 1
        rows = places[places < len(popularity.scores)].astype(np.int32)
        rows = rows[popularity.of(rows) > 0]  # what nobody bought leads nothing
        best = np.argsort(-popularity.of(rows), kind="stable")[:_LEADERS]
        popularity.leaders[key] = rows[best]
    return popularity.leaders[key]
