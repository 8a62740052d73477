"""Our vector search against bare FAISS and numpy, at the same recall, in one process.

    python benchmarks/bench_vectors.py --vectors 1000000 --kinds factors text

Bare FAISS is the same graph, or as many inverted lists of codes, asked at the same effort for ids and
scores, without exact scores, checks and filters of ours; numpy is a matrix product and a partial sort. All
are asked in turn, one query at a time, so that the ratios hold on a machine that others use too. Filters
keep a share of rows at random.

``factors`` have a few strong dimensions and lengths that differ as those of a shop's products do; ``text``
are means of word vectors by Zipf's law around categories. Real ones are kinder to both.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import msgspec
import numpy as np
import numpy.typing as npt

from indexing.vectors import ExactIndex, FaissIndex, ListsIndex, build_index, open_index
from indexing.vectors.exact import candidate_rows
from indexing.vectors.recall import sample_queries, thresholds
from indexing.vectors.report import IndexKind, IndexReport

K = 100
SHARES = (0.5, 0.1, 0.01)

Matrix = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_] | None


def factors(size: int, dimension: int, rng: np.random.Generator) -> Matrix:
    """Strong and weak dimensions, groups, log-normal lengths."""
    strength = (1 / np.sqrt(np.arange(1, dimension + 1))).astype(np.float32)
    centres = rng.standard_normal((2_000, dimension), np.float32) * strength
    vectors = centres[rng.integers(0, len(centres), size)]
    vectors += 0.7 * strength * rng.standard_normal((size, dimension), np.float32)
    lengths = rng.lognormal(0, 0.6, (size, 1)).astype(np.float32)
    return np.asarray(vectors * lengths / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def texts(size: int, dimension: int, rng: np.random.Generator) -> Matrix:
    """Twelve words each, eight of them from the category's own sixty, four by Zipf's law; unit length."""
    strength = (1 / np.sqrt(np.arange(1, dimension + 1))).astype(np.float32)
    words = rng.standard_normal((20_000, dimension), np.float32) * strength
    zipf = 1 / np.arange(1, len(words) + 1)
    zipf /= zipf.sum()
    own = rng.choice(len(words), (1_000, 60), p=zipf)
    category = rng.integers(0, len(own), size)
    vectors = np.zeros((size, dimension), np.float32)
    for place in range(12):
        if place < 8:
            chosen = own[category, rng.integers(0, own.shape[1], size)]
        else:
            chosen = rng.choice(len(words), size, p=zipf)
        vectors += words[chosen]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


MAKE: dict[IndexKind, Callable[[int, int, np.random.Generator], Matrix]] = {
    "factors": factors,
    "text": texts,
}


def peer(index: FaissIndex | ListsIndex, vectors: Matrix) -> Any:
    """FAISS's index of the same kind: the very same graph, or as many lists of 8-bit codes."""
    if isinstance(index, FaissIndex):
        return index._index  # noqa: SLF001
    dimension, codes = vectors.shape[1], faiss.ScalarQuantizer.QT_8bit
    coarse = faiss.IndexFlatIP(dimension)
    found = faiss.IndexIVFScalarQuantizer(
        coarse, dimension, index.report.lists, codes, faiss.METRIC_INNER_PRODUCT, False
    )
    found.cp.spherical = True
    found.cp.niter = 5
    found.train(vectors[:: max(1, len(vectors) // (40 * index.report.lists))])
    found.add(vectors)
    found.own_fields = True
    coarse.this.disown()
    return found


def bare(found: Any, report: IndexReport, mask: Mask) -> Callable[[Matrix], Matrix]:
    """FAISS by hand at our effort; with a filter, its own selector."""
    kind = {"hnsw": faiss.SearchParametersHNSW, "ivf": faiss.SearchParametersIVF}[report.method]
    effort = {"hnsw": "efSearch", "ivf": "nprobe"}[report.method]
    bitmap = None if mask is None else np.packbits(mask, bitorder="little")
    selector = {} if bitmap is None else {"sel": faiss.IDSelectorBitmap(bitmap)}
    parameters = kind(**{effort: report.effort}, **selector)

    def search(query: Matrix) -> Matrix:
        assert bitmap is None or len(bitmap)  # FAISS points into it
        scores, rows = found.search(query[np.newaxis], K, params=parameters)
        return np.asarray(scores[0][rows[0] >= 0])

    return search


def by_numpy(vectors: Matrix, mask: Mask) -> Callable[[Matrix], Matrix]:
    """A product with every row, or with those that the filter keeps."""

    def search(query: Matrix) -> Matrix:
        scores = vectors @ query if mask is None else vectors[mask] @ query
        if len(scores) > K:
            scores = scores[np.argpartition(scores, len(scores) - K)[-K:]]
        return np.sort(scores)[::-1]

    return search


def race(
    searches: dict[str, Callable[[Matrix], Matrix]], queries: Matrix, lowest: Matrix
) -> dict[str, Any]:
    """Ask all in turn: times, and the share of the exact best hundred found."""
    times: dict[str, list[float]] = {name: [] for name in searches}
    found = dict.fromkeys(searches, 0)
    for query in queries[:10]:
        for search in searches.values():
            search(query)
    for query, bound in zip(queries, lowest, strict=True):
        for name, search in searches.items():
            begin = time.perf_counter()
            scores = search(query)
            times[name].append((time.perf_counter() - begin) * 1e3)
            found[name] += int(np.count_nonzero(scores >= bound - 1e-4 * abs(bound)))
    return {
        name: {
            "p50_ms": round(float(np.percentile(each, 50)), 3),
            "p99_ms": round(float(np.percentile(each, 99)), 3),
            "recall": round(found[name] / (K * len(queries)), 4),
        }
        for name, each in times.items()
    }


def measure(kind: IndexKind, size: int, dimension: int, asked: int, seed: int) -> dict[str, Any]:
    """Build one index and ask it, with and without filters."""
    vectors = MAKE[kind](size, dimension, np.random.default_rng(seed))
    rows = candidate_rows(vectors)
    queries = sample_queries(vectors, rows, kind, seed + 1, asked)
    folder = Path(tempfile.mkdtemp(prefix="bench-vectors-"))
    try:
        report = build_index(vectors, folder, kind=kind, seed=seed, exact_below=1)
        index, exact = open_index(folder), ExactIndex(vectors)
        assert isinstance(index, FaissIndex | ListsIndex)
        library = peer(index, vectors)
        faiss.omp_set_num_threads(1)
        result: dict[str, Any] = {"build": msgspec.to_builtins(report)}
        for share in (1.0, *SHARES):
            mask = None if share == 1 else np.random.default_rng(seed).random(size) < share
            kept = rows if mask is None else rows[mask[rows]]
            result[f"keeps {share}"] = race(
                {
                    "ours": lambda query, mask=mask: index.search(query, K, mask=mask).scores,  # type: ignore[misc]
                    "our oracle": lambda query, mask=mask: exact.search(query, K, mask=mask).scores,  # type: ignore[misc]
                    "bare faiss": bare(library, report, mask),
                    "numpy": by_numpy(vectors, mask),
                },
                queries,
                thresholds(vectors, kept, queries),
            )
        return result
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Measure each kind, print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--kinds", nargs="+", choices=list(MAKE), default=list(MAKE))
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    dimensions = {"factors": 64, "text": 128}
    report: dict[str, Any] = {
        "machine": platform.processor() or platform.machine(),
        "faiss": faiss.__version__,
        "numpy": np.__version__,
        "vectors": given.vectors,
    }
    for kind in given.kinds:
        report[kind] = measure(kind, given.vectors, dimensions[kind], given.queries, given.seed)
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
