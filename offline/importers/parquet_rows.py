"""Rows of a Parquet file, every type of Arrow as the type of Python that a row holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from indexing.contracts.errors import InputError
from offline.importers.shares import ALL, CHUNK, Share

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the zone is added where there is one
_INDEX = re.compile(r"__index_level_\d+__")  # pandas numbers its rows


def parquet_rows(
    path: Path, named: Callable[[str], str] = str.strip, share: Share = ALL
) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """Rows with their 1-based number; what is null is absent; a batch outside of the share is one row.

    Raises:
        InputError: two columns have one name.
        pa.ArrowException, OSError: it is no Parquet file, or damaged.
    """
    file = pq.ParquetFile(path, page_checksum_verification=True)
    names = [named(name) for name in file.schema_arrow.names]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InputError(
            f"two columns are named {', '.join(twice)}: take one of them away", code="duplicate_column"
        )
    number = 0
    for batch in file.iter_batches(batch_size=CHUNK):
        if len(batch) and not share.has_any(number + 1, number + len(batch)):
            number += len(batch)
            yield number, {}  # so that whoever reads knows how far the file is good
            continue
        columns = {
            name: _values(column)
            for name, column in zip(names, batch.columns, strict=True)
            if column.null_count < len(column) and not _INDEX.fullmatch(name)
        }
        faults = {name for name, values in columns.items() if any(type(v) is InputError for v in values)}
        rows = zip(*columns.values(), strict=True) if columns else [()] * len(batch)
        for values in rows:
            number += 1
            given = {name: v for name, v in zip(columns, values, strict=True) if v is not None}
            yield number, _checked(given, faults)


def _checked(given: dict[str, Any], faults: Collection[str]) -> dict[str, Any] | InputError:
    for name in faults:
        if isinstance(fault := given.get(name), InputError):
            return InputError(f"{name} {fault.detail}", field=name, code=fault.code)
    if isinstance(given.get("attributes"), str):
        try:
            given["attributes"] = msgspec.json.decode(given["attributes"])
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            return InputError(f"attributes is not JSON: {error}", field="attributes", code="malformed")
    return given


def _values(column: pa.Array) -> list[Any]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_timestamp(kind):
        return _times(column)
    if pa.types.is_floating(kind):  # no number is how pandas writes that there is none
        return [None if value != value else value for value in column.to_pylist()]  # noqa: PLR0124
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        texts = column.to_pylist()
        return [None if text is None else text.decode("utf-8", "surrogateescape") for text in texts]
    try:
        values: list[Any] = column.to_pylist()
    except (ArithmeticError, ValueError):  # a time or a text that Python has no form for
        values = [_value(scalar) for scalar in column]
    return [dict(value) if value else None for value in values] if pa.types.is_map(kind) else values


def _value(scalar: pa.Scalar) -> Any:
    try:
        return scalar.as_py()
    except (ArithmeticError, ValueError) as error:
        return InputError(f"cannot be read: {error}", code="wrong_type")


def _times(column: pa.Array) -> list[Any]:
    """To the microsecond: Python knows no less, and some write nanoseconds."""
    zone = UTC if column.type.tz else None
    micros = column.cast(pa.timestamp("us", column.type.tz), safe=False).cast(pa.int64())
    return [None if moment is None else _moment(moment, zone) for moment in micros.to_pylist()]


def _moment(micros: int, zone: Any) -> datetime | InputError:
    try:
        return (_EPOCH + timedelta(microseconds=micros)).replace(tzinfo=zone)
    except OverflowError:
        return InputError("is no time between 1970 and 2199", code="bad_time")
