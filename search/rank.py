"""Order the candidates: reciprocal rank fusion of the retrievers plus weighted features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.contracts.profiles import SearchProfile
from indexing.contracts.ranking import Ranking, added_up, best_first, rescore
from search.features import FEATURE_NAMES, FEATURES, TITLE_MATCH, Candidates, values_of
from search.stages import Stages

Floats = npt.NDArray[np.float32]

RANK_K = 200
"""Of the fusion: the word ranks of products that have all the words tell little from one to the next, so
that the 48th has four fifths of the first. At 60, the habit of web search, it would have half, and no
feature could lift it."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates in order, and why.

    Attributes:
        found: best first.
        features: by name, float32 by place in ``rows``.
        rows: the rows in the order of the features, ascending.
    """

    found: Ranking
    features: Mapping[str, Floats]
    rows: npt.NDArray[np.int32]

    def of(self, rows: npt.NDArray[np.int32]) -> list[dict[str, float]]:
        """The features of some rows, empty for one that was no candidate."""
        if not len(self.rows):
            return [{} for _ in rows]
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        known = (self.rows[places] == rows).tolist()
        values = np.array([one[places] for one in self.features.values()], np.float64).T.round(4).tolist()
        names = tuple(self.features)
        return [
            dict(zip(names, one, strict=True)) if held else {}
            for one, held in zip(values, known, strict=True)
        ]


def first_order(
    retrieved: Sequence[Ranking], weights: Sequence[float], candidates: Candidates, profile: SearchProfile
) -> Ranked:
    """Fuse and add the features that need no title.

    The fused score is divided by what the first hit of the words gets, so that it is about as large as a
    feature: 1 at the top, a half at rank 200. An engine's own scores never enter.

    Args:
        retrieved: of each retriever; together they hold exactly ``candidates.rows``, which ascend.
        weights: of each retriever.
    """
    shares = added_up(retrieved, weights, RANK_K)
    every = len(shares.rows) == len(candidates.rows)  # not where a retriever weighs nothing
    at = slice(None) if every else np.searchsorted(candidates.rows, shares.rows)
    base = np.zeros(len(candidates.rows), np.float32)
    base[at] = shares.scores * (RANK_K + 1)
    features = dict(zip((one.name for one in FEATURES), values_of(candidates), strict=True))
    total = base.copy()
    for name, values in features.items():
        if weight := profile.features.get(name):
            total += np.float32(weight) * values
    found = best_first(shares._replace(scores=total[at]))
    return Ranked(found, {"relevance": base} | features, candidates.rows)


def second_order(ranked: Ranked, matches: Floats, profile: SearchProfile) -> Ranked:
    """Add ``title_match`` to the first candidates, which stay before the others.

    Args:
        matches: float32 of the first ``len(matches)`` places of ``ranked.found``.
    """
    found, window = ranked.found, len(matches)
    values = np.zeros(len(found), np.float32)
    values[np.searchsorted(ranked.rows, found.rows[:window])] = matches
    weight = np.float32(profile.features.get(TITLE_MATCH, 0.0))
    scores = found.scores.copy()
    scores[:window] += weight * matches  # never below 0, so the first stay before the others
    return Ranked(rescore(found, scores), {**ranked.features, TITLE_MATCH: values}, ranked.rows)


def check_features(profile: SearchProfile, stages: Stages) -> None:
    """Note the features that a profile weighs and that are not known."""
    unknown = sorted(set(profile.features) - set(FEATURE_NAMES))
    if unknown:
        stages.note("unknown_feature", f"the profile weighs {', '.join(unknown)}, which no ranker computes")
