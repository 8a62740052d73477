"""Run by ``test_export.py``: exports a journal and is killed at one step after the other.

    python killed_export.py <folder>

For each step a fresh copy of the shop is exported by a child that ends there as by SIGKILL, without any
clean-up; then an event arrives, and a second child exports again. Prints a JSON line for each step.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from indexing.contracts.events import Event
from indexing.contracts.shown import Shown, Slot
from indexing.journal import Incoming, database, files, open_journal

NOW = datetime(2026, 11, 22, 23, 59, 50, tzinfo=UTC)


def fill(home: Path) -> None:
    """Twenty events and lists on both sides of midnight."""
    with open_journal(home) as journal:
        for number in range(20):
            at = NOW + timedelta(seconds=number)
            event = Event("click", at, event_id=f"e{number}", client_id=f"c{number % 3}", item_id="a")
            journal.events.append([Incoming(event, at)])
            journal.shown.log(Shown(f"r{number}", at, "home", "home", "v", [Slot("a", 1, "trend", 1.0)]))


def export(home: Path, killed_at: int | None) -> None:
    """In a child: count every step that leaves a trace on the disk, and end at one of them."""
    steps = 0

    def step() -> None:
        nonlocal steps
        if steps == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)
        steps += 1

    def counted(before: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            step()  # what was done before it is on the disk, it itself is not
            return before(*given, **named)

        return call

    files.sync = counted(files.sync)
    Path.replace = counted(Path.replace)  # type: ignore[method-assign]
    Path.unlink = counted(Path.unlink)  # type: ignore[method-assign]
    database.Database.write = counted(database.Database.write)  # type: ignore[method-assign]
    journal = open_journal(home)
    journal.export()


def child(work: Any) -> int:
    """Run in a fork; its wait status."""
    process = os.fork()
    if process == 0:
        work()
        os._exit(0)
    return os.waitpid(process, 0)[1]


def late(home: Path) -> None:
    """One more event, and an export that is left alone."""
    journal = open_journal(home)
    event = Event("click", NOW, event_id="late", client_id="c1")
    journal.events.append([Incoming(event, NOW)])
    journal.export()


def held(home: Path, name: str, column: str) -> list[str]:
    """All that stands in the Parquet days."""
    paths = sorted((home / name).glob("day=*/*.parquet"))
    return sorted(value for path in paths for value in pq.read_table(path)[column].to_pylist())


def main(folder: Path) -> None:
    """Until a child comes to the end."""
    shop = folder / "shop"
    child(lambda: fill(shop))
    for killed_at in range(200):
        home = folder / f"step{killed_at}"
        shutil.copytree(shop, home)
        status = child(lambda: export(home, killed_at))  # noqa: B023 - runs at once
        assert child(lambda: late(home)) == 0  # noqa: B023
        row = {
            "killed": os.WIFSIGNALED(status),
            "events": held(home, "events", "event_id"),
            "shown": held(home, "shown", "request_id"),
            "others": sorted(p.name for p in home.glob("*/day=*/*") if p.suffix != ".parquet"),
        }
        print(json.dumps(row), flush=True)  # noqa: T201
        if not row["killed"]:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
