"""The event: one envelope for what shoppers did, in search and in recommendation.

The join key (``request_id``) is OpenSearch UBI's idea, the names are GA4's. An :class:`Event` is
what a storefront sends; a stored event has ``shopper`` in the place of the raw ids.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec
import pyarrow as pa
from msgspec import Meta

from indexing.contracts.items import Id, Minor, Value

EVENT_VERSION = 1

EventName = Literal[
    "impression",
    "click",
    "view_item",
    "add_to_cart",
    "remove_from_cart",
    "add_to_wishlist",
    "begin_checkout",
    "purchase",
    "refund",
    "search",
    "dislike",
    "login",
]
EVENT_NAMES: tuple[str, ...] = get_args(EventName)
Position = Annotated[int, Meta(ge=1, le=10_000)]
Quantity = Annotated[int, Meta(ge=1, le=1_000_000)]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One product of an event that names several (a list seen, a cart, an order).

    Attributes:
        item_id: of the product.
        position: 1-based place in the list.
        price_minor: of one piece, in the minor unit of the shop's currency.
        quantity: pieces; 1 where it is missing in a purchase.
    """

    item_id: Id
    position: Position | None = None
    price_minor: Minor | None = None
    quantity: Quantity | None = None


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a storefront sends. Required: ``event``, ``timestamp``, ``client_id`` or ``user_id``.

    Attributes:
        event: what was done.
        timestamp: the sender's clock, RFC 3339 with its zone, in the years 1970 to 2199; gives the order.
        event_id: dedupes; one is made where it is missing (then repeats cannot be recognised).
        client_id: the browser's own random id.
        user_id: the shop's id of somebody who is signed in; from a browser with ``user_token``.
        session_id: of one visit.
        request_id: from the answer that showed the item; the key to ``shown``.
        surface: where on the page, such as ``search``, ``home``, ``product``.
        item_id: the product that it is about.
        position: 1-based place in the list.
        query: as typed, of a ``search``.
        items: for events of several products; an event has ``item_id`` or ``items`` or neither.
        value_minor: of the whole order, in the minor unit of the shop's currency.
        order_id: of a ``purchase`` or ``refund``.
        consent: False: nothing about the person is kept.
        attributes: at most 50, open.
    """

    event: EventName
    timestamp: Annotated[datetime, Meta(tz=True)]
    event_id: Id | None = None
    client_id: Id | None = None
    user_id: Id | None = None
    session_id: Id | None = None
    request_id: Id | None = None
    surface: Annotated[str, Meta(max_length=64)] | None = None
    item_id: Id | None = None
    position: Position | None = None
    query: Annotated[str, Meta(max_length=500)] | None = None
    items: Annotated[list[Line], Meta(max_length=200)] = []
    value_minor: Minor | None = None
    order_id: Id | None = None
    consent: bool = True
    attributes: Annotated[dict[str, Value | None], Meta(max_length=50)] = {}

    def item_ids(self) -> list[str]:
        """Every product the event names, in order."""
        return [self.item_id] if self.item_id else [line.item_id for line in self.items]


_UTC = pa.timestamp("us", tz="UTC")

EVENT_SCHEMA = pa.schema(
    [
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("event", pa.string(), nullable=False),
        pa.field("timestamp", _UTC, nullable=False),
        pa.field("received_at", _UTC, nullable=False),
        pa.field("shopper", pa.string()),  # None: no consent, nothing about the person is kept
        pa.field("session_id", pa.string()),
        pa.field("request_id", pa.string()),
        pa.field("surface", pa.string()),
        pa.field("item_id", pa.string()),
        pa.field("position", pa.int32()),
        pa.field("query", pa.string()),
        pa.field(
            "items",
            pa.list_(
                pa.struct(
                    [
                        pa.field("item_id", pa.string()),
                        pa.field("position", pa.int32()),
                        pa.field("price_minor", pa.int64()),
                        pa.field("quantity", pa.int32()),
                    ]
                )
            ),
        ),
        pa.field("value_minor", pa.int64()),
        pa.field("order_id", pa.string()),
        pa.field("attributes", pa.string()),  # a JSON object: the set is open
        pa.field("origin", pa.string(), nullable=False),  # api, import or simulate
    ],
    metadata={"daogou.event": str(EVENT_VERSION)},
)
"""Parquet: ``events/day=YYYY-MM-DD/*.parquet``, the day of ``received_at`` in UTC (imports and the
simulator: of ``timestamp``). ``quantity`` missing in a purchase means 1."""
