"""The approximate index of texts: rows by the centroid that they are nearest to (an inverted file, IVF).

A search reads the lists of the centroids nearest to the query, takes the rows that the mask allows, and
scores these with the vectors themselves. FAISS's own inverted files hold codes, ask a filter for each of
them, and leave the best to be scored again: of a million rows that takes .38 ms and this .30, 1.15 and .88
where a tenth is allowed; and there are no codes, a fifth of the files.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt
from numpy.lib.format import header_data_from_array_1_0, write_array_header_1_0

from indexing.contracts.masks import places_of
from indexing.vectors.base import Vector, VectorHits
from indexing.vectors.files import INDEX_FILE, VECTORS_FILE
from indexing.vectors.hits import Matrix, no_hits
from indexing.vectors.mapping import map_array
from indexing.vectors.query import check
from indexing.vectors.report import IndexReport
from indexing.vectors.scan import scanned

_FILES = ("centroids.npy", "members.npy", "starts.npy", "places.npy")
_BLOCK = 65_536

_ROWS_PER_MEMBER = 0.1
"""How many scored rows cost as much as one member of a list that is looked up in the mask."""

_SAMPLE = 4096
"""To count all of a mask takes a tenth of a search, at a million rows."""

_ENOUGH, _WIDER = 3, 3
"""A mask may leave nothing near the query: phones for who asks for coffee. Where fewer than three times as
many rows as wanted are found in the nearest lists, three times as many are read: of a million rows under a
category that is not the query's 1.3 ms at the slowest hundredth, where eight times as many took 3.0."""

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int32]
AnyRows = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Lists:
    """Which rows are near to which centroid.

    Attributes:
        centroids: float32 (lists, dimension).
        members: int32 (candidates,), rows by list.
        starts: int64 (lists + 1,): where each list begins in ``members``.
        places: int32 (size,): where the vector of each row is, those of a list side by side; None where row
            r has vector r.
    """

    centroids: Matrix
    members: Rows
    starts: npt.NDArray[np.int64]
    places: Rows | None


class ListsIndex:
    """An approximate index over mapped files; scores are exact, and so is the answer where few are allowed.

    Args:
        lists: mapped.
        vectors: float32 of shape (size, dimension), mapped.
        report: what the build chose and measured.

    Raises:
        ValueError: they do not belong together.
    """

    def __init__(self, lists: Lists, vectors: Matrix, report: IndexReport) -> None:
        held, places = len(lists.members), lists.places
        if len(lists.starts) != len(lists.centroids) + 1 or lists.starts[-1] != held:
            raise ValueError(f"{len(lists.centroids)} lists of {held} rows do not begin where they should")
        if held > len(vectors) or (places is not None and len(places) != len(vectors)):
            raise ValueError(f"lists of {held} rows are not those of {len(vectors)} vectors")
        self._centroids, self._members, self._places = lists.centroids, lists.members, lists.places
        self._starts = lists.starts.tolist()
        self._vectors = vectors
        self._has_vector: Mask | None = None
        if held < len(vectors):
            self._has_vector = np.zeros(len(vectors), np.bool_)
            self._has_vector[lists.members] = True
        self.report = report

    @classmethod
    def open(cls, folder: Path, vectors: Matrix, rows: Rows | None, report: IndexReport) -> ListsIndex:
        """Map what :func:`write_lists` wrote, or read what builds wrote before: an index of FAISS, whose
        codes are left where they are."""
        if (folder / INDEX_FILE).exists():
            return cls(_of_faiss(folder / INDEX_FILE, rows), vectors, report)
        return cls(Lists(*(map_array(folder / name) for name in _FILES)), vectors, report)

    @property
    def size(self) -> int:
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    def vectors(self, rows: Rows) -> Matrix:
        """The stored vectors, shape (len(rows), dimension)."""
        return np.asarray(self._vectors[rows if self._places is None else self._places[rows]])

    def search(self, query: Vector, k: int, *, mask: Mask | None = None) -> VectorHits:
        """The best ``min(k, candidates)`` rows, approximately; see ``base.py``."""
        check(self, query, mask)
        query = np.ascontiguousarray(query, np.float32)
        if k <= 0 or not self.report.candidates:
            return no_hits()
        share = self._share(mask, k)
        rows, at = self._near(query, k, mask, share) if share else self._allowed(mask)
        return scanned(self._vectors, query, rows, k, at=at)

    def _share(self, mask: Mask | None, k: int) -> float:
        """The share of rows that a mask allows, of many by a sample; 0 where all are to be scored."""
        if mask is None:
            return float(self.report.candidates > 8 * k)
        sample = mask[:: len(mask) // _SAMPLE + 1]
        share = np.count_nonzero(sample) / len(sample)
        if share * self.size > 2 * self.exact_below(k):
            return share
        count = int(np.count_nonzero(mask))
        return count / self.size if count > self.exact_below(k) else 0.0

    def exact_below(self, k: int) -> int:
        """Up to so many survivors of a filter are scored all.

        With n candidates of which s survive, a scan costs s. The lists cost as many rows as are scored
        without a filter, r = effort × n / lists, and the members to be looked up for them, r × n / s, of
        which ten cost as much as one row: equal at s = r / 2 + √(r² / 4 + r × n / 10).
        """
        candidates = self.report.candidates
        read = candidates * self.report.effort / self.report.lists
        equal = read / 2 + math.sqrt(read**2 / 4 + _ROWS_PER_MEMBER * read * candidates)
        return max(int(equal), 8 * k)

    def _allowed(self, mask: Mask | None) -> tuple[AnyRows, AnyRows]:
        """All rows of a mask that have a vector, and where it is."""
        if mask is None:
            return self._of([])
        rows = np.flatnonzero(mask)
        rows = rows if self._has_vector is None else rows[self._has_vector[rows]]
        return rows, rows if self._places is None else self._places[rows]

    def _near(self, query: Vector, k: int, mask: Mask | None, share: float) -> tuple[AnyRows, AnyRows]:
        """Allowed rows of the nearest lists, and where their vectors are; of more lists where these hold
        little that is allowed."""
        scores, every = self._centroids @ query, len(self._centroids)
        lists = math.ceil(self.report.effort / share)
        enough = k if mask is None else _ENOUGH * k
        while True:
            lists = min(lists, every)
            near = np.argpartition(scores, every - lists)[every - lists :]
            rows, at = self._of(near.tolist() if lists < every else [])
            if mask is not None:
                allowed = places_of(mask.take(rows))  # a third of the time of picking by bools
                rows, at = rows.take(allowed), at.take(allowed)
            if len(rows) >= enough or lists == every:
                return rows, at
            lists *= _WIDER

    def _of(self, near: Sequence[int]) -> tuple[AnyRows, AnyRows]:
        """Members of lists, of all where none are named, and where their vectors are."""
        parts = [(self._starts[n], self._starts[n + 1]) for n in near] or [(0, len(self._members))]
        rows = np.concatenate([self._members[start:stop] for start, stop in parts])
        if self._places is None:
            return rows, rows
        return rows, np.concatenate([np.arange(start, stop) for start, stop in parts])


def write_lists(
    folder: Path, centroids: Matrix, nearest: npt.NDArray[np.integer], rows: Rows, vectors: Matrix
) -> None:
    """Write the files of an index, ``vectors.npy`` among them.

    Args:
        nearest: (candidates,): the list of each of ``rows``.
        vectors: float32 (size, dimension), C-contiguous, by row.
    """
    starts = np.concatenate([[0], np.cumsum(np.bincount(nearest, minlength=len(centroids)))])
    members = rows[np.argsort(nearest, kind="stable")].astype(np.int32)
    others = np.ones(len(vectors), np.bool_)
    others[members] = False
    order = np.concatenate([members, np.flatnonzero(others)])
    places = np.empty(len(vectors), np.int32)
    places[order] = np.arange(len(order), dtype=np.int32)
    arrays: tuple[npt.NDArray[Any], ...] = (centroids, members, starts.astype(np.int64), places)
    for name, array in zip(_FILES, arrays, strict=True):
        np.save(folder / name, array)
    with (folder / VECTORS_FILE).open("wb") as file:  # in a map a full disk is a signal, no error
        write_array_header_1_0(file, header_data_from_array_1_0(vectors))
        for start in range(0, len(order), _BLOCK):
            file.write(vectors[order[start : start + _BLOCK]].data)


def _of_faiss(path: Path, rows: Rows | None) -> Lists:
    """The lists of an index of FAISS."""
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    held, lists = index.invlists, range(index.nlist)
    places = [faiss.rev_swig_ptr(held.get_ids(n), held.list_size(n)) for n in lists if held.list_size(n)]
    members = np.concatenate(places).astype(np.int32)
    starts = np.concatenate([[0], np.cumsum([held.list_size(n) for n in lists])])
    centroids = faiss.downcast_index(index.quantizer).reconstruct_n(0, index.nlist)
    return Lists(centroids, members if rows is None else rows[members], starts, None)
