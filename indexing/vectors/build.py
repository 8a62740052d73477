"""Choose, build, measure and write a vector index; and open one."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.vectors import faiss_build
from indexing.vectors.base import VectorIndex
from indexing.vectors.exact import ExactIndex, candidate_rows
from indexing.vectors.faiss_build import Progress
from indexing.vectors.faiss_index import FaissIndex
from indexing.vectors.files import ROWS_FILE, VECTORS_FILE
from indexing.vectors.hits import Matrix
from indexing.vectors.lists import ListsIndex
from indexing.vectors.mapping import map_array
from indexing.vectors.recall import Trial, measure, sample_queries, thresholds
from indexing.vectors.report import REPORT_FILE, IndexKind, IndexMethod, IndexReport, read_report

EXACT_BELOW = 50_000
TARGET_RECALL = 0.97


def build_index(
    vectors: npt.ArrayLike,
    folder: Path,
    *,
    kind: IndexKind,
    seed: int,
    target_recall: float = TARGET_RECALL,
    queries: npt.ArrayLike | None = None,
    exact_below: int = EXACT_BELOW,
    progress: Progress = lambda _done, _all: None,
) -> IndexReport:
    """Write an index of ``vectors`` into ``folder``, the vectors themselves beside it.

    Few candidates are scored exactly. Factors of a recommender get HNSW on the raw inner product (IVF
    and the reductions to a distance lose a quarter to three quarters of the best there), texts IVF.

    Args:
        vectors: shape (n, dimension), finite; a row of zeros is no candidate.
        folder: made when missing.
        kind: what the vectors are: decides the method, and the queries that measure recall.
        seed: of the training sample and the queries. HNSW is linked by several threads: two builds
            differ in a few links, not in what the report promises.
        target_recall: of the exact best 100; the least effort that reaches it is chosen.
        queries: shape (m, dimension): held-out queries to measure with (real shoppers, real queries);
            made from the vectors when None.
        exact_below: fewer candidates than this are scored one by one.
        progress: called with (vectors done, of how many).

    Raises:
        ValueError: the vectors are not a finite matrix, or the queries do not fit them.
    """
    started = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    matrix = _matrix(vectors, "vectors")
    rows = candidate_rows(matrix)
    if len(rows) < len(matrix):
        np.save(folder / ROWS_FILE, rows)
    held = sample_queries(matrix, rows, kind, seed) if queries is None else _matrix(queries, "queries")
    if held.shape[1] != matrix.shape[1]:
        raise ValueError(f"queries have {held.shape[1]} dimensions, vectors {matrix.shape[1]}")
    method = _method(kind, len(rows), exact_below)
    lists = 0
    if method == "ivf":
        lists = faiss_build.build_lists(matrix, rows, folder, seed=seed, progress=progress)
    else:
        np.save(folder / VECTORS_FILE, matrix)
    if method == "hnsw":
        faiss_build.build_graph(matrix, rows, folder, progress=progress)
    draft = IndexReport(
        kind=kind,
        method=method,
        size=len(matrix),
        candidates=len(rows),
        dimension=matrix.shape[1],
        seed=seed,
        target_recall=target_recall,
        queries=len(held),
        lists=lists,
    )
    report = _tuned(draft, folder, matrix, rows, held)
    size = sum(path.stat().st_size for path in folder.iterdir() if path.name != REPORT_FILE)
    report = msgspec.structs.replace(report, bytes=size, seconds=time.perf_counter() - started)
    report.write(folder)
    return report


def open_index(folder: Path) -> VectorIndex:
    """Open what :func:`build_index` wrote; everything of the size of the shop is mapped.

    Raises:
        OSError: a file is not there.
    """
    return _open(folder, read_report(folder))


def _open(folder: Path, report: IndexReport) -> ExactIndex | FaissIndex | ListsIndex:
    vectors = map_array(folder / VECTORS_FILE)
    every = report.candidates == report.size
    rows = None if every else map_array(folder / ROWS_FILE)
    if report.method == "exact":
        return ExactIndex(vectors, np.arange(report.size, dtype=np.int32) if rows is None else rows)
    kind = ListsIndex if report.method == "ivf" else FaissIndex
    return kind.open(folder, vectors, rows, report)


def _method(kind: IndexKind, candidates: int, exact_below: int) -> IndexMethod:
    if candidates < max(exact_below, 1):
        return "exact"
    return "hnsw" if kind == "factors" else "ivf"


def _tuned(
    draft: IndexReport, folder: Path, vectors: Matrix, rows: npt.NDArray[np.int32], queries: Matrix
) -> IndexReport:
    """The draft with the effort chosen, and what was measured with it."""
    lowest = thresholds(vectors, rows, queries)
    report, result = draft, Trial(1.0, 0.0)
    for effort in faiss_build.ladder(draft.method, draft.lists):
        report = msgspec.structs.replace(draft, effort=effort)
        result = measure(_open(folder, report), queries, lowest, draft.candidates)
        if result.recall >= draft.target_recall:
            break
    half = np.random.default_rng(draft.seed).random(draft.size) < 0.5
    kept = rows[half[rows]]
    filtered = measure(
        _open(folder, report), queries, thresholds(vectors, kept, queries), len(kept), mask=half
    )
    return msgspec.structs.replace(
        report,
        recall=result.recall,
        search_ms=result.search_ms,
        filtered_recall=filtered.recall,
        filtered_ms=filtered.search_ms,
    )


def _matrix(given: npt.ArrayLike, name: str) -> Matrix:
    matrix = np.ascontiguousarray(given, np.float32)
    if matrix.ndim != 2 or not matrix.shape[1] or not np.isfinite(matrix).all():
        raise ValueError(f"{name}: a matrix of finite numbers was expected, not shape {matrix.shape}")
    return matrix
