"""Shown lists: logged behind every answer, never waited for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future

import msgspec
from sqlalchemy import func, select

from indexing.contracts.errors import JournalError
from indexing.contracts.shown import Shown
from indexing.journal.checks import encoded
from indexing.journal.database import Database
from indexing.journal.dialect import insert_all
from indexing.journal.tables import SHOWN
from indexing.journal.times import micros
from indexing.journal.writer import Grouping, GroupWriter

GROUPING = Grouping(linger_s=0.08, rows=1000, queued_rows=20_000)
"""With the commit itself within 100 ms."""

_Row = tuple[int, str | None, bytes]

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Shown).decode
_log = logging.getLogger(__name__)


class ShownLog:
    """What was shown in the last thirty days.

    Attributes:
        lost: lists that could not be logged since the journal was opened: the queue was full, or the
            database refused them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counting = threading.Lock()
        self.lost = 0
        self._writer: GroupWriter[_Row, None] = GroupWriter(
            "journal-shown", self._commit, size=lambda _: 1, grouping=GROUPING
        )

    def log(self, shown: Shown) -> None:
        """Queue a list; it is on its way to the file within 100 ms. Never waits, never raises.

        It is encoded here, not in the writer's thread: there all that came in 80 ms would be, at once, and
        whatever page is being made would wait for it.
        """
        try:
            row = (micros(shown.served_at), shown.shopper, encoded(shown, _encode, _decode))
            self._writer.submit(row).add_done_callback(self._after)
        except JournalError:
            self._lose()
        except Exception as error:  # noqa: BLE001 - an answer must not fail for its log
            self._lose()
            _log.warning("a shown list could not be encoded and was lost: %s", error)

    def flush(self) -> None:
        """Wait until what was logged before is written or counted as lost."""
        self._writer.flush()

    def count(self) -> int:
        """Lists in the journal; older ones are in Parquet alone."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(SHOWN)).scalar_one()

    def last_sequence(self) -> int:
        """Number of the newest list, 0 when there is none."""
        with self._database.read() as connection:
            return connection.execute(select(func.max(SHOWN.c.sequence))).scalar_one() or 0

    def close(self) -> None:
        """Write what is queued."""
        self._writer.close()

    def _commit(self, rows: Sequence[_Row]) -> list[None]:
        try:
            with self._database.write_one() as connection:
                insert_all(connection, SHOWN, ("served_at", "shopper", "body"), rows)
        except JournalError as error:
            _log.warning("%d shown lists were lost: %s", len(rows), error)
            raise
        return [None] * len(rows)

    def _after(self, done: Future[None]) -> None:
        error = done.exception()
        if error is None:
            return
        self._lose()
        if not isinstance(error, JournalError):
            _log.warning("a shown list could not be written and was lost: %s", error)

    def _lose(self) -> None:
        with self._counting:
            self.lost += 1
