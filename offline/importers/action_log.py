"""Logs of single actions: ``timestamp,user_id,item_id,event`` with seconds since 1970.

Retail Rocket (2015: views, carts, purchases) and Taobao (2017: purchases, carts, favourites, views) are
published in this form. They say nothing of a product but its number, so that is its title, and there are no
prices. Source: Retail Rocket recommender system dataset; Alibaba Tianchi user behaviour data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexing.contracts.errors import InputError
from indexing.contracts.events import Event
from indexing.contracts.reading import read_event
from indexing.contracts.shop import Shop
from offline.importers.rows import Row, read_rows

_COLUMNS = ("timestamp", "user_id", "item_id", "event")
_LATEST = 4_102_444_800  # 2100-01-01: a log in milliseconds is later than that


@dataclass(frozen=True, slots=True)
class Names:
    """A data set: its shop, and our name of each of its events."""

    shop: Shop
    events: Mapping[str, str]


RETAILROCKET = Names(
    Shop(name="Retail Rocket", language="en", currency="USD", time_zone="UTC", attributes=()),
    {"view": "view_item", "addtocart": "add_to_cart", "transaction": "purchase"},
)
TAOBAO = Names(
    Shop(name="Taobao", attributes=()),
    {
        "buy": "purchase",
        "cart": "add_to_cart",
        "fav": "add_to_wishlist",
        "pv": "view_item",
        "view": "view_item",
        "view_of_bought_item": "view_item",
    },
)


def read_actions(path: Path, names: Names) -> Iterator[tuple[int, Event | InputError]]:
    """Events with their row number, or why a row is none.

    Raises:
        InputError: the file cannot be read.
    """
    for number, row in read_rows(path):
        if isinstance(row, InputError):
            yield number, row
            continue
        try:
            yield number, _event(row, names)
        except InputError as error:
            yield number, error


def _event(row: Row, names: Names) -> Event:
    for name in _COLUMNS:
        if name not in row:
            raise InputError(f"{name} is missing", field=name, code="missing")
    event = str(row["event"]).strip()
    if event not in names.events:
        known = ", ".join(names.events)
        raise InputError(
            f"expected one of {known}, got {event[:80]!r}", field="event", code="unknown_value"
        )
    raw = {
        "event": names.events[event],
        "timestamp": _time(row),
        "client_id": str(row["user_id"]).strip(),
        "item_id": str(row["item_id"]).strip(),
    }
    return read_event(raw, names.shop)


def _time(row: Row) -> datetime:
    text = str(row["timestamp"]).strip()
    if not (text.isascii() and text.isdigit() and int(text[:20]) < _LATEST):
        raise InputError(
            f"expected seconds since 1970, got {text[:80]!r}", field="timestamp", code="bad_time"
        )
    return datetime.fromtimestamp(int(text), UTC)
