"""Vectors of every awkward kind, and each implementation built over them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt
import pytest

from indexing.vectors import (
    ExactIndex,
    FaissIndex,
    ListsIndex,
    OverlayIndex,
    VectorIndex,
    build_index,
    open_index,
)
from indexing.vectors.report import read_report

SIZE = 3_000
DIMENSION = 16

Matrix = npt.NDArray[np.float32]


def make_vectors(kind: str, size: int = SIZE) -> Matrix:
    """Grouped vectors; factors have lengths that differ by ten times, texts have unit length. Some rows
    are zeros, and some are equal to the row before."""
    rng = np.random.default_rng(7)
    centres = rng.standard_normal((40, DIMENSION), np.float32)
    vectors = centres[rng.integers(0, 40, size)] + 0.5 * rng.standard_normal((size, DIMENSION), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    if kind == "factors":
        vectors *= rng.gamma(2, 0.5, (size, 1)).astype(np.float32) + 0.1
    vectors[rng.choice(size - 1, size // 20, replace=False) + 1] = 0
    same = rng.choice(size - 1, size // 10, replace=False)
    vectors[same + 1] = vectors[same]
    return vectors


def _exact(vectors: Matrix, folder: Path) -> VectorIndex:
    build_index(vectors, folder, kind="text", seed=1)
    return open_index(folder)


def _graph(vectors: Matrix, folder: Path) -> VectorIndex:
    build_index(vectors, folder, kind="factors", seed=1, exact_below=0)
    return open_index(folder)


def _inverted(vectors: Matrix, folder: Path) -> VectorIndex:
    build_index(vectors, folder, kind="text", seed=1, exact_below=0)
    return open_index(folder)


class EagerGraph(FaissIndex):
    """Asks FAISS first however few rows a filter keeps (at this size the exact scan would always win)."""

    def exact_below(self, k: int) -> int:
        return 0


class EagerLists(ListsIndex):
    """Reads lists however few rows a filter keeps."""

    def exact_below(self, k: int) -> int:
        return 0


def _graph_first(vectors: Matrix, folder: Path) -> VectorIndex:
    found = _graph(vectors, folder)
    assert isinstance(found, FaissIndex)
    return EagerGraph(found._index, found._vectors, found._rows, found.report)


def _lists_first(vectors: Matrix, folder: Path) -> VectorIndex:
    found = _inverted(vectors, folder)
    assert isinstance(found, ListsIndex)
    return EagerLists.open(folder, found._vectors, None, found.report)


def _old_lists(vectors: Matrix, folder: Path) -> VectorIndex:
    """As builds wrote it before: FAISS's index of codes, its ids being places among the candidates."""
    _inverted(vectors, folder)
    rows, report = np.load(folder / "rows.npy"), read_report(folder)
    coarse = faiss.IndexFlatIP(DIMENSION)
    index = faiss.IndexIVFScalarQuantizer(
        coarse, DIMENSION, report.lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT, False
    )
    index.train(vectors[rows])
    index.add(vectors[rows])
    faiss.write_index(index, str(folder / "index.faiss"))
    np.save(folder / "vectors.npy", vectors)
    return open_index(folder)


def _overlay(vectors: Matrix, folder: Path) -> VectorIndex:
    """A base of the first nine tenths, a tenth of it outdated; the rest is in the overlay."""
    built = len(vectors) * 9 // 10
    base = vectors[:built].copy()
    stale = np.arange(3, built, 10, dtype=np.int32)
    base[stale] = np.roll(base[stale], 1, axis=0)
    rows = np.concatenate([stale, np.arange(built, len(vectors), dtype=np.int32)])
    return OverlayIndex(_inverted(base, folder), rows, vectors[rows], size=len(vectors))


BUILDERS: dict[str, tuple[str, Callable[[Matrix, Path], VectorIndex]]] = {
    "exact": ("text", _exact),
    "hnsw": ("factors", _graph),
    "ivf": ("text", _inverted),
    "hnsw first": ("factors", _graph_first),
    "ivf first": ("text", _lists_first),
    "ivf of before": ("text", _old_lists),
    "overlay": ("text", _overlay),
}


@pytest.fixture(scope="session", params=list(BUILDERS))
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[VectorIndex, ExactIndex]:
    """An implementation, and the oracle over the same vectors."""
    kind, builder = BUILDERS[request.param]
    vectors = make_vectors(kind)
    return builder(vectors, tmp_path_factory.mktemp(request.param)), ExactIndex(vectors)
