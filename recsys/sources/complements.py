"""What goes with a product by its kind: cases with phones, beans with coffee machines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking, cut, ranking
from recsys.ask import Ask, Missing
from recsys.models import Complements
from recsys.sources.co_purchase import wanted_seeds

MOST_SEEDS = 10
_FIT = 2.0


def complements(ask: Ask) -> Ranking | Missing:
    """Popular products of the kinds that go with the seeds; ``because`` is the seed.

    ``score = weight of the seed · excess of the kind · (1 + 2 · cosine of the texts) / place`` with the
    place among the allowed products of that kind: every kind shows its best before one shows its second,
    and a case for this very phone comes before the case that sells best.
    """
    model = ask.models.complements
    if model is None:
        return Missing("models/complements")
    rows, weights = wanted_seeds(ask)
    known = np.flatnonzero(rows < len(model.kinds))[:MOST_SEEDS]
    parts = [_of_one(ask, model, int(rows[at]), float(weights[at])) for at in known.tolist()]
    if not parts:
        return ranking([], [], source="complements")
    found, scores, because = (np.concatenate(side) for side in zip(*parts, strict=True))
    return cut(ranking(found, scores, source="complements", because=because), ask.quota)


def _of_one(
    ask: Ask, model: Complements, seed: int, weight: float
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64], npt.NDArray[np.int32]]:
    """Rows, scores and causes for one seed."""
    kind = int(model.kinds[seed])
    if kind < 0:
        nothing = np.zeros(0, np.int32)
        return nothing, np.zeros(0), nothing
    partners = model.partners[kind]
    partners = partners[partners >= 0]
    rows = model.best[partners]
    allowed = rows >= 0
    allowed[allowed] = ask.mask[rows[allowed]]
    fit = np.where(allowed, _fit(ask, seed, rows), -np.inf)
    # by fit and popularity within each kind: a place of popularity is worth less the further down
    worth = (1.0 + _FIT * fit) / np.log2(2.0 + np.arange(rows.shape[1]))
    place = np.empty(rows.shape, np.int64)
    np.put_along_axis(
        place, np.argsort(-worth, axis=1, kind="stable"), np.arange(rows.shape[1])[None], axis=1
    )
    score = weight * model.scores[kind, : len(partners), None] / (1.0 + place)
    return rows[allowed], score[allowed], np.full(int(allowed.sum()), seed, np.int32)


def _fit(ask: Ask, seed: int, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
    """Cosine of each row's text with the seed's, at least 0; 0 without vectors."""
    index = ask.catalogue.vectors("text")
    if index is None or not rows.size:
        return np.zeros(rows.shape, np.float32)
    own = index.vectors(np.array([seed], np.int32))[0]
    near = index.vectors(np.maximum(rows, 0).ravel()) @ own
    fit: npt.NDArray[np.float32] = np.maximum(near, 0.0).reshape(rows.shape)
    return fit
