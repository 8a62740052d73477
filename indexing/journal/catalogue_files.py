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
EXPORT_SCHEMA = pa.schema(
    [
        *(ITEM_SCHEMA.field(name) for name in ("item_id", "title", "brand", "category")),
        pa.field("body", pa.large_binary(), nullable=False),
    ]
)
"""What jobs over the whole catalogue read, and the whole item as JSON."""
_MICROSECONDS = pa.timestamp("us", "UTC")  # Python knows no less


class _Named(msgspec.Struct):
    """The rest of an item is passed over: half the time of reading all of it."""

    item_id: str
    title: str
    brand: str | None = None
    category: list[str] = []


_named = msgspec.json.Decoder(_Named).decode


def write_bodies(bodies: Iterable[bytes], path: Path) -> Path:
    """Stream the JSON of items into an uncompressed Arrow IPC file of ``EXPORT_SCHEMA``; it is there whole
    or not."""
    rest = iter(bodies)
    with (
        replaced(path) as temporary,
        pa.OSFile(str(temporary), "wb") as sink,
        pa.ipc.new_file(sink, EXPORT_SCHEMA) as writer,
    ):
        while chunk := list(islice(rest, BATCH)):
            named = list(map(_named, chunk))
            columns = [[getattr(one, name) for one in named] for name in _Named.__struct_fields__]
            writer.write_batch(pa.record_batch([*columns, chunk], schema=EXPORT_SCHEMA))
    return path


def items_of(data: pa.Table | pa.RecordBatchReader) -> Iterator[Item]:
    """Items of Arrow data that has the columns of ``ITEM_SCHEMA``; columns may be missing.

    Raises:
        InputError: a row that is no item, with its number.
    """
    batches = data.to_batches(max_chunksize=BATCH) if isinstance(data, pa.Table) else data
    number = 0
    for batch in batches:
        # column by column: rows of Arrow take twice as long; without those that no row has, but for the
        # first, so that there are rows to tell of when they are no items
        columns = zip(batch.schema.names, batch.columns, strict=True)
        named = {name: _values(c) for place, (name, c) in enumerate(columns) if not place or _held(c)}
        for row in zip(*named.values(), strict=True):
            try:
                yield _item({n: value for n, value in zip(named, row, strict=True) if value is not None})
            except (msgspec.ValidationError, msgspec.DecodeError) as error:
                raise InputError(f"row {number}: {error}", code="wrong_type") from error
            number += 1


def _held(column: pa.Array) -> bool:
    return bool(column.null_count < len(column))


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
