"""Read the event log: Parquet days to arrays, a batch at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from indexing.contracts.errors import InputError
from indexing.contracts.events import EVENT_NAMES, EVENT_SCHEMA
from offline.jobs.columns import Column
from offline.jobs.grouping import Order, take
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
_KEPT = np.array([name in {*TOUCHES, "impression"} for name in EVENT_NAMES] + [False])  # -1: unknown
_KINDS: dict[str, type[np.generic]] = {
    "event_id": np.uint64,
    "shopper": np.uint64,
    "session": np.uint64,
    "order": np.uint64,
    "event": np.uint8,
    "time": np.int64,
    "row": np.int32,
    "position": np.int16,
    "of": np.int32,
}
_BATCH = 1 << 18
_THREADS = 2

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, slots=True)
class RawEvents:
    """Events that name products, in the order of the files; ids are still hashes, 0 for none.

    Attributes:
        event_id, shopper: uint64 (events,).
        session, order: of the same shape, None where no event has one.
        event: uint8 (events,), place in ``EVENT_NAMES``.
        time: int64 (events,), microseconds since the epoch: the sender's time, never later than ours.
        row: int32 (lines,), -1 for a product that is not known.
        position: int16 (lines,), 0 where it was not said.
        of: int32 (lines,), the event of each line.
        read: events in the log, of any kind.
        end: microseconds of the last one, None without events.
    """

    event_id: Hashes
    shopper: Hashes
    session: Hashes | None
    order: Hashes | None
    event: npt.NDArray[np.uint8]
    time: npt.NDArray[np.int64]
    row: npt.NDArray[np.int32]
    position: npt.NDArray[np.int16]
    of: Order
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
    log: _Log | None = None
    for part, total in _parts(dataset, items):
        log = log or _Log(total)
        log.add(part)
        progress("read events", log.read, total)
    return (log or _Log(0)).events()


def batches(dataset: ds.Dataset | None, columns: Sequence[str]) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Batches of some columns, each with the rows of the whole log.

    Raises:
        InputError: a file is not Parquet of ``EVENT_SCHEMA``.
    """
    if dataset is None:
        return
    try:
        total = dataset.count_rows()
        for batch in dataset.to_batches(
            columns=list(columns), batch_size=_BATCH, fragment_readahead=2, batch_readahead=8
        ):
            yield batch, total
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"the event log cannot be read: {error}", field="events", code="broken") from error


class _Log:
    """What was read so far, of ``total`` events."""

    def __init__(self, total: int) -> None:
        self._columns = {name: Column[Any](kind, total) for name, kind in _KINDS.items()}
        self._events = self.read = 0
        self._end: int | None = None

    def add(self, part: RawEvents) -> None:
        """Put a part at the end, whose events are counted from 0."""
        for name, column in self._columns.items():
            values = getattr(part, name)
            if values is None:
                column.skip(len(part.event))
            else:
                column.add(values + np.int32(self._events) if name == "of" else values)
        self._events += len(part.event)
        self.read += part.read
        if part.end is not None:
            self._end = part.end if self._end is None else max(self._end, part.end)

    def events(self) -> RawEvents:
        """All of it."""
        arrays: dict[str, Any] = {name: column.array() for name, column in self._columns.items()}
        given: dict[str, Any] = {name: self._columns[name].if_given() for name in ("session", "order")}
        return RawEvents(**(arrays | given), read=self.read, end=self._end)


def _parts(dataset: ds.Dataset | None, items: Lookup) -> Iterator[tuple[RawEvents, int]]:
    """Batches in their order, each with the rows of the whole log; threads take them apart while the next
    are read."""
    names = Lookup(_NAMES)
    waiting: deque[tuple[Future[RawEvents], int]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for batch, total in batches(dataset, _COLUMNS):
            waiting.append((pool.submit(_part, batch, names, items), total))
            if len(waiting) > _THREADS:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)


def _first(waiting: deque[tuple[Future[RawEvents], int]]) -> tuple[RawEvents, int]:
    part, total = waiting.popleft()
    return part.result(), total


def _part(whole: pa.RecordBatch, names: Lookup, items: Lookup) -> RawEvents:
    """One batch; its events are counted from 0."""
    # one clock that is ahead would else be the end of the log, from which everything counts its age
    sent, received = (whole.column(name).cast(pa.int64()) for name in ("timestamp", "received_at"))
    times = pc.min_element_wise(sent, received)
    end = pc.max(times).as_py()
    event = names.find(hash_strings(whole.column("event")))
    kept = take(_KEPT, event)
    batch = whole
    if not kept.all():
        batch, times, event = whole.filter(pa.array(kept)), times.filter(pa.array(kept)), event[kept]
    row, position, of = _lines(batch, items)
    return RawEvents(
        event_id=hash_strings(batch.column("event_id")),
        shopper=hash_strings(batch.column("shopper")),
        session=_given(batch.column("session_id")),
        order=_given(batch.column("order_id")),
        event=event.astype(np.uint8),
        time=times.to_numpy(zero_copy_only=False).astype(np.int64),
        row=row,
        position=position,
        of=of,
        read=whole.num_rows,
        end=end,
    )


def _given(column: pa.Array) -> Hashes | None:
    return None if column.null_count == len(column) else hash_strings(column)


def _lines(
    batch: pa.RecordBatch, items: Lookup
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int16], Order]:
    """Row, position and event of every product that a batch names: its own, else its ``items``."""
    item_id = batch.column("item_id")
    row, position = items.find(hash_strings(item_id)), _positions(batch.column("position"))
    events = np.arange(len(row), dtype=np.int32)
    if not item_id.null_count:
        return row, position, events
    own = item_id.is_valid().to_numpy(zero_copy_only=False)
    lists = batch.column("items").filter(pa.array(~own))
    counts = np.ones(len(own), np.int64)
    counts[~own] = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    lines, of = lists.flatten(), np.repeat(events, counts)
    listed = items.find(hash_strings(pc.struct_field(lines, "item_id")))
    places = _positions(pc.struct_field(lines, "position"))
    return _either(own[of], row[own], listed), _either(own[of], position[own], places), of


def _either(first: npt.NDArray[np.bool_], yes: npt.NDArray[T], no: npt.NDArray[T]) -> npt.NDArray[T]:
    """The next of ``yes`` where it is ``first``, else the next of ``no``."""
    both = np.empty(len(first), yes.dtype)
    both[first] = yes
    both[~first] = no
    return both


def _positions(column: pa.Array) -> npt.NDArray[np.int16]:
    if column.null_count == len(column):
        return np.zeros(len(column), np.int16)
    filled: npt.NDArray[np.int32] = pc.fill_null(column, 0).to_numpy(zero_copy_only=False)
    return np.clip(filled, 0, np.iinfo(np.int16).max).astype(np.int16)
