"""Facets as tantivy's aggregations.

All fields that share a query are counted in one pass; a refined field has a query of its own, without its
refinement. What tantivy gives is made exact: more values are asked for than wanted, and asked again in
greater number where an equal count could hide behind the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from indexing.lexical.asking import Range, range_text
from indexing.lexical.base import FacetCount, Facets, FacetStats, Kinds

MOST_VALUES = 60_000
"""Values of one field among the matches that are told apart: tantivy refuses 65,000 buckets. Past it, equal
counts may come in another order, and with several segments counts may be short."""
_SPARE = 10

Ask = Callable[[dict[str, Any]], dict[str, Any]]
"""An aggregation request to its answer, for a fixed query."""


def count(
    ask: Ask,
    fields: Sequence[str],
    kinds: Kinds,
    *,
    most: int,
    ranges: Mapping[str, Sequence[Range]],
    segments: int,
) -> Facets:
    """Count fields over one query.

    Args:
        ask: runs an aggregation over the query.
        fields: text, flag, number and time fields.
        kinds: of all fields.
        most: values of a text field at most.
        ranges: of number fields, may overlap.
        segments: of the index.
    """
    request: dict[str, Any] = {}
    for number, name in enumerate(fields):
        if kinds[name] in {"number", "time"}:
            request[f"{number}"] = {"stats": {"field": name}}
            if ranges.get(name):
                request[f"{number} ranges"] = _range_request(name, ranges[name])
        elif most > 0:
            request[f"{number}"] = _terms_request(name, most + _SPARE, segments)
    answer = ask(request) if request else {}
    counts: dict[str, tuple[FacetCount, ...]] = {}
    stats: dict[str, FacetStats] = {}
    for number, name in enumerate(fields):
        if kinds[name] in {"number", "time"}:
            stats[name] = _stats(answer[f"{number}"])
            if name in ranges:
                counts[name] = tuple(_sums(answer.get(f"{number} ranges"), ranges[name]))
        else:
            found = answer.get(f"{number}")
            counts[name] = _exact(ask, name, most, found, segments) if found else ()
    return Facets(counts, stats)


def joined(parts: Iterable[Facets], fields: Sequence[str]) -> Facets:
    """One answer, in the order of ``fields``."""
    counts: dict[str, tuple[FacetCount, ...]] = {}
    stats: dict[str, FacetStats] = {}
    for part in parts:
        counts |= part.counts
        stats |= part.stats
    return Facets(
        {name: counts[name] for name in fields if name in counts},
        {name: stats[name] for name in fields if name in stats},
    )


def _terms_request(name: str, size: int, segments: int) -> dict[str, Any]:
    """A segment that leaves values out makes sums wrong, so of several each gives all it has."""
    return {"terms": {"field": name, "size": size, "segment_size": size if segments == 1 else MOST_VALUES}}


def _exact(ask: Ask, name: str, most: int, found: dict[str, Any], segments: int) -> tuple[FacetCount, ...]:
    size = most + _SPARE
    while size < MOST_VALUES and _cuts_a_tie(found, most):
        size = min(size * 20, MOST_VALUES)
        found = ask({"0": _terms_request(name, size, segments)})["0"]
    values = [
        FacetCount(bucket.get("key_as_string", bucket["key"]), bucket["doc_count"])
        for bucket in found["buckets"]
    ]
    return tuple(sorted(values, key=lambda one: (-one.count, one.value))[:most])


def _cuts_a_tie(found: dict[str, Any], most: int) -> bool:
    counts = [bucket["doc_count"] for bucket in found["buckets"]]
    return found["sum_other_doc_count"] > 0 and len(counts) >= most and counts[-1] == counts[most - 1]


def _stats(found: dict[str, Any]) -> FacetStats:
    return FacetStats(found["count"], found["min"], found["max"], found["avg"])


def _range_request(name: str, ranges: Sequence[Range]) -> dict[str, Any]:
    """Ranges between all bounds in order, since tantivy's may not overlap; it adds the two ends."""
    bounds = sorted({bound for bounds in ranges for bound in bounds if bound is not None})
    between: list[dict[str, float]] = [{"from": low, "to": high} for low, high in pairwise(bounds)]
    return {"range": {"field": name, "ranges": between or [{"to": bounds[0] if bounds else 0.0}]}}


def _sums(found: dict[str, Any] | None, ranges: Sequence[Range]) -> Iterator[FacetCount]:
    """Each range is the sum of those between its bounds."""
    infinity = float("inf")
    buckets = [] if found is None else found["buckets"]
    for lower, upper in ranges:
        low, high = (-infinity if lower is None else lower), (infinity if upper is None else upper)
        inside = (
            bucket["doc_count"]
            for bucket in buckets
            if bucket.get("from", -infinity) >= low and bucket.get("to", infinity) <= high
        )
        yield FacetCount(range_text(lower, upper), sum(inside) if low < high else 0)
