"""Score a few rows of many vectors, where they lie."""

from __future__ import annotations

import faiss
import numpy as np
import numpy.typing as npt

from indexing.vectors.base import Vector, VectorHits
from indexing.vectors.hits import Matrix, Scores, best, inner_products


def products(vectors: Matrix, query: Vector, rows: npt.NDArray[np.integer]) -> Scores:
    """What ``inner_products`` computes but for rounding, without copying the rows: 100,000 of 64 in 1.4 ms,
    not 2.4.

    Args:
        vectors: float32, C-contiguous, as is the query.
    """
    wanted, scores = np.ascontiguousarray(rows, np.int64), np.empty(len(rows), np.float32)
    pointers = [faiss.swig_ptr(array) for array in (scores, query, vectors, wanted)]
    faiss.fvec_inner_products_by_idx(*pointers, vectors.shape[1], 1, len(wanted))
    return scores


def scanned(
    vectors: Matrix,
    query: Vector,
    rows: npt.NDArray[np.integer],
    k: int,
    *,
    at: npt.NDArray[np.integer] | None = None,
    slack: float = 0.0,
) -> VectorHits:
    """The ``k`` best of rows, which are unique and in any order.

    Args:
        at: where the vector of each row is; None where row r has vector r.
        slack: how far below the ``k``-th best product, which is rounded otherwise than a score, a row's may
            be so that its score counts too.
    """
    at = rows if at is None else at
    if len(rows) > k:
        scores = products(vectors, query, at)
        high = np.flatnonzero(scores >= np.partition(scores, len(rows) - k)[len(rows) - k] - slack)
        rows, at = rows[high], at[high]
    rising = np.argsort(rows)
    return best(rows[rising], inner_products(vectors, query, at[rising]), k)
