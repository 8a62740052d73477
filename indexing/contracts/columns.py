"""Columns by row: what filters, facets and ranking read. Nothing per item on the Python heap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from indexing.contracts.shop import AttributeType, Shop
from indexing.contracts.strings import SortedStrings

FieldKind = Literal["text", "texts", "number", "flag", "time"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

FIXED_FIELDS: dict[str, FieldKind] = {
    "item_id": "text",
    "brand": "text",
    "category": "texts",
    "price_minor": "number",
    "list_price_minor": "number",
    "in_stock": "flag",
    "group_id": "text",
    "tags": "texts",
    "rating": "number",
    "rating_count": "number",
    "created_at": "time",
}
"""``category`` holds every ancestor path as text (``Item.category_paths``)."""

_KINDS: dict[AttributeType, FieldKind] = {"text": "texts", "number": "number", "flag": "flag"}

NO_COLUMN = frozenset({"item_id"})
"""Fields that filters may name and that have no column: the sorted ids answer for them."""


EXACT_FIELDS = frozenset({"item_id", "group_id"})
"""Ids compare as they are: two ids that differ by case are two ids. All other text is folded."""


def field_kinds(shop: Shop) -> dict[str, FieldKind]:
    """Every field a filter may name, with its kind; attributes as ``attributes.<name>``."""
    declared = {f"attributes.{a.name}": _KINDS[a.type] for a in shop.attributes if a.filter}
    return FIXED_FIELDS | declared


def facet_fields(shop: Shop) -> tuple[str, ...]:
    """Fields counted by default: category, brand, price_minor, then declared facets in order."""
    declared = tuple(f"attributes.{a.name}" for a in shop.attributes if a.facet)
    return ("category", "brand", "price_minor", *declared)


@dataclass(frozen=True, slots=True)
class Postings:
    """The rows of each code of a column with several values a row, as it was built.

    Attributes:
        rows: int32, of one code after another, rising within each.
        starts: int64 of codes + 1 places: code c is in the rows ``rows[starts[c]:starts[c + 1]]``.
        changed: int32, rising: rows that have other values now, those since the build among them.
    """

    rows: Codes
    starts: npt.NDArray[np.int64]
    changed: Codes


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Dictionary-coded text of all rows.

    Attributes:
        values: the values, folded (``indexing.text.fold``) unless the field is exact; a code is a place
            in it, so ``values.find(fold(text))`` is the code of a text, -1 when no row has it.
        display: the commonest original spelling of each value, by code.
        codes: int32; one per row (-1: missing) when ``indptr`` is None, else concatenated.
        indptr: int64 of rows + 1 places: row r has ``codes[indptr[r]:indptr[r + 1]]``.
        postings: the same by code, where it was built with ``indptr``: it finds the rows of a category.
    """

    values: SortedStrings
    display: Sequence[str]
    codes: Codes
    indptr: npt.NDArray[np.int64] | None = None
    postings: Postings | None = None

    def of_row(self, row: int) -> Codes:
        """The codes of one row, int32, empty when missing."""
        if self.indptr is not None:
            return self.codes[self.indptr[row] : self.indptr[row + 1]]
        return self.codes[row : row + 1] if self.codes[row] >= 0 else self.codes[:0]

    def of_rows(self, rows: npt.NDArray[np.int32]) -> tuple[Codes, npt.NDArray[np.int64]]:
        """The codes of some rows one after another, and how many each row has."""
        if self.indptr is None:
            codes = self.codes[rows]
            there = codes >= 0
            return codes[there], there.astype(np.int64)
        begin = self.indptr[rows]
        counts = self.indptr[rows + 1] - begin
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        return self.codes[np.arange(total) + np.repeat(begin - ends + counts, counts)], counts


def postings_of(codes: Codes, indptr: npt.NDArray[np.int64], values: int) -> Postings:
    """Of a column of so many values, nothing of which has changed."""
    by_code = codes.astype(np.int64) << 32  # one number of both: four times as quick as ``argsort``
    by_code |= np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    by_code.sort()
    rows = (by_code & 0xFFFFFFFF).astype(np.int32)
    starts = np.zeros(values + 1, np.int64)
    np.cumsum(np.bincount(codes, minlength=values), out=starts[1:])
    return Postings(rows, starts, np.empty(0, np.int32))


class Columns(Protocol):
    """Typed columns over rows ``0 … rows - 1``. A field without a column is a ``KeyError``."""

    @property
    def rows(self) -> int: ...

    @property
    def kinds(self) -> Mapping[str, FieldKind]:
        """The fields there are: ``field_kinds`` of the shop they were built for."""
        ...

    def numbers(self, field: str) -> Floats:
        """Float64 of shape (rows,), NaN where missing. Flags are 0 and 1, times are seconds
        since the epoch."""
        ...

    def text(self, field: str) -> TextColumn:
        """A ``text`` or ``texts`` field."""
        ...
