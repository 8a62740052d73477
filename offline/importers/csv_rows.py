"""Rows of a CSV or TSV: cells to numbers, flags, lists and objects. One broken row costs one row."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, Self

import msgspec

from indexing.contracts.errors import InputError
from indexing.contracts.faults import shown

_INTEGERS = frozenset(
    {"price_minor", "list_price_minor", "rating_count", "version", "position", "quantity", "value_minor"}
)
_FLOATS = frozenset({"rating"})
_FLAGS = frozenset({"in_stock", "consent"})
_JSON = frozenset({"attributes", "items"})
_LISTS = frozenset({"tags"})
_TRUE = frozenset({"true", "t", "1", "yes", "y", "是", "有货"})
_FALSE = frozenset({"false", "f", "0", "no", "n", "否", "无货"})
_WHOLE = re.compile(r"-?\d{1,30}(\.0+)?", re.ASCII)
_LONGEST = 4 << 20
_DELIMITERS = ",\t;"

Cells = tuple[int, dict[str, Any] | InputError]


def csv_rows(lines: IO[str], suffix: str, named: Callable[[str], str] = str.strip) -> Iterator[Cells]:
    """Rows with their 1-based number; the head is none, empty lines are skipped.

    Raises:
        InputError: the head has a name twice.
    """
    head: list[str] = []
    for number, cells in csv_cells(lines, "\t" if suffix == ".tsv" else None):
        if isinstance(cells, InputError):
            yield number - bool(head), cells
        elif head:
            yield number - 1, _row(head, cells)
        else:
            head = _head(list(map(named, cells)))


def csv_cells(
    lines: Iterable[str], delimiter: str | None = None, *, quoted: bool = True
) -> Iterator[tuple[int, list[str] | InputError]]:
    """The cells of each row with its 1-based number, the first row's too; empty lines are skipped.

    A quote that is never closed would swallow the rows below it: then the line that opened it is the broken
    row, and the one below begins the next.

    Args:
        delimiter: of one character; where it is not known, what parts the first line.
        quoted: whether quotes hold a cell together; else they are characters like others.
    """
    csv.field_size_limit(_LONGEST)
    kept = _Lines(lines)
    reader = csv.reader(
        kept,
        delimiter=delimiter or kept.delimiter(),
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        strict=True,
    )
    number = 0
    while True:
        kept.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            kept.give_back()
            number += 1
            yield number, InputError(f"not CSV: {error}", code="malformed")
            continue
        if cells:
            number += 1
            yield number, cells


class _Lines:
    """Lines for the reader; those of the row under way can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._back: deque[str] = deque()
        self._taken: list[str] = []

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        self._taken.append(line)
        return line

    def begin(self) -> None:
        self._taken = []

    def give_back(self) -> None:
        """All but the first."""
        self._back.extendleft(reversed(self._taken[1:]))

    def delimiter(self) -> str:
        """What parts the names of the head: a comma, or where there is none, a tab or semicolon."""
        first = next(self._lines, "")
        self._back.append(first)
        return next((mark for mark in _DELIMITERS if mark in first), ",")


def _head(names: list[str]) -> list[str]:
    twice = [name for name, count in Counter(filter(None, names)).items() if count > 1]
    if twice:
        raise InputError(
            f"the head names {', '.join(twice)} twice: take one of them away", code="duplicate_column"
        )
    return names


def _row(head: list[str], cells: list[str]) -> dict[str, Any] | InputError:
    """Cells to values: numbers, flags, ``a|b`` lists, JSON, ``attributes.<name>`` columns."""
    if len(cells) > len(head):
        detail = f"{len(cells)} cells, and the head has {len(head)} names; expected quotes around a comma"
        return InputError(detail, code="malformed")
    given: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    try:
        for place, (name, cell) in enumerate(zip(head, map(str.strip, cells), strict=False), start=1):
            if not cell:
                continue
            if not name:
                detail = f"column {place} holds {shown(cell)} and has no name in the head"
                return InputError(detail, code="unknown_field")
            if name.startswith("attributes."):
                attributes[name.removeprefix("attributes.")] = _open_value(cell)
            else:
                given[name] = _value(name, cell)
    except InputError as error:
        return error
    if attributes:
        given["attributes"] = {**given.get("attributes", {}), **attributes}
    return given


def _value(name: str, cell: str) -> Any:
    if name in _INTEGERS:
        if not _WHOLE.fullmatch(cell):
            raise _wrong(name, cell, "a whole number")
        return int(cell.partition(".")[0])
    if name in _FLOATS:
        number = _number(cell)
        if number is None:
            raise _wrong(name, cell, "a number")
        return number
    if name in _FLAGS:
        if cell.lower() not in _TRUE | _FALSE:
            raise _wrong(name, cell, "true or false")
        return cell.lower() in _TRUE
    if name in _JSON:
        return _decoded(name, cell)
    return [part.strip() for part in cell.split("|") if part.strip()] if name in _LISTS else cell


def _decoded(name: str, cell: str) -> Any:
    kind, wanted = (dict, "an object") if name == "attributes" else (list, "a list")
    try:
        value = msgspec.json.decode(cell.encode("utf-8", "surrogateescape"))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        value = None
    if not isinstance(value, kind):
        raise _wrong(name, cell, f"{wanted} as JSON")
    return value


def _wrong(name: str, cell: str, wanted: str) -> InputError:
    return InputError(f"{name} is {shown(cell)}; expected {wanted}", field=name, code="wrong_type")


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _open_value(cell: str) -> Any:
    if "|" in cell:
        return [part.strip() for part in cell.split("|") if part.strip()]
    if cell.lower() in {"true", "false"}:
        return cell.lower() == "true"
    number = _number(cell)
    if number is None or not math.isfinite(number):  # nan and inf are words here
        return cell
    return int(number) if number.is_integer() and "." not in cell and "e" not in cell.lower() else number
