"""An item's values by field: one reading for the columns, the lexical documents and the filters.

A declared attribute whose value has another type than the declaration is missing, with one exception:
a number in a text attribute is its decimal text. ``reading.read_item`` refuses such values at the edge;
here they can only come from a declaration that changed after the item was taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from indexing.contracts.columns import EXACT_FIELDS, FieldKind
from indexing.contracts.items import Item, Value

FieldValue = str | Sequence[str] | float | bool
_PREFIX = "attributes."
_NUMBERS = (int, float)  # flags too; made once, for ``int | float`` costs as much as the question


def item_values(item: Item, kinds: Mapping[str, FieldKind]) -> dict[str, FieldValue]:
    """Values as they stand in the item, before folding.

    Args:
        item: the item.
        kinds: ``columns.field_kinds(shop)``.

    Returns:
        By field: text as str, texts as a sequence of str, numbers as float, times as seconds since the
        epoch, flags as bool. Fields without a value are absent.
    """
    values: dict[str, FieldValue | None] = {
        "item_id": item.item_id,
        "brand": item.brand,
        "category": item.category_paths() or None,
        "price_minor": _number(item.price_minor),
        "list_price_minor": _number(item.list_price_minor),
        "in_stock": item.in_stock,
        "group_id": item.group_id,
        "tags": item.tags or None,
        "rating": _number(item.rating),
        "rating_count": _number(item.rating_count),
        "created_at": item.created_at.timestamp() if item.created_at else None,
    }
    for name, value in item.attributes.items():
        kind = kinds.get(_PREFIX + name)
        if kind is not None:
            values[_PREFIX + name] = _attribute(value, kind)
    return {name: value for name, value in values.items() if value is not None}


def folded_values(
    item: Item, kinds: Mapping[str, FieldKind], fold: Callable[[str], str]
) -> dict[str, FieldValue]:
    """Values as filters compare them: :func:`item_values`, :func:`folded`."""
    return folded(item_values(item, kinds), fold)


def folded(values: Mapping[str, FieldValue], fold: Callable[[str], str]) -> dict[str, FieldValue]:
    """Values with texts folded (ids are not), each once, empty ones dropped.

    Args:
        values: of :func:`item_values`.
        fold: ``indexing.text.fold``.
    """
    kept: dict[str, FieldValue] = {}
    for name, value in values.items():
        if isinstance(value, _NUMBERS):
            kept[name] = value
        elif isinstance(value, str):
            text = value if name in EXACT_FIELDS else fold(value)
            if text:
                kept[name] = text
        elif texts := [text for text in dict.fromkeys(map(fold, value)) if text]:
            kept[name] = texts
    return kept


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _attribute(value: Value, kind: FieldKind) -> FieldValue | None:
    if isinstance(value, bool):
        return value if kind == "flag" else None
    if isinstance(value, _NUMBERS):
        if kind == "texts":
            return [str(value)]
        return _number(value) if kind == "number" else None
    if kind != "texts":
        return None
    return [value] if isinstance(value, str) else value or None
