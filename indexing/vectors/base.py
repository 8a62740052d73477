"""What a vector index promises. Implementations: numpy (exact: the oracle), FAISS's
graph and inverted lists.

Guarantees, checked by one conformance suite over every implementation:

1. The score is the inner product, higher is better; hits come by score, equal scores by row.
2. A search returns ``min(k, candidates)`` hits, where candidates are the rows that ``mask`` allows
   (all rows without one), however selective the mask is.
3. An exact index returns exactly the best; an approximate one has the recall that its manifest says,
   measured when it was built.
4. A row is the place of its vector. Vectors of all zeros are no candidates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VectorHits:
    """rows int32, scores float32, shape (n,)."""

    rows: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float32]


class VectorIndex(Protocol):
    """Read side. Safe to use from several threads."""

    @property
    def size(self) -> int: ...

    @property
    def dimension(self) -> int: ...

    def search(self, query: Vector, k: int, *, mask: npt.NDArray[np.bool_] | None = None) -> VectorHits:
        """Best ``k`` rows for a query of shape (dimension,); ``mask`` has shape (size,)."""
        ...

    def vectors(self, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        """The stored vectors, shape (len(rows), dimension)."""
        ...
