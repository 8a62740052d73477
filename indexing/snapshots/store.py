"""The folder of snapshots: what is there, what may go, and who builds."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexing.contracts.errors import ConflictError, SnapshotMissing
from indexing.snapshots.manifest import Manifest, read_manifest

BUILDING = ".building"
KEEP = 3

_REMOVING = ".removing"
_LOCK = "build.lock"
_NAME = re.compile(r"\d{8}-\d{6}-\d{3}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """A finished snapshot on the disk. Names begin with the UTC time of the build, so they sort by age."""

    name: str
    path: Path

    def manifest(self) -> Manifest:
        """Read it. Raises: SnapshotBroken, SnapshotNewer."""
        return read_manifest(self.path)

    @property
    def bytes(self) -> int:
        """What it takes on the disk."""
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())


def snapshots_folder(home: Path) -> Path:
    """Where a shop's snapshots are."""
    return home / "snapshots"


def list_snapshots(home: Path) -> list[StoredSnapshot]:
    """Finished snapshots, the oldest first, broken ones included."""
    folder = snapshots_folder(home)
    if not folder.is_dir():
        return []
    return [
        StoredSnapshot(path.name, path)
        for path in sorted(folder.iterdir())
        if _NAME.fullmatch(path.name) and path.is_dir()
    ]


def newest(home: Path) -> StoredSnapshot | None:
    """The last one built, None when there is none."""
    return max(list_snapshots(home), key=lambda one: one.name, default=None)


def find(home: Path, name: str) -> StoredSnapshot:
    """The snapshot of that name.

    Raises:
        SnapshotMissing: there is none; the message names those there are.
    """
    stored = list_snapshots(home)
    for one in stored:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in stored) or "none"
    raise SnapshotMissing(f"there is no snapshot {name!r}; there are: {known}", path=str(home))


def prune(home: Path, keep: int = KEEP, *, in_use: Collection[str] = ()) -> list[str]:
    """Remove all but the newest ``keep`` snapshots and those ``in_use``, and what dead builds left.

    Args:
        keep: how many of the newest stay, at least 1.
        in_use: names that stay whatever their age: the one served, and the one to roll back to.

    Returns:
        The names removed.
    """
    assert keep >= 1
    old = [one for one in list_snapshots(home)[:-keep] if one.name not in in_use]
    for one in old:
        going = one.path.with_name(one.name + _REMOVING)
        one.path.rename(going)  # at once: what is half removed never looks like a snapshot
        shutil.rmtree(going)
    sweep(home)
    return [one.name for one in old]


def sweep(home: Path) -> list[str]:
    """Remove what builds that died and prunes that were interrupted have left.

    Returns:
        The names removed; nothing while a build is running.
    """
    try:
        with building(home):
            return sweep_held(home)
    except ConflictError:
        return []


def sweep_held(home: Path) -> list[str]:
    """:func:`sweep` for the holder of the lock of :func:`building`."""
    left = [path for path in snapshots_folder(home).iterdir() if path.suffix in {BUILDING, _REMOVING}]
    for path in left:
        shutil.rmtree(path)
    return [path.name for path in left]


@contextmanager
def building(home: Path) -> Iterator[None]:
    """Hold the shop's build lock. The kernel lets go of it when its holder dies, however it dies.

    Raises:
        ConflictError: another build holds it.
    """
    folder = snapshots_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(f"another build of {home} is running: wait for it to end") from error
        yield
    finally:
        os.close(descriptor)
