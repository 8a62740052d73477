"""``live/<snapshot>/``: a snapshot's parts that change, beside it.

```
born.json        which boot and which folder wrote it: of anything else it is made anew
state.npy        int64 (seq, generation): the last change that readers may see; odd: being written
overlay.sqlite   items changed in content, new, deleted; texts new to the columns; what is committed
columns/         every column, with room for new rows; ``<array>.<version>.npy``
lexical/         hard links to the snapshot's segments, beside those of the changes
```

Nothing here is precious: it follows from the snapshot and the journal. So nothing is synced, and after a
power cut (another boot) or in a copy (another inode) the folder is made anew.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import msgspec

from indexing.keeper.column_files import create_columns
from indexing.keeper.overlay import OverlayWriter
from indexing.keeper.state import State
from indexing.snapshots import Snapshot

FORMAT = 1
PREPARING = ".preparing"
REMOVING = ".removing"

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_COPIED = frozenset({"meta.json", ".managed.json"})  # tantivy replaces these; segments are never rewritten


class _Born(msgspec.Struct, frozen=True):
    format: int
    boot: str
    inode: int


def live_folder(home: Path) -> Path:
    """Where everything live of a shop is."""
    return home / "live"


def folder_of(home: Path, name: str) -> Path:
    """The live folder of a snapshot."""
    return live_folder(home) / name


def is_sound(folder: Path) -> bool:
    """Whether the folder can be written on: made in this boot, in this place, by this version."""
    try:
        return msgspec.json.decode((folder / "born.json").read_bytes(), type=_Born) == _born(folder)
    except (OSError, ValueError):  # also when it is removed meanwhile
        return False


def prepare(home: Path, snapshot: Snapshot) -> Path:
    """Make the live folder of a snapshot, there at once and not yet readable: the state says so.

    A million items take .3 s: columns are copied, words linked.
    """
    final = folder_of(home, snapshot.snapshot_name)
    remove(final)
    folder = final.with_name(final.name + PREPARING)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _link_lexical(snapshot.path / "lexical", folder / "lexical")
    versions = create_columns(folder / "columns", snapshot.columns)
    seq = snapshot.manifest.catalogue_seq
    OverlayWriter.create(folder / "overlay.sqlite", rows=snapshot.rows, seq=seq, versions=versions)
    State.create(folder / "state.npy", seq)
    (folder / "born.json").write_bytes(msgspec.json.encode(_born(folder)))
    folder.rename(final)
    return final


def remove(folder: Path) -> None:
    """Remove a live folder; who has it open keeps what is mapped."""
    going = folder.with_name(folder.name + REMOVING)
    shutil.rmtree(going, ignore_errors=True)
    try:
        folder.rename(going)  # at once: what is half removed never looks like a folder to read
    except FileNotFoundError:
        return
    shutil.rmtree(going, ignore_errors=True)


def sweep(home: Path, *, keep: set[str]) -> list[str]:
    """Remove the live folders of other snapshots, and what a keeper that died left. Returns their names."""
    going = [path for path in live_folder(home).iterdir() if path.is_dir() and path.name not in keep]
    for path in going:
        if path.suffix == REMOVING:
            shutil.rmtree(path, ignore_errors=True)
        else:
            remove(path)
    return sorted(path.name for path in going)


def _link_lexical(source: Path, target: Path) -> None:
    target.mkdir()
    for path in source.iterdir():
        if path.suffix == ".lock":
            continue
        if path.name in _COPIED:
            shutil.copyfile(path, target / path.name)
            continue
        try:
            os.link(path, target / path.name)
        except OSError:  # another filesystem, or one without links: it costs the room, nothing else
            shutil.copyfile(path, target / path.name)


def _born(folder: Path) -> _Born:
    try:
        boot = _BOOT.read_text(encoding="ascii").strip()
    except OSError:  # not Linux: every start of a keeper makes the folder anew
        boot = f"unknown {os.getpid()}"
    return _Born(FORMAT, boot, folder.stat().st_ino)
