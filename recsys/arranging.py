"""From candidates to the order shown: boosts, variants, fill, variety, the new, exploration, rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking, Rows, cut, drop, pin
from recsys.ask import Ask
from recsys.candidates import Candidates
from recsys.exploring import explore
from recsys.filling import filled
from recsys.masks import Masks
from recsys.merchandising import boosted, buried_mask
from recsys.preparing import Prepared
from recsys.request import MOST_UPCOMING, RecommendRequest
from recsys.variety import Keys, appended, fold_variants, keys_of, spread, with_fresh

_SPARE = 2
"""Candidates kept for each place, so that variety has something to choose from."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """The rows of this page and of those to come.

    Attributes:
        propensities: float32, one for each row.
        rules_applied: ids, sorted.
    """

    ranking: Ranking
    propensities: npt.NDArray[np.float32]
    rules_applied: tuple[str, ...]


def arrange(
    candidates: Candidates, ask: Ask, prepared: Prepared, request: RecommendRequest, masks: Masks
) -> Arranged:
    """Put candidates in order: one page, and at most a hundred rows more.

    Args:
        candidates: what the sources found.
        ask: as the sources were asked.
        masks: of the filters that rules name.
    """
    table = _Table(ask, prepared, request, masks)
    found = boosted(candidates.fused, prepared.rules.boosts, masks.of, table.applied)
    fresh = candidates.by_source.get("fresh")
    found = table.one_of_each_group(found)
    kept, buried = table.without_buried(table.filled(found))
    kept = table.varied(cut(kept, _SPARE * table.count))
    if prepared.scenario.fresh and fresh is not None:
        new, _ = table.without_buried(fresh)
        kept = with_fresh(kept, new, share=request.profile.fresh_share, count=table.count)
        kept = table.one_of_each_group(kept)
    pinned_here = sum(place < request.limit for place in prepared.pins.values())
    explored = explore(
        cut(kept, table.count),
        places=max(0, request.limit - pinned_here),
        share=request.profile.explore,
        seed=request.seed,
    )
    final = pin(appended(explored.ranking, buried), prepared.pins)
    return Arranged(
        ranking=cut(final, table.count),
        propensities=_moved(explored.propensities, explored.ranking, final)[: table.count],
        rules_applied=tuple(sorted(table.applied | set(prepared.pin_rules.values()))),
    )


def _moved(propensities: npt.NDArray[np.float32], of: Ranking, to: Ranking) -> npt.NDArray[np.float32]:
    """The propensity of each row where it stands now; rows that a rule placed were certain."""
    if to is of:
        return propensities
    known = dict(zip(of.rows.tolist(), propensities.tolist(), strict=True))
    return np.array([known.get(row, 1.0) for row in to.rows.tolist()], np.float32)


class _Table:
    """What each step of one arrangement needs to know."""

    def __init__(self, ask: Ask, prepared: Prepared, request: RecommendRequest, masks: Masks) -> None:
        self.count = request.limit + MOST_UPCOMING
        self.applied: set[str] = set()
        self._ask = ask
        self._masks = masks
        self._prepared = prepared
        self._profile = request.profile
        groups = self._keys("group", prepared.kin)
        self._taken = groups[groups >= 0]

    def _keys(self, name: str, rows: Rows) -> Keys:
        return keys_of(self._ask.catalogue.columns, name, rows)

    def one_of_each_group(self, found: Ranking) -> Ranking:
        return fold_variants(found, self._keys("group", found.rows), taken=self._taken)

    def filled(self, found: Ranking) -> Ranking:
        if len(found) >= self.count:
            return found
        rest = self._ask.asking(self._ask.quota, self._prepared.allowed())
        return filled(found, rest, self._prepared.scenario.fill, need=self.count, taken=self._taken)

    def without_buried(self, found: Ranking) -> tuple[Ranking, Ranking]:
        """The rows that no rule buries, and those that one does."""
        buries = self._prepared.rules.buries
        if not buries:
            return found, cut(found, 0)
        buried = buried_mask(found.rows, buries, self._masks.of, self.applied)
        return drop(found, buried), drop(found, ~buried)

    def varied(self, found: Ranking) -> Ranking:
        profile = self._profile
        most = {"category": profile.same_category, "brand": profile.same_brand}
        limits = [(self._keys(key, found.rows), most[key]) for key in self._prepared.scenario.diverse]
        return spread(found, limits, window=profile.window, count=self.count)
