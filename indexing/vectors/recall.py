"""How good an index is: queries like those it will get, and the share of the exact best that it finds."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.vectors.base import VectorIndex
from indexing.vectors.hits import Matrix, Scores
from indexing.vectors.report import IndexKind

QUERIES = 256
AT = 100

_BLOCK = 65_536
_CONFIDENCE = 40.0  # of an event in implicit factorisation (Hu, Koren and Volinsky 2008: α)
_MOST_ITEMS = 20
_POOL = 1_000


@dataclass(frozen=True, slots=True)
class Trial:
    """Recall at 100 and the mean processor time of a search, one thread."""

    recall: float
    search_ms: float


def sample_queries(
    vectors: Matrix, rows: npt.NDArray[np.int32], kind: IndexKind, seed: int, count: int = QUERIES
) -> Matrix:
    """Queries of shape (count, dimension), none when there are no candidates.

    For factors: shoppers with 1 to 20 items that go together, folded in by least squares as the
    recommender does. For texts: item vectors with noise of half their length.
    """
    if not len(rows):
        return np.empty((0, vectors.shape[1]), np.float32)
    rng = np.random.default_rng(seed)
    chosen: Matrix = vectors[rng.choice(rows, count)]
    if kind == "factors":
        return _shoppers(vectors, rows, chosen, rng)
    noise = rng.standard_normal(chosen.shape, np.float32)
    lengths = np.linalg.norm(chosen, axis=1, keepdims=True)
    noise *= 0.5 * lengths / np.linalg.norm(noise, axis=1, keepdims=True)
    return chosen + noise


def _shoppers(
    vectors: Matrix, rows: npt.NDArray[np.int32], first: Matrix, rng: np.random.Generator
) -> Matrix:
    """x = (YᵀY + α Σ yyᵀ + λI)⁻¹ (1 + α) Σ y over a shopper's items y (Hu et al. 2008, equation 4)."""
    size = vectors.shape[1]
    gram = np.zeros((size, size))
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        gram += block.T @ block
    gram += np.eye(size) * (1e-3 * np.trace(gram) / size + 1e-12)
    pool = vectors[rng.choice(rows, _POOL)]
    shoppers = np.empty_like(first)
    for place, item in enumerate(first):
        like = np.argsort(-(pool @ item), kind="stable")[: rng.integers(0, _MOST_ITEMS)]
        taken = np.vstack([item, pool[like]]).astype(np.float64)
        shoppers[place] = np.linalg.solve(
            gram + _CONFIDENCE * taken.T @ taken, (1 + _CONFIDENCE) * taken.sum(axis=0)
        )
    return shoppers


def thresholds(vectors: Matrix, rows: npt.NDArray[np.int32], queries: Matrix) -> Scores:
    """Score of the 100th best (the last, where there are fewer) of ``rows`` for each query, exact."""
    top = np.empty((len(queries), 0), np.float32)
    for start in range(0, len(rows), _BLOCK):
        scores = queries @ vectors[rows[start : start + _BLOCK]].T
        top = np.hstack([top, scores])
        if top.shape[1] > AT:
            top = np.partition(top, top.shape[1] - AT, axis=1)[:, -AT:]
    return np.asarray(top.min(axis=1, initial=np.inf), np.float32)


def measure(
    index: VectorIndex,
    queries: Matrix,
    lowest: Scores,
    candidates: int,
    *,
    mask: npt.NDArray[np.bool_] | None = None,
) -> Trial:
    """Search for the best 100 of every query, one at a time.

    Args:
        lowest: of :func:`thresholds`. A hit counts by its score, so that it does not matter which of
            several equal vectors was found.
        candidates: how many rows could be found.
    """
    wanted = min(AT, candidates) * len(queries)
    if not wanted:
        return Trial(1.0, 0.0)
    found = 0
    spent = 0.0
    for query, bound in zip(queries, lowest, strict=True):
        started = time.thread_time()  # not what this thread waits for: others may be at work
        hits = index.search(query, AT, mask=mask)
        spent += time.thread_time() - started
        # matrix products round otherwise than single ones
        found += int(np.count_nonzero(hits.scores >= bound - 1e-5 * max(1.0, abs(float(bound)))))
    return Trial(found / wanted, 1e3 * spent / len(queries))
