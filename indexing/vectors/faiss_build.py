"""Build an approximate index, by all processors: here and in ``codes.py`` OpenMP runs several threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from indexing.vectors.files import INDEX_FILE
from indexing.vectors.hits import Matrix
from indexing.vectors.lists import write_lists
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
Rows = npt.NDArray[np.int32]


def build_graph(vectors: Matrix, rows: Rows, folder: Path, *, progress: Progress) -> None:
    """HNSW over ``vectors[rows]`` (ids are places in ``rows``) as ``index.faiss``.

    On the raw inner product: .988 of the best 100 of 200,000 real factors, where the usual reduction of
    inner product to distance finds .22 to .51 of them, and IVF with 64 probes .77.
    """
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    index = faiss.IndexHNSWFlat(vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = _EF_CONSTRUCTION
    for start in range(0, len(rows), _BLOCK):
        index.add(np.ascontiguousarray(vectors[rows[start : start + _BLOCK]]))
        progress(min(start + _BLOCK, len(rows)), len(rows))
    faiss.write_index(index, str(folder / INDEX_FILE))


def build_lists(vectors: Matrix, rows: Rows, folder: Path, *, seed: int, progress: Progress) -> int:
    """Inverted lists over ``vectors[rows]``, by k-means of FAISS, and ``vectors.npy`` in their order.

    Returns:
        how many.
    """
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    lists = _lists(len(rows))
    means = faiss.Kmeans(
        vectors.shape[1],
        lists,
        niter=_TRAIN_ROUNDS,
        spherical=True,
        seed=seed,
        max_points_per_centroid=_TRAIN_PER_LIST,
        min_points_per_centroid=1,
    )
    size = min(len(rows), _TRAIN_PER_LIST * lists)
    sample = np.sort(np.random.default_rng(seed).choice(rows, size, replace=False))
    means.train(np.ascontiguousarray(vectors[sample]))
    nearest = np.empty(len(rows), np.int32)
    for start in range(0, len(rows), _PRODUCT):
        # by numpy, whose matrix product takes a quarter of the time that FAISS does
        block = vectors[rows[start : start + _PRODUCT]] @ means.centroids.T
        nearest[start : start + _PRODUCT] = block.argmax(axis=1)
        progress(min(start + _PRODUCT, len(rows)), len(rows))
    write_lists(folder, means.centroids, nearest, rows, vectors)
    return lists


def ladder(method: IndexMethod, lists: int) -> tuple[int, ...]:
    """Efforts to try, rising; for IVF up to every list, which finds all."""
    if method == "hnsw":
        return EF_LADDER
    steps = sorted({2**step for step in range(2, 20)} | {3 * 2**step for step in range(1, 20)})
    return (*(step for step in steps if step < lists), lists)


def _lists(candidates: int) -> int:
    """The power of two nearest to 2 √n: 512 for 65,000 candidates, 2,048 for a million; at least 39
    candidates a list, below which k-means has too little to learn from. Of a million titles 4 of 2,048
    lists hold .972 of the best 100, and 6 of 4,096 .976, which take three times as long to make."""
    lists = 2 ** round(float(np.log2(2 * np.sqrt(candidates))))
    while lists > 1 and candidates < 39 * lists:
        lists //= 2
    return int(lists)
