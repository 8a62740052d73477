"""Neighbouring items of a build, and everything that is made of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import msgspec

from indexing.contracts.item_values import item_values
from indexing.contracts.memory_columns import FieldRows, rows_of
from indexing.contracts.shop import Shop
from indexing.lexical import DocumentMaker, Prepared, prepared
from indexing.snapshots.storable import decode_item
from indexing.text import Analyser

CHUNK = 2_000  # of 500 the threads that ask the workers wait for the interpreter a seventh of the time


@dataclass(frozen=True, slots=True)
class Chunk:
    """The first row, and the JSON of each item."""

    first: int
    bodies: list[bytes]


class Made(msgspec.Struct, frozen=True, array_like=True):
    """What is made of a chunk, row by row.

    Attributes:
        words: of the title, joined by spaces.
        values: as the columns take them.
    """

    item_ids: list[str]
    documents: list[Prepared]
    words: list[str]
    values: FieldRows


class ChunkReader:
    """Reads the chunks of one shop."""

    def __init__(self, analyser: Analyser, shop: Shop) -> None:
        self._maker = DocumentMaker(analyser, shop)

    def __call__(self, chunk: Chunk) -> Made:
        """Everything that is made of a chunk, with one reading of each item."""
        kinds = self._maker.kinds
        items = list(map(decode_item, chunk.bodies))
        values = [item_values(item, kinds) for item in items]
        rows = enumerate(zip(items, values, strict=True), chunk.first)
        made = [self._maker.spaced(row, item, held) for row, (item, held) in rows]
        return Made(
            [item.item_id for item in items],
            [prepared(document) for document, _ in made],
            [words for _, words in made],
            rows_of(values, kinds),
        )


def chunks_of(bodies: Iterable[bytes], size: int = CHUNK) -> Iterator[Chunk]:
    """The JSON of items in row order, some at a time."""
    rest = iter(bodies)
    first = 0
    while some := list(islice(rest, size)):
        yield Chunk(first, some)
        first += len(some)
