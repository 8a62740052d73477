"""Files written whole or not at all: Parquet and JSON beside their place, synced, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from indexing.contracts.items import ITEM_SCHEMA, Item

_BATCH = 20_000


def write_bytes(path: Path, content: bytes) -> None:
    """Write a small file whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.writing")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def write_json(path: Path, content: Any) -> None:
    """Write readable JSON with sorted keys."""
    encoded = msgspec.json.encode(content, order="sorted")
    write_bytes(path, msgspec.json.format(encoded, indent=2) + b"\n")


def write_table(path: Path, batches: Iterable[pa.RecordBatch | pa.Table], schema: pa.Schema) -> int:
    """Write Parquet (zstd) batch by batch; returns the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.writing")
    rows = 0
    with pq.ParquetWriter(beside, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write(batch)
            rows += batch.num_rows
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(path)
    return rows


def item_batches(items: Iterable[Item]) -> Iterator[pa.RecordBatch]:
    """Items as batches of ``ITEM_SCHEMA``; attributes become a JSON object."""
    encode = msgspec.json.encode
    source = iter(items)
    while some := list(islice(source, _BATCH)):
        columns = [
            pa.array(
                [encode(item.attributes).decode() for item in some]
                if field.name == "attributes"
                else [getattr(item, field.name) for item in some],
                field.type,
            )
            for field in ITEM_SCHEMA
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=ITEM_SCHEMA)
