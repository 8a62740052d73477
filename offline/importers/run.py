"""Import: items into the catalogue table, events straight into Parquet days of their own.

Nothing that is good is lost to something that is bad: each bad row stands in the report's file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from indexing.contracts.errors import InputError
from indexing.contracts.shop import load_shop
from indexing.journal import open_journal
from offline.importers import leyou, online_retail, own, public_logs
from offline.importers.event_days import source_hash
from offline.importers.item_reading import read_changes
from offline.importers.item_rows import read
from offline.importers.report import Report, Summary
from offline.importers.rows import files_of, read_rows
from offline.importers.work import Progress, Work

Kind = Literal["items", "events", "online-retail", "leyou", "retailrocket", "taobao", "movielens"]


def run_import(home: Path, kind: Kind, path: Path, *, progress: Progress | None = None) -> Summary:
    """Import a file or folder into the shop at ``home``.

    Args:
        kind: what it is: ``items`` and ``events`` are our own formats.
        path: of a folder, every file that can be read, by name; of a public data set the files that it is
            published in.
        progress: called as ``progress(stage, done, total)``; a total of 0 is not known yet.

    Returns:
        Counts, and where the dropped rows are listed.

    Raises:
        InputError: nothing at ``path`` can be read, it holds no row, or is in no form of its kind.
        ConfigError: the data set declares another shop than ``shop.toml`` does.
    """
    if not path.exists():
        raise InputError(f"there is no {path}", field="path", code="missing")
    if kind == "online-retail" and not path.is_file():
        raise InputError(f"{path} is no file; expected the file of {kind}", field="path", code="missing")
    name = f"{kind}-{source_hash(path)}" if path.is_file() else f"{kind}-{path.resolve().name}"
    with (
        Report(home / "imports" / f"{name}.jsonl") as report,
        open_journal(home) as journal,
    ):
        _JOBS[kind](Work(home, journal, report, progress or _silent), path)
        if not report.read:
            raise InputError(f"{path} holds no row: nothing was imported", field="path", code="empty")
        return report.summary()


def _silent(stage: str, done: int, total: int) -> None:
    del stage, done, total


def _items(work: Work, path: Path) -> None:
    shop = load_shop(work.home / "shop.toml")
    work.put((file.name, row) for file in files_of(path) for row in read_changes(file, shop))


def _events(work: Work, path: Path) -> None:
    """A file's events appear together, once all of it was read."""
    shop = load_shop(work.home / "shop.toml")
    seen: set[bytes] = set()
    for file in files_of(path):
        days = work.days(file, seen)
        for number, event in own.read_events(file, shop):
            work.event(days, file.name, number, event)
        days.finish()


def _leyou(work: Work, path: Path) -> None:
    work.declare(leyou.SHOP)
    work.put((path.name, read(*row)) for row in leyou.read_leyou(path))


def _online_retail(work: Work, path: Path) -> None:
    work.declare(online_retail.SHOP)
    data = online_retail.OnlineRetail()
    for number, row in read_rows(path):
        work.read("Reading rows")
        try:
            if isinstance(row, InputError):
                raise row
            data.add(row)
        except InputError as error:
            work.report.drop(path.name, number, error)
    work.load(data.items())
    days = work.days(path)
    for event in data.events():
        work.report.events += days.add(event)
    days.finish()


_JOBS: dict[Kind, Callable[[Work, Path], None]] = {
    "items": _items,
    "events": _events,
    "leyou": _leyou,
    "online-retail": _online_retail,
    "retailrocket": public_logs.retail_rocket,
    "taobao": public_logs.taobao,
    "movielens": public_logs.movielens,
}
