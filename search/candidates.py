"""The candidates of the default order, ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexing.contracts.items import Item
from indexing.contracts.ranking import Ranking, empty
from indexing.vectors.base import Vector
from search.features import TITLE_MATCH, Candidates
from search.ladder import Found
from search.lists import in_order, joined
from search.models import Embedder, Models
from search.rank import Ranked, check_features, first_order, second_order
from search.request import SearchRequest
from search.retrieve import FEW_MATCHES, Meaning, Retriever
from search.rules import ListRules
from search.stages import Stages
from search.titles import WINDOW, title_match
from search.understand import Wanted

if TYPE_CHECKING:  # a protocol: search needs no snapshot code
    from indexing.snapshots.catalogue import Catalogue

Rows = npt.NDArray[np.int32]

_ALIKE = 3
"""First matches whose vectors say what is related."""
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
        hits, profile = found.hits, self.request.profile
        retriever = Retriever(self.catalogue, wanted, found)
        with self.stages.stage("rank"):
            check_features(profile, self.stages)
            self._note_models()
            words = in_order(hits.rows[: profile.candidates], "words")
            popular = retriever.popular(self.models.popularity)
            focused, boosted, every = empty(), empty(), words
            if hits.total > len(words):
                focused, boosted = retriever.focused(profile.candidates), retriever.boosted(rules.boosted())
                # what the words rank somewhere after their window counts as if it came right after it
                every = reduce(joined, (one for one in (focused, boosted, popular) if len(one)), words)
        with self.stages.stage("vectors"):
            meaning = self._meaning(wanted)
            rows = np.sort(every.rows)
            near = meaning.among(rows) if meaning and len(rows) else empty()
        with self.stages.stage("rank"):
            weights = (profile.words_weight, profile.vectors_weight, _POPULAR_WEIGHT, _FOCUS_WEIGHT)
            fused = (every, near, popular, focused)
            ranked = first_order(fused, weights, self._about(rows, wanted), profile)
            ranked = self._by_titles(ranked, wanted, found)
        related = self._related(retriever, meaning, found) if hits.total < FEW_MATCHES else empty()
        return ranked, [words, near, popular, focused, boosted], related

    def browse(self, wanted: Wanted, popular: Ranking) -> Ranked:
        """The most popular products with the features of this shopper and this stock."""
        with self.stages.stage("rank"):
            check_features(self.request.profile, self.stages)
            self._note_models()
            rows = np.sort(popular.rows)
            return first_order([popular], [1.0], self._about(rows, wanted), self.request.profile)

    def read(self, rows: Rows) -> list[Item]:
        """Items of the rows, each read once a request."""
        missing = np.array([row for row in rows.tolist() if row not in self.items], np.int32)
        if len(missing):
            self.items.update(zip(missing.tolist(), self.catalogue.items(missing), strict=True))
        return [self.items[row] for row in rows.tolist()]

    def _about(self, rows: Rows, wanted: Wanted) -> Candidates:
        return Candidates(
            rows, self.catalogue.columns, wanted, self.models.popularity, self.request.shopper
        )

    def _note_models(self) -> None:
        if self.models.popularity is None:
            self.stages.note("popularity_missing", "this snapshot holds no popularity")

    def _by_titles(self, ranked: Ranked, wanted: Wanted, found: Found) -> Ranked:
        first, profile = ranked.found.rows[:WINDOW], self.request.profile
        if not profile.features.get(TITLE_MATCH) or not found.terms or not len(first):
            return ranked
        if not self.stages.allows(TITLE_MATCH, 1.0):
            return ranked
        titles: Sequence[str] = [item.title for item in self.read(first)]
        return second_order(ranked, title_match(titles, wanted, found.terms), profile)

    def _meaning(self, wanted: Wanted) -> Meaning | None:
        """The query's vector, where the profile wants it, the snapshot has vectors and there is time."""
        if not self.request.profile.vectors or not wanted.words:
            return None
        index = self.catalogue.vectors("text")
        if index is None or self.embedder is None:
            self.stages.note(
                "vectors_missing", "this snapshot has no text vectors; only words were searched"
            )
            return None
        if not self.stages.allows("vectors", 2.0):
            return None
        vector = self.embedder.encode([wanted.words])[0]
        return Meaning(index, vector) if vector.any() else None

    def _related(self, retriever: Retriever, meaning: Meaning | None, found: Found) -> Ranking:
        profile, near = self.request.profile, empty()
        with self.stages.stage("vectors"):
            if (alike := self._alike(meaning, found)) is not None:
                near = alike.nearest(self.catalogue.mask(found.conditions.everything), profile.candidates)
        with self.stages.stage("rank"):
            weights = (profile.words_weight, profile.vectors_weight)
            return retriever.related(near, weights, fewer=profile.ladder)

    def _alike(self, meaning: Meaning | None, found: Found) -> Meaning | None:
        """The query's vector and that of its first matches together: what is like them is related, too, and
        of a model number or a new brand the vectors know nothing else. nDCG@10 of queries for models .816
        → .871 in the demo shop, of all kinds .938 → .949."""
        index = self.catalogue.vectors("text")
        if index is None or not self.request.profile.vectors or not self.stages.allows("vectors", 2.0):
            return None
        rows = found.hits.rows[:_ALIKE]
        matches = index.vectors(rows[rows < index.size]).sum(axis=0)
        total = _unit(matches) if meaning is None else _unit(matches) + meaning.vector
        return Meaning(index, _unit(total)) if total.any() else None


def _unit(vector: Vector) -> Vector:
    """Of length 1; zeros stay zeros."""
    length = float(np.linalg.norm(vector))
    return (vector / length).astype(np.float32) if length else vector
