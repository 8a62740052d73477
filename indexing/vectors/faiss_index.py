"""The approximate index: FAISS finds, the raw vectors beside it decide.

HNSW on the raw inner product for factors, IVF of 8-bit codes for texts; both only propose rows, and the
proposals are scored again with the stored vectors, so that scores are exact and equal vectors equal.

Processes share both files through memory maps. **Never fork after a search or a build**: FAISS
runs OpenMP, and a child forked after any OpenMP work hangs. Workers are spawned.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from indexing.vectors.base import Vector, VectorHits
from indexing.vectors.hits import Matrix, Scores, best, no_hits, rescored
from indexing.vectors.query import check
from indexing.vectors.report import IndexReport

INDEX_FILE = "index.faiss"

# How many exactly scored rows (14 ns each) cost as much as one step of efSearch (1 µs at 100,000 rows,
# 4 µs at a million), and as one 8-bit code of a probed list.
_ROWS_PER_STEP = 100
_ROWS_PER_CODE = 0.3

_SAMPLE, _MOST, _MORE = 4096, 0.75, 1.25
"""Where more than three quarters of the rows are allowed, by a sample of so many, IVF proposes as many more
as the mask will drop, and a quarter: to make the mask one for FAISS takes a sixth of such a search, at a
million rows. HNSW is slower for it, the more so the more are dropped."""


_ENOUGH, _WIDER = 3, 8
"""A mask may leave nothing near the query: phones for who asks for coffee. Where fewer than three times as
many rows as wanted are found in the nearest lists, eight times as many are read. In categories of a million
products that takes 3 ms on the mean and 8 at worst, where scoring all that is allowed took 5 and 26, and of
the best 300 as many are found (.85 on the mean; .58 of the worst tenth, not .44)."""

Bits = npt.NDArray[np.uint8]


class FaissIndex:
    """An approximate index over mapped files, exact where that is cheaper.

    A filter that keeps few rows is answered by scoring exactly those; one that keeps many by FAISS
    with an effort raised by the share that it drops; one that keeps most by dropping from what IVF
    proposes. Whenever FAISS finds fewer than were asked, the exact scan answers.

    Args:
        index: HNSW or IVF over the candidates, whose ids are places in ``rows``.
        vectors: float32 of shape (size, dimension), mapped.
        rows: int32, rising: the candidates' rows; None when every row is one.
        report: what the build chose and measured.
    """

    def __init__(
        self, index: Any, vectors: Matrix, rows: npt.NDArray[np.int32] | None, report: IndexReport
    ) -> None:
        self._index = index
        self._vectors = vectors
        self._rows = rows
        self._has_vector: npt.NDArray[np.bool_] | None = None
        if rows is not None:  # a mask is cut by a mask in .6 ms, by a million rows in 2.8
            self._has_vector = np.zeros(len(vectors), np.bool_)
            self._has_vector[rows] = True
        self.report = report

    @classmethod
    def open(
        cls, folder: Path, vectors: Matrix, rows: npt.NDArray[np.int32] | None, report: IndexReport
    ) -> FaissIndex:
        """Map ``index.faiss``. The plain mapping flag would share only IVF between processes."""
        index = faiss.read_index(str(folder / INDEX_FILE), faiss.IO_FLAG_MMAP_IFC)
        return cls(index, vectors, rows, report)

    @property
    def size(self) -> int:
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    def vectors(self, rows: npt.NDArray[np.int32]) -> Matrix:
        """The stored vectors, shape (len(rows), dimension)."""
        return np.asarray(self._vectors[rows])

    def search(self, query: Vector, k: int, *, mask: npt.NDArray[np.bool_] | None = None) -> VectorHits:
        """The best ``min(k, candidates)`` rows, approximately; see ``base.py``."""
        check(self, query, mask)
        query = np.ascontiguousarray(query, np.float32)
        allowed = mask if mask is None or self._has_vector is None else mask[self._has_vector]
        if k > 0 and allowed is not None and self.report.method == "ivf":
            found = self._propose_and_drop(query, k, allowed)
            if len(found) >= k:
                return rescored(self._vectors, query, self._row_of(found), k)
        bits = None if allowed is None else np.packbits(allowed, bitorder="little")
        count = self.report.candidates if bits is None else _ones(bits)
        if k <= 0 or not count:
            return no_hits()
        if count > (8 * k if allowed is None else self.exact_below(k)):
            found = self._propose(query, k, bits, count / self.report.candidates)
            if len(found) >= k:
                return rescored(self._vectors, query, self._row_of(found), k)
        return self._scan(query, k, allowed)

    def exact_below(self, k: int) -> int:
        """Up to so many survivors of a filter are scored exactly.

        With n candidates of which s survive, the exact scan costs s and FAISS costs effort × n / s (its
        effort grows as the survivors get rarer): equal at s = √(effort × n).
        """
        effort, candidates = self.report.effort, self.report.candidates
        if self.report.method == "hnsw":
            work = _ROWS_PER_STEP * float(max(effort, k))
        else:
            work = _ROWS_PER_CODE * candidates * effort / self.report.lists
        return max(int(math.sqrt(work * candidates)), 8 * k)

    def _propose(self, query: Vector, k: int, bits: Bits | None, share: float) -> npt.NDArray[np.int64]:
        """Places of at least ``k`` candidates, fewer when FAISS finds no more."""
        effort = math.ceil(self.report.effort / share)
        if self.report.method == "ivf":
            return self._probe(query, k, bits, effort)
        search = faiss.SearchParametersHNSW(efSearch=max(effort, math.ceil(k / share)), **_only(bits))
        return self._ask(query, k, search)

    def _probe(self, query: Vector, k: int, bits: Bits | None, lists: int) -> npt.NDArray[np.int64]:
        """Places by IVF; where the nearest lists hold little that is allowed, more of them are read."""
        wanted = k + k // 2  # the codes are rounded: the exact scores choose among more
        enough = 0 if bits is None else _ENOUGH * k
        while True:
            search = faiss.SearchParametersIVF(nprobe=min(lists, self.report.lists), **_only(bits))
            found = self._ask(query, max(wanted, enough), search)
            if len(found) >= enough or lists >= self.report.lists:
                return found[:wanted]
            lists *= _WIDER

    def _ask(self, query: Vector, wanted: int, search: Any) -> npt.NDArray[np.int64]:
        faiss.omp_set_num_threads(1)  # belongs to the calling thread, so set at each call; .2 µs
        _, places = self._index.search(query[np.newaxis], wanted, params=search)
        return np.asarray(places[0][places[0] >= 0])

    def _propose_and_drop(
        self, query: Vector, k: int, allowed: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        """Places of allowed candidates; none where the mask drops many, few where it drops the nearest."""
        sample = allowed[:: len(allowed) // _SAMPLE + 1]
        share = np.count_nonzero(sample) / max(len(sample), 1)
        if share <= _MOST or share * self.report.candidates <= self.exact_below(k):
            return np.empty(0, np.int64)
        lists = math.ceil(self.report.effort / share)
        found = self._probe(query, math.ceil(_MORE * k / share), None, lists)
        return found[allowed[found]]

    def _scan(self, query: Vector, k: int, allowed: npt.NDArray[np.bool_] | None) -> VectorHits:
        places = np.arange(self.report.candidates) if allowed is None else np.flatnonzero(allowed)
        rows = self._row_of(places)
        found = best(rows, _products(self._vectors, query, rows), k)
        return rescored(self._vectors, query, found.rows, k)

    def _row_of(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return places if self._rows is None else self._rows[places].astype(np.int64)


def _only(bits: Bits | None) -> dict[str, Any]:
    """FAISS's word for a mask. It keeps a pointer to the bits, which must live until the search ends."""
    return {} if bits is None else {"sel": faiss.IDSelectorBitmap(bits)}


def _ones(bits: Bits) -> int:
    """How many bits are set: of a million 14 µs, where ``count_nonzero`` of the mask takes 46."""
    whole = len(bits) // 8 * 8
    rest = np.bitwise_count(bits[whole:]).sum()
    return int(np.bitwise_count(bits[:whole].view(np.uint64)).sum() + rest)


def _products(vectors: Matrix, query: Vector, rows: npt.NDArray[np.int64]) -> Scores:
    """What ``inner_products`` computes, without copying the rows: 100,000 of 64 in 1.4 ms, not 2.4."""
    scores = np.empty(len(rows), np.float32)
    pointers = [faiss.swig_ptr(array) for array in (scores, query, vectors, rows)]
    faiss.fvec_inner_products_by_idx(*pointers, vectors.shape[1], 1, len(rows))
    return scores
