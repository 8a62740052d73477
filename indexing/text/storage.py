"""The analyser in a snapshot: its words and the hash of what it made of the golden titles when it was built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from indexing.contracts.errors import SnapshotBroken, SnapshotNewer

if TYPE_CHECKING:
    from indexing.text.analyser import Analyser

FORMAT = 1
_FILE = "analyser.json"


class Saved(msgspec.Struct, frozen=True):
    """What the file holds."""

    format: int
    language: str
    words: tuple[str, ...]
    fingerprint: str
    library: str


def save(analyser: Analyser, folder: Path) -> None:
    """Write ``analyser.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = Saved(
        FORMAT, analyser.language, analyser.words, analyser.fingerprint, analyser.segmenter.library
    )
    (folder / _FILE).write_bytes(msgspec.json.encode(saved))


def read(folder: Path, build: Callable[..., Analyser]) -> Analyser:
    """Build the analyser again and compare what it makes of the golden titles.

    Raises:
        SnapshotBroken: absent, damaged, or another analysis.
        SnapshotNewer: written by a newer daogou.
    """
    path = folder / _FILE
    try:
        saved = msgspec.json.decode(path.read_bytes(), type=Saved)
    except (OSError, msgspec.DecodeError) as error:
        raise SnapshotBroken(
            f"{path} cannot be read: {error}; build the snapshot again", path=str(path)
        ) from error
    if saved.format > FORMAT:
        raise SnapshotNewer(
            f"{path} has format {saved.format}, this daogou reads up to {FORMAT}", path=str(path)
        )
    analyser: Analyser = build(saved.words, language=saved.language)
    if analyser.fingerprint != saved.fingerprint:
        raise SnapshotBroken(
            f"{path}: the golden titles are analysed differently than when the index was built (then by "
            f"{saved.library}, now by {analyser.segmenter.library}): a library was changed; build a new snapshot "
            "or install the former release",
            path=str(path),
        )
    return analyser
