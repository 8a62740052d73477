"""How the service stands: what it lacks, what it should have, and the numbers that are looked up."""

from __future__ import annotations

from pathlib import Path

from api.lane import Lane
from api.metrics import Metrics
from api.problems import Overloaded
from api.types.shared import Note
from api.views import Views
from indexing.contracts.errors import JournalError, SnapshotMissing
from indexing.journal import Journal
from indexing.keeper import keeper_alive, read_current


class Standing:
    """Of one worker.

    Args:
        engine: its queue.
        reading: where the journal is read.
        most_waiting: of the queue.
    """

    def __init__(
        self, home: Path, journal: Journal, views: Views, engine: Lane, reading: Lane, *, most_waiting: int
    ) -> None:
        self._home = home
        self._journal = journal
        self._views = views
        self._engine = engine
        self._reading = reading
        self._most_waiting = most_waiting

    async def missing(self) -> list[Note]:
        """What keeps this worker from answering everything; empty when it is ready."""
        notes = []
        if self._views.current is None:
            trouble = self._views.trouble or SnapshotMissing("nothing has been opened yet")
            notes.append(Note(trouble.code, str(trouble)))
        try:
            await self._reading.run(self._journal.events.last_sequence)
        except (JournalError, Overloaded) as error:
            notes.append(Note(error.code, str(error)))
        if self._engine.waiting >= self._most_waiting:
            notes.append(Note(Overloaded.code, f"{self._engine.waiting} requests are waiting"))
        return notes

    def hints(self) -> list[Note]:
        """What is not as it should be, though everything is answered."""
        trouble = self._views.trouble  # what is published cannot be opened: the one before is served on
        notes = [Note(trouble.code, str(trouble))] if trouble else []
        if not keeper_alive(self._home):
            notes.append(Note("keeper_missing", "no keeper runs: changes of the catalogue are not visible"))
        elif (current := read_current(self._home)) and current.trouble:
            notes.append(Note("not_live", current.trouble))  # what is published stays unread by workers
        return notes

    def measure(self, metrics: Metrics) -> None:
        """Set what is not counted but looked up; done at every look for a new view, in every worker."""
        metrics.shown_lost.set(self._journal.shown.lost)
        metrics.waiting.set(self._engine.waiting)
        metrics.opened.set(self._views.opened_at)
        if (view := self._views.current) is not None:
            metrics.catalogue_seq.set(view.catalogue.catalogue_seq)
