"""The last actions of a shopper: one row, read for every personal answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, select

from indexing.contracts.events import Event
from indexing.journal.database import Database, chunks
from indexing.journal.tables import RECENT

MOST = 100


class Action(msgspec.Struct, frozen=True, array_like=True):
    """One thing that a shopper did with one product, or asked.

    Fields are only ever added, at the end and with a default: rows written before keep their meaning.

    Attributes:
        event: name of the event; never ``impression``, which is what we did, nor ``login``.
        timestamp: the sender's, or ours where the sender's clock is plainly wrong; UTC.
        item_id: None for a search.
        query: as typed.
        session_id: the sender's.
        quantity: of a cart or a purchase.
    """

    event: str
    timestamp: datetime
    item_id: str | None = None
    query: str | None = None
    session_id: str | None = None
    quantity: int | None = None


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[Action, ...]).decode
_ONE = select(RECENT.c.body).where(RECENT.c.shopper == bindparam("shopper"))
_SOME = select(RECENT.c.shopper, RECENT.c.body).where(
    RECENT.c.shopper.in_(bindparam("shoppers", expanding=True))
)
_UPDATE = RECENT.update().where(RECENT.c.shopper == bindparam("key")).values(body=bindparam("content"))
_NOT_DONE = frozenset({"impression", "login"})


def actions_of(event: Event, timestamp: datetime) -> tuple[Action, ...]:
    """What an event adds, an action for each product, the last product first.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 22, tzinfo=UTC)
    >>> actions_of(Event("impression", now, item_id="a"), now)
    ()
    """
    if event.event in _NOT_DONE:
        return ()

    def action(item_id: str | None, quantity: int | None) -> Action:
        return Action(event.event, timestamp, item_id, event.query, event.session_id, quantity)

    if event.item_id is not None:
        return (action(event.item_id, None),)
    if event.items:
        return tuple(action(line.item_id, line.quantity) for line in reversed(event.items))
    return (action(None, None),) if event.query else ()


def merged(newer: Iterable[Action], older: Iterable[Action]) -> tuple[Action, ...]:
    """Both, newest first, equal times in the order given, at most :data:`MOST`."""
    return tuple(sorted((*newer, *older), key=lambda action: action.timestamp, reverse=True)[:MOST])


def read(database: Database, shopper: str) -> tuple[Action, ...]:
    """The last actions of a shopper, newest first; empty when nothing is known."""
    with database.read() as connection:
        body = connection.execute(_ONE, {"shopper": shopper}).scalar_one_or_none()
    return () if body is None else _decode(body)


def change(connection: Connection, added: Mapping[str, list[Action]], moved: Mapping[str, str]) -> None:
    """Add actions, in the caller's transaction.

    Args:
        added: actions by shopper, the last to arrive last.
        moved: shoppers whose row goes over into another's: old → new.
    """
    names = {*added, *moved, *moved.values()}
    before = {
        shopper: _decode(body)
        for chunk in chunks(sorted(names))
        for shopper, body in connection.execute(_SOME, {"shoppers": chunk})
    }
    after = {
        shopper: merged(reversed(actions), before.get(shopper, ())) for shopper, actions in added.items()
    }
    for old, new in moved.items():
        after[new] = merged(after.get(new, before.get(new, ())), after.pop(old, before.get(old, ())))
    gone = [old for old in moved if old in before]
    if gone:
        connection.execute(RECENT.delete().where(RECENT.c.shopper.in_(gone)))
    _save(connection, {s: actions for s, actions in after.items() if actions}, known=before.keys())


def _save(connection: Connection, rows: Mapping[str, tuple[Action, ...]], known: Iterable[str]) -> None:
    known = set(known)
    new = [{"shopper": s, "body": _encode(actions)} for s, actions in rows.items() if s not in known]
    old = [{"key": s, "content": _encode(actions)} for s, actions in rows.items() if s in known]
    if new:
        connection.execute(RECENT.insert(), new)
    if old:
        connection.execute(_UPDATE, old)
