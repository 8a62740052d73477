"""Hypothesis strategies for what filters are tested on: values of items and trees over them.

Values come from small pools, so that comparisons meet equal values, neighbours and missing ones.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from indexing.contracts.columns import FIXED_FIELDS, FieldKind
from indexing.contracts.filters import And, Compare, Exists, Filter, In, Not, Or

KINDS: dict[str, FieldKind] = FIXED_FIELDS | {
    "attributes.颜色": "texts",
    "attributes.screen": "number",
    "attributes.new": "flag",
}
POOLS: dict[FieldKind, list[Any]] = {
    "text": ["小米", "华为", 'a"b\\', "apple watch", "苹果", "zz"],
    "texts": ["红", "蓝", "家电", "家电 > 厨房", "家电 > 厨房 > 咖啡机", "二手"],
    "number": [-2.5, -1.0, 0.0, 0.1, 1.0, 4.5, 5.0, 19_999.0, 20_000.0, 1e12],
    "time": [-86_400.0, 0.0, 1_700_000_000.0, 1_700_000_000.25, 4_000_000_000.0],
    "flag": [True, False],
}
IDS = [f"id{number}" for number in range(40)]
_ORDERED = ["=", "!=", "<", "<=", ">", ">="]


def pool(field: str) -> list[Any]:
    """Values that the field may have."""
    return IDS if field == "item_id" else POOLS[KINDS[field]]


@st.composite
def field_values(draw: st.DrawFn, item_id: str) -> dict[str, Any]:
    """Folded values of one item; fields are missing one time in three."""
    values: dict[str, Any] = {"item_id": item_id}
    for field, kind in KINDS.items():
        if field == "item_id" or draw(st.integers(0, 2)) == 0:
            continue
        one = st.sampled_from(POOLS[kind])
        values[field] = draw(st.lists(one, min_size=1, max_size=3, unique=True) if kind == "texts" else one)
    return values


def catalogues(most: int = 12) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Values of several items, by row."""
    return st.integers(0, most).flatmap(lambda size: st.tuples(*map(field_values, IDS[:size])).map(list))


@st.composite
def leaves(draw: st.DrawFn) -> Filter:
    """One comparison, right for its field's kind."""
    field = draw(st.sampled_from(sorted(KINDS)))
    value = st.sampled_from(pool(field))
    shape = draw(st.sampled_from(["compare", "compare", "in", "exists"]))
    if shape == "exists":
        return Exists(field)
    if shape == "in":
        return In(field, tuple(draw(st.lists(value, min_size=1, max_size=3))))
    operators = _ORDERED if KINDS[field] in {"number", "time"} else _ORDERED[:2]
    return Compare(field, draw(st.sampled_from(operators)), draw(value))  # type: ignore[arg-type]


def trees() -> st.SearchStrategy[Filter]:
    """Filters of every shape."""

    def joined(parts: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.one_of(parts.map(Not), several.map(And), several.map(Or))

    return st.recursive(leaves(), joined, max_leaves=6)
