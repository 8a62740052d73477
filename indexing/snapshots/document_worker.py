"""``python -m indexing.snapshots.document_worker``: items in, documents out, until the input ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

import msgspec

from indexing.contracts.collecting import collected_rarely
from indexing.contracts.shop import Shop
from indexing.snapshots.chunks import Chunk, ChunkReader
from indexing.snapshots.frames import read_frame, write_frame
from indexing.text import open_analyser


def work(source: IO[bytes], sink: IO[bytes]) -> None:
    """First the folder of the analyser and the shop, then chunks, each answered by what is made of it."""
    start = read_frame(source)
    if start is None:
        return
    text, shop = msgspec.msgpack.decode(start, type=tuple[str, Shop])
    read = ChunkReader(open_analyser(Path(text)), shop)
    decode = msgspec.msgpack.Decoder(Chunk).decode
    while (chunk := read_frame(source)) is not None:
        write_frame(sink, msgspec.msgpack.encode(read(decode(chunk))))


if __name__ == "__main__":
    with collected_rarely():
        work(sys.stdin.buffer, sys.stdout.buffer)
