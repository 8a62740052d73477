"""A shop as it was: a folder with the log up to a day, from which nothing later can leak."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from indexing.contracts.errors import InputError
from indexing.journal import open_journal


def days_of(home: Path) -> list[date]:
    """Days of the log, oldest first.

    Raises:
        InputError: there is no log.
    """
    names = {path.parent.name.removeprefix("day=") for path in home.glob("events/day=*/*.parquet")}
    if not names:
        raise InputError(f"there is no log in {home}/events", field="home", code="missing")
    return sorted(map(date.fromisoformat, names))


def past_home(home: Path, folder: Path, until: date) -> Path:
    """Make a shop in ``folder`` with the catalogue of a simulated one and its log before ``until``.

    The days are linked, not copied: a build only reads them. Events stand in the day on which they were
    received, so none of a later day is there.

    Raises:
        InputError: ``home`` holds no simulated shop.
    """
    if not (home / "catalogue.parquet").exists() or not (home / "truth").is_dir():
        raise InputError(
            f"{home} holds no simulated shop: make one with daogou simulate", field="home", code="missing"
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.toml").write_bytes((home / "shop.toml").read_bytes())
    for kind in ("events", "shown"):
        for day in sorted((home / kind).glob("day=*")):
            if date.fromisoformat(day.name.removeprefix("day=")) < until:
                (folder / kind / day.name).mkdir(parents=True)
                for path in day.glob("*.parquet"):
                    (folder / kind / day.name / path.name).symlink_to(path.resolve())
    with open_journal(folder) as journal:
        journal.catalogue.load(pq.read_table(home / "catalogue.parquet"))
    return folder
