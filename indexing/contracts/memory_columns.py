"""Columns in memory, made from items: for what changed since the build, for tests, and to build from.

Values gather in one growing array a field; nothing is kept of an item once it was added.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import EXACT_FIELDS, NO_COLUMN, FieldKind, Floats, TextColumn, field_kinds
from indexing.contracts.item_values import FieldValue, item_values
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop
from indexing.contracts.strings import SortedStrings

Codes = npt.NDArray[np.int32]
FieldRows = dict[str, list[FieldValue | None]]
"""Values by field of ``field_kinds``, one for each row."""

_TOGETHER = 1_000


@dataclass(frozen=True, slots=True)
class MemoryColumns:
    """``Columns`` over arrays. Fields that are not of ``field_kinds`` are a ``KeyError``: our own bug."""

    rows: int
    kinds: Mapping[str, FieldKind]
    number_columns: dict[str, Floats]
    text_columns: dict[str, TextColumn]

    def numbers(self, field: str) -> Floats:
        """See ``Columns.numbers``."""
        return self.number_columns[field]

    def text(self, field: str) -> TextColumn:
        """See ``Columns.text``."""
        return self.text_columns[field]


class ColumnsBuilder:
    """Takes items in row order.

    Args:
        shop: declares the attributes.
        fold: ``indexing.text.fold``.
    """

    def __init__(self, shop: Shop, fold: Callable[[str], str]) -> None:
        self._kinds = field_kinds(shop)
        self._rows = 0
        self._columns = {
            name: _builder(name, kind, fold) for name, kind in self._kinds.items() if name not in NO_COLUMN
        }

    def extend(self, values: FieldRows) -> None:
        """The next rows. Field by field, which takes half the time of item by item."""
        for name, column in self._columns.items():
            column.extend(values[name])
        self._rows += len(values["item_id"])

    def finish(self) -> MemoryColumns:
        """The columns of every item added."""
        numbers = {n: c.finish() for n, c in self._columns.items() if isinstance(c, _NumberBuilder)}
        texts = {n: c.finish() for n, c in self._columns.items() if isinstance(c, _TextBuilder)}
        return MemoryColumns(self._rows, self._kinds, numbers, texts)


def rows_of(values: Sequence[Mapping[str, FieldValue]], kinds: Mapping[str, FieldKind]) -> FieldRows:
    """Values of ``item_values``, item by item, as :class:`ColumnsBuilder` takes them.

    >>> rows_of([{"item_id": "a", "brand": "b"}, {"item_id": "c"}], {"item_id": "text", "brand": "text"})
    {'item_id': ['a', 'c'], 'brand': ['b', None]}
    """
    return {name: [one.get(name) for one in values] for name in kinds}


def columns_of(items: Iterable[Item], shop: Shop, fold: Callable[[str], str]) -> MemoryColumns:
    """Columns of all ``field_kinds(shop)``, row by row in the order given.

    Args:
        items: the items; read once.
        shop: declares the attributes.
        fold: ``indexing.text.fold``.
    """
    builder, kinds = ColumnsBuilder(shop, fold), field_kinds(shop)
    values = (item_values(item, kinds) for item in items)
    while some := list(islice(values, _TOGETHER)):
        builder.extend(rows_of(some, kinds))
    return builder.finish()


class _Builder(Protocol):
    def extend(self, values: Sequence[FieldValue | None]) -> None: ...


def _builder(name: str, kind: FieldKind, fold: Callable[[str], str]) -> _Builder:
    if kind not in {"text", "texts"}:
        return _NumberBuilder()
    return _TextBuilder(str if name in EXACT_FIELDS else fold, several=kind == "texts")


@dataclass(slots=True)
class _NumberBuilder:
    _values: array[float] = field(default_factory=lambda: array("d"))

    def extend(self, values: Sequence[FieldValue | None]) -> None:
        self._values.extend([np.nan if value is None else value for value in values])  # type: ignore[misc]

    def finish(self) -> Floats:
        return np.array(self._values, np.float64)


@dataclass(slots=True)
class _TextBuilder:
    """Spellings are numbered as they appear; what they fold to is looked at once, at the end."""

    fold: Callable[[str], str]
    several: bool
    _spellings: dict[str, int] = field(default_factory=dict)  # original text → its number
    _numbers: array[int] = field(default_factory=lambda: array("i"))  # -1 for none
    _counts: array[int] = field(
        default_factory=lambda: array("i")
    )  # of each row, where it may have several

    def extend(self, values: Sequence[FieldValue | None]) -> None:
        known = self._spellings
        if self.several:
            rows = cast("list[Sequence[str]]", [value or () for value in values])
            self._counts.extend(map(len, rows))
            self._numbers.extend([known.setdefault(text, len(known)) for row in rows for text in row])
        else:
            texts = cast("Sequence[str | None]", values)
            self._numbers.extend([-1 if t is None else known.setdefault(t, len(known)) for t in texts])

    def finish(self) -> TextColumn:
        folded = list(map(self.fold, self._spellings))
        values = SortedStrings.of(filter(None, folded))
        numbers = np.array(self._numbers, np.int32)
        # of each spelling; the place after the last is for -1, which numpy reads as the last
        places = np.append(values.find_all(folded), np.int32(-1))
        codes = places[numbers]
        indptr = None
        if self.several:
            codes, indptr = _once(codes, np.array(self._counts, np.int64))
        return TextColumn(values, self._display(places[:-1], numbers, len(values)), codes, indptr)

    def _display(self, places: Codes, numbers: Codes, values: int) -> tuple[str, ...]:
        """The commonest spelling of each value; of equally common ones the first in code point order."""
        uses = np.bincount(numbers[numbers >= 0], minlength=len(places)).tolist()
        best: list[tuple[int, str] | None] = [None] * values
        for text, place, used in zip(self._spellings, places.tolist(), uses, strict=True):
            found = (-used, text)
            held = best[place] if place >= 0 else found
            if held is None or found < held:
                best[place] = found
        return tuple(one[1] for one in best if one)


def _once(codes: Codes, counts: npt.NDArray[np.int64]) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Codes of rows with several, each once a row where it came first, without -1; and where rows begin."""
    rows = np.repeat(np.arange(len(counts)), counts)[codes >= 0]
    codes = codes[codes >= 0]
    width = int(codes.max(initial=0)) + 1
    _, first = np.unique(rows * width + codes, return_index=True)
    first.sort()
    held = np.bincount(rows[first], minlength=len(counts))
    return codes[first], np.concatenate([[0], np.cumsum(held)]).astype(np.int64)
