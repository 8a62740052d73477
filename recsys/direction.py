"""Where the texts of a few products point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Rows
from indexing.vectors.base import VectorIndex

MOST_SEEDS = 10
"""The mean of more products than this is a direction between them all, near to none."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Direction:
    """The first products that have a vector, and their mean.

    Attributes:
        rows: int32 (n,), at most ``MOST_SEEDS``, at least one.
        vectors: float32 (n, dimension).
        weights: float32 (n,).
        mean: float32 (dimension,), of length 1.
    """

    rows: Rows
    vectors: Floats
    weights: Floats
    mean: Floats


def direction(index: VectorIndex, rows: Rows, weights: Floats) -> Direction | None:
    """Of rows and their weights; None where none has a vector, or they cancel out."""
    there = np.flatnonzero(rows < index.size)[:MOST_SEEDS]
    rows, weights = rows[there], weights[there]
    vectors = index.vectors(rows)
    known = vectors.any(axis=1)
    rows, weights, vectors = rows[known], weights[known], vectors[known]
    mean = weights @ vectors
    length = float(np.linalg.norm(mean))
    return Direction(rows, vectors, weights, (mean / length).astype(np.float32)) if length > 1e-9 else None
