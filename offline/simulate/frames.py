"""A day's columns as Arrow tables: the events and what was shown, nested arrays built without objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from indexing.contracts.events import EVENT_NAMES, EVENT_SCHEMA
from indexing.contracts.shown import SHOWN_SCHEMA
from offline.simulate.engine import SCENARIOS
from offline.simulate.lists import SOURCES
from offline.simulate.log import EVENT, Column
from offline.simulate.orders import Orders

_SURFACES = ("search", "home", "product", "product", "cart", "home", "home", "home")
_OWN_SURFACE = {
    "view_item": "product",
    "add_to_cart": "product",
    "begin_checkout": "cart",
    "purchase": "cart",
}
VERSION = "simulate.0.0"
_DIGITS = 32
_SERVED = 30_000  # microseconds from the request to the answer
_ORDERS = [EVENT["begin_checkout"], EVENT["purchase"], EVENT["refund"]]


@dataclass(frozen=True, slots=True)
class Names:
    """Texts of the whole simulation, as Arrow arrays by number; ``arms`` has a list for each shopper."""

    items: pa.Array
    prices: npt.NDArray[np.int64]
    shoppers: pa.Array
    queries: pa.Array
    arms: pa.Array


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on a day; ``starts`` are the sessions' first moments in microseconds since 1970."""

    shoppers: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    events: dict[str, Column]
    answers: dict[str, Column]
    orders: Orders
    requests: pa.Array
    sessions: pa.Array


def identifiers(rng: np.random.Generator, count: int) -> pa.Array:
    """Random texts of 32 hexadecimal digits."""
    digits = rng.bytes(count * _DIGITS // 2).hex().encode()
    offsets = np.arange(count + 1, dtype=np.int32) * _DIGITS
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(digits))


def events_table(day: Day, names: Names, rng: np.random.Generator) -> pa.Table:
    """Events in the order of time, ``EVENT_SCHEMA``."""
    events = day.events
    moments = day.starts[events["session"]] + (events["at"] * 1e6).astype(np.int64)
    order = np.argsort(moments, kind="stable")
    events, moments = {name: column[order] for name, column in events.items()}, moments[order]
    n = len(moments)
    delays = 40_000 + (rng.exponential(0.4, n) * 1e6).astype(np.int64)
    given = {
        "event_id": identifiers(rng, n),
        "event": _take(pa.array(EVENT_NAMES), events["event"]),
        "timestamp": _moments(moments),
        "received_at": _moments(moments + delays),
        "shopper": _take(names.shoppers, day.shoppers[events["session"]]),
        "session_id": _take(day.sessions, events["session"]),
        "request_id": _take(day.requests, events["answer"]),
        "surface": _surfaces(events, day.answers),
        "item_id": _take(names.items, events["item"]),
        "position": pa.array(events["position"], pa.int32(), mask=events["position"] == 0),
        "query": _take(names.queries, events["query"]),
        "items": _lines(day, events, names),
        "value_minor": _values(day.orders, events["order"], names.prices),
        "order_id": _take(pa.array(day.orders.ids, pa.string()), events["order"]),
        "attributes": pa.nulls(n, pa.string()),
        "origin": pa.array(["simulate"]).take(np.zeros(n, np.int32)),
    }
    return pa.table(given, schema=EVENT_SCHEMA)


def shown_table(day: Day, names: Names) -> pa.Table:
    """Answers in the order of time, ``SHOWN_SCHEMA``."""
    answers = day.answers
    moments = day.starts[answers["session"]] + (answers["at"] * 1e6).astype(np.int64) + _SERVED
    order = np.argsort(moments, kind="stable")
    shoppers = day.shoppers[answers["session"]]
    n = len(moments)
    table = pa.table(
        {
            "request_id": day.requests,
            "served_at": _moments(moments),
            "shopper": _take(names.shoppers, shoppers),
            "surface": _take(pa.array(_SURFACES), answers["scenario"]),
            "scenario": _take(pa.array(SCENARIOS), answers["scenario"]),
            "query": _take(names.queries, answers["query"]),
            "filter": pa.nulls(n, pa.string()),
            "version": pa.array([VERSION]).take(np.zeros(n, np.int32)),
            "arms": names.arms.take(shoppers),
            "page_of": _take(day.requests, answers["page_of"]),
            "slots": _slots(answers, names),
        },
        schema=SHOWN_SCHEMA,
    )
    return table.take(order)


def _take(values: pa.Array, places: npt.NDArray[np.integer[Any]]) -> pa.Array:
    """The values at these places; null at -1."""
    return values.take(pa.array(places, pa.int32(), mask=places < 0))


def _moments(microseconds: npt.NDArray[np.int64]) -> pa.Array:
    return pa.array(microseconds).cast(pa.timestamp("us", tz="UTC"))


def _surfaces(events: dict[str, Column], answers: dict[str, Column]) -> pa.Array:
    """Where the list stood; for what is done on a product or in the cart, that page."""
    known = sorted({*_SURFACES, *_OWN_SURFACE.values(), "account"})
    of_scenario = np.array([known.index(name) for name in _SURFACES], np.int32)
    of_event = np.full(len(EVENT_NAMES), -1, np.int32)
    for name, surface in {**_OWN_SURFACE, "remove_from_cart": "cart", "add_to_wishlist": "product"}.items():
        of_event[EVENT[name]] = known.index(surface)
    of_event[[EVENT["login"], EVENT["refund"]]] = known.index("account")
    own = of_event[events["event"]]
    scenario = answers["scenario"][np.maximum(events["answer"], 0)] if len(answers["scenario"]) else own
    listed = np.where(events["answer"] >= 0, of_scenario[scenario], -1)
    return _take(pa.array(known), np.where(own >= 0, own, listed))


def _lines(day: Day, events: dict[str, Column], names: Names) -> pa.Array:
    """``items`` of impressions (the slots seen) and of orders (their lines); null for other events."""
    n = len(events["event"])
    impression = events["event"] == EVENT["impression"]
    ordered = np.isin(events["event"], _ORDERS)
    sizes = np.zeros(n, np.int64)
    sizes[impression] = day.answers["depth"][events["answer"][impression]]
    begin = day.orders.begin
    sizes[ordered] = (begin[1:] - begin[:-1])[events["order"][ordered]]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    event = np.repeat(np.arange(n), sizes)
    place = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
    seen = impression[event]
    rows = np.empty(len(event), np.int32)
    answer = events["answer"][event[seen]]
    rows[seen] = day.answers["rows"][answer, place[seen]]
    line = begin[events["order"][event[~seen]]] + place[~seen]
    rows[~seen] = day.orders.rows[line]
    positions = np.zeros(len(event), np.int32)
    positions[seen] = day.answers["begin"][answer] + place[seen] + 1
    quantities = np.zeros(len(event), np.int32)
    quantities[~seen] = day.orders.quantities[line]
    lines = pa.StructArray.from_arrays(
        [
            names.items.take(pa.array(rows)),
            pa.array(positions, pa.int32(), mask=~seen),
            pa.array(names.prices[rows], pa.int64(), mask=seen),
            pa.array(quantities, pa.int32(), mask=seen),
        ],
        fields=list(EVENT_SCHEMA.field("items").type.value_type),
    )
    empty = pa.array(~(impression | ordered))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), lines, mask=empty)


def _values(orders: Orders, order: Column, prices: npt.NDArray[np.int64]) -> pa.Array:
    """What each order is worth; null for events without one."""
    worth = np.concatenate([[0], np.cumsum(prices[orders.rows] * orders.quantities)])
    values = worth[orders.begin[1:]] - worth[orders.begin[:-1]]
    padded = np.concatenate([values, [0]])  # place -1: no order
    return pa.array(padded[order], pa.int64(), mask=order < 0)


def _slots(answers: dict[str, Column], names: Names) -> pa.Array:
    answer, place = np.nonzero(answers["rows"] >= 0)
    kind = SHOWN_SCHEMA.field("slots").type.value_type
    slots = pa.StructArray.from_arrays(
        [
            names.items.take(pa.array(answers["rows"][answer, place])),
            pa.array((answers["begin"][answer] + place + 1).astype(np.int32)),
            _take(pa.array(SOURCES), answers["sources"][answer, place]),
            pa.nulls(len(answer), pa.string()),
            pa.array(answers["scores"][answer, place].astype(np.float32)),
            pa.array(answers["propensities"][answer, place].astype(np.float32)),
            pa.nulls(len(answer), kind.field("features").type),
        ],
        fields=list(kind),
    )
    offsets = np.concatenate([[0], np.cumsum((answers["rows"] >= 0).sum(1))])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), slots)
