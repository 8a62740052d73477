"""Stored events and shown lists as Arrow, in the shape of their contracts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pyarrow as pa
from sqlalchemy import Row

from indexing.contracts.event_table import event_table
from indexing.contracts.events import Event
from indexing.contracts.shown import SHOWN_SCHEMA, Shown

_event = msgspec.msgpack.Decoder(Event).decode
_shown = msgspec.msgpack.Decoder(Shown).decode


def events_table(rows: Sequence[Row[*tuple[Any, ...]]]) -> pa.Table:
    """Rows of the events table as ``EVENT_SCHEMA``."""
    return event_table(
        [_event(row.body) for row in rows],
        event_ids=[row.event_id for row in rows],
        received_at=[row.received_at for row in rows],
        shoppers=[row.shopper for row in rows],
        origins=[row.origin for row in rows],
    )


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
