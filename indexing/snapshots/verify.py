"""Is a snapshot whole, and does it answer?"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexing.contracts.errors import SnapshotBroken
from indexing.contracts.filters import Compare
from indexing.lexical.base import LexicalQuery, Term
from indexing.snapshots.manifest import Manifest, hash_files, read_manifest
from indexing.snapshots.snapshot import Snapshot, broken, check_lengths
from indexing.vectors.mapping import map_array

_SAMPLES = 20
_MOST_TERMS = 8
_PER_ROW = ("items.npy", "neighbours.npy", "scores.npy")  # of a model: one entry a built row


def verify(path: Path, *, deep: bool = True) -> Manifest:
    """Check a snapshot.

    Args:
        deep: compare the hash of every file (two gigabytes a second), not only its length.

    Returns:
        Its manifest.

    Raises:
        SnapshotMissing: there is none.
        SnapshotBroken: names the first file at fault, or the question that was answered wrongly.
        SnapshotNewer: written by a newer daogou.
    """
    manifest = read_manifest(path)
    if manifest.name != path.name:
        raise SnapshotBroken(f"{path.name} holds the manifest of {manifest.name}", path=str(path))
    check_lengths(path, manifest)
    if deep:
        _check_hashes(path, manifest)
    ask(path)
    return manifest


def ask(path: Path) -> None:
    """Smoke questions: counts agree, items are found by id, by their title's words and by their vectors.

    Raises:
        SnapshotBroken: says which question was answered wrongly.
    """
    snapshot = Snapshot.open(path)
    try:
        with broken(path):
            _ask(snapshot)
    finally:
        snapshot.close()


def _check_hashes(path: Path, manifest: Manifest) -> None:
    found = hash_files(path, sorted(manifest.files))
    for name, entry in found.items():
        if entry != manifest.files[name]:
            raise SnapshotBroken(
                f"{path.name}: {name} is damaged: its hash is not the one that was written. "
                "Publish another snapshot, or build a new one.",
                path=str(path),
            )


def _ask(snapshot: Snapshot) -> None:
    rows = np.unique(np.linspace(0, max(snapshot.rows - 1, 0), _SAMPLES).astype(np.int32))[: snapshot.rows]
    documents = snapshot.lexical.count(LexicalQuery())
    _expect(documents == snapshot.rows, f"{snapshot.rows} documents, not {documents}")
    for row in rows.tolist():
        item_id = snapshot.id_of(row)
        _expect(snapshot.item(row).item_id == item_id, f"item {item_id!r} in row {row}")
        _expect(snapshot.row_of(item_id) == row, f"row {row} for {item_id!r}")
        _expect(_found_by_words(snapshot, row), f"{item_id!r} found by the words of its title")
    for name in snapshot.manifest.indexes:
        _ask_vectors(snapshot, name, rows)
    for name in snapshot.manifest.models:
        for path in (snapshot.path / "models" / name).iterdir():
            if path.name in _PER_ROW:
                _expect(
                    len(map_array(path)) == snapshot.rows, f"{snapshot.rows} rows in {name}/{path.name}"
                )


def _found_by_words(snapshot: Snapshot, row: int) -> bool:
    item = snapshot.item(row)
    tokens = snapshot.analyser.query(item.title)[:_MOST_TERMS]
    terms = tuple(Term(words=((token.text, 1.0),)) for token in tokens)
    query = LexicalQuery(terms, filter=Compare("item_id", "=", item.item_id))
    return snapshot.lexical.count(query) == 1


def _ask_vectors(snapshot: Snapshot, name: str, rows: np.ndarray[tuple[int], np.dtype[np.int32]]) -> None:
    index = snapshot.vectors(name)
    assert index is not None
    report = snapshot.manifest.indexes[name]
    _expect(index.size == snapshot.rows, f"{snapshot.rows} vectors in {name}, not {index.size}")
    for vector in index.vectors(rows):
        found = len(index.search(vector, 10).rows)
        _expect(
            found == min(10, report.candidates), f"10 of {report.candidates} vectors of {name}, not {found}"
        )


def _expect(right: bool, expected: str) -> None:
    if not right:
        raise ValueError(f"expected {expected}")
