"""Fold a shopper into trained factors: their vector from what they did, without training again.

``x = (YᵀY + λI + Yᵀ(C − I)Y)⁻¹ YᵀC p`` — Hu, Koren and Volinsky, Collaborative Filtering for Implicit
Feedback Datasets, ICDM 2008, equation 4. YᵀY is stored; the rest touches only the products of the shopper,
so the cost does not grow with the shop: with V their vectors, D what their confidence is above 1 and
``A = YᵀY + λI``, ``(A + VᵀDV)⁻¹Vᵀ = A⁻¹Vᵀ(I + DVA⁻¹Vᵀ)⁻¹`` (Woodbury's identity), and A⁻¹ is the shop's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recsys.models import Factors


@dataclass(frozen=True, slots=True)
class Folded:
    """A shopper in the space of the factors.

    Attributes:
        vector: float32 (f,).
        parts: float64 (m, f): the share of the vector that each product gave; they sum to the vector
            (the same paper, section 5: why an item is recommended).
        places: which of the products given had factors, int (m,).
    """

    vector: npt.NDArray[np.float32]
    parts: npt.NDArray[np.float64]
    places: npt.NDArray[np.intp]


def fold_in(
    factors: Factors, rows: npt.NDArray[np.int32], strength: npt.NDArray[np.float32]
) -> Folded | None:
    """The vector of a shopper.

    Args:
        rows: int32 (n,), unique.
        strength: (n,), summed event weights; confidence is ``1 + alpha * strength``.

    Returns:
        None when none of the products has factors (new ones, ones without events).
    """
    places = np.flatnonzero(rows < len(factors.items))
    vectors = factors.items[rows[places]].astype(np.float64)
    known = vectors.any(axis=1)
    places, vectors = places[known], vectors[known]
    if not len(places):
        return None
    extra = factors.settings.alpha * strength[places].astype(np.float64)
    near = vectors @ factors.inverse
    inner = (near @ vectors.T) * extra
    inner.flat[:: len(places) + 1] += 1.0
    parts = np.linalg.solve(inner, near) * (1.0 + extra)[:, None]
    return Folded(parts.sum(axis=0).astype(np.float32), parts, places)
