"""Rows of a file, whatever its format: Parquet, CSV, TSV, JSON lines, gzip included.

A row that cannot even be read is given as the error, so that one bad line costs one line.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, TypeVar

import msgspec

from indexing.contracts.errors import InputError
from offline.importers.csv_rows import csv_rows
from offline.importers.parquet_rows import parquet_rows
from offline.importers.shares import ALL, Share
from offline.importers.text_files import open_text

Row = Mapping[str, Any]
Numbered = tuple[int, Row | InputError]
T = TypeVar("T")

_JSON = (".jsonl", ".ndjson")
FORMATS = (".parquet", ".csv", ".tsv", *_JSON)
UNREADABLE = "unreadable"
_LONGEST_LINE = 4 << 20


def read_rows(
    path: Path, named: Callable[[str], str] = str.strip, share: Share = ALL
) -> Iterator[Numbered]:
    """Rows with their 1-based number (a CSV's head is not a row). Where a file breaks off, the error stands
    in the place of the rows that are lost, with the code :data:`UNREADABLE`.

    Args:
        named: gives a column's name from its head.
        share: of the rows.

    Raises:
        InputError: the file's format is not one that is read, or not one row can be.
    """
    suffix = _format(path)
    for number, row in readable(path, _rows(path, suffix, named, share)):
        if share.has(number):
            yield number, _without_nulls(row)


def readable(
    path: Path, rows: Iterator[tuple[int, T | InputError]]
) -> Iterator[tuple[int, T | InputError]]:
    """The rows as far as the file can be read, and then, in place of those that are lost, the error.

    Raises:
        InputError: not one row can be read.
    """
    number = 0
    try:
        for number, row in rows:
            yield number, row
    except InputError as error:
        raise InputError(f"{path.name}: {error.detail}", field=error.field, code=error.code) from error
    except (OSError, EOFError, ValueError, zlib.error) as error:  # ArrowInvalid is a ValueError
        if not number:
            raise InputError(f"{path.name} cannot be read: {error}", code=UNREADABLE) from error
        detail = f"{path.name} cannot be read after row {number}: {error}"
        yield number + 1, InputError(detail, code=UNREADABLE)


def has_names(path: Path) -> bool:
    """Whether each row names its values itself: Parquet and JSON lines."""
    return _suffix(path) in {".parquet", *_JSON}


def files_of(path: Path) -> list[Path]:
    """The file, or of a folder all files in it that can be read, by name; hidden ones are none.

    Raises:
        InputError: there is nothing.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        what = "is no file and no folder" if path.exists() else "is not there"
        raise InputError(f"{path} {what}; expected a file or a folder", field="path", code="missing")
    found = sorted(
        file
        for file in path.rglob("*")
        if _suffix(file) in FORMATS and file.is_file() and not file.name.startswith((".", "_"))
    )
    if not found:
        raise InputError(f"{path} has no file that ends in {_ENDINGS}", field="path", code="missing")
    return found


_ENDINGS = f"{', '.join(FORMATS)}, or the same with .gz"


def _format(path: Path) -> str:
    suffix = _suffix(path)
    if suffix not in FORMATS:
        raise InputError(f"{path.name}: expected a file that ends in {_ENDINGS}", code="unknown_format")
    return suffix


def _suffix(path: Path) -> str:
    return (Path(path.stem).suffix if path.suffix.lower() == ".gz" else path.suffix).lower()


def _rows(
    path: Path, suffix: str, named: Callable[[str], str], share: Share
) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    if suffix == ".parquet":
        yield from parquet_rows(path, named, share)
        return
    with open_text(path) as lines:
        yield from _json_lines(lines) if suffix in _JSON else csv_rows(lines, suffix, named)


def _without_nulls(row: dict[str, Any] | InputError) -> Row | InputError:
    """Null says the same as nothing, in a row and in its attributes: Parquet has no other way."""
    if isinstance(row, InputError):
        return row
    given = row
    if None in row.values():
        given = {name: value for name, value in row.items() if value is not None}
    attributes = given.get("attributes")
    if isinstance(attributes, dict) and None in attributes.values():
        given["attributes"] = {name: value for name, value in attributes.items() if value is not None}
    return given


def _json_lines(lines: IO[str]) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if len(line) > _LONGEST_LINE:
            yield number, InputError(f"a line of {len(line)} characters", code="too_long")
            continue
        yield number, _json_row(line)


def _json_row(line: str) -> dict[str, Any] | InputError:
    try:
        row = msgspec.json.decode(line.encode("utf-8", "surrogateescape"))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return InputError(f"not JSON: {error}; expected an object a line", code="malformed")
    if not isinstance(row, dict):
        return InputError(f"expected a JSON object a line, got {type(row).__name__}", code="wrong_type")
    return row
