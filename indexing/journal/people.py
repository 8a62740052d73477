"""The map from raw ids to shoppers: found, made, joined by a login, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, or_, select

from indexing.journal.checks import check_id
from indexing.journal.database import Database
from indexing.journal.identities import CLIENT, OWNED, USER, Pair, check_ids
from indexing.journal.intake import Batch, Written
from indexing.journal.tables import EVENTS, IDENTITIES, JOINS, RECENT, SHOWN
from indexing.journal.writer import GroupWriter

_FIND = select(IDENTITIES.c.shopper).where(
    IDENTITIES.c.kind == bindparam("kind"), IDENTITIES.c.id == bindparam("raw")
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure removed.

    Attributes:
        shoppers: the random ids that the person had.
        complete: False: a reader still held the log that has the bytes; erase again later.
    """

    shoppers: tuple[str, ...]
    ids: int
    events: int
    shown: int
    complete: bool


class People:
    """See :mod:`indexing.journal.identities` for the rules."""

    def __init__(self, events: Database, shown: Database, writer: GroupWriter[Batch, Written]) -> None:
        self._events = events
        self._shown = shown
        self._writer = writer

    def find(self, client_id: str | None, user_id: str | None) -> str | None:
        """The shopper as of now; writes nothing.

        The user's, where the user is known; else the client's, unless a user is named and the client's
        shopper is another user's. None when nobody knows the ids.

        Raises:
            InputError: an id that is no text.
        """
        check_id("client_id", client_id)
        check_id("user_id", user_id)
        with self._events.read() as connection:
            user = _one(connection, USER, user_id)
            if user is not None:
                return user
            client = _one(connection, CLIENT, client_id)
            if client is not None and user_id is not None and _is_users(connection, client):
                return None
            return client

    def shopper(self, client_id: str | None, user_id: str | None) -> str:
        """Find or make the shopper; joins the two where a login calls for it. Waits for the disk when
        something changes.

        Raises:
            InputError: neither id, or an id that is no text.
            JournalError: it cannot be written now.
        """
        return self.shopper_async(client_id, user_id).result()

    def shopper_async(self, client_id: str | None, user_id: str | None) -> Future[str]:
        """:meth:`shopper` as a future; done at once when nothing needs to be written."""
        pair = Pair(client_id, user_id)
        check_ids(pair)
        settled = self._settled(pair)
        answer: Future[str] = Future()
        answer.set_running_or_notify_cancel()
        if settled is not None:
            answer.set_result(settled)
            return answer
        written = self._writer.submit(Batch(pairs=(pair,)))
        written.add_done_callback(lambda done: _pass_on(done, answer))
        return answer

    def shoppers(self, pairs: Sequence[tuple[str | None, str | None]]) -> tuple[str, ...]:
        """:meth:`shopper` of many ``(client_id, user_id)``, in their order and in one transaction."""
        named = tuple(Pair(*pair) for pair in pairs)
        for pair in named:
            check_ids(pair)
        return self._writer.submit(Batch(pairs=named)).result().shoppers

    def erase(self, *, client_id: str | None = None, user_id: str | None = None) -> Erasure:
        """Forget the person behind an id: every id that leads to the same shopper, what joined it, the
        recent actions, and what the journal still holds of events and shown lists. Exported days are
        not touched. An id that nobody knows erases nothing.

        Raises:
            InputError: neither id.
            JournalError: it cannot be done now; what was done stays done, so repeat it.
        """
        check_ids(Pair(client_id, user_id))
        with self._events.read() as connection:
            shoppers = _all_shoppers(connection, Pair(client_id, user_id))
        if not shoppers:
            return Erasure((), 0, 0, 0, complete=True)
        # the map goes last: should this be cut short, the person can still be found and it be repeated
        with self._shown.write() as connection:
            shown = connection.execute(SHOWN.delete().where(SHOWN.c.shopper.in_(shoppers))).rowcount
        with self._events.write() as connection:
            shoppers |= _all_shoppers(connection, Pair(client_id, user_id))
            events = connection.execute(EVENTS.delete().where(EVENTS.c.shopper.in_(shoppers))).rowcount
            connection.execute(RECENT.delete().where(RECENT.c.shopper.in_(shoppers)))
            connection.execute(JOINS.delete().where(JOINS.c.shopper.in_(shoppers)))
            ids = connection.execute(IDENTITIES.delete().where(IDENTITIES.c.shopper.in_(shoppers))).rowcount
        complete = self._shown.truncate_log() and self._events.truncate_log()
        return Erasure(tuple(sorted(shoppers)), ids, events, shown, complete)

    def _settled(self, pair: Pair) -> str | None:
        """The shopper when both ids that were given already lead to it."""
        with self._events.read() as connection:
            client = _one(connection, CLIENT, pair.client_id)
            user = _one(connection, USER, pair.user_id)
        if pair.client_id is not None and pair.user_id is not None:
            return user if user == client else None
        return client or user


def _one(connection: Connection, kind: str, raw: str | None) -> str | None:
    if raw is None:
        return None
    found: str | None = connection.execute(_FIND, {"kind": kind, "raw": raw}).scalar_one_or_none()
    return found


def _is_users(connection: Connection, shopper: str) -> bool:
    return connection.execute(OWNED, {"shoppers": [shopper]}).first() is not None


def _all_shoppers(connection: Connection, pair: Pair) -> set[str]:
    """The shoppers that the ids lead to, and those that a login joined to them."""
    found = {shopper for kind, raw in pair.named() if (shopper := _one(connection, kind, raw)) is not None}
    joined = select(JOINS.c.old).where(or_(JOINS.c.shopper.in_(found), JOINS.c.old.in_(found)))
    return found | set(connection.execute(joined).scalars())


def _pass_on(done: Future[Written], answer: Future[str]) -> None:
    error = done.exception()
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(done.result().shoppers[0])
