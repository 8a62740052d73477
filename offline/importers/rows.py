"""Rows of a file, whatever its format: Parquet, CSV, TSV, JSON lines, gzip included.

A row that cannot even be read is given as the error, so that one bad line costs one line.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec
import pyarrow.parquet as pq

from indexing.contracts.errors import InputError

Row = Mapping[str, Any]
Numbered = tuple[int, Row | InputError]

FORMATS = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson")
_INTEGERS = frozenset(
    {"price_minor", "list_price_minor", "rating_count", "version", "position", "quantity", "value_minor"}
)
_FLOATS = frozenset({"rating"})
_FLAGS = frozenset({"in_stock", "consent"})
_JSON = frozenset({"attributes", "items"})
_LISTS = frozenset({"tags"})
_TRUE, _FALSE = frozenset({"true", "1", "yes", "是"}), frozenset({"false", "0", "no", "否"})
_LONGEST_LINE = 4 << 20


def read_rows(path: Path) -> Iterator[Numbered]:
    """Rows with their 1-based number (a CSV's head is not a row).

    Raises:
        InputError: the file's format is not one that is read, or the whole file is unreadable.
    """
    suffix = _format(path)
    try:
        if suffix == ".parquet":
            yield from _parquet(path)
            return
        with _open(path) as lines:
            yield from _json_lines(lines) if suffix in {".jsonl", ".ndjson"} else _csv(lines, suffix)
    except (OSError, EOFError, ValueError) as error:  # ArrowInvalid is a ValueError
        raise InputError(f"{path.name} cannot be read: {error}", code="unreadable") from error


def _format(path: Path) -> str:
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    if suffix.lower() not in FORMATS:
        raise InputError(
            f"{path.name}: expected a file that ends in {', '.join(FORMATS)}, or the same with .gz",
            code="unknown_format",
        )
    return suffix.lower()


def _open(path: Path) -> IO[str]:
    # surrogateescape: a byte that is no UTF-8 becomes a lone surrogate, which the row's own check names
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="")
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _parquet(path: Path) -> Iterator[Numbered]:
    number = 0
    for batch in pq.ParquetFile(path).iter_batches(batch_size=16_384):
        for row in batch.to_pylist():
            number += 1
            yield number, _parquet_row(row)


def _parquet_row(row: dict[str, Any]) -> Row | InputError:
    given = {name: value for name, value in row.items() if value is not None}
    if isinstance(given.get("attributes"), list):  # an Arrow map
        given["attributes"] = dict(given["attributes"])
    if isinstance(given.get("attributes"), str):
        return _decoded(given, "attributes")
    return given


def _json_lines(lines: IO[str]) -> Iterator[Numbered]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if len(line) > _LONGEST_LINE:
            yield number, InputError(f"a line of {len(line)} characters", code="too_long")
            continue
        yield number, _json_row(line)


def _json_row(line: str) -> Row | InputError:
    try:
        row = msgspec.json.decode(line.encode("utf-8", "surrogateescape"))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return InputError(f"not JSON: {error}", code="malformed")
    if not isinstance(row, dict):
        return InputError(f"expected a JSON object, got {type(row).__name__}", code="wrong_type")
    return {name: value for name, value in row.items() if value is not None}


def _csv(lines: IO[str], suffix: str) -> Iterator[Numbered]:
    csv.field_size_limit(_LONGEST_LINE)
    reader = csv.DictReader(lines, delimiter="\t" if suffix == ".tsv" else ",", restkey="\0more")
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, InputError(str(error), code="malformed")
            continue
        yield number, _csv_row(row)


def _csv_row(row: dict[str, Any]) -> Row | InputError:
    """Cells to values: numbers, flags, ``a|b`` lists, JSON, ``attributes.<name>`` columns."""
    if "\0more" in row:
        return InputError("more cells than the head has columns", code="malformed")
    given: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    try:
        for name, cell in row.items():
            if cell is None or not cell.strip():
                continue
            if name.startswith("attributes."):
                attributes[name.removeprefix("attributes.")] = _open_value(cell.strip())
            else:
                given[name] = _value(name, cell.strip())
    except InputError as error:
        return error
    if attributes:
        given["attributes"] = {**given.get("attributes", {}), **attributes}
    return given


def _value(name: str, cell: str) -> Any:
    try:
        if name in _INTEGERS:
            return int(cell)
        if name in _FLOATS:
            return float(cell)
        if name in _JSON:
            return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: cannot read {cell[:80]!r}", field=name, code="wrong_type") from error
    if name in _FLAGS:
        if cell.lower() not in _TRUE | _FALSE:
            raise InputError(f"expected true or false, got {cell[:80]!r}", field=name, code="wrong_type")
        return cell.lower() in _TRUE
    return [part.strip() for part in cell.split("|") if part.strip()] if name in _LISTS else cell


def _open_value(cell: str) -> Any:
    if "|" in cell:
        return [part.strip() for part in cell.split("|") if part.strip()]
    if cell.lower() in {"true", "false"}:
        return cell.lower() == "true"
    try:
        number = float(cell)
    except ValueError:
        return cell
    if not math.isfinite(number):  # nan and inf are words here
        return cell
    return int(number) if number.is_integer() and "." not in cell and "e" not in cell.lower() else number


def _decoded(row: dict[str, Any], name: str) -> Row | InputError:
    try:
        return {**row, name: msgspec.json.decode(row[name])}
    except msgspec.DecodeError as error:
        return InputError(f"not JSON: {error}", field=name, code="malformed")
