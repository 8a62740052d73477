"""Move the pointer: forward to a snapshot that is no worse, or back."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from indexing.contracts.errors import PublishRefused, SnapshotError, SnapshotMissing
from indexing.snapshots.manifest import Manifest
from indexing.snapshots.store import find, list_snapshots
from indexing.snapshots.verify import verify

_LEAST_ITEMS = 0.7  # of those served
_RECALL_MISSED = 0.05  # of what the build wanted
_RECALL_LOSS = 0.02  # of what is served
_QUALITY_LOSS = 0.2  # of the value served


class Pointer(Protocol):
    """What publishing needs of the control database (``journal.control``)."""

    def pointer(self) -> str | None:
        """Name of the snapshot that is served."""
        ...

    def served(self) -> frozenset[str]:
        """Names of all that were ever served."""
        ...

    def swap(self, name: str, expected: str | None, actor: str, detail: str = "") -> int:
        """Move it, with an audit row. Raises: ConflictError when it is not at ``expected`` any more."""
        ...


def compare(candidate: Manifest, served: Manifest | None) -> tuple[str, ...]:
    """In what a candidate is clearly worse than what is served; nothing when it is not."""
    reasons: list[str] = []
    if not candidate.rows:
        reasons.append("it holds no item")
    for name, report in candidate.indexes.items():
        if report.recall < report.target_recall - _RECALL_MISSED:
            reasons.append(
                f"index {name} has a recall of {report.recall:.3f}, {report.target_recall} was wanted"
            )
    if served is None:
        return tuple(reasons)
    if candidate.rows < _LEAST_ITEMS * served.rows:
        reasons.append(f"it holds {candidate.rows} items, the one served {served.rows}")
    if candidate.catalogue_seq < served.catalogue_seq:
        reasons.append(
            f"it was built from catalogue change {candidate.catalogue_seq}, the one served from "
            f"{served.catalogue_seq}: use rollback to go back"
        )
    reasons += [f"model {name} is gone" for name in sorted(set(served.models) - set(candidate.models))]
    reasons += [f"index {name} is gone" for name in sorted(set(served.indexes) - set(candidate.indexes))]
    return (*reasons, *_falls(candidate, served))


def publish(home: Path, control: Pointer, name: str, *, actor: str, force: bool = False) -> Manifest:
    """Serve a snapshot: verified by hash, compared with the one served, then switched in one step.

    Args:
        control: ``journal.control``.
        name: of a snapshot of this shop.
        actor: for the audit.
        force: also when it is worse; the audit says in what. A broken one is never published.

    Raises:
        SnapshotMissing, SnapshotBroken, SnapshotNewer: it cannot be served.
        PublishRefused: it is worse; nothing was changed.
        ConflictError: somebody else moved the pointer meanwhile.
    """
    held = control.pointer()
    candidate = verify(find(home, name).path)
    reasons = compare(candidate, _served(home, held)) if held != name else ()
    if reasons and not force:
        raise PublishRefused(reasons)
    control.swap(name, held, actor, f"forced: {'; '.join(reasons)}" if reasons else "publish")
    return candidate


def rollback(home: Path, control: Pointer, *, to: str | None = None, actor: str) -> str:
    """Serve an older snapshot again.

    Args:
        to: its name; None: the newest that is older than the one served and was served itself. What was
            only built may have been refused.

    Returns:
        The name of the one served now.

    Raises:
        SnapshotMissing: nothing is served, there is no older one, or none of that name.
        SnapshotBroken, SnapshotNewer: it cannot be served.
        ConflictError: somebody else moved the pointer meanwhile.
    """
    held = control.pointer()
    if held is None:
        raise SnapshotMissing(
            "nothing has been published yet: there is nothing to roll back", path=str(home)
        )
    if to is None:
        to = previous(home, control)
        if to is None:
            detail = f"no snapshot older than {held}, the one served, was ever served: name one to serve it"
            raise SnapshotMissing(detail, path=str(home))
    verify(find(home, to).path)
    control.swap(to, held, actor, "rollback")
    return to


def previous(home: Path, control: Pointer) -> str | None:
    """The snapshot that a rollback would serve, None when there is none."""
    held, served = control.pointer(), control.served()
    older = [one.name for one in list_snapshots(home) if held and one.name < held and one.name in served]
    return older[-1] if older else None


def _served(home: Path, name: str | None) -> Manifest | None:
    """What is served, None when it is gone or unreadable: then anything is better."""
    if name is None:
        return None
    try:
        return find(home, name).manifest()
    except SnapshotError:
        return None


def _falls(candidate: Manifest, served: Manifest) -> list[str]:
    falls = [
        f"index {name} has a recall of {candidate.indexes[name].recall:.3f}, before {old.recall:.3f}"
        for name, old in served.indexes.items()
        if name in candidate.indexes and candidate.indexes[name].recall < old.recall - _RECALL_LOSS
    ]
    return falls + [
        f"{name} fell from {old:.4g} to {candidate.quality[name]:.4g}"
        for name, old in served.quality.items()
        if name in candidate.quality and candidate.quality[name] < (1 - _QUALITY_LOSS) * old
    ]
