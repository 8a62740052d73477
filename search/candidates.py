"""The candidates of the default order: from the words, the vectors, the sales and the rules, ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Mask
from indexing.contracts.filters import Filter, In, all_of
from indexing.contracts.items import Item
from indexing.contracts.ranking import Ranking, cut, drop, empty, fuse, ranking
from indexing.lexical.base import LexicalQuery
from search.features import TITLE_MATCH, Candidates
from search.ladder import Found, loosened
from search.lists import joined
from search.models import Embedder, Models
from search.rank import Ranked, check_features, first_order, second_order
from search.request import SearchRequest
from search.retrieve import Members, leaders, nearest
from search.rules import ListRules
from search.stages import Stages
from search.titles import WINDOW, title_match
from search.understand import Wanted

if TYPE_CHECKING:  # a protocol: search needs no snapshot code
    from indexing.snapshots.catalogue import Catalogue


Rows = npt.NDArray[np.int32]

FEW_MATCHES = 20
"""Below so many lexical matches, products that match in part, or only in meaning, follow after them."""
_NEAR, _POPULAR, _FOCUSED, _BOOSTED, _RELATED = 40, 40, 100, 20, 40
"""Most candidates beyond the words' window, of each kind, and most products after the last match."""
_SURE = 0.3
"""Share of its clicks from which a query is about a category."""
_POPULAR_WEIGHT, _FOCUS_WEIGHT = 0.5, 0.5
"""Of the retrievers that no profile weighs, in the fusion."""


@dataclass(frozen=True)
class Ranker:
    """Ranks the candidates of one request.

    Attributes:
        items: read so far, by row; the page takes them from here.
    """

    catalogue: Catalogue
    models: Models
    embedder: Embedder | None
    request: SearchRequest
    stages: Stages
    items: dict[int, Item] = field(default_factory=dict)

    def rank(self, wanted: Wanted, found: Found, rules: ListRules) -> tuple[Ranked, list[Ranking], Ranking]:
        """The ranked window, what each retriever gave, and what is only related."""
        hits = found.hits
        words = ranking(hits.rows, hits.scores, source="words")
        with self.stages.stage("vectors"):
            near = self._near(wanted, found)
        with self.stages.stage("rank"):
            popular = self._popular(wanted)
            focused, boosted, matches = empty(), empty(), words.rows
            if hits.total > len(words):
                focused = self._narrowed(found.query, self._sought(wanted), _FOCUSED, "category")
                boosted = self._narrowed(found.query, rules.boosted(), _BOOSTED, "boost")
                matches = np.concatenate([matches, self._matches(words.rows, near, popular, found.query)])
            rows = np.unique(np.concatenate([matches, focused.rows, boosted.rows]))
            others = [one.take(np.flatnonzero(np.isin(one.rows, rows))) for one in (near, popular)]
            retrieved = [words, *others, focused, boosted]
            ranked = self._ordered(rows, wanted, found, retrieved)
            related = self._related(found, near, rows) if hits.total < FEW_MATCHES else empty()
        return ranked, retrieved, related

    def _related(self, found: Found, near: Ranking, rows: Rows) -> Ranking:
        """What matches all words but one, or only in meaning; without ``rows``, which match."""
        fewer, query, profile = empty(), found.query, self.request.profile
        # of two words one alone is too little
        if profile.ladder and query.minimum is None and len(query.terms) > 2:
            terms = tuple(loosened(term).term for term in found.terms)
            wider = replace(query, terms=terms, minimum=len(terms) - 1)
            hits = self.catalogue.lexical.search(wider, limit=FEW_MATCHES + _RELATED)
            fewer = ranking(hits.rows, hits.scores, source="fewer")
        both = fuse([fewer, near], [profile.words_weight, profile.vectors_weight])
        return cut(drop(both, np.isin(both.rows, rows)), _RELATED)

    def browse(self, wanted: Wanted, popular: Ranking) -> Ranked:
        """The most popular products with the features of this shopper and this stock."""
        with self.stages.stage("rank"):
            check_features(self.request.profile, self.stages)
            if self.models.popularity is None:
                self._no_popularity()
            rows = np.sort(popular.rows)
            return first_order([popular], [1.0], self._about(rows, wanted), self.request.profile)

    def _about(self, rows: Rows, wanted: Wanted) -> Candidates:
        return Candidates(
            rows, self.catalogue.columns, wanted, self.models.popularity, self.request.shopper
        )

    def _no_popularity(self) -> None:
        self.stages.note("popularity_missing", "this snapshot holds no popularity")

    def _ordered(self, rows: Rows, wanted: Wanted, found: Found, retrieved: Sequence[Ranking]) -> Ranked:
        profile = self.request.profile
        check_features(profile, self.stages)
        words, near, popular, focused, boosted = retrieved
        # what the words rank somewhere after their window counts as if it came right after it
        every = reduce(joined, (focused, boosted, popular, near), words)
        weights = (profile.words_weight, profile.vectors_weight, _POPULAR_WEIGHT, _FOCUS_WEIGHT)
        fused = (every, near, popular, focused)
        ranked = first_order(fused, weights, self._about(rows, wanted), profile)
        if not profile.features.get(TITLE_MATCH) or not found.terms or not len(rows):
            return ranked
        if not self.stages.allows(TITLE_MATCH, 1.0):
            return ranked
        titles = [item.title for item in self.read(ranked.found.rows[:WINDOW])]
        return second_order(ranked, title_match(titles, wanted, found.terms), profile)

    def read(self, rows: Rows) -> list[Item]:
        """Items of the rows, each read once a request."""
        missing = np.array([row for row in rows.tolist() if row not in self.items], np.int32)
        if len(missing):
            self.items.update(zip(missing.tolist(), self.catalogue.items(missing), strict=True))
        return [self.items[row] for row in rows.tolist()]

    def _near(self, wanted: Wanted, found: Found) -> Ranking:
        if not self.request.profile.vectors or not wanted.words:
            return empty()
        index = self.catalogue.vectors("text")
        if index is None or self.embedder is None:
            self.stages.note(
                "vectors_missing", "this snapshot has no text vectors; only words were searched"
            )
            return empty()
        if not self.stages.allows("vectors", 3.0):
            return empty()
        vector = self.embedder.encode([wanted.words])[0]
        if not vector.any():
            return empty()
        allowed: Mask = self.catalogue.mask(found.conditions.everything)
        return nearest(index, vector, allowed, self.request.profile.candidates)

    def _popular(self, wanted: Wanted) -> Ranking:
        """The best sellers of the query's categories, else of its brands."""
        popularity = self.models.popularity
        if popularity is None:
            self._no_popularity()
            return empty()
        fields = (("category", tuple(wanted.categories)), ("brand", wanted.brands))
        name, codes = next(((name, codes) for name, codes in fields if codes), ("", ()))
        if not codes:
            return empty()
        rows = leaders(popularity, self.catalogue.columns.text(name), name, codes)
        return ranking(rows, popularity.of(rows), source="popular")

    def _sought(self, wanted: Wanted) -> Filter | None:
        """The categories that the query is about, when it is about some more than about others."""
        column = self.catalogue.columns.text("category")
        best = max(wanted.categories.values(), default=0.0)
        chosen = (code for code, share in sorted(wanted.categories.items()) if share >= best / 2)
        paths = tuple(column.values[code] for code in chosen)
        return In("category", paths) if paths and best >= _SURE else None

    def _narrowed(self, query: LexicalQuery, condition: Filter | None, most: int, source: str) -> Ranking:
        """The words' first hits among what fulfils a condition."""
        if condition is None:
            return empty()
        narrowed = replace(query, filter=all_of(query.filter, condition))
        hits = self.catalogue.lexical.search(narrowed, limit=most)
        return ranking(hits.rows, hits.scores, source=source)

    def _matches(self, window: Rows, near: Ranking, popular: Ranking, query: LexicalQuery) -> Rows:
        """Matches that the words rank after their window and the vectors or the sales rank high."""
        outside = [one.rows[~np.isin(one.rows, window)] for one in (near, popular)]
        asked = np.concatenate([outside[0][:_NEAR], outside[1][:_POPULAR]])
        return Members(self.catalogue, query).of(np.unique(asked))
