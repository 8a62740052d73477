"""The approximate index of factors: HNSW of FAISS on the raw inner product.

It only proposes rows, and the proposals are scored again with the stored vectors, so that scores are exact
and equal vectors equal.

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
from indexing.vectors.files import INDEX_FILE
from indexing.vectors.hits import Matrix, no_hits
from indexing.vectors.query import check
from indexing.vectors.report import IndexReport
from indexing.vectors.scan import scanned

# How many exactly scored rows (14 ns each) cost as much as one step of efSearch (1 µs at 100,000 rows,
# 4 µs at a million).
_ROWS_PER_STEP = 100


class FaissIndex:
    """An approximate index over mapped files, exact where that is cheaper.

    A filter that keeps few rows is answered by scoring exactly those; one that keeps many by FAISS
    with an effort raised by the share that it drops. Whenever FAISS finds fewer than were asked, the exact
    scan answers.

    Args:
        index: HNSW over the candidates, whose ids are places in ``rows``.
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
        """Map ``index.faiss``. The plain mapping flag would not share HNSW between processes."""
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
        count = self.report.candidates if allowed is None else int(np.count_nonzero(allowed))
        if k <= 0 or not count:
            return no_hits()
        if count > (8 * k if allowed is None else self.exact_below(k)):
            found = self._propose(query, k, allowed, count / self.report.candidates)
            if len(found) >= k:
                return scanned(self._vectors, query, self._row_of(found), k)
        return self._scan(query, k, allowed)

    def exact_below(self, k: int) -> int:
        """Up to so many survivors of a filter are scored exactly.

        With n candidates of which s survive, the exact scan costs s and FAISS costs effort × n / s (its
        effort grows as the survivors get rarer): equal at s = √(effort × n).
        """
        candidates = self.report.candidates
        work = _ROWS_PER_STEP * float(max(self.report.effort, k))
        return max(int(math.sqrt(work * candidates)), 8 * k)

    def _propose(
        self, query: Vector, k: int, allowed: npt.NDArray[np.bool_] | None, share: float
    ) -> npt.NDArray[np.int64]:
        """Places of ``k`` candidates, fewer when FAISS finds no more."""
        # FAISS keeps a pointer to the bits, which must live until the search ends
        bits = None if allowed is None else np.packbits(allowed, bitorder="little")
        only = {} if bits is None else {"sel": faiss.IDSelectorBitmap(bits)}
        effort = math.ceil(max(self.report.effort, k) / share)
        faiss.omp_set_num_threads(1)  # belongs to the calling thread, so set at each call; .2 µs
        search = faiss.SearchParametersHNSW(efSearch=effort, **only)
        _, places = self._index.search(query[np.newaxis], k, params=search)
        return np.asarray(places[0][places[0] >= 0])

    def _scan(self, query: Vector, k: int, allowed: npt.NDArray[np.bool_] | None) -> VectorHits:
        places = np.arange(self.report.candidates) if allowed is None else np.flatnonzero(allowed)
        return scanned(self._vectors, query, self._row_of(places), k)

    def _row_of(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return places if self._rows is None else self._rows[places].astype(np.int64)
