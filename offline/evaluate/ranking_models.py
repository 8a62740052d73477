"""The shop's own models over whole histories: every product scored for every shopper.

Serving folds a shopper in from their last hundred actions; here the whole history counts, each product by
the strength of its events, as the published tables of collaborative filtering do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from offline.evaluate.logs import Log
from offline.jobs.cooccurrence import session_neighbours
from offline.jobs.counts import weights_of
from offline.jobs.factors import FactorConfig, factors
from recsys import EVENT_WEIGHTS
from recsys.taste import MOST_STRENGTH

Floats = npt.NDArray[np.float32]
Scorer = Callable[[npt.NDArray[np.int32]], Floats]
"""Shoppers (n,) to scores (n, products)."""
_BATCH = 512


def strengths(log: Log) -> sp.csr_matrix:
    """Shoppers × products: summed event weights, at most what serving counts."""
    found = log.interactions()
    weights = weights_of(found, EVENT_WEIGHTS)
    matrix = sp.csr_matrix(
        (weights, (found.shopper, found.row)), shape=(log.shoppers, log.rows), dtype=np.float32
    )
    matrix.sum_duplicates()
    matrix.data = np.minimum(matrix.data, np.float32(MOST_STRENGTH))
    matrix.eliminate_zeros()
    return matrix


def popularity(log: Log) -> Scorer:
    """Shoppers who touched a product: the same for everyone."""
    counts = np.diff(strengths(log).tocsc().indptr).astype(np.float32)
    return lambda shoppers: np.broadcast_to(counts, (len(shoppers), log.rows))


def item_item(log: Log) -> Scorer:
    """Σ over the shopper's products of strength times similarity, as ``recsys`` adds them up."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "item_item"
        report = session_neighbours(log.interactions(), folder)
        if not report.written:
            return lambda shoppers: np.zeros((len(shoppers), log.rows), np.float32)
        rows, scores = np.load(folder / "neighbours.npy"), np.load(folder / "scores.npy")
    known = rows >= 0
    near = sp.csr_matrix((scores[known], (np.nonzero(known)[0], rows[known])), shape=(log.rows, log.rows))
    history = strengths(log)
    return lambda shoppers: (history[shoppers] @ near).toarray()


def factorisation(log: Log, *, seed: int = 0) -> Scorer:
    """Alternating least squares as the build trains it, shoppers folded in (Hu et al. 2008, equation 4)."""
    with TemporaryDirectory() as scratch:
        report = factors(log.interactions(), Path(scratch), config=FactorConfig(seed=seed))
        if not report.written:
            return lambda shoppers: np.zeros((len(shoppers), log.rows), np.float32)
        items, gram = np.load(Path(scratch) / "items.npy"), np.load(Path(scratch) / "gram.npy")
        settings = msgspec.json.decode((Path(scratch) / "model.json").read_bytes())
    history, alpha, penalty = strengths(log), settings["alpha"], settings["regularization"]

    def score(shoppers: npt.NDArray[np.int32]) -> Floats:
        people = np.zeros((len(shoppers), items.shape[1]), np.float32)
        for place, shopper in enumerate(shoppers.tolist()):
            own = slice(history.indptr[shopper], history.indptr[shopper + 1])
            vectors = items[history.indices[own]].astype(np.float64)
            extra = alpha * history.data[own].astype(np.float64)
            system = gram + (vectors.T * extra) @ vectors + penalty * np.eye(len(gram))
            people[place] = np.linalg.solve(system, vectors.T @ (1 + extra))
        return np.asarray(people @ items.T)

    return score


def top(
    scorer: Scorer, shoppers: npt.NDArray[np.int32], hidden: sp.csr_matrix, k: int
) -> Iterator[tuple[int, list[int]]]:
    """Each shopper's best k products, without those of theirs in ``hidden``; ties by row."""
    for start in range(0, len(shoppers), _BATCH):
        some = shoppers[start : start + _BATCH]
        scores = np.array(scorer(some), np.float32)
        scores[hidden[some].nonzero()] = -np.inf
        best = np.argpartition(-scores, k, axis=1)[:, :k] if scores.shape[1] > k else None
        for place, shopper in enumerate(some.tolist()):
            chosen = np.arange(scores.shape[1]) if best is None else np.sort(best[place])
            order = chosen[np.argsort(-scores[place, chosen], kind="stable")][:k]
            yield shopper, order[np.isfinite(scores[place, order])].tolist()
