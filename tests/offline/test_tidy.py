"""After a build: what goes, and what stays whatever its age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from indexing.contracts.events import Event
from indexing.journal import Incoming, open_journal
from indexing.keeper.current import Current, write_current
from offline.tidy import tidy

NAMES = [f"2026010{day}-000000-000-0000000{day}" for day in range(1, 8)]


def test_the_newest_stay_and_those_served(tmp_path: Path) -> None:
    """The pointer's, the one before it, and the one that a keeper still names."""
    for name in NAMES:
        (tmp_path / "snapshots" / name).mkdir(parents=True)
    with open_journal(tmp_path) as journal:
        journal.control.swap(NAMES[1], None, "ann")
        journal.control.swap(NAMES[3], NAMES[1], "ann")
    (tmp_path / "live").mkdir()
    write_current(tmp_path, Current(NAMES[2]))
    (line,) = tidy(tmp_path, keep=2)
    left = sorted(path.name for path in (tmp_path / "snapshots").iterdir() if path.is_dir())
    assert left == [NAMES[1], NAMES[2], NAMES[3], NAMES[5], NAMES[6]]
    assert NAMES[0] in line
    assert NAMES[4] in line
    assert tidy(tmp_path, keep=2) == []


def test_events_that_are_in_parquet_for_long_leave_the_journal(tmp_path: Path) -> None:
    """Those of last month that were exported, and no others."""
    now = datetime.now(UTC)
    with open_journal(tmp_path) as journal:
        times = [now - timedelta(days=days) for days in (40, 1)]
        journal.events.append([Incoming(Event("search", at, client_id="c"), at) for at in times])
    assert tidy(tmp_path, keep=1) == []
    with open_journal(tmp_path) as journal:
        journal.export()
    (line,) = tidy(tmp_path, keep=1)
    assert line.startswith("1 events and 0 shown lists")
