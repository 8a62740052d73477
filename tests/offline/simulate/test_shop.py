"""The simulated shop's files: the same bytes for the same arguments, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from indexing.contracts.errors import InputError
from indexing.contracts.events import EVENT_NAMES, EVENT_SCHEMA
from indexing.contracts.items import ITEM_SCHEMA
from indexing.contracts.shop import load_shop
from indexing.contracts.shown import SHOWN_SCHEMA
from offline.simulate import shop, simulate
from offline.simulate.declaration import DEMO_SHOP
from tests.offline.simulate.conftest import LAST_DAY, Home

_TINY: dict[str, Any] = {"products": 300, "shoppers": 40, "days": 3, "last_day": LAST_DAY}


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_same_arguments_same_bytes(tmp_path: Path) -> None:
    """Also in another process with another hash seed; another seed writes other events."""
    simulate(tmp_path / "a", seed=5, **_TINY)
    code = (
        "from datetime import date; from pathlib import Path; from offline.simulate import simulate; "
        f"simulate(Path({str(tmp_path / 'b')!r}), products=300, shoppers=40, days=3, seed=5, "
        f"last_day=date({LAST_DAY.year}, {LAST_DAY.month}, {LAST_DAY.day}))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    simulate(tmp_path / "c", seed=6, **_TINY)
    assert _hashes(tmp_path / "a") == _hashes(tmp_path / "b")
    other = _hashes(tmp_path / "c")
    assert not {h for name, h in _hashes(tmp_path / "a").items() if "day=" in name} & set(other.values())


def test_what_is_there_is_reused(tmp_path: Path) -> None:
    """A second run writes nothing; other arguments write anew and remove the days of before."""
    first = simulate(tmp_path, seed=5, **_TINY)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    again = simulate(tmp_path, seed=5, **_TINY)
    assert (first.reused, again.reused) == (False, True)
    assert again.events == first.events > 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == before
    kept = tmp_path / "events" / "day=2020-01-01" / "part-0.parquet"
    kept.parent.mkdir()
    kept.write_bytes(b"of somebody else")
    assert not simulate(tmp_path, seed=5, **{**_TINY, "days": 1}).reused
    assert [p.parent.name for p in sorted(tmp_path.glob("events/day=*/part-simulate.parquet"))] == [
        f"day={LAST_DAY}"
    ]
    assert kept.read_bytes() == b"of somebody else"


def test_a_run_that_failed_is_not_reused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped half-way there is no marker; the next run ends with the same bytes as an unbroken one."""

    def full(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(shop, "shown_table", full)
        with pytest.raises(OSError, match="disk full"):
            simulate(tmp_path / "a", seed=5, **_TINY)
    assert not (tmp_path / "a" / shop.MARKER).exists()
    assert not simulate(tmp_path / "a", seed=5, **_TINY).reused
    simulate(tmp_path / "b", seed=5, **_TINY)
    assert _hashes(tmp_path / "a") == _hashes(tmp_path / "b")


def test_a_damaged_marker_is_not_believed(tmp_path: Path) -> None:
    """Neither one that cannot be read, nor one whose files are gone."""
    simulate(tmp_path, seed=5, **_TINY)
    (tmp_path / "shown" / f"day={LAST_DAY}" / shop.FILE).unlink()
    assert not simulate(tmp_path, seed=5, **_TINY).reused
    assert simulate(tmp_path, seed=5, **_TINY).reused
    (tmp_path / shop.MARKER).write_bytes(b'{"hash": ')
    assert not simulate(tmp_path, seed=5, **_TINY).reused


@pytest.mark.parametrize("wrong", [{"products": 99}, {"shoppers": 0}, {"days": 0}, {"seed": -1}])
def test_arguments_that_are_too_small_are_refused(wrong: dict[str, int], tmp_path: Path) -> None:
    """The error names the argument, and nothing is written."""
    with pytest.raises(InputError) as caught:
        simulate(tmp_path / "shop", **{**_TINY, **wrong})
    assert caught.value.field == next(iter(wrong))
    assert not (tmp_path / "shop").exists()


def test_progress_says_what_and_how_far(tmp_path: Path) -> None:
    """Every stage goes from the begin to its end, never back, in order."""
    calls: list[tuple[str, int, int]] = []
    simulate(tmp_path, progress=lambda *call: calls.append(call), **_TINY)
    stages = list(dict.fromkeys(stage for stage, _, _ in calls))
    assert stages == ["products", "shoppers and truth", "days"]
    for stage in stages:
        done = [(d, total) for name, d, total in calls if name == stage]
        assert done == sorted(done)
        assert done[0][0] == 0
        assert done[-1][0] == done[-1][1]


def test_the_files_have_the_schemas(home: Home) -> None:
    """Events, shown lists and products in the schemas of the contracts; the declaration reads back."""
    assert home.events.schema.equals(EVENT_SCHEMA)
    assert home.shown.schema.equals(SHOWN_SCHEMA)
    assert home.catalogue.schema.equals(ITEM_SCHEMA)
    metadata = pq.read_schema(next(home.path.glob("events/day=*/*.parquet"))).metadata
    assert EVENT_SCHEMA.metadata.items() <= metadata.items()
    assert load_shop(home.path / "shop.toml") == DEMO_SHOP
    assert (home.events.num_rows, home.shown.num_rows) == (home.summary.events, home.summary.shown)


def test_days_are_utc_days_of_the_timestamps(home: Home) -> None:
    """Eight folders up to the last day; what is in them happened then, in order."""
    days = [LAST_DAY - timedelta(days=back) for back in range(7, -1, -1)]
    for name, column in (("events", "timestamp"), ("shown", "served_at")):
        folders = sorted(home.path.glob(f"{name}/day=*"))
        assert [folder.name for folder in folders] == [f"day={day}" for day in days]
        for folder, day in zip(folders, days, strict=True):
            times = pq.ParquetFile(folder / "part-simulate.parquet").read()[column].to_pylist()
            assert {moment.date() for moment in times} == {day}
            assert times == sorted(times)


def test_required_values_are_there(home: Home) -> None:
    """Ids are unique, shoppers random, arrival is after the event, names are known, the origin is said."""
    events = home.events
    ids = events["event_id"].to_pylist()
    assert len(set(ids)) == len(ids)
    assert all(
        len(shopper) == 32 and int(shopper, 16) >= 0 for shopper in set(events["shopper"].to_pylist())
    )
    delays = [
        b - a
        for a, b in zip(events["timestamp"].to_pylist(), events["received_at"].to_pylist(), strict=True)
    ]
    assert timedelta(0) < min(delays) <= max(delays) < timedelta(seconds=30)
    assert set(events["event"].to_pylist()) == set(EVENT_NAMES)
    assert set(events["origin"].to_pylist()) == {"simulate"}
    for column in EVENT_SCHEMA:
        assert column.nullable or events[column.name].null_count == 0


def test_no_wall_clock(tmp_path: Path) -> None:
    """A log may end long ago or far ahead."""
    made = simulate(tmp_path, products=300, shoppers=20, days=2, last_day=date(1999, 1, 2))
    assert made.events > 0
    assert sorted(p.parent.name for p in tmp_path.glob("events/*/*.parquet")) == [
        "day=1999-01-01",
        "day=1999-01-02",
    ]


@pytest.mark.parametrize(("shoppers", "days"), [(1, 1), (2, 20)])
def test_the_smallest_shops_have_days_without_anything(shoppers: int, days: int, tmp_path: Path) -> None:
    """A day on which nobody comes has files without rows, in the schemas."""
    simulate(tmp_path, products=100, shoppers=shoppers, days=days, last_day=LAST_DAY)
    for name, schema in (("events", EVENT_SCHEMA), ("shown", SHOWN_SCHEMA)):
        tables = [pq.ParquetFile(path).read() for path in sorted(tmp_path.glob(f"{name}/day=*/*.parquet"))]
        assert len(tables) == days
        assert all(table.schema.equals(schema) for table in tables)
        assert days == 1 or min(table.num_rows for table in tables) == 0
