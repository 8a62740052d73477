"""What may be asked of a lexical index: the same refusals, and the same refinements, for every engine."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

from indexing.contracts.columns import NO_COLUMN, FieldKind
from indexing.contracts.errors import InputError
from indexing.contracts.filters import And, Compare, Filter, In, Or
from indexing.lexical.base import Kinds, Sort

MOST_HITS = 10_000
"""Greatest ``offset + limit``: the deepest page needs 1,100, and what is known of all matches need not be
asked again. A thousand rows more take .2 ms, the counts of a query's facets up to 2."""

Range = tuple[float | None, float | None]


def check_page(offset: int, limit: int) -> None:
    """Refuse a page that is too deep or negative."""
    if offset < 0 or limit < 0:
        raise InputError(f"offset {offset} and limit {limit} cannot be negative", field="page")
    if offset + limit > MOST_HITS:
        raise InputError(
            f"offset {offset} and limit {limit} reach past the first {MOST_HITS} hits",
            field="page",
            code="too_deep",
        )


def check_sort(sort: Sort, kinds: Kinds) -> None:
    """Refuse a sort by an unknown field or by text."""
    kind = _kind(sort.field, kinds, "sort")
    if kind in {"text", "texts"}:
        raise InputError(f"{sort.field} is a {kind}: it gives no order", field="sort", code="wrong_type")


def check_facets(fields: Iterable[str], kinds: Kinds) -> None:
    """Refuse to count unknown fields and ids, of which each occurs once."""
    for name in fields:
        _kind(name, kinds, "facets")
        if name in NO_COLUMN:
            raise InputError(f"{name} has a value for each product", field="facets", code="wrong_type")


def refinements(refine: Mapping[str, tuple[str, ...]], kinds: Kinds) -> dict[str, Filter]:
    """A filter for each refined field.

    Args:
        refine: values by field, as facets give them: folded text, ``true`` and ``false``, and for numbers
            and times a range ``from..to`` or one number. A field without values is not refined.
        kinds: the fields there are.

    Raises:
        InputError: unknown field, or a value that the field cannot have.
    """
    return {
        name: _refinement(name, _kind(name, kinds, "refine"), values)
        for name, values in refine.items()
        if values
    }


@lru_cache(1 << 10)  # a page asks for the same twenty price ranges as the last one
def range_text(lower: float | None, upper: float | None) -> str:
    """How a facet names the range ``[lower, upper)``.

    >>> range_text(None, 20000.0), range_text(0.5, None)
    ('..20000', '0.5..')
    """
    return f"{_number_text(lower)}..{_number_text(upper)}"


def _number_text(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


def _refinement(name: str, kind: FieldKind, values: tuple[str, ...]) -> Filter:
    if kind in {"text", "texts"}:
        return In(name, values)
    if kind == "flag":
        if not set(values) <= {"true", "false"}:
            raise _wrong(name, values, "true or false")
        return In(name, tuple(value == "true" for value in values))
    parts = tuple(_number_range(name, value) for value in values)
    return parts[0] if len(parts) == 1 else Or(parts)


def _number_range(name: str, value: str) -> Filter:
    lower, dots, upper = value.partition("..")
    try:
        bounds = [float(bound) for bound in (lower, upper) if bound]
    except ValueError:
        raise _wrong(name, (value,), "a range such as 100..200, or a number") from None
    if not bounds or not all(map(math.isfinite, bounds)):
        raise _wrong(name, (value,), "a range such as 100..200, or a number")
    if not dots:
        return Compare(name, "=", bounds[0])
    parts = [Compare(name, ">=", bounds[0])] if lower else []
    parts += [Compare(name, "<", bounds[-1])] if upper else []
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _kind(name: str, kinds: Kinds, where: str) -> FieldKind:
    if name not in kinds:
        known = ", ".join(sorted(kinds))
        raise InputError(f"no field {name!r}; known are {known}", field=where, code="unknown_field")
    return kinds[name]


def _wrong(name: str, values: tuple[str, ...], wanted: str) -> InputError:
    detail = f"{name} cannot be refined by {', '.join(map(repr, values))}: expected {wanted}"
    return InputError(detail, field=f"refine.{name}", code="wrong_type")
