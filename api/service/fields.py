"""Fields, orders and ranges as requests write them. Whether the shop has such a field the engine says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from api.types.items import PRODUCT_FIELDS
from indexing.contracts.errors import InputError
from indexing.contracts.faults import printable
from indexing.lexical.base import Sort

Bounds = tuple[float | None, float | None]
_DIRECTIONS = ("asc", "desc")


def chosen_fields(names: Sequence[str] | None) -> Sequence[str]:
    """The fields of an item to be shown, all when none are named.

    Raises:
        InputError: ``unknown_field``.
    """
    if names is None:
        return PRODUCT_FIELDS
    for place, name in enumerate(names):
        if name not in PRODUCT_FIELDS:
            field = f"fields[{place}]"
            detail = f"{field}: no field {printable(name)!r}; expected one of {', '.join(PRODUCT_FIELDS)}"
            raise InputError(detail, field=field, code="unknown_field")
    return names


def sort_of(text: str | None) -> Sort | None:
    """``price_minor:asc`` as an order.

    Raises:
        InputError: ``bad_sort``.
    """
    if text is None:
        return None
    name, _, direction = text.rpartition(":")
    if not name or direction not in _DIRECTIONS:
        detail = f"sort is {printable(text)!r}; expected a field, a colon, and asc or desc"
        raise InputError(detail, field="sort", code="bad_sort")
    return Sort(name, descending=direction == "desc")


def ranges_of(given: Mapping[str, Sequence[str]]) -> dict[str, tuple[Bounds, ...]]:
    """Ranges to be counted.

    Raises:
        InputError: ``bad_range``.
    """
    return {
        name: tuple(_range(text, f"facet_ranges.{printable(name)}") for text in texts)
        for name, texts in given.items()
    }


def _range(text: str, field: str) -> Bounds:
    low, dots, high = text.partition("..")
    try:
        bounds = (_bound(low), _bound(high))
    except ValueError:
        bounds = (1.0, 0.0)
    ordered = bounds[0] is None or bounds[1] is None or bounds[0] <= bounds[1]
    if not dots or not ordered:
        detail = f"{printable(text)!r} is no range; expected from..to, either left out for open"
        raise InputError(detail, field=field, code="bad_range")
    return bounds


def _bound(text: str) -> float | None:
    if not text.strip():
        return None
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value
