"""What a search is given, checked the same way by every index."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.vectors.base import Vector, VectorIndex


def check(index: VectorIndex, query: Vector, mask: npt.NDArray[np.bool_] | None) -> None:
    """Refuse what would quietly give a wrong answer.

    Raises:
        ValueError: the query has another shape than (dimension,) or holds NaN or infinity, or the mask
            is not bool of shape (size,).
    """
    if query.shape != (index.dimension,) or not np.isfinite(query).all():
        raise ValueError(f"expected a query of {index.dimension} finite numbers, not {query!r}")
    if mask is not None and (mask.shape != (index.size,) or mask.dtype != np.bool_):
        raise ValueError(f"expected a bool mask of {index.size} rows, not {mask.dtype} of {mask.shape}")
