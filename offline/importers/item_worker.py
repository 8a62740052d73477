"""``python -m offline.importers.item_worker``: a share of a file's items, a chunk a message."""

from __future__ import annotations

import sys
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import IO

import msgspec

from indexing.contracts.collecting import collected_rarely
from indexing.contracts.errors import InputError
from indexing.snapshots.frames import read_frame, write_frame
from offline.importers import own
from offline.importers.item_rows import Asked, Fault, Rows, read
from offline.importers.shares import chunk_of


def work(source: IO[bytes], sink: IO[bytes]) -> None:
    """A message for each chunk of what is asked; where the file cannot be read, the fault."""
    first = read_frame(source)
    if first is None:
        return
    asked = msgspec.msgpack.decode(first, type=Asked)
    encode = msgspec.msgpack.Encoder().encode
    rows = (read(*one) for one in own.read_items(Path(asked.path), asked.shop, asked.share))
    try:
        for chunk, some in groupby(rows, lambda one: chunk_of(one.row)):
            write_frame(sink, encode(Rows(chunk, list(some))))
    except InputError as error:
        write_frame(sink, encode(Fault.of(error)))


if __name__ == "__main__":
    with collected_rarely(), suppress(BrokenPipeError):  # the import was killed
        work(sys.stdin.buffer, sys.stdout.buffer)
