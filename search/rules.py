"""Rules on the list: boosts and buries in order of their ids, then pins. Hides are filters, made before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexing.contracts.filter_mask import mask_of
from indexing.contracts.filter_match import matches
from indexing.contracts.filters import Filter, Or
from indexing.contracts.item_values import folded_values
from indexing.contracts.membership import among
from indexing.contracts.ranking import Ranking, boost, bury
from indexing.contracts.rules import Rule
from indexing.text import fold
from search.conditions import Conditions, Kinds, rule_filter

if TYPE_CHECKING:  # a protocol: search needs no snapshot code
    from indexing.snapshots.catalogue import Catalogue


Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ListRules:
    """The rules of one request that act on its list."""

    catalogue: Catalogue
    rules: tuple[Rule, ...]
    conditions: Conditions
    kinds: Kinds

    @property
    def buries(self) -> bool:
        """Whether some rule buries, so that the whole list is needed."""
        return any(rule.kind == "bury" for rule in self.rules)

    def boosted(self) -> Filter | None:
        """What any boost is about, to be retrieved beside the first hits."""
        parts = tuple(rule_filter(rule, self.kinds) for rule in self.rules if rule.kind == "boost")
        return Or(parts) if len(parts) > 1 else parts[0] if parts else None

    def move(self, found: Ranking) -> tuple[Ranking, list[str]]:
        """Boost and bury; with the ids of the rules that found something to move."""
        applied: list[str] = []
        for rule in sorted(self.rules, key=lambda rule: rule.rule_id):
            if rule.kind not in ("boost", "bury"):
                continue
            mask = self._about(rule, found.rows)
            if not mask.any():
                continue
            found = boost(found, mask, rule.factor) if rule.kind == "boost" else bury(found, mask)
            applied.append(rule.rule_id)
        return found, applied

    def bury_again(self, found: Ranking) -> tuple[Ranking, list[str]]:
        """The buries alone, over a list that has grown; with the ids of those that found something."""
        applied: list[str] = []
        for rule in sorted(self.rules, key=lambda rule: rule.rule_id):
            mask = self._about(rule, found.rows) if rule.kind == "bury" else None
            if mask is not None and mask.any():
                found = bury(found, mask)
                applied.append(rule.rule_id)
        return found, applied

    def _about(self, rule: Rule, rows: Rows) -> npt.NDArray[np.bool_]:
        if rule.item_ids:
            return among(rows, self.catalogue.rows_of(rule.item_ids))
        condition = rule_filter(rule, self.kinds)
        return mask_of(condition, self.catalogue.columns, self.catalogue.rows_of, rows)

    def pins(self) -> tuple[dict[int, int], list[str]]:
        """0-based place by row of what is pinned, and the ids of the rules that pinned something.

        Of two rules that want one place, or one product, the smaller id has it; the other follows.
        """
        places: dict[int, int] = {}
        applied: list[str] = []
        wanted = sorted((r for r in self.rules if r.kind == "pin"), key=lambda rule: rule.rule_id)
        taken: set[int] = set()
        for rule in wanted:
            named = dict.fromkeys(self.catalogue.rows_of(rule.item_ids).tolist())
            rows = [row for row in named if row >= 0 and row not in places and self._may_stand(row)]
            place = rule.position - 1
            for row in rows:
                while place in taken:
                    place += 1
                taken.add(place)
                places[row] = place
            if rows:
                applied.append(rule.rule_id)
        return places, applied

    def _may_stand(self, row: int) -> bool:
        """A pin obeys stock, the shopper's filter and the hides. Few products: asked one by one."""
        item = self.catalogue.item(row)
        condition = self.conditions.everything
        return item.in_stock and (
            condition is None or matches(condition, folded_values(item, self.kinds, fold))
        )
