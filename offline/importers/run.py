"""Import: items into the catalogue table, events straight into Parquet days of their own.

Nothing that is good is lost to something that is bad: each bad row stands in the report's file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from indexing.contracts.errors import ConfigError, InputError
from indexing.contracts.events import Event
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop, dump_shop, load_shop
from indexing.journal import Journal, open_journal
from indexing.journal.files import replaced
from indexing.journal.states import Put
from offline.importers import action_log, leyou, online_retail, own, rated_lists
from offline.importers.event_days import EventDays, source_hash
from offline.importers.item_reading import read_changes
from offline.importers.item_rows import Read, read
from offline.importers.report import Report, Summary
from offline.importers.rows import files_of, read_rows

Kind = Literal["items", "events", "online-retail", "leyou", "retailrocket", "taobao", "movielens"]
Progress = Callable[[str, int, int], None]
_BATCH = 2_000
_FILES = frozenset({"online-retail", "retailrocket", "taobao"})


def run_import(home: Path, kind: Kind, path: Path, *, progress: Progress | None = None) -> Summary:
    """Import a file or folder into the shop at ``home``.

    Args:
        kind: what it is: ``items`` and ``events`` are our own formats.
        path: of a folder, every file that can be read, by name.
        progress: called as ``progress(stage, done, total)``; a total of 0 is not known yet.

    Returns:
        Counts, and where the dropped rows are listed.

    Raises:
        InputError: nothing at ``path`` can be read, or it holds no row.
        ConfigError: the data set declares another shop than ``shop.toml`` does.
    """
    if not path.exists():
        raise InputError(f"there is no {path}", field="path", code="missing")
    if kind in _FILES and not path.is_file():
        raise InputError(f"{path} is no file; expected the file of {kind}", field="path", code="missing")
    name = f"{kind}-{source_hash(path)}" if path.is_file() else f"{kind}-{path.resolve().name}"
    with (
        Report(home / "imports" / f"{name}.jsonl") as report,
        open_journal(home) as journal,
    ):
        work = _Import(home, journal, report, path, progress or _silent)
        jobs: dict[Kind, Callable[[], None]] = {
            "items": work.items,
            "events": work.events,
            "leyou": work.leyou,
            "online-retail": work.online_retail,
            "retailrocket": lambda: work.actions(action_log.RETAILROCKET),
            "taobao": lambda: work.actions(action_log.TAOBAO),
            "movielens": work.movielens,
        }
        jobs[kind]()
        if not report.read:
            raise InputError(f"{path} holds no row: nothing was imported", field="path", code="empty")
        return report.summary()


def _silent(stage: str, done: int, total: int) -> None:
    del stage, done, total


class _Import:
    def __init__(
        self, home: Path, journal: Journal, report: Report, path: Path, progress: Progress
    ) -> None:
        self._home, self._journal, self._report = home, journal, report
        self._path, self._progress = path, progress

    def items(self) -> None:
        shop = load_shop(self._home / "shop.toml")
        self._put((file.name, row) for file in files_of(self._path) for row in read_changes(file, shop))

    def events(self) -> None:
        """A file's events appear together, once all of it was read."""
        shop = load_shop(self._home / "shop.toml")
        seen: set[bytes] = set()
        for file in files_of(self._path):
            days = self._days(file, seen)
            for number, event in own.read_events(file, shop):
                self._report.read += 1
                self._event(days, file.name, number, event)
            days.finish()

    def leyou(self) -> None:
        self._declare(leyou.SHOP)
        self._put((self._path.name, read(*row)) for row in leyou.read_leyou(self._path))

    def online_retail(self) -> None:
        self._declare(online_retail.SHOP)
        data = online_retail.OnlineRetail()
        for number, row in read_rows(self._path):
            self._report.read += 1
            self._tick("Reading rows", self._report.read)
            try:
                if isinstance(row, InputError):
                    raise row
                data.add(row)
            except InputError as error:
                self._report.drop(self._path.name, number, error)
        self._load(list(data.items()))
        days = self._days(self._path)
        for event in data.events():
            self._report.events += days.add(event)
        days.finish()

    def actions(self, names: action_log.Names) -> None:
        """Single actions; a product is known by its number alone, so that is its title."""
        self._declare(names.shop)
        days, products = self._days(self._path), set()
        for number, event in action_log.read_actions(self._path, names):
            self._report.read += 1
            if isinstance(event, Event) and event.item_id:
                products.add(event.item_id)
            self._event(days, self._path.name, number, event)
        self._load([Item(one, one) for one in sorted(products)])
        days.finish()

    def movielens(self) -> None:
        """A line is a user and what they rated."""
        if self._path.is_dir():
            self._path /= rated_lists.FILE
        if not self._path.is_file():
            raise InputError(f"there is no file {self._path}", field="path", code="missing")
        self._declare(rated_lists.SHOP)
        days, products = self._days(self._path), set()
        for number, user, items in rated_lists.read_lists(self._path):
            self._report.read += 1
            self._tick("Reading lines", self._report.read)
            if isinstance(items, InputError):
                self._report.drop(self._path.name, number, items)
                continue
            products.update(items)
            for event in rated_lists.purchases(user, items):
                self._report.events += days.add(event)
        self._load([Item(str(one), f"Movie {one}") for one in sorted(products)])
        days.finish()

    def _put(self, rows: Iterator[tuple[str, Read]]) -> None:
        self._journal.catalogue.load(self._good(rows))

    def _good(self, rows: Iterator[tuple[str, Read]]) -> Iterator[Put]:
        """Later rows of an id replace earlier ones, which are reported."""
        last: dict[str, tuple[str, int]] = {}
        for source, one in rows:
            self._report.read += 1
            self._tick("Reading items", self._report.read)
            if one.fault is not None:
                self._report.drop(source, one.row, one.fault.error())
            if one.put is None:
                continue
            item_id = one.put.item_id
            if item_id in last:
                before, row = last[item_id]
                where = f"row {one.row}" if before == source else f"row {one.row} of {source}"
                detail = f"{where} has the same item_id {item_id!r} and replaces this one"
                self._report.drop(before, row, InputError(detail, field="item_id", code="duplicate"))
            last[item_id] = source, one.row
            yield one.put
        self._report.items = len(last)

    def _load(self, items: list[Item]) -> None:
        for start in range(0, len(items), _BATCH):
            self._journal.catalogue.put(items[start : start + _BATCH])
            self._progress("Writing items", min(start + _BATCH, len(items)), len(items))
        self._report.items = len(items)

    def _event(self, days: EventDays, source: str, number: int, event: Event | InputError) -> None:
        self._tick("Reading events", self._report.read)
        if isinstance(event, Event) and days.add(event):
            self._report.events += 1
            return
        error = (
            event
            if isinstance(event, InputError)
            else InputError(f"event_id {event.event_id!r} came before", field="event_id", code="duplicate")
        )
        self._report.drop(source, number, error)

    def _days(self, file: Path, seen: set[bytes] | None = None) -> EventDays:
        return EventDays(
            self._home / "events",
            source_hash(file),
            self._journal.people.shoppers,
            datetime.now(UTC),
            seen=seen,
        )

    def _declare(self, shop: Shop) -> None:
        """Write the data set's own ``shop.toml``; a different one that is there stays, and is an error."""
        path = self._home / "shop.toml"
        if not path.exists():
            with replaced(path) as temporary:
                temporary.write_text(dump_shop(shop), encoding="utf-8")
        elif load_shop(path).currency != shop.currency:
            raise ConfigError(
                f"{path} declares {load_shop(path).currency}, this data is in {shop.currency}: "
                "import it into a folder of its own (DAOGOU_HOME)",
                field="currency",
            )

    def _tick(self, stage: str, done: int) -> None:
        if done % 2_000 == 0:
            self._progress(stage, done, 0)
