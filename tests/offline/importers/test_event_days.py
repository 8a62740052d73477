"""Events into days: whose they are, where they lie, and that a row's id needs no memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from indexing.contracts.events import Event
from offline.importers import event_days
from offline.importers.event_days import EventDays, Pair

START = datetime(2015, 5, 3, tzinfo=UTC)


def shoppers(pairs: Sequence[Pair]) -> list[str]:
    return [f"shopper of {client}" for client, _ in pairs]


def test_rows_lie_in_the_days_of_their_time_whatever_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten events an hour and a day apart, four in a piece, eight in a part: each once, with its shopper."""
    monkeypatch.setattr(event_days, "_PIECE", 4)
    monkeypatch.setattr(event_days, "PART_ROWS", 8)
    days = EventDays(tmp_path, "abc", shoppers, START)
    for row in range(10):
        time = START + timedelta(days=row % 3, hours=row)
        days.add_row(Event("view_item", time, client_id=f"c{row % 2}", item_id=str(row)), row)
    files = days.finish()
    assert sorted((file.parent.name, file.name) for file in files) == [
        (f"day=2015-05-0{day}", f"import-abc-0000{part}.parquet")
        for day, part in ((3, 0), (3, 1), (4, 0), (5, 0), (5, 1))
    ]
    found = {}
    for file in files:
        for one in pq.read_table(file).to_pylist():
            assert one["timestamp"].date().isoformat() == file.parent.name.removeprefix("day=")
            found[one["event_id"]] = (one["item_id"], one["shopper"])
    assert found == {f"import-abc-{row}": (str(row), f"shopper of c{row % 2}") for row in range(10)}
