"""What arrives, written in groups: people found, repeats dropped, events and recent actions stored.

One transaction does all of it, so that an event, its shopper and the next answer can never disagree.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import compress
from typing import Literal

import msgspec
from sqlalchemy import Connection, bindparam, select

from indexing.contracts.errors import InputError
from indexing.contracts.events import Event
from indexing.journal import recent
from indexing.journal.checks import check_id, encoded
from indexing.journal.database import Database, chunks
from indexing.journal.identities import Directory, Pair, check_ids
from indexing.journal.recent import Action
from indexing.journal.tables import EVENTS
from indexing.journal.times import micros, trusted

Outcome = Literal["accepted", "duplicate", "rejected"]

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Event).decode
_REPEATED = select(EVENTS.c.event_id).where(EVENTS.c.event_id.in_(bindparam("event_ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event at the journal's door.

    Attributes:
        received_at: our clock, aware; gives the day of the export.
        origin: ``api``, ``import`` or ``simulate``; only the clock of ``api`` is doubted.
    """

    event: Event
    received_at: datetime
    origin: str = "api"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event as it will be stored; made in the caller's thread, so that what cannot be stored is the
    caller's error and nobody else's."""

    event_id: str
    received_at: int
    origin: str
    pair: Pair | None
    body: bytes
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A job of the writer: ``pairs`` to be found or made, ``events`` to be stored."""

    pairs: tuple[Pair, ...] = ()
    events: tuple[Prepared, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.pairs) + len(self.events)


@dataclass(frozen=True, slots=True)
class Written:
    """A shopper for each pair, and for each event whether it was new."""

    shoppers: tuple[str, ...]
    fresh: tuple[bool, ...]


def prepare(incoming: Incoming) -> Prepared:
    """Check and encode one event.

    Without consent nothing that leads to the person is kept: neither shopper, session nor order.

    Raises:
        InputError: a value that the contract does not allow, a text that is no Unicode text (lone
            surrogates, NUL in an id), a number of more than 64 bits, a time outside the years 1 to 9999,
            neither client nor user.
    """
    event = incoming.event
    pair = Pair(event.client_id, event.user_id)
    check_ids(pair)
    check_id("event_id", event.event_id)
    timestamp = _utc(event.timestamp)
    bare = {"timestamp": timestamp, "event_id": None, "client_id": None, "user_id": None}
    if not event.consent:
        bare |= {"session_id": None, "order_id": None}
    stored = msgspec.structs.replace(event, **bare)
    ordered = trusted(timestamp, incoming.received_at) if incoming.origin == "api" else timestamp
    return Prepared(
        event_id=event.event_id or secrets.token_hex(16),
        received_at=micros(incoming.received_at),
        origin=incoming.origin,
        pair=pair if event.consent else None,
        body=encoded(stored, _encode, _decode),
        actions=recent.actions_of(event, ordered) if event.consent else (),
    )


def write(database: Database, batches: Sequence[Batch]) -> list[Written]:
    """Commit a group; the commit function of the writer."""
    with database.write() as connection:
        fresh = _fresh(connection, [event for batch in batches for event in batch.events])
        flags = iter(fresh)
        taken = [tuple(next(flags) for _ in batch.events) for batch in batches]
        work = list(zip(batches, taken, strict=True))
        directory = Directory(connection, [pair for batch, kept in work for pair in _pairs(batch, kept)])
        rows: list[dict[str, object]] = []
        added: defaultdict[str, list[Action]] = defaultdict(list)
        written = []
        for batch, kept in work:
            written.append(Written(tuple(directory.shopper(pair) for pair in batch.pairs), kept))
            for event in compress(batch.events, kept):
                shopper = directory.shopper(event.pair) if event.pair else None
                rows.append(_row(event, shopper))
                if shopper is not None:
                    added[shopper] += reversed(event.actions)
        directory.save(connection)
        if rows:
            connection.execute(EVENTS.insert(), rows)
        recent.change(connection, {s: actions for s, actions in added.items() if actions}, directory.joined)
        return written


def _fresh(connection: Connection, events: Sequence[Prepared]) -> list[bool]:
    """For each event whether its id is new, in the journal and among those before it."""
    seen: set[str] = set()
    for chunk in chunks(sorted({event.event_id for event in events})):
        seen.update(connection.execute(_REPEATED, {"event_ids": chunk}).scalars())
    fresh = []
    for event in events:
        fresh.append(event.event_id not in seen)
        seen.add(event.event_id)
    return fresh


def _pairs(batch: Batch, kept: Sequence[bool]) -> list[Pair]:
    return [*batch.pairs, *(event.pair for event in compress(batch.events, kept) if event.pair)]


def _row(event: Prepared, shopper: str | None) -> dict[str, object]:
    return {
        "event_id": event.event_id,
        "received_at": event.received_at,
        "shopper": shopper,
        "origin": event.origin,
        "body": event.body,
    }


def _utc(timestamp: datetime) -> datetime:
    try:
        return timestamp.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise InputError(
            "timestamp must be in the years 1 to 9999 UTC", field="timestamp", code="wrong_type"
        ) from error
