"""``live/current``: which snapshot workers serve while a keeper is alive."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from indexing.contracts.errors import SnapshotBroken, SnapshotMissing
from indexing.keeper.folder import live_folder
from indexing.keeper.lock import keeper_alive


class Current(msgspec.Struct, frozen=True):
    """What the keeper says.

    Attributes:
        snapshot: the one to serve; its live folder is ready. None: none is.
        seq: the catalogue change that its folder held when it was named.
        trouble: why the snapshot that is published is not served, None when it is.
    """

    snapshot: str | None
    seq: int = 0
    trouble: str | None = None


def current_path(home: Path) -> Path:
    """Its file."""
    return live_folder(home) / "current"


def read_current(home: Path) -> Current | None:
    """What it says, None when it is not there, or damaged: the keeper says it again."""
    try:
        return msgspec.json.decode(current_path(home).read_bytes(), type=Current)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def write_current(home: Path, current: Current) -> None:
    """Say something else, at once."""
    path = current_path(home)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(msgspec.json.encode(current))
    os.replace(beside, path)  # noqa: PTH105 - replaces


def served_name(home: Path, pointer: str | None) -> str | None:
    """The snapshot that a worker shall serve now; the package's docstring says why.

    Args:
        home: the shop's folder.
        pointer: what the control database names.

    Raises:
        SnapshotMissing: a keeper is just preparing the first one.
        SnapshotBroken: a keeper could not prepare it, and why.
    """
    if pointer is None or not keeper_alive(home):
        return pointer
    current = read_current(home)
    if current is not None and current.snapshot is not None:
        return current.snapshot
    if current is not None and current.trouble is not None:
        raise SnapshotBroken(current.trouble)
    raise SnapshotMissing(f"the keeper is preparing snapshot {pointer}: a moment")
