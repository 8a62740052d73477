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
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop
from indexing.journal import states
from indexing.snapshots.frames import read_frame, write_frame
from offline.importers import own
from offline.importers.shares import Share, chunk_of


class Fault(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """An ``InputError`` on its way between processes."""

    detail: str
    field: str | None
    code: str

    @classmethod
    def of(cls, error: InputError) -> Fault:
        """Of an error."""
        # a message holds Unicode text only, and a lone surrogate is none
        return cls(error.detail.encode("utf-8", "backslashreplace").decode(), error.field, error.code)

    def error(self) -> InputError:
        """The error again."""
        return InputError(self.detail, field=self.field, code=self.code)


class Read(msgspec.Struct, frozen=True, array_like=True):
    """A row: what it puts into the catalogue, or why it is no item."""

    row: int
    put: states.Put | None
    fault: Fault | None = None


class Asked(msgspec.Struct, frozen=True):
    """What is read: the first message to the worker."""

    path: str
    shop: Shop
    share: Share


class Rows(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A chunk of the file."""

    chunk: int
    rows: list[Read]


def read(row: int, item: Item | InputError) -> Read:
    """A row as it is sent."""
    try:
        if isinstance(item, InputError):
            raise item
        return Read(row, states.put(item))
    except InputError as error:
        return Read(row, None, Fault.of(error))


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
