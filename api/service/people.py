"""Who is looking: the shopper behind the ids of a request, and what they did last."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from api.lane import Lane
from api.service.context import Context
from api.tokens import user_is_signed
from api.types.shared import Note, Visitor
from indexing.contracts.errors import InputError, JournalError
from indexing.journal import Action

PATIENCE_SECONDS = 0.25
"""How long an answer waits for somebody new to be written down."""


class PeopleStore(Protocol):
    """The part of ``journal.people`` that is needed here."""

    def shopper_async(self, client_id: str | None, user_id: str | None) -> Future[str]: ...


class RecentStore(Protocol):
    """The part of ``journal.events`` that is needed here."""

    def recent(self, shopper: str) -> tuple[Action, ...]: ...


@dataclass(frozen=True, slots=True)
class Person:
    """Who is looking, as far as they let us know.

    Attributes:
        shopper: None for somebody unknown or without consent.
        client_id: a unit of experiments; None without consent.
        actions: newest first; empty when the answer shall not be personal.
    """

    shopper: str | None = None
    client_id: str | None = None
    actions: tuple[Action, ...] = ()
    notes: tuple[Note, ...] = ()


class People:
    """Finds shoppers, in a lane of its own so that the disk never keeps an engine waiting.

    Args:
        secret: signs the names of users.
    """

    def __init__(
        self,
        people: PeopleStore,
        events: RecentStore,
        lane: Lane,
        *,
        secret: bytes,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._people = people
        self._events = events
        self._lane = lane
        self._secret = secret
        self._clock = clock

    async def find(self, visitor: Visitor, context: Context, *, personal: bool) -> Person:
        """The person behind a request. Somebody new is remembered, so that the next request is theirs.

        A journal that cannot answer makes the answer impersonal, with a note, and does not stop it.

        Raises:
            InputError: ``unsigned_user``: a browser names a user without a token.
        """
        self.check_user(visitor.user_id, visitor.user_token, context)
        if not visitor.consent or (visitor.client_id is None and visitor.user_id is None):
            return Person()
        try:
            found = await self._lane.run(lambda: self._known(visitor, personal))
            if isinstance(found, Person):
                return found
            remembered = asyncio.wrap_future(found)
            await asyncio.wait({remembered}, timeout=PATIENCE_SECONDS)
            if not remembered.done():
                remembered.add_done_callback(lambda late: late.exception())  # it is written even so
                return _unknown(visitor, "the journal is slow now: the answer is not personal")
            shopper = remembered.result()
            actions = await self._lane.run(lambda: self._events.recent(shopper)) if personal else ()
        except JournalError:
            return _unknown(visitor, "the journal cannot be used now: the answer is not personal")
        return Person(shopper, visitor.client_id, actions)

    def check_user(self, user_id: str | None, token: str | None, context: Context) -> None:
        """Whether this caller may speak for this user.

        Raises:
            InputError: ``unsigned_user``.
        """
        if user_id is None or context.trusted:
            return
        if not user_is_signed(self._secret, user_id, token, now=self._clock()):
            what = "has expired or is not for this user" if token else "is missing"
            raise InputError(
                f"user_token {what}; a browser may name a user_id only with a token signed by the shop",
                field="user_id",
                code="unsigned_user",
            )

    def _known(self, visitor: Visitor, personal: bool) -> Person | Future[str]:
        """In the lane: everything at once for somebody known, else the writing that makes them so."""
        future = self._people.shopper_async(visitor.client_id, visitor.user_id)
        if not future.done():
            return future
        shopper = future.result()
        return Person(shopper, visitor.client_id, self._events.recent(shopper) if personal else ())


def _unknown(visitor: Visitor, detail: str) -> Person:
    return Person(client_id=visitor.client_id, notes=(Note("history_unavailable", detail),))
