"""Stored events and shown lists as Arrow, in the shape of their contracts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pyarrow as pa
from sqlalchemy import Row

from indexing.contracts.events import EVENT_SCHEMA, Event
from indexing.contracts.shown import SHOWN_SCHEMA, Shown

_event = msgspec.msgpack.Decoder(Event).decode
_shown = msgspec.msgpack.Decoder(Shown).decode


def events_table(rows: Sequence[Row[*tuple[Any, ...]]]) -> pa.Table:
    """Rows of the events table as ``EVENT_SCHEMA``."""
    events = [_event(row.body) for row in rows]
    special: dict[str, list[Any]] = {
        "event_id": [row.event_id for row in rows],
        "received_at": [row.received_at for row in rows],
        "shopper": [row.shopper for row in rows],
        "origin": [row.origin for row in rows],
        "items": [msgspec.to_builtins(event.items) if event.items else None for event in events],
        "attributes": [
            msgspec.json.encode(event.attributes).decode() if event.attributes else None for event in events
        ],
    }
    columns = [
        pa.array(special.get(column.name) or [getattr(event, column.name) for event in events], column.type)
        for column in EVENT_SCHEMA
    ]
    return pa.table(columns, schema=EVENT_SCHEMA)


def shown_table(rows: Sequence[Row[*tuple[Any, ...]]]) -> pa.Table:
    """Rows of the shown table as ``SHOWN_SCHEMA``."""
    lists = [_shown(row.body) for row in rows]
    special: dict[str, list[Any]] = {
        "arms": [msgspec.to_builtins(one.arms) for one in lists],
        "slots": [[_slot(slot) for slot in one.slots] for one in lists],
    }
    columns = [
        pa.array(special.get(column.name) or [getattr(one, column.name) for one in lists], column.type)
        for column in SHOWN_SCHEMA
    ]
    return pa.table(columns, schema=SHOWN_SCHEMA)


def _slot(slot: Any) -> dict[str, Any]:
    row = msgspec.structs.asdict(slot)
    if slot.features is not None:
        row["features"] = list(slot.features.items())
    return row
