"""Facets: counts of the lexical index with the texts that shoppers read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import NamedTuple

from indexing.contracts.columns import Columns, facet_fields
from indexing.contracts.filters import Filter
from indexing.contracts.items import CATEGORY_SEPARATOR
from indexing.contracts.shop import Shop
from indexing.lexical.asking import range_text
from indexing.lexical.base import FacetCount, Facets, Hits, LexicalIndex, LexicalQuery, Term
from indexing.lexical.counting import count_rows
from search.beside import Beside
from search.conditions import Kinds
from search.prices import fine_ranges, merged_ranges
from search.request import Bounds, SearchRequest
from search.result import FacetRange, FacetValue

_PRICE = "price_minor"
Counted = tuple[dict[str, tuple[FacetValue, ...]], dict[str, FacetRange]]

_MANY, _KEPT = 20_000, 64
"""Of so many products the index counts twelve facets in 6 ms, of a million in .2 s. What is kept of one
query are some hundred values."""


def default_facets(shop: Shop, kinds: Kinds) -> tuple[str, ...]:
    """The facets that the shop declares and that its index can count."""
    return tuple(name for name in facet_fields(shop) if name in kinds)


class _Asked(NamedTuple):
    """What is counted, as a key."""

    terms: tuple[Term, ...]
    minimum: int | None
    filter: Filter | None
    refine: tuple[tuple[str, tuple[str, ...]], ...]
    fields: tuple[str, ...]
    most: int
    ranges: tuple[tuple[str, tuple[Bounds, ...]], ...]

    @classmethod
    def of(
        cls, query: LexicalQuery, fields: tuple[str, ...], most: int, ranges: Mapping[str, Sequence[Bounds]]
    ) -> _Asked:
        refine = tuple((name, tuple(values)) for name, values in query.refine.items())
        wanted = tuple((name, tuple(bounds)) for name, bounds in ranges.items())
        return cls(query.terms, query.minimum, query.filter, refine, fields, most, wanted)


def _count(lexical: LexicalIndex, asked: _Asked) -> Facets:
    query = LexicalQuery(asked.terms, asked.minimum, asked.filter, dict(asked.refine))
    return lexical.facets(query, asked.fields, most=asked.most, ranges=dict(asked.ranges))


class FacetCounter:
    """Counts facets over one view of the catalogue. Safe to use from several threads.

    What many products match is counted once: a category's page and a search for phones are the same for
    every shopper. A view is replaced when anything changes, so no count grows old.
    """

    def __init__(self, lexical: LexicalIndex, columns: Columns, shop: Shop, kinds: Kinds) -> None:
        self.lexical = lexical
        self.columns = columns
        self.shop = shop
        self.kinds = kinds
        self._of_many = lru_cache(_KEPT)(partial(_count, lexical))

    def begin(self, query: LexicalQuery, request: SearchRequest, hits: Hits) -> Callable[[], Counted]:
        """Begin to count the facets asked for; the call that is returned gives their values and stats.

        A facet's counts apply every refinement but its own. A selected value is always among them, with
        its count, also when that is 0.

        Args:
            hits: of the query; where they are all its matches and nothing is refined, they are counted.
        """
        fields = default_facets(self.shop, self.kinds) if request.facets is None else request.facets
        fields = tuple(dict.fromkeys(fields))
        if not fields:
            return lambda: ({}, {})
        ranges = self._ranges(fields, request)
        asked = {name: [*found, *self._chosen(query, name, found)] for name, found in ranges.items()}
        most = request.max_facet_values
        count: Callable[[], Facets]
        if hits.total <= len(hits.rows) and not any(query.refine.values()):
            count = partial(count_rows, self.columns, hits.rows, fields, most=most, ranges=asked)
        else:
            work = partial(_count, self.lexical) if hits.total < _MANY else self._of_many
            count = Beside(partial(work, _Asked.of(query, fields, most, asked))).result
        return lambda: self._named(count(), query, request, ranges)

    def _named(
        self,
        found: Facets,
        query: LexicalQuery,
        request: SearchRequest,
        ranges: Mapping[str, tuple[Bounds, ...]],
    ) -> Counted:
        """What was counted, in the texts that shoppers read."""
        stats = {
            name: FacetRange(one.count, one.minimum, one.maximum, one.mean)
            for name, one in found.stats.items()
        }
        values: dict[str, tuple[FacetValue, ...]] = {}
        for name, counts in found.counts.items():
            if name in ranges:
                given = name in request.facet_ranges
                values[name] = tuple(self._range_values(query, name, ranges[name], counts, given=given))
            else:
                values[name] = tuple(self._values(query, name, counts))
        return values, stats

    def _ranges(self, fields: tuple[str, ...], request: SearchRequest) -> dict[str, tuple[Bounds, ...]]:
        ranges = {name: tuple(given) for name, given in request.facet_ranges.items() if name in fields}
        if _PRICE in fields and _PRICE not in ranges:
            ranges[_PRICE] = fine_ranges(self.shop.minor_digits)
        return ranges

    def _chosen(self, query: LexicalQuery, name: str, ranges: tuple[Bounds, ...]) -> list[Bounds]:
        known = {range_text(*bounds) for bounds in ranges}
        chosen = (value for value in query.refine.get(name, ()) if value not in known and ".." in value)
        return [_bounds(value) for value in chosen]

    def _range_values(
        self,
        query: LexicalQuery,
        name: str,
        ranges: tuple[Bounds, ...],
        counts: tuple[FacetCount, ...],
        *,
        given: bool,
    ) -> Iterator[FacetValue]:
        chosen = set(query.refine.get(name, ()))
        known = [one.count for one in counts[: len(ranges)]]
        shown = list(zip(ranges, known, strict=True)) if given else merged_ranges(ranges, known)
        texts = {range_text(*bounds) for bounds, _ in shown}
        by_text = {one.value: one.count for one in counts}
        for text in (range_text(*_bounds(value)) for value in chosen if ".." in value):
            if text not in texts and text in by_text:
                shown.append((_bounds(text), by_text[text]))
        normal = {range_text(*_bounds(value)) for value in chosen if ".." in value}
        for bounds, count in sorted(shown, key=lambda pair: _order(pair[0])):
            text = range_text(*bounds)
            yield FacetValue(text, count, text in normal, text)

    def _values(
        self, query: LexicalQuery, name: str, counts: tuple[FacetCount, ...]
    ) -> Iterator[FacetValue]:
        chosen = query.refine.get(name, ())
        missing = set(chosen) - {one.value for one in counts}
        extra = (FacetCount(value, self._count(query, name, value)) for value in sorted(missing))
        for one in (*counts, *extra):
            yield self._value(name, one, selected=one.value in chosen)

    def _count(self, query: LexicalQuery, name: str, value: str) -> int:
        return self.lexical.count(replace(query, refine={**query.refine, name: (value,)}))

    def _value(self, name: str, one: FacetCount, *, selected: bool) -> FacetValue:
        text = one.value
        if self.kinds[name] in ("text", "texts"):
            column = self.columns.text(name)
            code = column.values.find(text)
            text = column.display[code] if code >= 0 else text
        if name != "category":
            return FacetValue(text, one.count, selected, text)
        names = text.split(CATEGORY_SEPARATOR)
        return FacetValue(text, one.count, selected, names[-1], len(names) - 1)


def _bounds(text: str) -> Bounds:
    low, _, high = text.partition("..")
    return (float(low) if low else None, float(high) if high else None)


def _order(bounds: Bounds) -> tuple[float, float]:
    low, high = bounds
    return (float("-inf") if low is None else low, float("inf") if high is None else high)
