"""Train and fill a FAISS index, by all processors; the one place that runs OpenMP on several threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from indexing.vectors.faiss_index import INDEX_FILE
from indexing.vectors.hits import Matrix
from indexing.vectors.report import IndexMethod

EF_LADDER = (64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048)

_LINKS = 32
_EF_CONSTRUCTION = (
    40  # more is worse here: at 80 and 200 every link goes to the longest vectors, and of real
)
# factors .93 and .96 of the best 100 are found by ten times the effort that finds .973 at 40
_BLOCK = 131_072
_TRAIN_PER_LIST = 40
_TRAIN_ROUNDS = 8  # of k-means; ten more rounds change recall by less than .002

Progress = Callable[[int, int], None]


def fill(
    method: IndexMethod,
    vectors: Matrix,
    rows: npt.NDArray[np.int32],
    folder: Path,
    *,
    seed: int,
    progress: Progress,
) -> int:
    """Build over ``vectors[rows]`` (ids are places in ``rows``) and write ``index.faiss``.

    Returns:
        The number of inverted lists, 0 for HNSW.
    """
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    lists = _lists(len(rows)) if method == "ivf" else 0
    index = _inverted(vectors, rows, lists, seed) if lists else _graph(vectors.shape[1])
    for start in range(0, len(rows), _BLOCK):
        index.add(np.ascontiguousarray(vectors[rows[start : start + _BLOCK]]))
        progress(min(start + _BLOCK, len(rows)), len(rows))
    faiss.write_index(index, str(folder / INDEX_FILE))
    return lists


def ladder(method: IndexMethod, lists: int) -> tuple[int, ...]:
    """Efforts to try, rising; for IVF up to every list, which finds whatever the codes allow."""
    if method == "hnsw":
        return EF_LADDER
    steps = sorted({2**step for step in range(2, 20)} | {3 * 2**step for step in range(1, 20)})
    return (*(step for step in steps if step < lists), lists)


def _graph(dimension: int) -> Any:
    """HNSW on the raw inner product: .988 of the best 100 of 200,000 real factors, where the usual
    reduction of inner product to distance finds .22 to .51 of them, and IVF with 64 probes .77."""
    index = faiss.IndexHNSWFlat(dimension, _LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = _EF_CONSTRUCTION
    return index


def _inverted(vectors: Matrix, rows: npt.NDArray[np.int32], lists: int, seed: int) -> Any:
    """IVF of 8-bit codes: a quarter of the vectors' size, a few seconds to train, filters supported."""
    dimension = vectors.shape[1]
    coarse = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        coarse, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT, False
    )
    index.cp.seed = seed
    index.cp.niter = _TRAIN_ROUNDS
    index.cp.spherical = True
    index.cp.max_points_per_centroid = _TRAIN_PER_LIST
    size = min(len(rows), _TRAIN_PER_LIST * lists)
    sample = np.sort(np.random.default_rng(seed).choice(rows, size, replace=False))
    index.train(np.ascontiguousarray(vectors[sample]))
    index.own_fields = True
    coarse.this.disown()
    return index


def _lists(candidates: int) -> int:
    """The power of two nearest to 4 √n: 1,024 for 65,000 candidates, 4,096 for a million; at least
    39 candidates a list, below which k-means has too little to learn from."""
    lists = 2 ** round(float(np.log2(4 * np.sqrt(candidates))))
    while lists > 1 and candidates < 39 * lists:
        lists //= 2
    return int(lists)
