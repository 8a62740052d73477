"""Our own files of items and events: Parquet, CSV, TSV, JSON lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from indexing.contracts.errors import InputError
from indexing.contracts.events import Event
from indexing.contracts.items import Item
from indexing.contracts.reading import read_event, read_item
from indexing.contracts.shop import Shop
from offline.importers.rows import read_rows

_Thing = TypeVar("_Thing", Item, Event)


def read_items(path: Path, shop: Shop) -> Iterator[tuple[int, Item | InputError]]:
    """Items with their row number, or why a row is none."""
    yield from _read(path, shop, read_item)


def read_events(path: Path, shop: Shop) -> Iterator[tuple[int, Event | InputError]]:
    """Events with their row number, or why a row is none."""
    yield from _read(path, shop, read_event)


def _read(
    path: Path, shop: Shop, convert: Callable[[object, Shop], _Thing]
) -> Iterator[tuple[int, _Thing | InputError]]:
    for number, row in read_rows(path):
        if isinstance(row, InputError):
            yield number, row
            continue
        try:
            yield number, convert(row, shop)
        except InputError as error:
            yield number, error
