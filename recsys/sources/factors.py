"""Matrix factorisation with the shopper folded in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import NO_ROW, Ranking, ranking
from recsys.ask import Ask, Missing
from recsys.folding import Folded, fold_in
from recsys.models import Factors

MOST_READ = 120_000
"""Where more vectors than this would have to be read by length the index of vectors is asked instead, which
takes as long under a filter: about 2 ms, of a million products."""

MAIN_SHARE = 0.25
"""A product is named as the reason when it gives the most, and at least this part, of a candidate's score:
of three products of one kind each gives about a third."""


def factors(ask: Ask) -> Ranking | Missing:
    """Rows by inner product with the folded vector; ``because`` where one product explains it."""
    model = ask.models.factors
    if model is None:
        return Missing("models/factors")
    seeds = ask.seeds
    folded = fold_in(model, seeds.rows, seeds.weights)
    if folded is None:
        return ranking([], [], source="factors")
    rows, scores = _best(ask, model, folded.vector)
    liked = scores > 0
    because = _causes(model, folded, seeds.rows, rows[liked])
    return ranking(rows[liked], scores[liked], source="factors", because=because)


def _best(
    ask: Ask, model: Factors, vector: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """By length where that is quick, else by the index of vectors."""
    index = ask.catalogue.vectors("factors")
    mask = ask.mask[: len(model.items)]
    most = None if index is None else MOST_READ
    found = model.by_length.search(vector, ask.quota, mask=mask, most=most)
    if found is not None or index is None:
        assert found is not None
        return found
    hits = index.search(vector, ask.quota, mask=mask)
    return hits.rows, hits.scores


def _causes(
    model: Factors, folded: Folded, seeds: npt.NDArray[np.int32], rows: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """The seed that gave at least ``MAIN_SHARE`` of each row's score, -1 where none did."""
    shares = model.items[rows] @ folded.parts.astype(np.float32).T
    best = shares.argmax(axis=1)
    main = shares[np.arange(len(rows)), best] >= MAIN_SHARE * shares.sum(axis=1)
    causes: npt.NDArray[np.int32] = np.where(main, seeds[folded.places[best]], NO_ROW).astype(np.int32)
    return causes
