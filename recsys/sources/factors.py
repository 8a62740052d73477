"""Matrix factorisation with the shopper folded in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import NO_ROW, Ranking, ranking
from recsys.ask import Ask, Missing
from recsys.folding import Folded, fold_in
from recsys.models import Factors

MAIN_SHARE = 0.25
"""A product is named as the reason when it gives the most, and at least this part, of a candidate's score:
of three products of one kind each gives about a third."""


def factors(ask: Ask) -> Ranking | Missing:
    """Rows by inner product with the folded vector; ``because`` where one product explains it."""
    model, index = ask.models.factors, ask.catalogue.vectors("factors")
    if model is None or index is None:
        return Missing("models/factors")
    seeds = ask.seeds
    folded = fold_in(model, seeds.rows, seeds.weights)
    if folded is None:
        return ranking([], [], source="factors")
    hits = index.search(folded.vector, ask.quota, mask=ask.mask[: index.size])
    liked = hits.scores > 0
    found = ranking(hits.rows[liked], hits.scores[liked], source="factors")
    because = _causes(model, folded, seeds.rows, found.rows)
    return ranking(found.rows, found.scores, source="factors", because=because)


def _causes(
    model: Factors, folded: Folded, seeds: npt.NDArray[np.int32], rows: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """The seed that gave at least ``MAIN_SHARE`` of each row's score, -1 where none did."""
    shares = model.items[rows].astype(np.float64) @ folded.parts.T
    best = shares.argmax(axis=1)
    main = shares[np.arange(len(rows)), best] >= MAIN_SHARE * shares.sum(axis=1)
    causes: npt.NDArray[np.int32] = np.where(main, seeds[folded.places[best]], NO_ROW).astype(np.int32)
    return causes
