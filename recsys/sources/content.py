"""What reads alike: nearest text vectors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking, ranked, ranking
from indexing.vectors.base import VectorIndex
from recsys.ask import Ask, Missing, Seeds

MOST_SEEDS = 10
"""The mean of more products than this is a direction between them all, near to none."""


def content(ask: Ask) -> Ranking | Missing:
    """Rows nearest to the weighted mean of the seeds; ``because`` is the seed most alike."""
    index = ask.catalogue.vectors("text")
    if index is None:
        return Missing("vectors/text")
    rows, vectors, weights = seed_vectors(index, ask.seeds)
    mean = mean_direction(vectors, weights)
    if mean is None:
        return ranking([], [], source="content")
    hits = index.search(mean, ask.quota, mask=fitted(ask.mask, index.size))
    near = hits.scores > 0
    found, scores = hits.rows[near], hits.scores[near]
    because: npt.ArrayLike = rows[0]
    if len(rows) > 1:
        because = rows[((index.vectors(found) @ vectors.T) * weights).argmax(axis=1)]
    return ranked(found, scores, source="content", because=because)


def seed_vectors(
    index: VectorIndex, seeds: Seeds
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Rows, vectors and weights of the first seeds that have a vector."""
    there = np.flatnonzero(seeds.rows < index.size)[:MOST_SEEDS]
    vectors = index.vectors(seeds.rows[there])
    known = vectors.any(axis=1)
    return seeds.rows[there][known], vectors[known], seeds.weights[there][known]


def mean_direction(
    vectors: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32] | None:
    """Weighted mean of length 1; None of nothing, or when the vectors cancel out."""
    mean = weights @ vectors if len(vectors) else np.zeros(0, np.float32)
    length = float(np.linalg.norm(mean))
    return (mean / length).astype(np.float32) if length > 1e-9 else None


def fitted(mask: npt.NDArray[np.bool_], size: int) -> npt.NDArray[np.bool_]:
    """The mask for an index of ``size`` rows; rows that the mask does not know are not allowed."""
    if size <= len(mask):
        return mask[:size]
    return np.concatenate([mask, np.zeros(size - len(mask), np.bool_)])
