"""Events acknowledged a second, durable, against bare sqlite3 that writes the same rows in the same groups.

    python benchmarks/bench_journal.py [--seconds 1.5] [--out journal.json]

What ours does beyond the peer: finds the shopper, drops repeats, keeps the recent actions, all in the same
transaction. ``ratio`` is ours to bare; a group of bare holds one batch of every thread.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from indexing.contracts.events import Event
from indexing.journal import Incoming, Journal, open_journal

SHOPPERS = 2000


def incoming(number: int) -> Incoming:
    """A click of one of two thousand shoppers."""
    now = datetime.now(UTC)
    event = Event(
        "click",
        now,
        event_id=f"bench-{number:09d}",
        client_id=f"client-{number * 7919 % SHOPPERS}",
        session_id=f"session-{number % 5000}",
        request_id=f"request-{number // 20}",
        surface="home",
        item_id=f"item-{number * 104729 % 20000}",
        position=number % 20 + 1,
    )
    return Incoming(event, now)


def ours(home: Path, batch: int, threads: int, seconds: float) -> dict[str, float]:
    """Threads that each send a batch, wait until it is on the disk, and send the next."""
    with open_journal(home) as journal:
        journal.events.append([incoming(-n) for n in range(1, 101)])
        counts = [0] * threads
        waits: list[float] = []
        end = time.perf_counter() + seconds

        def client(thread: int) -> None:
            while (begin := time.perf_counter()) < end:
                first = thread * 10_000_000 + counts[thread]
                receipt = journal.events.append([incoming(first + n) for n in range(batch)])
                waits.append(time.perf_counter() - begin)
                assert receipt.accepted == batch
                counts[thread] += batch

        _together(client, threads)
        assert journal.events.count() == sum(counts) + 100
        return {
            "events_per_s": sum(counts) / seconds,
            "p50_ms": statistics.median(waits) * 1e3,
            "p99_ms": sorted(waits)[int(len(waits) * 0.99)] * 1e3,
        }


def bare(home: Path, batch: int, threads: int, seconds: float) -> float:
    """One thread, one transaction for each group of ``batch * threads`` rows."""
    home.mkdir()
    connection = sqlite3.connect(home / "bare.sqlite", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(
        "CREATE TABLE events (sequence INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT UNIQUE, "
        "received_at INTEGER, shopper TEXT, origin TEXT, body BLOB)"
    )
    connection.execute("CREATE INDEX by_shopper ON events (shopper)")
    count = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        group = [incoming(count + n) for n in range(batch * threads)]
        rows = [
            (i.event.event_id, 0, f"{hash(i.event.client_id):032x}", "api", msgspec.msgpack.encode(i.event))
            for i in group
        ]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO events (event_id, received_at, shopper, origin, body) VALUES (?, ?, ?, ?, ?)", rows
        )
        connection.execute("COMMIT")
        count += len(rows)
    connection.close()
    return count / seconds


def reads(journal: Journal) -> dict[str, float]:
    """Microseconds of the two reads behind every personal answer."""
    journal.events.append(
        [
            Incoming(msgspec.structs.replace(incoming(n).event, client_id="reader"), datetime.now(UTC))
            for n in range(200)
        ]
    )
    shopper = journal.people.find("reader", None)
    assert shopper is not None
    return {
        "recent_of_100_us": _each(lambda: journal.events.recent(shopper)),
        "find_us": _each(lambda: journal.people.find("reader", None)),
    }


def _each(call: object, times: int = 2000) -> float:
    begin = time.perf_counter()
    for _ in range(times):
        call()  # type: ignore[operator]
    return (time.perf_counter() - begin) / times * 1e6


def _together(work: object, threads: int) -> None:
    started = [threading.Thread(target=work, args=(n,)) for n in range(threads)]  # type: ignore[arg-type]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def main() -> None:
    """Run all of it and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for threads in (1, 4, 32):
            for batch in (1, 10, 100):
                name = f"{threads}-{batch}"
                our = ours(Path(folder) / name, batch, threads, options.seconds)
                peer = bare(Path(folder) / f"{name}-bare", batch, threads, options.seconds)
                row = {
                    "threads": threads,
                    "batch": batch,
                    **our,
                    "bare_events_per_s": peer,
                    "ratio": our["events_per_s"] / peer,
                }
                rows.append({key: round(value, 2) for key, value in row.items()})
        with open_journal(Path(folder) / "reads") as journal:
            read = reads(journal)
    report = {
        "machine": {"cpus": os.cpu_count(), "platform": platform.platform()},
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "sqlalchemy": version("sqlalchemy"),
        },
        "append": rows,
        "reads": read,
    }
    text = json.dumps(report, indent=1)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
