"""The candidates of the default order: from the words, the vectors, the sales and the rules, ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Mask
from indexing.contracts.filters import all_of
from indexing.contracts.items import Item
from indexing.contracts.ranking import Ranking, empty, ranking
from indexing.lexical.base import LexicalQuery
from search.features import TITLE_MATCH, Candidates
from search.ladder import Found
from search.models import Embedder, Models
from search.rank import POPULAR_WEIGHT, Ranked, check_features, first_order, second_order
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
"""Below so many lexical matches, products that are only near in meaning follow after them."""
_NEAR, _POPULAR, _BOOSTED = 40, 40, 20
"""Candidates beyond the words' window, of each kind; 100 in all."""
_BOOST_WEIGHT = 0.25


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
        """The ranked window, what each retriever gave, and what is only near in meaning."""
        hits = found.hits
        words = ranking(hits.rows, hits.scores, source="words")
        with self.stages.stage("vectors"):
            near = self._near(wanted, found)
        with self.stages.stage("rank"):
            popular = self._popular(wanted)
            boosted = empty()
            rows = words.rows
            if hits.total > len(rows):
                boosted = self._boosted(found.query, rules)
                rows = np.concatenate([rows, self._beyond(rows, near, popular, boosted, found.query)])
            rows = np.unique(rows)
            retrieved = [words, *(_only(one, rows) for one in (near, popular, boosted))]
            ranked = self._ordered(rows, wanted, found, retrieved)
        extra = empty()
        if hits.total < FEW_MATCHES:
            extra = near.take(np.flatnonzero(~np.isin(near.rows, rows)))
        return ranked, retrieved, extra

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
        weights = (profile.words_weight, profile.vectors_weight, POPULAR_WEIGHT, _BOOST_WEIGHT)
        ranked = first_order(retrieved, weights, self._about(rows, wanted), profile)
        if not profile.features.get(TITLE_MATCH) or not found.terms or not len(rows):
            return ranked
        if not self.stages.allows(TITLE_MATCH, 2.0):
            return ranked
        first = ranked.found.rows[:WINDOW]
        titles = [item.title for item in self.read(first)]
        matches = title_match(self.catalogue.analyser, titles, wanted, found.terms)
        return second_order(ranked, matches, profile)

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

    def _boosted(self, query: LexicalQuery, rules: ListRules) -> Ranking:
        condition = rules.boosted()
        if condition is None:
            return empty()
        narrowed = LexicalQuery(query.terms, query.minimum, all_of(query.filter, condition), query.refine)
        hits = self.catalogue.lexical.search(narrowed, limit=_BOOSTED)
        return ranking(hits.rows, hits.scores, source="boost")

    def _beyond(
        self, window: Rows, near: Ranking, popular: Ranking, boosted: Ranking, query: LexicalQuery
    ) -> Rows:
        """Matches that the words rank after their window and something else ranks high."""
        outside = [one.rows[~np.isin(one.rows, window)] for one in (near, popular)]
        asked = np.concatenate([outside[0][:_NEAR], outside[1][:_POPULAR]])
        _, first = np.unique(asked, return_index=True)
        matches = Members(self.catalogue, query).of(asked[np.sort(first)])
        return np.unique(np.concatenate([matches, boosted.rows])).astype(np.int32)


def _only(one: Ranking, rows: Rows) -> Ranking:
    return one.take(np.flatnonzero(np.isin(one.rows, rows)))
