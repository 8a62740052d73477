"""Read the event log: Parquet days to arrays, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from indexing.contracts.errors import InputError
from indexing.contracts.events import EVENT_NAMES, EVENT_SCHEMA
from offline.jobs.hashing import Hashes, Lookup, hash_strings
from offline.jobs.interactions import TOUCHES
from offline.jobs.progress import Progress

_COLUMNS = (
    "event_id",
    "event",
    "timestamp",
    "received_at",
    "shopper",
    "session_id",
    "item_id",
    "position",
    "items",
    "order_id",
)
_NAMES = pa.array(EVENT_NAMES)
_KEPT = pa.array([*TOUCHES, "impression"])
_BATCH = 1 << 18


@dataclass(frozen=True, slots=True)
class RawEvents:
    """Events that name products, in the order of the files; ids are still hashes, 0 for none.

    Attributes:
        event_id, shopper, session, order: uint64 (events,).
        event: uint8 (events,), place in ``EVENT_NAMES``.
        time: int64 (events,), microseconds since the epoch: the sender's time, never later than ours.
        row: int32 (lines,), -1 for a product that is not known.
        position: int16 (lines,), 0 where it was not said.
        of: int64 (lines,), the event of each line.
        read: events in the log, of any kind.
        end: microseconds of the last one, None without events.
    """

    event_id: Hashes
    shopper: Hashes
    session: Hashes
    order: Hashes
    event: npt.NDArray[np.uint8]
    time: npt.NDArray[np.int64]
    row: npt.NDArray[np.int32]
    position: npt.NDArray[np.int16]
    of: npt.NDArray[np.int64]
    read: int = 0
    end: int | None = None


def open_log(
    folder: Path, *, since: datetime | None = None, until: datetime | None = None
) -> ds.Dataset | None:
    """The log as a dataset; None when there is no Parquet file.

    Args:
        since, until: aware; only events with ``since <= timestamp < until``.
    """
    files = sorted(str(path) for path in folder.glob("day=*/*.parquet"))
    if not files:
        return None
    dataset = ds.dataset(files, schema=EVENT_SCHEMA.remove_metadata(), format="parquet")
    if since is not None:
        dataset = dataset.filter(
            ds.field("timestamp") >= pa.scalar(since, EVENT_SCHEMA.field("timestamp").type)
        )
    if until is not None:
        dataset = dataset.filter(
            ds.field("timestamp") < pa.scalar(until, EVENT_SCHEMA.field("timestamp").type)
        )
    return dataset


def read_events(dataset: ds.Dataset | None, items: Lookup, progress: Progress) -> RawEvents:
    """Every touch and impression of the log.

    Args:
        items: places of the ids of the catalogue.

    Raises:
        InputError: a file is not Parquet of ``EVENT_SCHEMA``.
    """
    parts: list[RawEvents] = []
    start = done = 0
    for batch, total in batches(dataset, _COLUMNS):
        done += batch.num_rows
        part = _part(batch, items, start)
        start += len(part.event)
        parts.append(part)
        progress("read events", done, total)
    return _joined(parts)


def batches(dataset: ds.Dataset | None, columns: Sequence[str]) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Batches of some columns, each with the rows of the whole log.

    Raises:
        InputError: a file is not Parquet of ``EVENT_SCHEMA``.
    """
    if dataset is None:
        return
    try:
        total = dataset.count_rows()
        for batch in dataset.to_batches(columns=list(columns), batch_size=_BATCH):
            yield batch, total
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"the event log cannot be read: {error}", field="events", code="broken") from error


def _part(whole: pa.RecordBatch, items: Lookup, start: int) -> RawEvents:
    """One batch; ``start`` counts the events of the batches before it."""
    # one clock that is ahead would else be the end of the log, from which everything counts its age
    sent, received = (whole.column(name).cast(pa.int64()) for name in ("timestamp", "received_at"))
    times = pc.min_element_wise(sent, received)
    kept = pc.is_in(whole.column("event"), value_set=_KEPT)
    batch = whole.filter(kept)
    row, position, of = _lines(batch, items)
    return RawEvents(
        event_id=hash_strings(batch.column("event_id")),
        shopper=hash_strings(batch.column("shopper")),
        session=hash_strings(batch.column("session_id")),
        order=hash_strings(batch.column("order_id")),
        event=pc.index_in(batch.column("event"), value_set=_NAMES)
        .to_numpy(zero_copy_only=False)
        .astype(np.uint8),
        time=times.filter(kept).to_numpy(zero_copy_only=False).astype(np.int64),
        row=row,
        position=position,
        of=of + start,
        read=whole.num_rows,
        end=pc.max(times).as_py(),
    )


def _lines(
    batch: pa.RecordBatch, items: Lookup
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int16], npt.NDArray[np.int64]]:
    """Row, position and event of every product that a batch names: its own, else its ``items``."""
    own = items.find(hash_strings(batch.column("item_id")))
    named = ~batch.column("item_id").is_null().to_numpy(zero_copy_only=False)
    places = np.flatnonzero(named)
    lists = batch.column("items").filter(pa.array(~named))
    lines = lists.flatten()
    parents = np.flatnonzero(~named)[pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)]
    row = np.concatenate([own[places], items.find(hash_strings(pc.struct_field(lines, "item_id")))])
    position = np.concatenate(
        [_positions(batch.column("position"))[places], _positions(pc.struct_field(lines, "position"))]
    )
    of = np.concatenate([places, parents]).astype(np.int64)
    order = np.argsort(of, kind="stable")
    return row[order], position[order], of[order]


def _positions(column: pa.Array) -> npt.NDArray[np.int16]:
    filled: npt.NDArray[np.int32] = pc.fill_null(column, 0).to_numpy(zero_copy_only=False)
    return np.clip(filled, 0, np.iinfo(np.int16).max).astype(np.int16)


def _joined(parts: Sequence[RawEvents]) -> RawEvents:
    """One after the other."""
    types = {"event": np.uint8, "time": np.int64, "row": np.int32, "position": np.int16, "of": np.int64}
    joined = {
        f.name: np.concatenate(
            [np.zeros(0, types.get(f.name, np.uint64)), *(getattr(part, f.name) for part in parts)]
        ).astype(types.get(f.name, np.uint64), copy=False)
        for f in fields(RawEvents)
        if f.name not in {"read", "end"}
    }
    ends = [part.end for part in parts if part.end is not None]
    return RawEvents(**joined, read=sum(part.read for part in parts), end=max(ends, default=None))
