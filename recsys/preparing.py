"""Before any source is asked: who asks, what may be shown, and what candidates are sought for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.contracts.filters import Compare, Filter, all_of
from indexing.contracts.ranking import Rows
from indexing.snapshots.catalogue import Catalogue
from recsys.ask import Seeds
from recsys.masks import Masks
from recsys.merchandising import Merchandising, pin_places, read_rules
from recsys.models import Models
from recsys.request import RecommendRequest
from recsys.scenarios import Scenario, scenario_of
from recsys.taste import Taste, read_taste

Mask = npt.NDArray[np.bool_]

_IN_STOCK = Compare("in_stock", "=", True)

_ANNOUNCED = 1000
"""The newest launches that are looked at for one that is not ahead of now."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One request, understood.

    Attributes:
        seeds: the context, or what the shopper touched when there is none.
        first: bool (rows,): what may be in the list, without pins and what comes last.
        last: rows that may be in it too, but come last: products seen lately, at home.
        pins: 0-based place by row, and ``pin_rules`` the rule of each.
        kin: rows whose variants are not shown: of the context, pinned, bought, disliked.
        today: what new is measured from, seconds since the epoch.
        unknown: ids of the context that the catalogue does not know.
    """

    scenario: Scenario
    taste: Taste
    seeds: Seeds
    rules: Merchandising
    first: Mask
    last: Rows
    pins: dict[int, int]
    pin_rules: dict[int, str]
    kin: Rows
    today: float
    unknown: tuple[str, ...]

    def allowed(self) -> Mask:
        """Everything that may be in the list, pins apart: bool (rows,), the caller's to change."""
        mask = self.first.copy()
        mask[self.last] = True
        return mask


def prepare(request: RecommendRequest, catalogue: Catalogue, models: Models, masks: Masks) -> Prepared:
    """Understand a request.

    Raises:
        InputError: no such scenario.
    """
    scenario = scenario_of(request.scenario)
    taste = read_taste(request.actions, catalogue)
    rules = read_rules(request.rules, catalogue)
    context = catalogue.rows_of(request.item_ids)
    known = np.unique(context[context >= 0])
    allowed = base_mask(request, rules, catalogue, masks)
    allowed[known] = False
    allowed[taste.disliked] = False
    pins, pin_rules = pin_places(rules.pins, allowed)
    allowed[list(pins)] = False
    bought = taste.rows[taste.bought] if scenario.hide_seen else taste.rows[:0]
    allowed[bought] = False
    last = taste.rows[allowed[taste.rows]] if scenario.hide_seen else taste.rows[:0]
    allowed[last] = False
    return Prepared(
        scenario=scenario,
        taste=taste,
        seeds=_seeds(scenario, known, taste),
        rules=rules,
        first=allowed,
        last=last,
        pins=pins,
        pin_rules=pin_rules,
        kin=np.concatenate([known, list(pins), bought, taste.disliked]).astype(np.int32),
        today=_today(request, catalogue, models),
        unknown=tuple(i for i, row in zip(request.item_ids, context.tolist(), strict=True) if row < 0),
    )


def base_mask(request: RecommendRequest, rules: Merchandising, catalogue: Catalogue, masks: Masks) -> Mask:
    """The one filter: alive, the request's filter, stock, hides, and what is excluded by id."""
    stock = _IN_STOCK if scenario_of(request.scenario).in_stock else None
    condition: Filter | None = all_of(stock, *rules.hidden_by_filter())
    mask = masks.within(condition, request.filter)
    mask[rules.hidden_rows()] = False
    excluded = catalogue.rows_of(request.exclude_items)
    mask[excluded[excluded >= 0]] = False
    return mask


def _seeds(scenario: Scenario, context: Rows, taste: Taste) -> Seeds:
    if scenario.about == "context" and len(context):
        return Seeds(context, np.ones(len(context), np.float32), from_context=True)
    return Seeds(taste.rows, taste.weights, from_context=False)


def _today(request: RecommendRequest, catalogue: Catalogue, models: Models) -> float:
    """The log's last day or the last launch since, never later than now.

    A shop that serves the log of another year still has new products: those that were new then.
    """
    now = request.now.timestamp()
    if models.trend_now is None:
        return now
    created = catalogue.columns.numbers("created_at")
    launches = np.concatenate([created[models.newest[:_ANNOUNCED]], created[catalogue.built_rows :]])
    past = launches[launches <= now]  # what is announced says nothing of today
    return min(now, max(models.trend_now, float(past.max(initial=-np.inf))))
