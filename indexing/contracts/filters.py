"""The filter expression as a tree. Parsed by ``filter_parser``, never built from text in any other way.

``price_minor < 20000 AND brand IN ("小米", "华为") AND NOT tags = "二手" AND in_stock``

A comparison with a missing value is false, ``!=`` included; ``NOT`` is the complement. Texts are
folded. On a field of several values ``=`` means contains, and ``!=`` means has values, not this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Scalar = str | float | bool


@dataclass(frozen=True, slots=True)
class Compare:
    """``field operator value``; a text value is folded, a time is in seconds since the epoch."""

    field: str
    operator: Operator
    value: Scalar


@dataclass(frozen=True, slots=True)
class In:
    """``field IN (…)``: any of the values."""

    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """``EXISTS field``: there is a value."""

    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """The complement."""

    part: Filter


@dataclass(frozen=True, slots=True)
class And:
    """All parts; two or more."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any part; two or more."""

    parts: tuple[Filter, ...]


Filter = Compare | In | Exists | Not | And | Or


def all_of(*parts: Filter | None) -> Filter | None:
    """The conjunction of what is given, None when nothing is."""
    given = tuple(part for part in parts if part is not None)
    if len(given) < 2:
        return given[0] if given else None
    return And(given)


def leaves(tree: Filter) -> Iterator[Compare | In | Exists]:
    """Every comparison in the tree, left to right."""
    if isinstance(tree, Compare | In | Exists):
        yield tree
    elif isinstance(tree, Not):
        yield from leaves(tree.part)
    else:
        for part in tree.parts:
            yield from leaves(part)
