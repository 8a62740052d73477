"""Acknowledged means on the disk; and what happens when the disk does not want to."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event as listen

from indexing.contracts.errors import JournalError
from indexing.contracts.items import Item
from indexing.journal import Incoming, Journal, dialect, open_journal

Make = Callable[..., Incoming]
LOAD = Path(__file__).with_name("under_load.py")


def load(home: Path, name: str, threads: int, batch: int, batches: int) -> list[str]:
    return [sys.executable, str(LOAD), str(home), name, str(threads), str(batch), str(batches)]


def stored(home: Path) -> list[str]:
    with sqlite3.connect(home / "journal" / "events.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ids = [row[0] for row in connection.execute("SELECT event_id FROM events ORDER BY sequence")]
    connection.close()
    return ids


def test_killed_processes_lose_no_acknowledged_event(home: Path) -> None:
    """Two processes of three threads, killed in the middle: each acknowledged event is there once, and so
    is its action; the journal works on."""
    processes = [
        subprocess.Popen(load(home, name, 3, 4, 100_000), stdout=subprocess.PIPE, text=True)
        for name in "ab"
    ]
    acknowledged: list[str] = []
    for process, lines in zip(processes, (30, 60), strict=True):
        assert process.stdout is not None
        acknowledged += [i for _ in range(lines) for i in process.stdout.readline().split()]
    for process in processes:
        process.kill()
    for process in processes:
        assert process.stdout is not None
        complete = [line for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
        acknowledged += [i for line in complete for i in line.split()]
        process.stdout.close()
        process.wait()
    held = stored(home)
    assert len(held) == len(set(held))
    assert len(acknowledged) >= 360
    assert set(acknowledged) <= set(held)
    with open_journal(home) as journal:
        shopper = journal.people.find("c-a0", None)
        assert shopper is not None
        recent = {action.item_id for action in journal.events.recent(shopper)}
        last = [i for i in held if i.startswith("a0-")][-100:]
        assert recent == set(last)


def test_several_processes_at_once(home: Path) -> None:
    """Three processes that write at the same time all come to their end, and each event is there."""
    runs = [subprocess.Popen(load(home, name, 2, 5, 30), stdout=subprocess.DEVNULL) for name in "abc"]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    expected = {f"{p}{t}-{b}-{n}" for p in "abc" for t in range(2) for b in range(30) for n in range(5)}
    assert set(stored(home)) == expected


def traced(tmp_path: Path, home: Path, *numbers: int) -> str:
    """The system calls ``fsync``, ``fdatasync`` and ``write`` of a load, with the names of their files."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed: syncs cannot be counted")
    trace = tmp_path / "trace.txt"
    command = [strace, "-f", "-y", "-e", "trace=fsync,fdatasync,write", "-o", str(trace)]
    run = subprocess.run(
        [*command, *load(home, "s", *numbers)], capture_output=True, text=True, timeout=120, check=False
    )
    if "ptrace" in run.stderr and run.returncode:
        pytest.skip(f"strace may not trace here: {run.stderr.splitlines()[0]}")
    assert run.returncode == 0, run.stderr
    return trace.read_text(encoding="utf-8", errors="replace")


SYNC = re.compile(r"f(?:data)?sync\(\d+<[^>]*events\.sqlite-wal>")
ACKNOWLEDGED = re.compile(r'write\(1<[^>]*>, "s')


def test_each_acknowledgement_follows_a_sync(tmp_path: Path, home: Path) -> None:
    """Between two acknowledgements of one client the log was synced: counted in the kernel's calls,
    since killing a process would lose nothing even without."""
    parts = ACKNOWLEDGED.split(traced(tmp_path, home, 1, 1, 20))
    assert len(parts) == 21
    assert all(SYNC.search(part) for part in parts[:-1])


def test_many_share_a_sync(tmp_path: Path, home: Path) -> None:
    """Sixteen clients at once need far fewer syncs than events, and a batch needs one."""
    calls = traced(tmp_path, home, 16, 10, 10)
    assert len(ACKNOWLEDGED.findall(calls)) == 160
    assert len(SYNC.findall(calls)) < 160


def test_a_full_disk_fails_the_batch_and_nothing_else(journal: Journal, incoming: Make) -> None:
    """When there is no room the caller is told why; what was acknowledged stays, with room it goes on."""
    database = journal.events._database
    database.ready()
    assert database._engine is not None
    limits = {"pages": 60}

    @listen.listens_for(database._engine, "checkout")
    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={limits['pages']}").fetchall()

    accepted = 0
    reason = ""
    while not reason:
        assert accepted < 10_000
        try:
            accepted += journal.events.append([incoming(f"e{accepted + n}") for n in range(10)]).accepted
        except JournalError as error:
            reason = error.detail
    assert "the disk is full: make room" in reason
    assert accepted > 0
    assert journal.events.count() == accepted
    limits["pages"] = 10_000
    assert journal.events.append([incoming("after")]).accepted == 1


def test_a_disk_that_fails_is_reported(home: Path) -> None:
    """A write that the kernel refuses is an error in words; afterwards the journal works on."""
    code = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from indexing.contracts.errors import JournalError
from indexing.contracts.events import Event
from indexing.journal import Incoming, open_journal

def batch(name):
    now = datetime.now(UTC)
    return [Incoming(Event("click", now, event_id=f"{name}-{n}", client_id="c"), now) for n in range(50)]

with open_journal(Path(sys.argv[1])) as journal:
    accepted = journal.events.append(batch("first")).accepted
    wal = Path(sys.argv[1]) / "journal" / "events.sqlite-wal"
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size + 40_000, resource.RLIM_INFINITY))
    try:
        for number in range(1000):
            accepted += journal.events.append(batch(number)).accepted
    except JournalError as error:
        print(error.detail)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    accepted += journal.events.append(batch("last")).accepted
    print(accepted, journal.events.count())
"""
    run = subprocess.run(
        [sys.executable, "-c", code, str(home)], capture_output=True, text=True, timeout=60, check=True
    )
    message, counts = run.stdout.splitlines()
    assert "the disk failed to read or write" in message or "the disk is full" in message
    accepted, count = counts.split()
    assert accepted == count
    assert len(stored(home)) == int(count)


def test_a_locked_database_is_told_and_waited_out(
    home: Path, incoming: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that holds SQLite's own lock makes writes fail in words; reads go on."""
    monkeypatch.setattr(dialect, "_BUSY_S", 0.1)
    with open_journal(home) as journal:
        journal.events.append([incoming("e1")])
        journal.catalogue.put([Item("a", "x")])
        other = sqlite3.connect(home / "journal" / "events.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="locked by another program"):
            journal.events.append([incoming("e2")])
        with pytest.raises(JournalError, match="locked by another program"):
            journal.people.shopper("new", None)
        assert journal.events.count() == 1
        assert journal.catalogue.put([Item("b", "y")])[0].status == "created"  # a file of its own
        other.execute("ROLLBACK")
        other.close()
        assert journal.events.append([incoming("e2")]).accepted == 1


def test_a_damaged_file_is_named(home: Path, incoming: Make) -> None:
    """A file that is no database is an error that says which one, and the other files still work."""
    with open_journal(home) as journal:
        journal.events.append([incoming("e1")])
    path = home / "journal" / "events.sqlite"
    path.write_bytes(b"not a database" * 1000)
    with open_journal(home) as journal:
        for call in (journal.events.count, lambda: journal.events.append([incoming("e2")])):
            with pytest.raises(JournalError, match=r"events\.sqlite: the file is no SQLite database"):
                call()
        assert journal.control.seq() == 0


def test_a_damaged_page_is_named(home: Path) -> None:
    """A page overwritten in the middle of the table is found when it is read."""
    with open_journal(home) as journal:
        journal.catalogue.load(Item(f"i{n:05d}", f"t{n}" * 20) for n in range(3000))
    path = home / "journal" / "catalogue.sqlite"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * (size - 4096 * 3))
    with (
        open_journal(home) as journal,
        pytest.raises(JournalError, match=r"catalogue\.sqlite: the file is damaged"),
    ):
        journal.catalogue.changes(0, 5000)
