"""A log written by hand, or at random."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indexing.contracts.events import EVENT_SCHEMA
from offline.jobs.interactions import CODES, Interactions, Seen

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = 86_400_000_000


@pytest.fixture
def write_log(tmp_path: Path) -> Callable[[Sequence[Mapping[str, Any]]], Path]:
    """Writes events as Parquet days; ``minute`` counts from the start, ids are made where missing."""

    def write(events: Sequence[Mapping[str, Any]]) -> Path:
        folder = tmp_path / "events"
        days: dict[str, list[dict[str, Any]]] = {}
        for place, given in enumerate(events):
            moment = START + timedelta(minutes=float(given.get("minute", place)))
            row = {
                "event_id": f"e{place}",
                "timestamp": moment,
                "received_at": moment,
                "origin": "api",
            } | {name: value for name, value in given.items() if name != "minute"}
            days.setdefault(f"{moment:%Y-%m-%d}", []).append(row)
        for day, rows in days.items():
            path = folder / f"day={day}"
            path.mkdir(parents=True)
            pq.write_table(pa.Table.from_pylist(rows, schema=EVENT_SCHEMA), path / "part.parquet")
        folder.mkdir(exist_ok=True)
        return folder

    return write


@pytest.fixture
def touches() -> Callable[..., Interactions]:
    """Interactions from tuples (shopper, row, event, day, session, order); missing codes are -1."""

    def make(
        entries: Sequence[tuple[int, int, str, float, int, int]], *, rows: int, end: float | None = None
    ) -> Interactions:
        ordered = sorted(entries, key=lambda entry: (entry[0] < 0, entry[0], entry[3]))
        columns = list(zip(*ordered, strict=True)) if ordered else [()] * 6
        times = np.array([int(day * DAY) for day in columns[3]], np.int64)
        return Interactions(
            shopper=np.array(columns[0], np.int32),
            row=np.array(columns[1], np.int32),
            event=np.array([CODES[name] for name in columns[2]], np.uint8),
            time=times,
            session=np.array(columns[4], np.int32),
            order=np.array(columns[5], np.int32),
            shoppers=max(columns[0], default=-1) + 1,
            sessions=max(columns[4], default=-1) + 1,
            orders=max(columns[5], default=-1) + 1,
            rows=rows,
            end=int(end * DAY) if end is not None else (int(times.max()) if len(times) else None),
            seen=Seen(np.zeros(0, np.int32), np.zeros(0, np.int16)),
        )

    return make
