"""Filter tree to filter text: one canonical spelling of each tree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from indexing.contracts.columns import FIXED_FIELDS, FieldKind
from indexing.contracts.filters import And, Compare, Exists, Filter, In, Not, Or, Scalar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def text_of(tree: Filter, kinds: Mapping[str, FieldKind] = FIXED_FIELDS) -> str:  # noqa: PLR0911 -- one return for each kind of node
    """The tree as text: ``parse(text_of(tree), …) == tree`` for every tree that ``parse`` gives.

    The text may be longer than the one that was parsed, since field names are written out.

    Args:
        tree: with folded texts, finite numbers, and times that a calendar has.
        kinds: needed to tell times from numbers.

    >>> text_of(Not(And((Compare("in_stock", "=", True), Compare("price_minor", "<", 20000.0)))))
    'NOT (in_stock AND price_minor < 20000)'
    """
    match tree:
        case Compare(field, "=", True):
            return field
        case Compare(field, operator, value):
            return f"{field} {operator} {_value_text(value, kinds.get(field))}"
        case In(field, values):
            return f"{field} IN ({', '.join(_value_text(value, kinds.get(field)) for value in values)})"
        case Exists(field):
            return f"EXISTS {field}"
        case Not(part):
            return f"NOT {_inside(part, kinds, (And, Or))}"
        case And(parts):
            return " AND ".join(_inside(part, kinds, (And, Or)) for part in parts)
        case Or(parts):
            return " OR ".join(_inside(part, kinds, (Or,)) for part in parts)


def _inside(part: Filter, kinds: Mapping[str, FieldKind], bracketed: tuple[type, ...]) -> str:
    text = text_of(part, kinds)
    return f"({text})" if isinstance(part, bracketed) else text


def _value_text(value: Scalar, kind: FieldKind | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if kind == "time":
        return f'"{(_EPOCH + timedelta(seconds=value)).isoformat()}"'
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
