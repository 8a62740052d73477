"""Events as an Arrow table of ``EVENT_SCHEMA``: the one way they come into Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import pyarrow as pa

from indexing.contracts.events import EVENT_SCHEMA, Event


def event_table(
    events: Sequence[Event],
    *,
    event_ids: Sequence[str],
    received_at: Sequence[datetime | int],
    shoppers: Sequence[str | None],
    origins: Sequence[str],
) -> pa.Table:
    """Columns of equal length, one entry an event.

    Args:
        received_at: aware, or microseconds since the epoch.
        shoppers: in the place of the raw ids; None where nothing about the person is kept.
    """
    special: dict[str, Sequence[Any]] = {
        "event_id": event_ids,
        "received_at": received_at,
        "shopper": shoppers,
        "origin": origins,
        "items": [msgspec.to_builtins(event.items) if event.items else None for event in events],
        "attributes": [
            msgspec.json.encode(event.attributes).decode() if event.attributes else None for event in events
        ],
    }
    columns = [
        pa.array(
            special[column.name]
            if column.name in special
            else [getattr(event, column.name) for event in events],
            column.type,
        )
        for column in EVENT_SCHEMA
    ]
    return pa.table(columns, schema=EVENT_SCHEMA)
