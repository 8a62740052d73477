"""The exact index against all inner products, sorted."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.vectors import ExactIndex


def _vectors(rng: np.random.Generator, rows: int, kind: str) -> np.ndarray:
    vectors = rng.standard_normal((rows, int(rng.integers(1, 140)))).astype(np.float32)
    vectors *= np.exp(2 * rng.standard_normal((rows, 1))).astype(np.float32)
    if kind == "equal":
        return vectors[rng.integers(0, max(1, rows // 20), rows)]
    if kind == "zeros":
        vectors[rng.random(rows) < 0.3] = 0
    if kind == "near":  # their scores differ by what rounding takes away
        vectors = np.full_like(vectors, 1) + rng.integers(0, 3, (rows, 1), np.uint8) * np.float32(1e-7)
    return vectors


@pytest.mark.parametrize("kind", ["any", "equal", "zeros", "near"])
@pytest.mark.parametrize("masked", [False, True])
def test_it_finds_the_best_by_score_then_by_row(kind, masked):
    """To the last bit, whatever their lengths, and how many share the last place."""
    rng = np.random.default_rng(0)
    for _ in range(60):
        vectors = _vectors(rng, int(rng.integers(1, 2000)), kind)
        query = rng.standard_normal(vectors.shape[1]).astype(np.float32)
        mask = rng.random(len(vectors)) < rng.random() if masked else None
        k = int(rng.integers(1, 300))
        found = ExactIndex(vectors).search(query, k, mask=mask)
        candidates = vectors.any(axis=1) if mask is None else vectors.any(axis=1) & mask
        scores = np.vecdot(vectors, query)
        expected = sorted(np.flatnonzero(candidates).tolist(), key=lambda row: (-scores[row], row))[:k]
        assert found.rows.tolist() == expected
        assert found.scores.tolist() == scores[expected].tolist()
