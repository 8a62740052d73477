"""One writer at a time, between processes and between threads.

SQLite has a lock of its own, but those who wait for it sleep longer and longer, and whoever writes
without a pause starves the rest: four writers waited up to 2.5 s. Here whoever waits stands at a gate:
the one behind the gate is next, so nobody is passed twice.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexing.contracts.errors import JournalError

_POLL_S = 0.0005
"""A commit takes about 4 ms; polling is what allows a deadline, which a blocking ``flock`` does not."""


@contextmanager
def exclusive(path: Path, timeout_s: float) -> Iterator[None]:
    """Hold ``path`` alone. A process that dies lets go of it, since the lock belongs to an open file.

    Args:
        path: of the lock file, made where it is missing; a second one ends in ``.gate``.
        timeout_s: how long to wait for both.

    Raises:
        JournalError: somebody else held it all that time, or it cannot be made.
    """
    deadline = time.monotonic() + timeout_s
    with _opened(path) as lock:
        with _opened(path.with_name(path.name + ".gate")) as gate:
            _take(gate, path, deadline)
            _take(lock, path, deadline)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise JournalError(f"{path} cannot be opened: {error.strerror}") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)  # lets go of the lock


def _take(descriptor: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise JournalError(
                    f"{path} is held by another process: wait for it, or end it if it hangs"
                ) from None
            time.sleep(_POLL_S)
        else:
            return
