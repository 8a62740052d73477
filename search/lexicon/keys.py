"""Sorted keys that lead to entries, best first: look up one key, or everything under a prefix.

Mapped from four files: the keys themselves, ``indptr`` (where the postings of each key begin), and the
postings' entries and scores. Postings lie in key order, so those under a prefix are one slice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from indexing.contracts.strings import SortedStrings
from indexing.vectors.mapping import map_array

Entries = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]


def write_table(path: Path, table: pa.Table) -> None:
    """Uncompressed Arrow IPC in one batch: readable in place from a mapped file."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        for batch in table.combine_chunks().to_batches():
            writer.write_batch(batch)


def open_table(path: Path) -> pa.Table:
    """Map what :func:`write_table` wrote."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def write_strings(path: Path, strings: SortedStrings) -> None:
    """Sorted strings as a file of one column."""
    write_table(path, pa.table({"value": strings.array}))


def open_strings(path: Path) -> SortedStrings:
    """Map what :func:`write_strings` wrote."""
    column = open_table(path).column("value")
    return SortedStrings(column.chunk(0) if column.num_chunks else pa.array([], pa.large_string()))


@dataclass(frozen=True, slots=True)
class Keys:
    """Postings by key.

    Attributes:
        strings: the keys.
        indptr: int64 of keys + 1 places.
        entries, scores: of all postings, in key order, best first within a key.
    """

    strings: SortedStrings
    indptr: npt.NDArray[np.int64]
    entries: Entries
    scores: Scores

    @classmethod
    def open(cls, folder: Path, name: str) -> Keys:
        """Map the keys called ``name``."""
        arrays = (map_array(folder / f"{name}_{part}.npy") for part in _PARTS)
        return cls(open_strings(folder / f"{name}.arrow"), *arrays)

    def exact(self, key: str, most: int) -> tuple[Entries, Scores]:
        """The best ``most`` postings of one key."""
        place = self.strings.find(key)
        if place < 0:
            return self.entries[:0], self.scores[:0]
        begin, end = int(self.indptr[place]), int(self.indptr[place + 1])
        end = min(end, begin + most)
        return self.entries[begin:end], self.scores[begin:end]

    def prefix(self, prefix: str, most: int) -> tuple[Entries, Scores]:
        """The best ``most`` postings of all keys that begin with ``prefix``, best first, an entry at
        most once; equal scores by entry."""
        low, high = self.strings.prefix(prefix)
        if low == high:
            return self.entries[:0], self.scores[:0]
        part = slice(int(self.indptr[low]), int(self.indptr[high]))
        scores, entries = self.scores[part], self.entries[part]
        if len(scores) > 2 * most:  # an entry has a few keys; twice as many leave enough to drop repeats
            best = np.argpartition(scores, len(scores) - 2 * most)[-2 * most :]
            scores, entries = scores[best], entries[best]
        order = np.lexsort((entries, -scores))
        _, first = np.unique(entries[order], return_index=True)
        order = order[np.sort(first)[:most]]
        return entries[order], scores[order]


_PARTS = ("indptr", "entries", "scores")


def write_keys(folder: Path, name: str, postings: Iterable[tuple[str, int, float]]) -> None:
    """Write ``(key, entry, score)`` postings; empty keys are left out."""
    held = [posting for posting in postings if posting[0]]
    coded = pa.array([key for key, _, _ in held], pa.large_string()).dictionary_encode()
    entries = np.fromiter((entry for _, entry, _ in held), np.int32, len(held))
    scores = np.fromiter((score for _, _, score in held), np.float32, len(held))
    alphabetic = pc.sort_indices(coded.dictionary).to_numpy()
    ranks = np.empty(len(alphabetic), np.int64)
    ranks[alphabetic] = np.arange(len(alphabetic))
    keys = ranks[coded.indices.to_numpy()]
    order = np.lexsort((entries, -scores, keys))
    write_strings(folder / f"{name}.arrow", SortedStrings(coded.dictionary.take(pa.array(alphabetic))))
    counts = np.bincount(keys, minlength=len(ranks))
    np.save(folder / f"{name}_indptr.npy", np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
    np.save(folder / f"{name}_entries.npy", entries[order])
    np.save(folder / f"{name}_scores.npy", scores[order])
