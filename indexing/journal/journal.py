"""The journal: everything about a shop that is not derived, in four files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from indexing.contracts.errors import JournalError
from indexing.contracts.events import EVENT_SCHEMA
from indexing.contracts.shown import SHOWN_SCHEMA
from indexing.journal import arrow, export, intake, tables
from indexing.journal.catalogue import CatalogueTable
from indexing.journal.control import Control
from indexing.journal.database import Database
from indexing.journal.events import Events
from indexing.journal.export import KEEP, Exported, Log
from indexing.journal.intake import Batch, Written
from indexing.journal.people import People
from indexing.journal.shown import ShownLog
from indexing.journal.times import micros
from indexing.journal.writer import Grouping, GroupWriter

FOLDER = "journal"


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote of each log."""

    events: Exported
    shown: Exported


@dataclass(frozen=True, slots=True)
class PruneReport:
    """How many rows left the journal; they are in Parquet."""

    events: int
    shown: int


class Journal:
    """One per process; threads share it. Each file is opened when it is first used.

    Attributes:
        people: raw ids to shoppers.
        events: what shoppers did.
        shown: what they were shown.
        catalogue: what the shop sells.
        control: what is published, and who may call.
    """

    def __init__(self, home: Path, *, create: bool) -> None:
        folder = home / FOLDER
        events = Database(folder, tables.EVENTS_SCHEMA, synchronous="FULL", create=create)
        # a power cut may take the last shown lists, which nobody was promised
        shown = Database(folder, tables.SHOWN_SCHEMA, synchronous="NORMAL", create=create)
        catalogue = Database(folder, tables.CATALOGUE_SCHEMA, synchronous="FULL", create=create)
        control = Database(folder, tables.CONTROL_SCHEMA, synchronous="FULL", create=create)
        self.home = home
        self._databases = (events, shown, catalogue, control)
        self._writer: GroupWriter[Batch, Written] = GroupWriter(
            "journal-events",
            lambda batches: intake.write(events, batches),
            size=lambda batch: batch.rows,
            grouping=Grouping(),
        )
        self.people = People(events, shown, self._writer)
        self.events = Events(events, self._writer)
        self.shown = ShownLog(shown)
        self.catalogue = CatalogueTable(catalogue)
        self.control = Control(control)
        self._events_log = Log(
            events,
            tables.EVENTS,
            tables.EVENTS_EXPORT,
            home / "events",
            tables.EVENTS.c.received_at,
            EVENT_SCHEMA,
            arrow.events_table,
        )
        self._shown_log = Log(
            shown,
            tables.SHOWN,
            tables.SHOWN_EXPORT,
            home / "shown",
            tables.SHOWN.c.served_at,
            SHOWN_SCHEMA,
            arrow.shown_table,
        )

    def export(self, until: int | None = None) -> ExportReport:
        """Copy events and shown lists to Parquet days, each row exactly once.

        Args:
            until: number of the last event to copy; None: all that is there now. Shown lists are
                always copied up to the newest.

        Raises:
            JournalError: another export runs, or it cannot be written. Run it again.
        """
        self.shown.flush()
        return ExportReport(export.export(self._events_log, until), export.export(self._shown_log))

    def prune(self, *, now: datetime | None = None, keep: timedelta = KEEP) -> PruneReport:
        """Delete exported rows that are older than ``keep``. An event that is sent again after that is
        taken as new."""
        before = micros((now or datetime.now(UTC)) - keep)
        return PruneReport(export.prune(self._events_log, before), export.prune(self._shown_log, before))

    def close(self) -> None:
        """Write what is queued and close the files."""
        self._writer.close()
        self.catalogue.close()
        self.shown.close()
        for database in self._databases:
            database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_journal(home: Path, *, create: bool = True) -> Journal:
    """The journal of a shop.

    Args:
        home: the shop's folder; the journal is its ``journal/``.
        create: make what is missing. False: a missing folder is an error now, a missing file when it is
            first used.

    Raises:
        JournalError: ``create`` is False and there is none.
    """
    if not create and not (home / FOLDER).is_dir():
        raise JournalError(f"there is no journal in {home}: import items or generate a demo shop first")
    return Journal(home, create=create)
