"""What every import does: items into the catalogue, events into their days, bad rows into the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from indexing.contracts.errors import ConfigError, InputError
from indexing.contracts.events import Event
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop, dump_shop, load_shop
from indexing.journal import Journal
from indexing.journal.files import replaced
from indexing.journal.states import Put
from offline.importers.event_days import EventDays, source_hash
from offline.importers.item_rows import Read
from offline.importers.report import Report

Progress = Callable[[str, int, int], None]


class Work:
    """One import under way.

    Args:
        home: the shop's folder.
        progress: called as ``progress(stage, done, total)``.
    """

    def __init__(self, home: Path, journal: Journal, report: Report, progress: Progress) -> None:
        self.home, self.report = home, report
        self._journal, self._progress = journal, progress

    def declare(self, shop: Shop) -> None:
        """Write the data set's own ``shop.toml``; a different one that is there stays, and is an error.

        Raises:
            ConfigError: it is in another currency.
        """
        path = self.home / "shop.toml"
        if not path.exists():
            with replaced(path) as temporary:
                temporary.write_text(dump_shop(shop), encoding="utf-8")
        elif load_shop(path).currency != shop.currency:
            raise ConfigError(
                f"{path} declares {load_shop(path).currency}, this data is in {shop.currency}: "
                "import it into a folder of its own (DAOGOU_HOME)",
                field="currency",
            )

    def put(self, rows: Iterable[tuple[str, Read]]) -> None:
        """Rows of products, each with the name of its file; later rows of an id replace earlier ones, which
        are reported."""
        self._journal.catalogue.load(self._good(rows))

    def load(self, items: Iterable[Item]) -> None:
        """Products that were gathered from many rows, each once."""
        self._journal.catalogue.load(self._counted(items))

    def days(self, file: Path, seen: set[bytes] | None = None) -> EventDays:
        """Where the events of a file go."""
        return EventDays(
            self.home / "events",
            source_hash(file),
            self._journal.people.shoppers,
            datetime.now(UTC),
            seen=seen,
        )

    def event(self, days: EventDays, source: str, number: int, event: Event | InputError) -> None:
        """Take the event of a row, or report the row."""
        self.read("Reading events")
        if isinstance(event, Event) and days.add(event):
            self.report.events += 1
            return
        error = (
            event
            if isinstance(event, InputError)
            else InputError(f"event_id {event.event_id!r} came before", field="event_id", code="duplicate")
        )
        self.report.drop(source, number, error)

    def read(self, stage: str) -> None:
        """A row was read."""
        self.report.read += 1
        if self.report.read % 2_000 == 0:
            self._progress(stage, self.report.read, 0)

    def _counted(self, items: Iterable[Item]) -> Iterator[Item]:
        for item in items:
            self.report.items += 1
            if self.report.items % 2_000 == 0:
                self._progress("Writing items", self.report.items, 0)
            yield item

    def _good(self, rows: Iterable[tuple[str, Read]]) -> Iterator[Put]:
        last: dict[str, tuple[str, int]] = {}
        for source, one in rows:
            self.read("Reading items")
            if one.fault is not None:
                self.report.drop(source, one.row, one.fault.error())
            if one.put is None:
                continue
            item_id = one.put.item_id
            if item_id in last:
                before, row = last[item_id]
                where = f"row {one.row}" if before == source else f"row {one.row} of {source}"
                detail = f"{where} has the same item_id {item_id!r} and replaces this one"
                self.report.drop(before, row, InputError(detail, field="item_id", code="duplicate"))
            last[item_id] = source, one.row
            yield one.put
        self.report.items += len(last)
