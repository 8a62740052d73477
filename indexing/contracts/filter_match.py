"""A filter on one item: the plain meaning of the language, with which mask and engines agree."""

from __future__ import annotations

import operator
from collections.abc import Mapping

from indexing.contracts.filters import And, Compare, Exists, Filter, In, Not, Or
from indexing.contracts.item_values import FieldValue

_ORDERED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def matches(tree: Filter, values: Mapping[str, FieldValue]) -> bool:
    """Whether an item with these values matches.

    Args:
        tree: the filter.
        values: ``item_values.folded_values``; missing fields are absent.

    >>> matches(Not(Compare("brand", "=", "a")), {})
    True
    """
    match tree:
        case And(parts):
            return all(matches(part, values) for part in parts)
        case Or(parts):
            return any(matches(part, values) for part in parts)
        case Not(part):
            return not matches(part, values)
        case Exists(field):
            return field in values
        case Compare() | In():
            return tree.field in values and _compares(tree, values[tree.field])


def _compares(leaf: Compare | In, value: FieldValue) -> bool:
    held = value if isinstance(value, list | tuple) else (value,)
    match leaf:
        case In(_, values):
            return any(one in values for one in held)
        case Compare(_, "=", wanted):
            return wanted in held
        case Compare(_, "!=", wanted):
            return wanted not in held
        case Compare(_, order, wanted):
            return bool(_ORDERED[order](held[0], wanted))
