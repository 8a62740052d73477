"""``python -m indexing.snapshots.document_worker``: items in, documents out, until the input ends.

With each document go the words of its title.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

import msgspec

from indexing.contracts.collecting import collected_rarely
from indexing.contracts.shop import Shop
from indexing.lexical import DocumentMaker
from indexing.snapshots.frames import read_frame, write_frame
from indexing.snapshots.storable import decode_item
from indexing.text import open_analyser


def work(source: IO[bytes], sink: IO[bytes]) -> None:
    """First the folder of the analyser and the shop, then chunks; each is answered by its documents."""
    start = read_frame(source)
    if start is None:
        return
    text, shop = msgspec.msgpack.decode(start, type=tuple[str, Shop])
    make = DocumentMaker(open_analyser(Path(text)), shop)
    decode = msgspec.msgpack.Decoder(tuple[int, list[bytes]]).decode
    while (chunk := read_frame(source)) is not None:
        first, bodies = decode(chunk)
        pairs = [make.spaced(row, decode_item(body)) for row, body in enumerate(bodies, first)]
        write_frame(sink, msgspec.msgpack.encode(pairs))


if __name__ == "__main__":
    with collected_rarely():
        work(sys.stdin.buffer, sys.stdout.buffer)
