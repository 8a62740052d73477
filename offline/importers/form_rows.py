"""Which of several forms a file is in, by its first rows, and the rows in that form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from indexing.contracts.errors import InputError
from indexing.contracts.faults import shown
from indexing.contracts.shop import Shop
from offline.importers.csv_rows import csv_cells
from offline.importers.forms import Form
from offline.importers.rows import has_names, read_rows, readable
from offline.importers.text_files import open_text

Cells = tuple[int, list[str] | InputError]
_LOOK = 20
"""Rows that are looked at: the first may be damaged."""
_UNIT = "\x1f"  # a separator of one character, which is all that Python's reader of CSV takes


def form_of(path: Path, forms: Sequence[Form], shop: Shop, *, others: Sequence[str] = ()) -> Form:
    """The first of the forms that the file is in: its head names the columns, or where it has none, one of
    its first twenty rows can be read. Where none can, one that can but for the time.

    Args:
        others: forms that were looked for before, for the error.

    Raises:
        InputError: ``unknown_format`` where it is in none of them, with its first line; or the file cannot
            be read.
    """
    for form in forms:
        if _is_in(path, form, shop, timed=True):
            return form
    for form in forms:
        if _is_in(path, form, shop, timed=False):
            return form
    wanted = "; ".join([*map(str, forms), *others])
    detail = f"{path.name} is in no known form: expected one of {wanted}; got {shown(first_line(path))}"
    raise InputError(f"{detail} as its first line", field="path", code="unknown_format")


def first_line(path: Path) -> str:
    """The first line that is not empty, without its end; nothing where all are. Of a file whose rows name
    their values, the names.

    Raises:
        InputError: the file cannot be read.
    """
    if has_names(path):
        _, row = next(read_rows(path), (0, {}))
        return row.detail if isinstance(row, InputError) else ",".join(row)
    _, line = next(readable(path, _lines(path)), (0, ""))
    return line.detail if isinstance(line, InputError) else line


def _lines(path: Path) -> Iterator[tuple[int, str | InputError]]:
    with open_text(path) as lines:
        yield from ((n, line.rstrip("\r\n")) for n, line in enumerate(lines, 1) if line.strip())


def rows_in(path: Path, form: Form) -> Iterator[Cells]:
    """The cells of each row, in the order of the form's columns, with its 1-based number; a head is no row.

    A row with another number of cells than the head or the form has is an error, ``malformed``.
    """
    if has_names(path):
        for number, row in read_rows(path):
            if isinstance(row, InputError):
                yield number, row
            else:
                yield number, [str(row.get(name, "")) for name in form.columns]
        return
    places: list[int] | None = None
    width = len(form.columns)
    for number, cells in cells_of(path, form.separator):
        if isinstance(cells, InputError):
            yield number - form.head, cells
        elif form.head and places is None:
            names = [name.strip() for name in cells]
            width, places = len(names), [names.index(name) for name in form.columns]
        elif len(cells) != width:
            detail = f"expected {width} cells, got {len(cells)}: {shown(form.separator.join(cells))}"
            yield number - form.head, InputError(detail, code="malformed")
        else:
            yield number - form.head, cells if places is None else [cells[place] for place in places]


def cells_of(path: Path, separator: str) -> Iterator[Cells]:
    """The cells of each line of a text, the first too, with its 1-based number.

    Args:
        separator: a comma stands for whatever parts the first line: a comma, a tab or a semicolon.
    """
    return readable(path, _cells(path, separator))


def _cells(path: Path, separator: str) -> Iterator[Cells]:
    with open_text(path) as lines:
        if separator == ",":
            yield from csv_cells(lines)
        elif len(separator) == 1:
            yield from csv_cells(lines, separator, quoted=False)
        else:
            parted = (line.replace(separator, _UNIT) for line in lines)
            yield from csv_cells(parted, _UNIT, quoted=False)


def _is_in(path: Path, form: Form, shop: Shop, *, timed: bool) -> bool:
    if form.head and not has_names(path):
        _, names = next(cells_of(path, form.separator), (0, []))
        return not isinstance(names, InputError) and set(form.columns) <= {name.strip() for name in names}
    rows = (row for _, row in islice(rows_in(path, form), _LOOK) if not isinstance(row, InputError))
    return any(_fits(row, form, shop, timed=timed) for row in rows)


def _fits(row: list[str], form: Form, shop: Shop, *, timed: bool) -> bool:
    try:
        form.read(row, shop)
    except InputError as error:
        # all but the time is right: of each row that is said by itself
        return not timed and error.code == "bad_time"
    return True
