"""Who is who: raw ids to shoppers, and what a login does to them.

* A client that nobody has seen is a new shopper; so is a user.
* A user's shopper is the user's for good. A client's shopper is whoever used the client last.
* A login on a client without a user makes the client's shopper the user's: what was done before stays.
* A login of a user who has a shopper already joins the client's to it from then on: the client now
  points to the user's shopper, the recent actions of both become the user's, and the join is noted.
  Stored events keep the shopper that they were stored with.
* A client whose shopper belongs to another user (a shared device) only points elsewhere: two users
  are never joined.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from indexing.contracts.errors import InputError
from indexing.journal.checks import check_id
from indexing.journal.database import chunks
from indexing.journal.tables import IDENTITIES, JOINS
from indexing.journal.times import now_micros

CLIENT = "client"
USER = "user"
Key = tuple[str, str]
"""Kind and raw id."""


class Pair(NamedTuple):
    """The ids that came with a request or an event."""

    client_id: str | None
    user_id: str | None

    def named(self) -> list[Key]:
        both = ((CLIENT, self.client_id), (USER, self.user_id))
        return [(kind, raw) for kind, raw in both if raw is not None]


def check_ids(pair: Pair) -> None:
    """Raises: InputError, when there is no id, or one that no database keeps."""
    if not pair.named():
        raise InputError("a client_id or a user_id is needed", field="client_id", code="missing")
    check_id("client_id", pair.client_id)
    check_id("user_id", pair.user_id)


_KNOWN = select(IDENTITIES.c.id, IDENTITIES.c.shopper).where(
    IDENTITIES.c.kind == bindparam("of_kind"), IDENTITIES.c.id.in_(bindparam("ids", expanding=True))
)
OWNED = select(IDENTITIES.c.shopper).where(
    IDENTITIES.c.kind == USER, IDENTITIES.c.shopper.in_(bindparam("shoppers", expanding=True))
)
_POINT = (
    IDENTITIES.update()
    .where(IDENTITIES.c.kind == bindparam("of_kind"), IDENTITIES.c.id == bindparam("of_id"))
    .values(shopper=bindparam("to"))
)


class Directory:
    """The part of the map that one group needs, changed in memory and saved at the end.

    Args:
        pairs: all that will be asked for.
    """

    def __init__(self, connection: Connection, pairs: Iterable[Pair]) -> None:
        asked: dict[str, set[str]] = {CLIENT: set(), USER: set()}
        for pair in pairs:
            for kind, raw in pair.named():
                asked[kind].add(raw)
        self._before: dict[Key, str] = {
            (kind, raw): shopper
            for kind, ids in asked.items()
            for chunk in chunks(sorted(ids))
            for raw, shopper in connection.execute(_KNOWN, {"of_kind": kind, "ids": chunk})
        }
        self._now = dict(self._before)
        # only a login asks whose a client is
        known = sorted(set(self._before.values())) if asked[USER] else []
        self._owned = {
            shopper
            for chunk in chunks(known)
            for shopper in connection.execute(OWNED, {"shoppers": chunk}).scalars()
        }
        self.joined: dict[str, str] = {}
        """Shoppers that ended in this group: old → the user's."""

    def shopper(self, pair: Pair) -> str:
        """Find or make the shopper of a pair that has at least one id."""
        client = (CLIENT, pair.client_id) if pair.client_id is not None else None
        user = (USER, pair.user_id) if pair.user_id is not None else None
        assert client or user
        found = self._now.get(client) if client else None
        if user is None:
            shopper = found or _random()
        elif user in self._now:
            shopper = self._now[user]
            if found and found != shopper and found not in self._owned:
                self.joined[found] = shopper
        else:
            shopper = found if found and found not in self._owned else _random()
            self._now[user] = shopper
            self._owned.add(shopper)
        if client:
            self._now[client] = shopper
        return shopper

    def save(self, connection: Connection) -> None:
        """Write what changed, in the caller's transaction."""
        changed = {key: to for key, to in self._now.items() if self._before.get(key) != to}
        new = [(key, to) for key, to in changed.items() if key not in self._before]
        old = [(key, to) for key, to in changed.items() if key in self._before]
        if new:
            rows = [{"kind": kind, "id": raw, "shopper": to} for (kind, raw), to in new]
            connection.execute(IDENTITIES.insert(), rows)
        if old:
            connection.execute(
                _POINT, [{"of_kind": kind, "of_id": raw, "to": to} for (kind, raw), to in old]
            )
        if self.joined:
            now = now_micros()
            rows_joined = [{"old": old, "shopper": to, "joined_at": now} for old, to in self.joined.items()]
            connection.execute(JOINS.insert(), rows_joined)


def _random() -> str:
    return secrets.token_hex(16)
