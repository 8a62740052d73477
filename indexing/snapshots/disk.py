"""What a build asks of the disk: is there room, was it full, is it all there."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from indexing.contracts.errors import SnapshotError

BYTES_PER_ITEM = 4_000
"""What a shop with every model takes for each item, and a margin: at 100,000 items with descriptions
1.1 kB of items, columns and words, 1.6 kB of vectors, .4 kB of neighbours."""

_LEAST_FREE = 200_000_000
_ALMOST_NOTHING = 4_000_000


def check_room(home: Path, items: int) -> None:
    """Refuse a build that cannot fit.

    Raises:
        SnapshotError: says how much is needed and how much is free.
    """
    needed = BYTES_PER_ITEM * items + _LEAST_FREE
    free = shutil.disk_usage(home).free
    if free < needed:
        raise SnapshotError(
            f"a build of {items} items needs about {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free "
            f"in {home}: make room, or remove old snapshots",
            path=str(home),
        )


def is_full(error: Exception, home: Path) -> bool:
    """Libraries say it in many ways, some without a number: then the disk itself is asked."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno == errno.ENOSPC
    return shutil.disk_usage(home).free < _ALMOST_NOTHING


def sync_tree(folder: Path) -> None:
    """Put everything in a folder on the disk, what a folder holds before the folder itself."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """One file, or the names in one folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
