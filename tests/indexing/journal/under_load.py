"""Run by ``test_durability.py``: appends events and says of each when it was acknowledged.

    python under_load.py <home> <name> <threads> <batch> <batches>

Writes a line ``<event_id> …`` to standard output after each acknowledgement, in one system call.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from indexing.contracts.events import Event
from indexing.journal import Incoming, Journal, open_journal


def work(journal: Journal, name: str, batch: int, batches: int) -> None:
    """One thread: send, wait, tell, send."""
    for number in range(batches):
        now = datetime.now(UTC)
        ids = [f"{name}-{number}-{n}" for n in range(batch)]
        events = [Event("click", now, event_id=i, client_id=f"c-{name}", item_id=i) for i in ids]
        receipt = journal.events.append([Incoming(event, now) for event in events])
        assert receipt.accepted == batch
        os.write(1, (" ".join(ids) + "\n").encode())


def main(home: str, name: str, threads: int, batch: int, batches: int) -> None:
    """All threads share one journal."""
    with open_journal(Path(home)) as journal:
        journal.events.count()
        started = [
            threading.Thread(target=work, args=(journal, f"{name}{n}", batch, batches))
            for n in range(threads)
        ]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *(int(number) for number in sys.argv[3:]))
