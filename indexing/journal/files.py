"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indexing.contracts.errors import JournalError


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path``; it becomes ``path`` when the block ends well, and is on the disk
    then, with its name. Otherwise it is removed.

    Raises:
        JournalError: it cannot be written: no room, no folder, no right.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise JournalError(f"{path} cannot be written: {error}") from error
        raise


def sync(path: Path) -> None:
    """Make a file or a folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
