"""The shopper as a vector: one ranking feature of search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.vectors.base import VectorIndex
from recsys.models import Factors

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ShopperVector:
    """What a shopper wants, as directions in two spaces.

    Attributes:
        factors: the trained factors, with ``in_factors``, the folded vector (f,); or None.
        texts: the index of text vectors, with ``in_text``, the mean of what the shopper touched; or None.
    """

    factors: Factors | None
    in_factors: Floats | None
    texts: VectorIndex | None
    in_text: Floats | None

    def scores(self, rows: npt.NDArray[np.int32]) -> Floats:
        """How well each row fits, float32 (n,) in [0, 1].

        The mean of the cosines in both spaces, negative ones as 0; a row that is in one space only is
        judged there, in neither it scores 0. Cosines, so that popularity does not count: search has a
        feature of its own for that.
        """
        total = np.zeros(len(rows), np.float32)
        spaces = np.zeros(len(rows), np.float32)
        if self.factors is not None and self.in_factors is not None:
            _add(total, spaces, _rows_of(self.factors.items, rows), self.in_factors)
        if self.texts is not None and self.in_text is not None:
            _add(total, spaces, _texts_of(self.texts, rows), self.in_text)
        return (total / np.maximum(spaces, 1.0)).astype(np.float32)


def _add(total: Floats, spaces: Floats, vectors: Floats, direction: Floats) -> None:
    lengths = np.linalg.norm(vectors, axis=1)
    known = lengths > 0
    cosine = vectors[known] @ direction / (lengths[known] * max(np.linalg.norm(direction), 1e-12))
    total[known] += np.clip(cosine, 0.0, 1.0)
    spaces[known] += 1


def _rows_of(items: Floats, rows: npt.NDArray[np.int32]) -> Floats:
    found = np.zeros((len(rows), items.shape[1]), np.float32)
    built = (rows >= 0) & (rows < len(items))
    found[built] = items[rows[built]]
    return found


def _texts_of(index: VectorIndex, rows: npt.NDArray[np.int32]) -> Floats:
    found = np.zeros((len(rows), index.dimension), np.float32)
    there = (rows >= 0) & (rows < index.size)
    found[there] = index.vectors(rows[there])
    return found
