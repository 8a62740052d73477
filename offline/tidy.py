"""What a shop needs no more: old snapshots, and rows of the journal that stand in Parquet."""

from __future__ import annotations

from pathlib import Path

from indexing.journal import open_journal
from indexing.keeper import read_current
from indexing.snapshots import previous, prune


def tidy(home: Path, *, keep: int) -> list[str]:
    """Remove what is old; the snapshot that is served and the one before it stay whatever their age.

    Args:
        keep: how many of the newest snapshots stay, at least 1.

    Returns:
        Lines of a summary; none when there was nothing to remove.
    """
    with open_journal(home) as journal:
        live = read_current(home)
        named = (
            journal.control.pointer(),
            previous(home, journal.control),
            live.snapshot if live else None,
        )
        gone = prune(home, keep, in_use={name for name in named if name is not None})
        rows = journal.prune()
    said = [f"Removed {len(gone)} old snapshots: {', '.join(gone)}"] if gone else []
    if rows.events or rows.shown:
        said.append(
            f"{rows.events:,} events and {rows.shown:,} shown lists left the journal; Parquet has them"
        )
    return said
