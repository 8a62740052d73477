"""Items of a file as changes of the catalogue: of a long file by several processes, for checking rows is
most of an import's work, and Python does one thing at a time.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from indexing.contracts.errors import DaogouError
from indexing.contracts.shop import Shop
from indexing.snapshots.frames import Helper, helper, read_frame, write_frame
from offline.importers import own
from offline.importers.item_rows import Asked, Fault, Read, Rows, read
from offline.importers.shares import Share

LONG = 4 << 20
"""Octets of a file from which others help: to start they take a second."""
_MOST_WORKERS = 4

_decode = msgspec.msgpack.Decoder(Rows | Fault).decode


def read_changes(path: Path, shop: Shop) -> Iterator[Read]:
    """Every row of the file, in order.

    Raises:
        InputError: the file cannot be read.
        DaogouError: a process that reads it was killed.
    """
    if path.stat().st_size < LONG:
        yield from (read(number, item) for number, item in own.read_items(path, shop))
        return
    parts = min(os.cpu_count() or 1, _MOST_WORKERS)
    with ExitStack() as stack:
        shares = [stack.enter_context(_chunks(path, shop, Share(part, parts))) for part in range(parts)]
        for chunk in heapq.merge(*shares, key=lambda one: one.chunk):
            yield from chunk.rows


@contextmanager
def _chunks(path: Path, shop: Shop, share: Share) -> Iterator[Iterator[Rows]]:
    """What one process reads, as it comes; it ends with the context."""
    with helper("offline.importers.item_worker") as reader:
        write_frame(reader.input, msgspec.msgpack.encode(Asked(str(path), shop, share)))
        yield _received(reader)


def _received(reader: Helper) -> Iterator[Rows]:
    while (message := read_frame(reader.output)) is not None:
        answer = _decode(message)
        if isinstance(answer, Fault):
            raise answer.error()
        yield answer
    if status := reader.process.wait():
        raise DaogouError(
            f"a process that reads items ended with status {status} (what it said is above; -9: killed, "
            "perhaps for want of memory); the rows before are in the catalogue"
        )
