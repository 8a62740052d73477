"""How is what was built written, verified, published, opened, rolled back, pruned?"""

from indexing.snapshots.catalogue import Catalogue
from indexing.snapshots.manifest import Manifest, read_manifest
from indexing.snapshots.publish import Pointer, compare, previous, publish, rollback
from indexing.snapshots.snapshot import Snapshot
from indexing.snapshots.store import StoredSnapshot, find, list_snapshots, newest, prune, sweep
from indexing.snapshots.verify import verify
from indexing.snapshots.writer import SnapshotWriter

__all__ = [
    "Catalogue",
    "Manifest",
    "Pointer",
    "Snapshot",
    "SnapshotWriter",
    "StoredSnapshot",
    "compare",
    "find",
    "list_snapshots",
    "newest",
    "previous",
    "prune",
    "publish",
    "read_manifest",
    "rollback",
    "sweep",
    "verify",
]
