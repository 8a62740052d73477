"""Building: one at a time, whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from indexing.contracts.errors import ConflictError, InputError, SnapshotBroken, SnapshotError
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop
from indexing.snapshots import Snapshot, SnapshotWriter, list_snapshots, sweep
from indexing.snapshots.storable import bodies_of
from indexing.text import Analyser
from tests.indexing.snapshots.conftest import Build


def left(home: Path) -> list[str]:
    """What stands among the snapshots, without the lock."""
    return sorted(path.name for path in (home / "snapshots").iterdir() if path.name != "build.lock")


def test_one_pass_over_the_items(
    tmp_path: Path, shop: Shop, items: list[Item], analyser: Analyser, now: datetime
) -> None:
    """Items are read once, the words of each title are shown to the caller, and progress is reported."""
    shown: list[str] = []
    done: list[int] = []

    with SnapshotWriter(tmp_path, shop, now=now) as writer:
        assert writer.write_items(
            bodies_of(items), analyser, title_words=shown.extend, progress=done.append
        ) == len(items)
    assert shown == [" ".join(t.text for t in analyser.index(item.title)) for item in items]
    assert done == [60]
    assert left(tmp_path) == []  # never finished


def test_an_empty_shop(tmp_path: Path, shop: Shop, analyser: Analyser, now: datetime) -> None:
    """No item is a snapshot too: it opens and finds nothing."""
    with SnapshotWriter(tmp_path, shop, now=now) as writer:
        writer.write_items([], analyser)
        path = writer.finish(catalogue_seq=0, seed=1)
    snapshot = Snapshot.open(path)
    assert snapshot.rows == 0
    assert snapshot.row_of("x") == -1
    assert snapshot.mask(None).shape == (0,)
    assert snapshot.columns.numbers("price_minor").shape == (0,)
    assert len(snapshot.columns.text("brand").values) == 0


def test_an_error_leaves_nothing(
    tmp_path: Path, shop: Shop, items: list[Item], analyser: Analyser, now: datetime
) -> None:
    """Items out of order: the error comes out as it is, and the folder of the build is gone."""
    with pytest.raises(InputError, match="sorted by id"), SnapshotWriter(tmp_path, shop, now=now) as writer:
        writer.write_items(bodies_of([items[1], items[0]]), analyser)
    assert left(tmp_path) == []


def test_one_build_at_a_time(tmp_path: Path, shop: Shop, now: datetime) -> None:
    """A second build is told so at once; after the first has ended it may begin."""
    with SnapshotWriter(tmp_path, shop, now=now):
        with pytest.raises(ConflictError, match="another build"):
            SnapshotWriter(tmp_path, shop, now=now + timedelta(seconds=1)).__enter__()
        assert sweep(tmp_path) == []
        assert left(tmp_path) == ["20261122-103000-123.building"]
    with SnapshotWriter(tmp_path, shop, now=now):
        pass


def test_an_impossible_build_is_refused_at_the_start(tmp_path: Path, shop: Shop, now: datetime) -> None:
    """More items than the disk can hold: nothing is begun, and the message has both numbers."""
    with pytest.raises(SnapshotError, match=r"needs about \d+\.\d GB"):
        SnapshotWriter(tmp_path, shop, now=now, items=10**12).__enter__()
    assert left(tmp_path) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, None])
def test_a_disk_that_fills_up(
    tmp_path: Path, shop: Shop, now: datetime, monkeypatch: pytest.MonkeyPatch, number: int | None
) -> None:
    """Whichever library says it, and however: an error of ours, nothing left, the lock free."""
    error = OSError(number, "No space left on device") if number else ValueError("write failed")
    writer = SnapshotWriter(tmp_path, shop, now=now)
    with pytest.raises(SnapshotError, match="disk was full"), writer:  # noqa: PT012
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
        raise error
    monkeypatch.undo()
    assert left(tmp_path) == []
    with SnapshotWriter(tmp_path, shop, now=now):
        pass


def test_other_errors_are_not_called_a_full_disk(tmp_path: Path, shop: Shop, now: datetime) -> None:
    """Any other error comes out as it was."""
    with pytest.raises(ValueError, match="write failed"), SnapshotWriter(tmp_path, shop, now=now):
        raise ValueError("write failed")
    with pytest.raises(PermissionError), SnapshotWriter(tmp_path, shop, now=now):
        raise PermissionError(errno.EACCES, "no")


def test_what_does_not_answer_is_not_finished(
    tmp_path: Path, shop: Shop, items: list[Item], analyser: Analyser, now: datetime
) -> None:
    """A model of another length than the items: the smoke questions find it before there is a snapshot."""
    with (  # noqa: PT012 (the error must pass through the writer)
        pytest.raises(SnapshotBroken, match="60 rows in trend"),
        SnapshotWriter(tmp_path, shop, now=now) as writer,
    ):
        writer.write_items(bodies_of(items), analyser)
        (writer.folder / "models" / "trend").mkdir(parents=True)
        np.save(writer.folder / "models" / "trend" / "scores.npy", np.zeros(59, np.float32))
        writer.finish(catalogue_seq=1, seed=1)
    assert left(tmp_path) == []


def test_the_same_build_has_the_same_hash(
    tmp_path: Path, shop: Shop, items: list[Item], analyser: Analyser, now: datetime
) -> None:
    """Items, columns and text are the same bytes in two builds of the same items (tantivy names its
    segments at random)."""
    entries = []
    for home in (tmp_path / "a", tmp_path / "b"):
        with SnapshotWriter(home, shop, now=now) as writer:
            writer.write_items(bodies_of(items), analyser)
            path = writer.finish(catalogue_seq=1, seed=1)
        files = Snapshot.open(path).manifest.files
        entries.append({name: entry for name, entry in files.items() if not name.startswith("lexical")})
    assert entries[0] == entries[1]
    assert len(entries[0]) > 20


def test_names_sort_by_age(tmp_path: Path, now: datetime, build_snapshot: Build) -> None:
    """Two builds within a second keep their order."""
    first = build_snapshot(tmp_path, now=now)
    second = build_snapshot(tmp_path, now=now + timedelta(milliseconds=1))
    assert [one.path for one in list_snapshots(tmp_path)] == [first, second]


_BUILD = """
import sys
from datetime import timedelta
from pathlib import Path
from indexing.snapshots import SnapshotWriter, writer as module
from indexing.snapshots.storable import bodies_of
from indexing.text import build_analyser
from tests.indexing.snapshots.conftest import NOW, SHOP, build, make_items

home, step = Path(sys.argv[1]), sys.argv[2]

def stop(*_given, **_named):
    print("here", flush=True)
    while True:
        sys.stdin.read()

def items():
    for number, item in enumerate(make_items()):
        if step == "items" and number == 30:
            stop()
        yield item

if step in {"hash_files", "ask", "sync_tree"}:
    setattr(module, step, stop)
if step == "begin":
    module.SnapshotWriter.write_items = stop
module_rename = Path.rename
if step == "rename":
    Path.rename = stop
if step == "renamed":
    Path.rename = lambda self, to: (module_rename(self, to), stop())
with SnapshotWriter(home, SHOP, now=NOW + timedelta(hours=1)) as writer:
    writer.write_items(bodies_of(items()), build_analyser(["咖啡机"]))
    if step == "models":
        stop()
    writer.finish(catalogue_seq=8, seed=1)
"""


@pytest.mark.parametrize(
    "step", ["begin", "items", "models", "hash_files", "ask", "sync_tree", "rename", "renamed"]
)
def test_a_killed_build_changes_nothing(tmp_path: Path, build_snapshot: Build, step: str) -> None:
    """SIGKILL at any step: the snapshots there were are untouched, what was begun is swept, the next build
    works. Killed after the rename, the new snapshot is whole."""
    home = tmp_path / "home"
    first = build_snapshot(home)
    process = subprocess.Popen(
        [sys.executable, "-c", _BUILD, str(home), step],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "here\n"
        assert sweep(home) == []  # it lives
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    names = [one.name for one in list_snapshots(home)]
    assert names[0] == first.name
    assert len(names) == (2 if step == "renamed" else 1)
    for one in list_snapshots(home):
        Snapshot.open(one.path).close()
    assert sweep(home) == ([] if step == "renamed" else ["20261122-113000-123.building"])
    second = build_snapshot(home, now=datetime.fromisoformat("2026-11-22T13:00:00+00:00"))
    assert left(home) == sorted({*names, second.name})


def test_everything_is_synced_before_the_name(
    tmp_path: Path, build_snapshot: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file and folder is synced before the rename, and the parent after it."""
    synced: list[str] = []
    before: list[int] = []
    fsync, rename = os.fsync, Path.rename
    monkeypatch.setattr(
        os, "fsync", lambda fd: (synced.append(str(Path(f"/proc/self/fd/{fd}").readlink())), fsync(fd))
    )
    monkeypatch.setattr(Path, "rename", lambda path, to: (before.append(len(synced)), rename(path, to))[1])
    final = build_snapshot(tmp_path, synced=True)
    building = str(final.parent / "20261122-103000-123.building")
    expected = {building, *(f"{building}/{p.relative_to(final).as_posix()}" for p in final.rglob("*"))}
    assert {path for path in synced[: before[-1]] if ".lock" not in path} >= {
        p for p in expected if ".lock" not in p
    }
    assert synced[before[-1] :] == [str(final.parent)]
