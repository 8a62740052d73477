"""Where a catalogue comes from: the one place that knows how a snapshot becomes what a worker reads."""

from __future__ import annotations

from pathlib import Path

from indexing.keeper import LiveCatalogue, served_name
from indexing.snapshots.catalogue import Catalogue


class LiveSource:
    """Snapshots of a shop with what changed since they were built.

    Args:
        home: the shop's folder.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    def serving(self, pointer: str | None) -> str | None:
        """The snapshot to serve, given the one that is published: the keeper's word where there is one.

        Raises:
            SnapshotError: the keeper is still preparing it, or cannot.
        """
        return served_name(self._home, pointer)

    def open(self, name: str) -> Catalogue:
        """Open a snapshot, memory-mapped, with its live folder where there is one; what is not in memory is
        read behind the first requests.

        Raises:
            SnapshotError: it is missing, broken or newer, or the live folder is not ready.
        """
        catalogue = LiveCatalogue.open(self._home, name)
        catalogue.read_ahead()
        return catalogue

    def newest(self, catalogue: Catalogue) -> Catalogue:
        """The same snapshot as of now; the same object when nothing has changed.

        Raises:
            SnapshotBroken: the live folder cannot be read.
        """
        assert isinstance(catalogue, LiveCatalogue)
        return catalogue.newest()

    def close(self, catalogue: Catalogue) -> None:
        """Let go of its files, for all moments of this opening."""
        assert isinstance(catalogue, LiveCatalogue)
        catalogue.close()
