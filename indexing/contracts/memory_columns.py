"""Columns in memory, made from items: for what changed since the build, for tests, and to build from.

Values gather in one growing array a field; nothing is kept of an item once it was added.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from indexing.contracts.columns import EXACT_FIELDS, NO_COLUMN, FieldKind, Floats, TextColumn, field_kinds
from indexing.contracts.item_values import FieldValue, item_values
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop
from indexing.contracts.strings import SortedStrings


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
    """Takes items one by one, in row order.

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

    def add(self, item: Item) -> None:
        """The next row."""
        values = item_values(item, self._kinds)
        for name, column in self._columns.items():
            column.add(values.get(name))
        self._rows += 1

    def finish(self) -> MemoryColumns:
        """The columns of every item added."""
        numbers = {n: c.finish() for n, c in self._columns.items() if isinstance(c, _NumberBuilder)}
        texts = {n: c.finish() for n, c in self._columns.items() if isinstance(c, _TextBuilder)}
        return MemoryColumns(self._rows, self._kinds, numbers, texts)


def columns_of(items: Iterable[Item], shop: Shop, fold: Callable[[str], str]) -> MemoryColumns:
    """Columns of all ``field_kinds(shop)``, row by row in the order given.

    Args:
        items: the items; read once.
        shop: declares the attributes.
        fold: ``indexing.text.fold``.
    """
    builder = ColumnsBuilder(shop, fold)
    for item in items:
        builder.add(item)
    return builder.finish()


class _Builder(Protocol):
    def add(self, value: FieldValue | None) -> None: ...


def _builder(name: str, kind: FieldKind, fold: Callable[[str], str]) -> _Builder:
    if kind not in {"text", "texts"}:
        return _NumberBuilder()
    return _TextBuilder(str if name in EXACT_FIELDS else fold, several=kind == "texts")


@dataclass(slots=True)
class _NumberBuilder:
    _values: array[float] = field(default_factory=lambda: array("d"))

    def add(self, value: FieldValue | None) -> None:
        assert not isinstance(value, str | Sequence)
        self._values.append(np.nan if value is None else value)

    def finish(self) -> Floats:
        return np.array(self._values, np.float64)


@dataclass(slots=True)
class _TextBuilder:
    """Codes are given by order of appearance, and put in order of the values at the end."""

    fold: Callable[[str], str]
    several: bool
    _spellings: dict[str, int] = field(default_factory=dict)  # original text → its code, -1 when empty
    _values: dict[str, int] = field(default_factory=dict)  # folded text → its code
    _uses: dict[str, int] = field(default_factory=dict)  # original text → rows that have it
    _codes: array[int] = field(default_factory=lambda: array("i"))
    _ends: array[int] = field(default_factory=lambda: array("q", [0]))

    def add(self, value: FieldValue | None) -> None:
        if not self.several:
            assert value is None or isinstance(value, str)
            self._codes.append(-1 if value is None else self._code(value))
            return
        if value is not None:
            assert isinstance(value, Sequence)
            self._codes.extend(code for code in dict.fromkeys(map(self._code, value)) if code >= 0)
        self._ends.append(len(self._codes))

    def _code(self, text: str) -> int:
        code = self._spellings.get(text)
        if code is None:
            folded = self.fold(text)
            code = self._values.setdefault(folded, len(self._values)) if folded else -1
            self._spellings[text] = code
            self._uses[text] = 0
        self._uses[text] += 1
        return code

    def finish(self) -> TextColumn:
        values = SortedStrings.of(self._values)
        # the place after the last is for -1, which numpy reads as the last
        places = np.full(len(values) + 1, -1, np.int32)
        places[list(self._values.values())] = values.find_all(self._values)
        codes = places[np.array(self._codes, np.int32)]
        indptr = np.array(self._ends, np.int64) if self.several else None
        return TextColumn(values, self._display(places), codes, indptr)

    def _display(self, places: np.ndarray[tuple[int], np.dtype[np.int32]]) -> tuple[str, ...]:
        """The commonest spelling of each value; of equally common ones the first in code point order."""
        best: dict[int, tuple[int, str]] = {}
        for text, code in self._spellings.items():
            found = (-self._uses[text], text)
            if code >= 0 and (code not in best or found < best[code]):
                best[code] = found
        order = np.argsort(places[:-1])
        return tuple(best[int(code)][1] for code in order)
