"""Our own files of items and events: Parquet, CSV, TSV, JSON lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from indexing.contracts.errors import InputError
from indexing.contracts.events import Event
from indexing.contracts.items import Item
from indexing.contracts.reading import read_event, read_item
from indexing.contracts.shop import Shop
from offline.importers.heads import known_name
from offline.importers.one_meaning import in_our_form
from offline.importers.rows import Row, read_rows
from offline.importers.shares import ALL, Share

_Thing = TypeVar("_Thing", Item, Event)


def read_items(path: Path, shop: Shop, share: Share = ALL) -> Iterator[tuple[int, Item | InputError]]:
    """Items of a share of the rows with their row number, or why a row is none."""
    yield from _read(path, shop, read_item, share)


def read_events(path: Path, shop: Shop) -> Iterator[tuple[int, Event | InputError]]:
    """Events with their row number, or why a row is none."""
    yield from _read(path, shop, read_event)


def _read(
    path: Path, shop: Shop, convert: Callable[[object, Shop], _Thing], share: Share = ALL
) -> Iterator[tuple[int, _Thing | InputError]]:
    zone = ZoneInfo(shop.time_zone)
    for number, row in read_rows(path, known_name, share):
        yield number, row if isinstance(row, InputError) else _converted(row, shop, zone, convert)


def _converted(
    row: Row, shop: Shop, zone: ZoneInfo, convert: Callable[[object, Shop], _Thing]
) -> _Thing | InputError:
    try:
        return convert(row, shop)
    except InputError:
        pass
    try:
        return convert(in_our_form(row, zone), shop)
    except InputError as error:
        return error
