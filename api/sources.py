"""Where a catalogue comes from: the one place that knows how a snapshot becomes what a worker reads."""

from __future__ import annotations

from pathlib import Path

from indexing.contracts.errors import SnapshotMissing
from indexing.snapshots.catalogue import Catalogue


class SnapshotSource:
    """Snapshots of a shop, as they were built.

    Args:
        home: the shop's folder.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / "snapshots"

    def open(self, name: str) -> Catalogue:
        """Open a snapshot, memory-mapped.

        Raises:
            SnapshotError: it is missing, broken or newer.
        """
        from indexing.snapshots import Snapshot

        path = self._folder / name
        if not path.is_dir():
            raise SnapshotMissing(
                f"the snapshot {name} is published, but its folder is gone", path=str(path)
            )
        return Snapshot.open(path)

    def newest(self, catalogue: Catalogue) -> Catalogue:
        """A snapshot does not change."""
        return catalogue

    def close(self, catalogue: Catalogue) -> None:
        """Let go of its files."""
        close = getattr(catalogue, "close", None)
        if close is not None:
            close()
