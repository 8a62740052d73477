"""What reads alike: nearest text vectors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking, ranked, ranking
from recsys.ask import Ask, Missing


def content(ask: Ask) -> Ranking | Missing:
    """Rows nearest to the weighted mean of the seeds; ``because`` is the seed most alike."""
    index = ask.catalogue.vectors("text")
    if index is None:
        return Missing("vectors/text")
    towards = ask.direction
    if towards is None:
        return ranking([], [], source="content")
    hits = index.search(towards.mean, ask.quota, mask=fitted(ask.mask, index.size))
    near = hits.scores > 0
    found, scores = hits.rows[near], hits.scores[near]
    because = towards.rows
    if len(because) > 1:
        because = because[((index.vectors(found) @ towards.vectors.T) * towards.weights).argmax(axis=1)]
    return ranked(found, scores, source="content", because=because)


def fitted(mask: npt.NDArray[np.bool_], size: int) -> npt.NDArray[np.bool_]:
    """The mask for an index of ``size`` rows; rows that the mask does not know are not allowed."""
    if size <= len(mask):
        return mask[:size]
    return np.concatenate([mask, np.zeros(size - len(mask), np.bool_)])
