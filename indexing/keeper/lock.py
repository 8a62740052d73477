"""One keeper a host: the lock, and whether anybody holds it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexing.contracts.errors import ConflictError
from indexing.keeper.folder import live_folder

_PATIENCE_S = 1.0
"""Workers who ask whether there is a keeper hold the lock for some microseconds: one try proves nothing."""


def lock_path(home: Path) -> Path:
    """The lock's file."""
    return live_folder(home) / "keeper.lock"


@contextmanager
def keeper_lock(home: Path) -> Iterator[None]:
    """Be the keeper of this shop. The kernel lets go of the lock when its holder dies, however it dies.

    Raises:
        ConflictError: another process is.
    """
    path = lock_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while not _taken(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise ConflictError(f"{home} has a keeper already: one process holds {path}")
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def keeper_alive(home: Path) -> bool:
    """Whether some process is the keeper of this shop now. Costs 5 µs."""
    try:
        descriptor = os.open(lock_path(home), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _taken(descriptor, fcntl.LOCK_SH)  # shared: workers who ask do not see each other
    finally:
        os.close(descriptor)


def _taken(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
