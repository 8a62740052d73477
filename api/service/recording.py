"""Events: each read alone, good ones stored before the answer, bad ones named in it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from api.metrics import Metrics
from api.service.context import Context
from api.service.people import People
from api.types import EventsAnswer, RejectedEvent
from indexing.contracts.errors import InputError
from indexing.contracts.faults import printable, shown
from indexing.contracts.reading import read_event
from indexing.contracts.shop import Shop
from indexing.journal import Incoming, Receipt

MOST_EVENTS = 1000


class EventStore(Protocol):
    """The part of ``journal.events`` that is needed here."""

    def append_async(self, events: Sequence[Incoming]) -> Future[Receipt]: ...


@dataclass(frozen=True, slots=True)
class Envelope:
    """A batch as it came.

    Attributes:
        key: of a beacon, in the place of the header.
        user_token: for the ``user_id`` of these events.
    """

    events: list[Any]
    key: str | None = None
    user_token: str | None = None


def open_envelope(payload: object) -> Envelope:
    """A list of events, an object with ``events``, or one event.

    Raises:
        InputError: anything else, or more than a thousand.
    """
    if isinstance(payload, list):
        return _bounded(Envelope(payload))
    if not isinstance(payload, dict):
        detail = (
            f"the body is {shown(payload)}; expected an event, a list of events, or an object with events"
        )
        raise InputError(detail, code="wrong_type")
    given = dict(payload)
    key, token = _text(given, "key"), _text(given, "user_token")
    if "events" not in given:
        return Envelope([given], key, token)
    events = given.pop("events")
    if given:
        name = printable(sorted(given)[0])
        raise InputError(
            f"{name} is not known beside events; expected key or user_token",
            field=name,
            code="unknown_field",
        )
    if not isinstance(events, list):
        detail = f"events is {shown(events)}; expected a list"
        raise InputError(detail, field="events", code="wrong_type")
    return _bounded(Envelope(events, key, token))


def _text(given: dict[str, Any], name: str) -> str | None:
    value = given.pop(name, None)
    if value is not None and not isinstance(value, str):
        raise InputError(f"{name} is {shown(value)}; expected text", field=name, code="wrong_type")
    return value


def _bounded(envelope: Envelope) -> Envelope:
    if len(envelope.events) > MOST_EVENTS:
        detail = f"the batch has {len(envelope.events)} events; expected at most {MOST_EVENTS}"
        raise InputError(detail, field="events", code="too_long")
    return envelope


class Recorder:
    """Takes batches in."""

    def __init__(self, store: EventStore, people: People, metrics: Metrics) -> None:
        self._store = store
        self._people = people
        self._metrics = metrics

    async def record(self, envelope: Envelope, shop: Shop, context: Context) -> EventsAnswer:
        """Store what is good; what is accepted is on the disk when this returns.

        Raises:
            JournalError: nothing of the batch was stored; send it again.
        """
        now = datetime.now(UTC)
        incoming: list[Incoming] = []
        places: list[int] = []
        rejected: list[RejectedEvent] = []
        for index, raw in enumerate(envelope.events):
            try:
                event = read_event(raw, shop)
                self._people.check_user(event.user_id, envelope.user_token, context)
            except InputError as error:
                rejected.append(_rejected(index, raw, error))
            else:
                incoming.append(Incoming(event, now))
                places.append(index)
        receipt = await asyncio.wrap_future(self._store.append_async(incoming)) if incoming else Receipt(())
        for place, fault in receipt.errors.items():
            rejected.append(_rejected(places[place], envelope.events[places[place]], fault))
        rejected.sort(key=lambda row: row.index)
        self._count(incoming, receipt, rejected)
        return EventsAnswer(receipt.accepted, receipt.duplicates, rejected)

    def _count(
        self, incoming: Sequence[Incoming], receipt: Receipt, rejected: Sequence[RejectedEvent]
    ) -> None:
        for one, outcome in zip(incoming, receipt.outcomes, strict=True):
            if outcome == "accepted":
                self._metrics.events.labels(one.event.event).inc()
        for row in rejected:
            self._metrics.rejected.labels(row.code).inc()


def _rejected(index: int, raw: object, error: InputError) -> RejectedEvent:
    event_id = raw.get("event_id") if isinstance(raw, dict) else None
    named = printable(event_id) if isinstance(event_id, str) else None
    return RejectedEvent(index, named, error.field, error.code, error.detail)
