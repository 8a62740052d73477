"""What shoppers did before a day and what they bought first from it on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from indexing.contracts.events import EVENT_SCHEMA
from recsys.taste import EVENT_WEIGHTS

LATEST = 100
"""Actions of a shopper that serving keeps."""
_READ = (*EVENT_WEIGHTS, "remove_from_cart", "refund", "dislike")


@dataclass(frozen=True, slots=True)
class Did:
    """One action, as recommendation reads it."""

    event: str
    item_id: str
    timestamp: datetime
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A shopper at the split.

    Attributes:
        actions: before it, newest first, at most a hundred.
        touched: all products touched before it.
        bought: products of the first order from it on.
    """

    shopper: str
    actions: tuple[Did, ...]
    touched: frozenset[str]
    bought: tuple[str, ...]


def cases(home: Path, shoppers: Collection[str], *, until: date) -> list[Case]:
    """Shoppers who touched something before ``until`` (midnight, UTC) and bought something after.

    Args:
        shoppers: whom to ask of; sorted in the answer.
    """
    split = datetime.combine(until, time(), UTC)
    rows = _rows(home)
    before: dict[str, list[Did]] = defaultdict(list)
    orders: dict[str, tuple[datetime, list[str]]] = {}
    wanted = set(shoppers)
    for row in rows:
        who, at = row["shopper"], row["timestamp"]
        if who not in wanted:
            continue
        items = [row["item_id"]] if row["item_id"] else [line["item_id"] for line in row["items"] or ()]
        if at < split:
            before[who] += [Did(row["event"], item, at) for item in items]
        elif row["event"] == "purchase" and (who not in orders or at < orders[who][0]):
            orders[who] = (at, items)
    return [_case(who, before[who], orders[who][1]) for who in sorted(orders) if before[who]]


def _case(who: str, did: list[Did], bought: list[str]) -> Case:
    newest = sorted(did, key=lambda one: one.timestamp, reverse=True)
    touched = frozenset(one.item_id for one in did)
    return Case(who, tuple(newest[:LATEST]), touched, tuple(dict.fromkeys(bought)))


def _rows(home: Path) -> list[dict[str, Any]]:
    files = sorted(str(path) for path in home.glob("events/day=*/*.parquet"))
    dataset = ds.dataset(files, schema=EVENT_SCHEMA.remove_metadata(), format="parquet")
    found: pa.Table = dataset.to_table(
        columns=["shopper", "event", "timestamp", "item_id", "items"], filter=ds.field("event").isin(_READ)
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows
