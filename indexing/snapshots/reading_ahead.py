"""A snapshot's files brought into memory before requests need them.

Files are mapped, so a page that nobody read yet is read from the disk while a request waits. Where the
system holds nothing of a million products, as after a start of the machine, a home page takes 10 ms at the
median and 22 at the slowest hundredth; after all was read, in 7 s, 3.5 and 5.7.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

SHARE = 0.5
"""Of the machine's memory, for the files of one snapshot: a shop that is larger reads as it goes."""

_AT_ONCE = 1 << 20
_log = logging.getLogger(__name__)


class ReadingAhead:
    """Reads files in a thread of its own, until all is read or :meth:`stop` is called.

    Args:
        folder: of the snapshot; each file in it is read, small ones first.
        most: bytes at most, of all files together.
    """

    def __init__(self, folder: Path, most: int | None = None) -> None:
        self._folder = folder
        self._most = int(SHARE * _memory()) if most is None else most
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reading-ahead", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Read no further."""
        self._stopping.set()

    def join(self) -> None:
        """Wait until everything is read."""
        self._thread.join()

    def _run(self) -> None:
        buffer = bytearray(_AT_ONCE)
        try:
            for path in self._files():
                with path.open("rb", buffering=0) as file:
                    while not self._stopping.is_set() and file.readinto(buffer):
                        pass
        except OSError as error:  # a snapshot may be removed meanwhile; whoever needs it says what is wrong
            _log.info("%s was not read ahead: %s", self._folder, error)

    def _files(self) -> Iterator[Path]:
        """Those that fit, small ones first: columns and words serve every request."""
        sizes = sorted((path.stat().st_size, path) for path in self._folder.rglob("*") if path.is_file())
        left = self._most
        for size, path in sizes:
            left -= size
            if left < 0:
                return
            yield path


def _memory() -> int:
    """Bytes of the machine."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
