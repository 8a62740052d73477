"""Train and fill a FAISS index, by all processors: here and in ``codes.py`` OpenMP runs several threads."""

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
_PRODUCT = 8_192  # vectors of one product with all centroids: 64 MB for a million
_TRAIN_PER_LIST = 40
_TRAIN_ROUNDS = 5  # of k-means; more rounds change recall by less than .002

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
    centroids = faiss.downcast_index(index.quantizer).reconstruct_n(0, lists) if lists else None
    for start in range(0, len(rows), _BLOCK):
        block = np.ascontiguousarray(vectors[rows[start : start + _BLOCK]])
        if centroids is None:
            index.add(block)
        else:
            _add(index, block, centroids)
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


def _add(index: Any, block: Matrix, centroids: Matrix) -> None:
    """``index.add``, but the nearest list of each vector is found by numpy, whose matrix product takes a
    quarter of the time that FAISS does: 10 of 36 s of processor time for a million and 2,048 lists."""
    some = (block[start : start + _PRODUCT] for start in range(0, len(block), _PRODUCT))
    nearest = np.concatenate([np.argmax(one @ centroids.T, axis=1) for one in some])
    index.add_core(len(block), faiss.swig_ptr(block), None, faiss.swig_ptr(nearest))


def _lists(candidates: int) -> int:
    """The power of two nearest to 2 √n: 512 for 65,000 candidates, 2,048 for a million; at least 39
    candidates a list, below which k-means has too little to learn from. Of a million titles 4 of 2,048
    lists hold .972 of the best 100, and 6 of 4,096 .976, which take three times as long to make."""
    lists = 2 ** round(float(np.log2(2 * np.sqrt(candidates))))
    while lists > 1 and candidates < 39 * lists:
        lists //= 2
    return int(lists)
