"""Items in Arrow files: a whole catalogue out of the table, and into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from indexing.contracts.errors import InputError
from indexing.contracts.items import ITEM_SCHEMA, Item
from indexing.journal.files import replaced

BATCH = 10_000
_MICROSECONDS = pa.timestamp("us", "UTC")  # Python knows no less


def write_items(items: Iterable[Item], path: Path) -> Path:
    """Stream items into an uncompressed Arrow IPC file of ``ITEM_SCHEMA``; it is there whole or not."""
    rows = iter(items)
    with (
        replaced(path) as temporary,
        pa.OSFile(str(temporary), "wb") as sink,
        pa.ipc.new_file(sink, ITEM_SCHEMA) as writer,
    ):
        while chunk := list(islice(rows, BATCH)):
            writer.write_batch(batch_of(chunk))
    return path


def batch_of(items: list[Item]) -> pa.RecordBatch:
    """Items as a batch of ``ITEM_SCHEMA``; empty lists for none, null for no attributes."""
    columns = []
    for column in ITEM_SCHEMA:
        values: list[Any] = [getattr(item, column.name) for item in items]
        if column.name == "attributes":
            values = [msgspec.json.encode(value).decode() if value else None for value in values]
        columns.append(pa.array(values, column.type))
    return pa.record_batch(columns, schema=ITEM_SCHEMA)


def items_of(data: pa.Table | pa.RecordBatchReader) -> Iterator[Item]:
    """Items of Arrow data that has the columns of ``ITEM_SCHEMA``; columns may be missing.

    Raises:
        InputError: a row that is no item, with its number.
    """
    batches = data.to_batches(max_chunksize=BATCH) if isinstance(data, pa.Table) else data
    number = 0
    for batch in batches:
        names = batch.schema.names
        # column by column: rows of Arrow take twice as long
        for row in zip(*map(_values, batch.columns), strict=True):
            try:
                yield _item(
                    {name: value for name, value in zip(names, row, strict=True) if value is not None}
                )
            except (msgspec.ValidationError, msgspec.DecodeError) as error:
                raise InputError(f"row {number}: {error}", code="wrong_type") from error
            number += 1


def _values(column: pa.Array) -> list[Any]:
    """What Arrow makes of a column; of times it makes it slowly, a time zone for each."""
    kind = column.type
    if not (pa.types.is_timestamp(kind) and kind.tz):
        values: list[Any] = column.to_pylist()
        return values
    times = column.cast(_MICROSECONDS, safe=False).to_numpy(zero_copy_only=False).tolist()
    return [time if time is None else time.replace(tzinfo=UTC) for time in times]


def _item(given: dict[str, Any]) -> Item:
    attributes = given.get("attributes")
    if isinstance(attributes, str):
        given["attributes"] = msgspec.json.decode(attributes)
    return msgspec.convert(given, Item)
