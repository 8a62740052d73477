"""Pairs of products within baskets, counted and scored: a counting sort and a dense accumulator.

For each product, the baskets that hold it are walked and every other product in them is added up in one
array as long as the catalogue; nothing is ever kept by pair. So the memory is that of the events, where a
self-join of 20 million events makes some hundred million pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from offline.jobs.grouping import Places, by_group

Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
_BLOCKS = 64


@dataclass(frozen=True, slots=True)
class Near:
    """Neighbours of each product, best first, equal scores by row.

    Attributes:
        rows: int32 (products, keep), -1 where there are fewer.
        scores: float32 of that shape, 0 where there are fewer.
        shared: int32 of that shape: baskets that hold both.
    """

    rows: Codes
    scores: Floats
    shared: Codes


@dataclass(frozen=True, slots=True)
class Baskets:
    """Products by basket, each once, and the baskets by product, so that both are read from end to end.

    Attributes:
        rows, weights: int32 and float32 (entries,), by basket.
        starts: int64 (baskets + 1,).
        holders, shares: int32 and float32 (entries,), by product: a basket that holds it, and its weight
            there times what a pair of that basket counts.
        row_starts: int64 (products + 1,).
        norms: float64 (products,), the sum of each product's weight times its share.
        work: int64 (products,), entries of all baskets that hold it.
    """

    rows: Codes
    weights: Floats
    starts: Places
    holders: Codes
    shares: Floats
    row_starts: Places
    norms: npt.NDArray[np.float64]
    work: Places


def baskets_of(
    basket: Codes, row: Codes, weight: Floats, *, baskets: int, products: int, most: int, crowd: float
) -> Baskets:
    """Gather entries into baskets.

    Args:
        basket: int32 (n,), -1 for entries of none.
        row: int32 (n,) in [0, products).
        weight: float32 (n,); a product counts in a basket with the highest of its weights.
        most: products of a basket that count, the last ones; a basket of a thousand says little of each
            of its half million pairs.
        crowd: a pair in a basket of k products counts ``(k − 1)^−crowd``; with 1 every product of a basket
            is given one neighbour's worth, however many there are.
    """
    order, starts = by_group(basket, baskets)
    rows, weights, ends = _unique(order, starts, row, weight, products, most)
    return Baskets(rows, weights, ends, *_by_product(rows, weights, ends, products, crowd))


@njit(cache=True, nogil=True)
def _by_product(rows, weights, starts, products, crowd):  # type: ignore[no-untyped-def]  # numba infers
    """What follows ``starts`` in :class:`Baskets`: a counting sort."""
    row_starts = np.zeros(products + 1, np.int64)
    for row in rows:
        row_starts[row + 1] += 1
    row_starts = np.cumsum(row_starts)
    at = row_starts[:-1].copy()
    holders, shares = np.empty(len(rows), np.int32), np.empty(len(rows), np.float32)
    norms, work = np.zeros(products, np.float64), np.zeros(products, np.int64)
    for basket in range(len(starts) - 1):
        size = starts[basket + 1] - starts[basket]
        factor = np.float32(max(size - 1, 1) ** -crowd)
        for i in range(starts[basket], starts[basket + 1]):
            row = rows[i]
            holders[at[row]], shares[at[row]] = basket, weights[i] * factor
            at[row] += 1
            norms[row] += np.float64(weights[i]) * weights[i] * factor
            work[row] += size
    return holders, shares, row_starts, norms, work


@njit(cache=True, nogil=True)
def _unique(order, starts, row, weight, products, most):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """The last ``most`` different products of each basket with their highest weights."""
    place = np.full(products, -1, np.int64)  # of a product in the basket being read
    rows = np.empty(len(order), np.int32)
    weights = np.empty(len(order), np.float32)
    ends = np.zeros(len(starts), np.int64)
    count = 0
    for basket in range(len(starts) - 1):
        first = count
        for i in range(starts[basket + 1] - 1, starts[basket] - 1, -1):
            one = row[order[i]]
            if place[one] >= first:
                weights[place[one]] = max(weights[place[one]], weight[order[i]])
            elif count - first < most:
                place[one] = count
                rows[count] = one
                weights[count] = weight[order[i]]
                count += 1
        ends[basket + 1] = count
    return rows[:count].copy(), weights[:count].copy(), ends


def neighbours(
    baskets: Baskets,
    *,
    products: int,
    keep: int,
    shrink: float,
    discount: float,
    least: int,
    doubt: float = 0.0,
    threads: int = 2,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Near:
    """The nearest products of each product.

    ``score(i, j) = (1 − δ / s_ij) · c_ij / (nᵢ^(1−d) · nⱼ^d + shrink)`` where ``c_ij`` sums over the
    ``s_ij`` baskets with both the product of their weights times the basket's factor, and ``nᵢ`` is
    ``c_ii``: the cosine for d = 0.5 without shrinking or doubt.

    Args:
        keep: neighbours of each product.
        shrink: as many common baskets as this are needed before half of the score is believed.
        discount: d; higher values discount popular neighbours more.
        least: baskets that a pair must share.
        doubt: δ in [0, 1), the part of a basket that is taken from the count of each pair (absolute
            discounting; Ney, Essen and Kneser, On structuring probabilistic dependences in stochastic
            language modelling, 1994). Most pairs of a log meet once and never again: what is left of
            them orders the products that have nothing better, and stands below what met twice.
    """
    out = Near(
        np.full((products, keep), -1, np.int32),
        np.zeros((products, keep), np.float32),
        np.zeros((products, keep), np.int32),
    )
    own, other = baskets.norms ** (1.0 - discount), baskets.norms**discount
    edges = _even_edges(baskets.work, products)
    by_basket = baskets.rows, baskets.weights, baskets.starts
    by_product = baskets.holders, baskets.shares, baskets.row_starts
    results = (out.rows, out.scores, out.shared)

    def one(block: int) -> None:
        first, end = edges[block], edges[block + 1]
        _nearest(*by_basket, *by_product, own, other, shrink, least, doubt, first, end, *results)

    with ThreadPoolExecutor(threads) as pool:
        for done, _ in enumerate(pool.map(one, range(len(edges) - 1)), 1):
            progress(done, len(edges) - 1)
    return out


def _even_edges(work: Places, products: int) -> list[int]:
    """Blocks of products with about the same work each, so that threads end together."""
    sums = np.cumsum(work + 1.0)
    marks = np.linspace(0, sums[-1] if products else 0, _BLOCKS + 1)[1:-1]
    return sorted({0, products, *np.searchsorted(sums, marks).tolist()})


@njit(cache=True, nogil=True)
def _nearest(  # type: ignore[no-untyped-def]  # numba infers  # noqa: PLR0917 - no keywords in kernels
    rows,
    weights,
    starts,
    holders,
    shares,
    row_starts,
    own,
    other,
    shrink,
    least,
    doubt,
    first,
    end,
    out_rows,
    out_scores,
    out_shared,
):
    """Neighbours of the products ``first`` to ``end - 1``."""
    keep = out_rows.shape[1]
    sums = np.zeros(len(own), np.float64)
    shared = np.zeros(len(own), np.int32)
    touched = np.empty(len(own), np.int32)
    for row in range(first, end):
        count = 0
        for i in range(row_starts[row], row_starts[row + 1]):
            basket, share = holders[i], shares[i]
            for j in range(starts[basket], starts[basket + 1]):
                near = rows[j]
                if shared[near] == 0:
                    touched[count] = near
                    count += 1
                shared[near] += 1
                sums[near] += share * weights[j]
        held = 0
        for i in range(count):
            near = touched[i]
            if near != row and shared[near] >= least:
                believed = 1.0 - doubt / shared[near]
                score = np.float32(believed * sums[near] / (own[row] * other[near] + shrink))
                held = _keep(out_rows[row], out_scores[row], held, keep, near, score)
        for place in range(held):
            out_shared[row, place] = shared[out_rows[row, place]]
        for i in range(count):
            sums[touched[i]] = 0.0
            shared[touched[i]] = 0


@njit(cache=True, nogil=True)
def _keep(rows, scores, held, keep, row, score):  # type: ignore[no-untyped-def]  # noqa: PLR0917 - a kernel
    """Insert into a sorted list of at most ``keep``: higher scores first, equal ones by row."""
    if held == keep and (score < scores[held - 1] or (score == scores[held - 1] and row > rows[held - 1])):
        return held
    at = held if held < keep else keep - 1
    while at > 0 and (score > scores[at - 1] or (score == scores[at - 1] and row < rows[at - 1])):
        rows[at] = rows[at - 1]
        scores[at] = scores[at - 1]
        at -= 1
    rows[at] = row
    scores[at] = score
    return min(held + 1, keep)
