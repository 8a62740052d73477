"""Ask the sources, and make one list of what they found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from indexing.contracts.profiles import RecommendProfile
from indexing.contracts.ranking import Ranking, fuse, rescore
from recsys.ask import Ask, Missing
from recsys.result import Note
from recsys.sources import SOURCES

_KNOW_ADDED = frozenset({"content", "fresh"})


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the sources found.

    Attributes:
        fused: one list, by weighted reciprocal rank.
        by_source: each source's own list.
    """

    fused: Ranking
    by_source: Mapping[str, Ranking]
    notes: tuple[Note, ...]
    timings_ms: Mapping[str, float]


def source_weights(scenario: str, profile: RecommendProfile) -> Mapping[str, float]:
    """Weights by source. A scenario that the profile does not name has the default profile's sources."""
    found = profile.sources.get(scenario)
    return RecommendProfile().sources[scenario] if found is None else found


def ask_sources(ask: Ask, weights: Mapping[str, float]) -> Candidates:
    """Ask every source that weighs something.

    Returns:
        with a note for each source that is unknown or whose model was not built.
    """
    found: dict[str, Ranking] = {}
    notes: list[Note] = []
    timings: dict[str, float] = {}
    for name, weight in weights.items():
        if weight <= 0:
            continue
        if name not in SOURCES:
            notes.append(Note("unknown_source", f"the profile names {name!r}; there are {sorted(SOURCES)}"))
            continue
        started = perf_counter()
        answer = SOURCES[name](ask)
        timings[name] = (perf_counter() - started) * 1e3
        if isinstance(answer, Missing):
            notes.append(Note("source_skipped", f"{name}: {answer.needs} was not built"))
        else:
            found[name] = answer
    fused = fuse(list(found.values()), [weights[name] for name in found])
    fused = _fair_to_added(fused, ask.catalogue.built_rows, {name: weights[name] for name in found})
    return Candidates(fused, found, tuple(notes), timings)


def _fair_to_added(fused: Ranking, built_rows: int, weights: Mapping[str, float]) -> Ranking:
    """Score products added since the build by the sources that can know them.

    No model has heard of them, so their sums lack the shares of most sources; they are scaled up as if
    the others thought the same. Without this the best match by content stands behind every product that
    two sources found at all.
    """
    added = fused.rows >= built_rows
    able = sum(weight for name, weight in weights.items() if name in _KNOW_ADDED)
    if not added.any() or not able:
        return fused
    return rescore(fused, np.where(added, fused.scores * (sum(weights.values()) / able), fused.scores))
