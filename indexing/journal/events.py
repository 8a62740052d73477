"""Events: taken in durably, and what a shopper did last."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from sqlalchemy import func, select

from indexing.contracts.errors import InputError
from indexing.journal import recent
from indexing.journal.database import Database
from indexing.journal.intake import Batch, Incoming, Outcome, Prepared, Written, prepare
from indexing.journal.recent import Action
from indexing.journal.tables import EVENTS
from indexing.journal.writer import GroupWriter


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch; when it is there, the batch is on the disk.

    Attributes:
        outcomes: one for each event, in the order given.
        errors: why an event was rejected, by its index.
    """

    outcomes: tuple[Outcome, ...]
    errors: dict[int, InputError] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        return self.outcomes.count("accepted")

    @property
    def duplicates(self) -> int:
        return self.outcomes.count("duplicate")


class Events:
    """The events of the last thirty days, and the recent actions of every shopper."""

    def __init__(self, database: Database, writer: GroupWriter[Batch, Written]) -> None:
        self._database = database
        self._writer = writer

    def append(self, events: Sequence[Incoming]) -> Receipt:
        """Store a batch; returns when it is on the disk.

        An ``event_id`` that is in the journal already, from any process, is a duplicate and changes
        nothing. An event that cannot be stored is rejected, the others are taken.

        Raises:
            JournalError: nothing of the batch was stored; send it again.
        """
        return self.append_async(events).result()

    def append_async(self, events: Sequence[Incoming]) -> Future[Receipt]:
        """:meth:`append` without waiting: the future's result is the receipt.

        Raises:
            JournalError: too much is waiting already, or the journal was closed.
        """
        prepared, errors = _prepared(events)
        answer: Future[Receipt] = Future()
        answer.set_running_or_notify_cancel()
        if not prepared:
            answer.set_result(_receipt(len(events), (), errors))
            return answer

        def finish(done: Future[Written]) -> None:
            error = done.exception()
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(_receipt(len(events), done.result().fresh, errors))

        self._writer.submit(Batch(events=tuple(prepared))).add_done_callback(finish)
        return answer

    def recent(self, shopper: str) -> tuple[Action, ...]:
        """The last actions of a shopper, newest first, at most 100; empty for an unknown one."""
        return recent.read(self._database, shopper)

    def count(self) -> int:
        """Events in the journal; older ones are in Parquet alone."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(EVENTS)).scalar_one()

    def last_sequence(self) -> int:
        """Number of the newest event, 0 when there is none."""
        with self._database.read() as connection:
            return connection.execute(select(func.max(EVENTS.c.sequence))).scalar_one() or 0


def _prepared(events: Sequence[Incoming]) -> tuple[list[Prepared], dict[int, InputError]]:
    prepared = []
    errors = {}
    for index, incoming in enumerate(events):
        try:
            prepared.append(prepare(incoming))
        except InputError as error:
            errors[index] = error
    return prepared, errors


def _receipt(size: int, fresh: Sequence[bool], errors: dict[int, InputError]) -> Receipt:
    flags = iter(fresh)
    outcomes: list[Outcome] = []
    for index in range(size):
        if index in errors:
            outcomes.append("rejected")
        else:
            outcomes.append("accepted" if next(flags) else "duplicate")
    return Receipt(tuple(outcomes), errors)
