"""Factors of products by alternating least squares on implicit feedback (implicit's ALS)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from indexing.vectors.codes import encoded
from offline.jobs.counts import weights_of
from offline.jobs.interactions import MICROSECONDS, Interactions
from offline.jobs.penalty import penalty
from offline.jobs.progress import Progress, silent
from recsys import EVENT_WEIGHTS
from recsys.by_length import FIRST, MOST_CODED
from recsys.taste import MOST_STRENGTH

_DAY = 86_400 * MICROSECONDS
_MOST_ALPHA = 50.0
"""Beyond it the lengths of the vectors even out, and the search by length (``recsys.by_length``) of a
million products takes three times as long."""


_LEAST_CODED = 8_192
"""To read fewer vectors than this whole takes no longer than their codes."""


@dataclass(frozen=True, slots=True)
class FactorConfig:
    """How factors are trained.

    Attributes:
        factors: numbers a product.
        regularization: λ. None: see ``penalty.penalty``.
        alpha: confidence of a product is ``1 + alpha · strength``, strength being the sum of
            ``event_weights`` (at most ``recsys.taste.MOST_STRENGTH``), halved by ``half_life_days``. None:
            see :func:`balance`.
        least_shoppers: fewer than this with two products or more train nothing that generalises.
        threads: of the solver.
    """

    factors: int = 64
    regularization: float | None = None
    alpha: float | None = None
    iterations: int = 15
    event_weights: dict[str, float] = field(default_factory=EVENT_WEIGHTS.copy)
    half_life_days: float = 30.0
    least_shoppers: int = 50
    threads: int = 2
    seed: int = 0


class FactorReport(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        shoppers, products, cells: of the matrix that was factorised.
        written: False when there was too little; ``why`` says so.
    """

    shoppers: int
    products: int
    cells: int
    factors: int
    bytes: int
    seconds: float
    written: bool
    why: str | None = None


def factors(
    found: Interactions, folder: Path, *, config: FactorConfig | None = None, progress: Progress = silent
) -> FactorReport:
    """Train, and write the vectors, their order by length, codes of long ones and ``YᵀY`` into ``folder``
    (``models/factors``).

    The vectors of shoppers are not kept: serving folds them in from what they did last.
    """
    started = time.perf_counter()
    chosen = config or FactorConfig()
    matrix, alpha = confidences(found, chosen)
    held_back = penalty(matrix) if chosen.regularization is None else chosen.regularization
    chosen = replace(chosen, alpha=alpha, regularization=held_back)
    known = np.flatnonzero(np.diff(matrix.tocsc().indptr))
    width = min(chosen.factors, len(known), matrix.shape[0])
    enough = matrix.shape[0] >= chosen.least_shoppers and width > 1
    size = 0
    if enough:
        items = np.zeros((found.rows, width), np.float32)
        items[known] = _train(matrix[:, known], width, chosen, progress)
        size = _write(folder, items, chosen)
    return FactorReport(
        shoppers=matrix.shape[0],
        products=len(known),
        cells=matrix.nnz,
        factors=width if enough else 0,
        bytes=size,
        seconds=time.perf_counter() - started,
        written=enough,
        why=None
        if enough
        else f"{matrix.shape[0]} shoppers with two products, {chosen.least_shoppers} needed",
    )


def confidences(found: Interactions, config: FactorConfig) -> tuple[sp.csr_matrix, float]:
    """Shoppers with two products or more × products: ``1 + alpha · strength``, float32; and alpha."""
    weights = weights_of(found, config.event_weights)
    used = np.flatnonzero((found.shopper >= 0) & (weights > 0))
    age = (found.end or 0) - found.time[used]

    def summed(values: npt.NDArray[np.float64]) -> sp.csr_matrix:
        shape = (found.shoppers, found.rows)
        strength = sp.csr_matrix((values, (found.shopper[used], found.row[used])), shape=shape)
        strength.sum_duplicates()
        strength = strength[np.diff(strength.indptr) > 1]
        strength.data = np.minimum(strength.data, MOST_STRENGTH)
        return strength

    # of what was touched at any time: else a long log would be given back what its age takes away
    alpha = balance(summed(weights[used])) if config.alpha is None else config.alpha
    strength = summed(weights[used] * 0.5 ** (np.maximum(age, 0) / _DAY / config.half_life_days))
    strength.data = (1.0 + alpha * strength.data).astype(np.float32)
    return strength.astype(np.float32), alpha


def balance(strength: sp.csr_matrix) -> float:
    """The geometric mean of 1 and of what makes all that was touched weigh as much as all that was not.

    What was touched is drowned in a large shop by what was not when both weigh alike, and in a small one
    by its own popularity when they are balanced: films that everyone has seen want 5, a shop of 35,000
    records 50. Products that nobody touched do not count, and ``_MOST_ALPHA`` is the most.

    >>> balance(sp.csr_matrix([[1.0, 0, 0, 0, 0], [0, 0, 0, 0, 1.0]]))  # 2 untouched cells, 2 touched
    1.0
    """
    products = np.count_nonzero(np.diff(strength.tocsc().indptr))
    untouched = strength.shape[0] * products - strength.nnz
    ratio = untouched / max(strength.sum(), 1e-9)
    return float(min(max(ratio, 1.0) ** 0.5, _MOST_ALPHA))


def _train(
    matrix: sp.csr_matrix, width: int, config: FactorConfig, progress: Progress
) -> npt.NDArray[np.float32]:
    from implicit.cpu.als import AlternatingLeastSquares

    with threadpool_limits(1, "blas"):  # implicit's threads and the BLAS's own slow each other down
        # the confidences hold alpha already: implicit's own alpha would multiply the one of "1 + alpha" too
        model: Any = AlternatingLeastSquares(
            factors=width,
            regularization=config.regularization,
            alpha=1.0,
            iterations=config.iterations,
            num_threads=config.threads,
            random_state=config.seed,
        )
        model.fit(
            matrix,
            show_progress=False,
            callback=lambda done, _seconds, _loss: progress("factors", done + 1, config.iterations),
        )
    found: npt.NDArray[np.float32] = model.item_factors
    return found


def _write(folder: Path, items: npt.NDArray[np.float32], config: FactorConfig) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    wide = items.astype(np.float64)
    gram = wide.T @ wide
    lengths = np.linalg.norm(items, axis=1)
    order = np.argsort(-lengths, kind="stable")[: np.count_nonzero(lengths)].astype(np.int32)
    np.save(folder / "items.npy", items)
    np.save(folder / "by_length.npy", items[order])
    np.save(folder / "order.npy", order)
    np.save(folder / "lengths.npy", lengths[order].astype(np.float32))
    np.save(folder / "gram.npy", gram)
    coded = items[order[FIRST : FIRST + MOST_CODED]]
    if len(coded) >= _LEAST_CODED:
        codes, values = encoded(coded)
        np.save(folder / "codes.npy", codes)
        np.save(folder / "code_values.npy", values)
    settings = {
        "factors": items.shape[1],
        "regularization": config.regularization,
        "alpha": config.alpha,
        "event_weights": config.event_weights,
        "iterations": config.iterations,
        "half_life_days": config.half_life_days,
        "seed": config.seed,
    }
    (folder / "model.json").write_bytes(msgspec.json.encode(settings))
    return items.nbytes + gram.nbytes + 8 * len(order)
