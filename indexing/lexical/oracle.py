"""The exact index in memory: every guarantee of ``base.py`` in the plainest way. Slow on purpose.

Its score is a sum over the matching terms of ``weight · max(boost · idf · tf / (tf + 1))`` over the
alternatives that match, with ``idf = ln(1 + (N + 1) / (n + 1))`` of N documents, n of which match the
alternative. BM25 without lengths: enough to compare orders with, and easy to compute by hand.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from indexing.contracts.filter_match import matches
from indexing.contracts.filters import Filter, all_of
from indexing.contracts.item_values import FieldValue
from indexing.lexical.asking import Range, check_facets, check_page, check_sort, range_text, refinements
from indexing.lexical.base import (
    Document,
    FacetCount,
    Facets,
    FacetStats,
    Hits,
    Kinds,
    LexicalQuery,
    Sort,
    Term,
)


class OracleIndex:
    """``LexicalIndex`` and ``LexicalWriter`` over a dict of documents.

    Args:
        kinds: the fields that documents have.
        documents: what it holds at once.
    """

    def __init__(self, kinds: Kinds, documents: Iterable[Document] = ()) -> None:
        self._kinds = kinds
        self._coming = {document.row: document for document in documents}
        self.commit()

    def put(self, documents: Iterable[Document]) -> None:
        """See ``LexicalWriter.put``."""
        self._coming.update((document.row, document) for document in documents)

    def delete(self, rows: Iterable[int]) -> None:
        """See ``LexicalWriter.delete``."""
        for row in rows:
            self._coming.pop(row, None)

    def commit(self) -> None:
        """See ``LexicalWriter.commit``."""
        self._documents = [self._coming[row] for row in sorted(self._coming)]

    def search(self, query: LexicalQuery, *, limit: int, offset: int = 0, sort: Sort | None = None) -> Hits:
        """See ``LexicalIndex.search``."""
        check_page(offset, limit)
        found = self._matching(query)
        score = self._scorer((*query.terms, *query.optional) if query.terms else ())
        if sort is None:
            found.sort(key=lambda document: -score(document))  # stable: equal scores stay by row
        else:
            check_sort(sort, self._kinds)
            found.sort(key=lambda document: _place(document, sort))
        page = found[offset : offset + limit]
        rows = np.array([document.row for document in page], np.int32)
        scores = np.array([score(document) if sort is None else 0.0 for document in page], np.float32)
        return Hits(rows, scores, len(found))

    def count(self, query: LexicalQuery) -> int:
        """See ``LexicalIndex.count``."""
        return len(self._matching(query))

    def facets(
        self,
        query: LexicalQuery,
        fields: Sequence[str],
        *,
        most: int = 20,
        ranges: Mapping[str, Sequence[Range]] | None = None,
    ) -> Facets:
        """See ``LexicalIndex.facets``."""
        check_facets(fields, self._kinds)
        counts, stats = {}, {}
        for name in fields:
            documents = self._matching(query, without=name)
            values = [document.values[name] for document in documents if name in document.values]
            if self._kinds[name] not in {"number", "time"}:
                counts[name] = _counts(values)[:most]
                continue
            numbers = [float(value) for value in values if isinstance(value, int | float)]
            stats[name] = _stats(numbers)
            if ranges and name in ranges:
                counts[name] = tuple(_in_range(numbers, *bounds) for bounds in ranges[name])
        return Facets(counts, stats)

    def document_frequency(self, word: str) -> int:
        """See ``LexicalIndex.document_frequency``."""
        return sum(word in document.words for document in self._documents)

    def _matching(self, query: LexicalQuery, without: str | None = None) -> list[Document]:
        refined = refinements(query.refine, self._kinds)
        refined.pop(without or "", None)
        condition = all_of(query.filter, *refined.values())
        return [document for document in self._documents if _matches(document, query, condition)]

    def _scorer(self, terms: Sequence[Term]) -> Callable[[Document], float]:
        frequencies = {
            alternative: sum(_frequency(document, alternative) > 0 for document in self._documents)
            for term in terms
            for alternative in _alternatives(term)
        }

        def part(document: Document, alternative: Alternative) -> float:
            tf = _frequency(document, alternative)
            return math.log1p((len(self._documents) + 1) / (frequencies[alternative] + 1)) * tf / (tf + 1)

        def score(document: Document) -> float:
            return sum(
                term.weight
                * max((boost * part(document, a) for a, boost in _alternatives(term).items()), default=0.0)
                for term in terms
            )

        return score


Alternative = str | tuple[str, ...]
"""A word, or a phrase of characters."""


def _alternatives(term: Term) -> dict[Alternative, float]:
    """With their boosts; a phrase counts in full, a word given twice by its higher boost."""
    boosts: dict[Alternative, float] = {phrase: 1.0 for phrase in term.phrases if phrase}
    for word, boost in term.words:
        boosts[word] = max(boost, boosts.get(word, 0.0))
    return boosts


def _frequency(document: Document, alternative: Alternative) -> int:
    if isinstance(alternative, str):
        return list(document.words).count(alternative)
    held, size = tuple(document.characters), len(alternative)
    return sum(held[place : place + size] == alternative for place in range(len(held) - size + 1))


def _matches(document: Document, query: LexicalQuery, condition: Filter | None) -> bool:
    matching = sum(any(_frequency(document, a) for a in _alternatives(term)) for term in query.terms)
    wanted = len(query.terms) if query.minimum is None or not query.terms else query.minimum
    return matching >= wanted and (condition is None or matches(condition, document.values))


def _place(document: Document, sort: Sort) -> tuple[bool, float]:
    value = document.values.get(sort.field)
    if value is None:
        return (True, 0.0)
    assert isinstance(value, int | float)
    return (False, -value if sort.descending else value)


def _counts(values: Iterable[FieldValue]) -> tuple[FacetCount, ...]:
    counter: Counter[str] = Counter()
    for value in values:
        if isinstance(value, bool):
            counter["true" if value else "false"] += 1
        elif isinstance(value, str):
            counter[value] += 1
        else:
            assert not isinstance(value, int | float)
            counter.update(set(value))
    ordered = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetCount(value, count) for value, count in ordered)


def _stats(numbers: Sequence[float]) -> FacetStats:
    if not numbers:
        return FacetStats(0, None, None, None)
    return FacetStats(len(numbers), min(numbers), max(numbers), math.fsum(numbers) / len(numbers))


def _in_range(numbers: Iterable[float], lower: float | None, upper: float | None) -> FacetCount:
    inside = (
        (lower is None or number >= lower) and (upper is None or number < upper) for number in numbers
    )
    return FacetCount(range_text(lower, upper), sum(inside))
