"""The analyser in a snapshot: its words, and the hash of what it made of the golden titles when built."""

from __future__ import annotations

from pathlib import Path

import msgspec

from indexing.contracts.errors import SnapshotBroken, SnapshotNewer

FORMAT = 1
_FILE = "analyser.json"


class Saved(msgspec.Struct, frozen=True):
    """What the file holds.

    Attributes:
        library: which segmenter made the fingerprint; only for the message when another one differs.
    """

    format: int
    language: str
    words: tuple[str, ...]
    fingerprint: str
    library: str


class _Version(msgspec.Struct, frozen=True):
    format: int


def write(folder: Path, saved: Saved) -> None:
    """Write ``analyser.json`` into a folder, made if it is absent."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _FILE).write_bytes(msgspec.json.encode(saved))


def read(folder: Path) -> Saved:
    """Read it back.

    Raises:
        SnapshotBroken: absent or damaged.
        SnapshotNewer: written by a newer daogou.
    """
    path = folder / _FILE
    try:
        raw = path.read_bytes()
        version = msgspec.json.decode(
            raw, type=_Version
        ).format  # first: a newer file may hold anything else
        if version > FORMAT:
            detail = f"{path} has format {version}, this daogou reads up to {FORMAT}: install a newer one"
            raise SnapshotNewer(detail, path=str(path))
        return msgspec.json.decode(raw, type=Saved)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        detail = f"{path} cannot be read ({error}): build a new snapshot"
        raise SnapshotBroken(detail, path=str(path)) from error


def changed(folder: Path, saved: Saved, library: str) -> SnapshotBroken:
    """The error for an analysis that is not the one the index was built with."""
    path = folder / _FILE
    return SnapshotBroken(
        f"{path}: the golden titles are analysed differently than when the index was built "
        f"(then by {saved.library}, now by {library}): a library or the file was changed. "
        "Build a new snapshot, or install the former releases.",
        path=str(path),
    )
