"""Facets: counts of the lexical index with the texts that shoppers read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from indexing.contracts.columns import Columns, facet_fields
from indexing.contracts.items import CATEGORY_SEPARATOR
from indexing.contracts.shop import Shop
from indexing.lexical.asking import range_text
from indexing.lexical.base import FacetCount, Facets, Hits, LexicalIndex, LexicalQuery
from indexing.lexical.counting import count_rows
from search.beside import Beside
from search.conditions import Kinds
from search.prices import fine_ranges, merged_ranges
from search.request import Bounds, SearchRequest
from search.result import FacetRange, FacetValue

_PRICE = "price_minor"
Counted = tuple[dict[str, tuple[FacetValue, ...]], dict[str, FacetRange]]


def default_facets(shop: Shop, kinds: Kinds) -> tuple[str, ...]:
    """The facets that the shop declares and that its index can count."""
    return tuple(name for name in facet_fields(shop) if name in kinds)


@dataclass(frozen=True, slots=True)
class FacetCounter:
    """Counts facets over one view of the catalogue."""

    lexical: LexicalIndex
    columns: Columns
    shop: Shop
    kinds: Kinds

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
            work = partial(self.lexical.facets, query, fields, most=most, ranges=asked)
            count = Beside(work).result
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
