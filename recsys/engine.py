"""Recommendation: from a request to a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking, Rows, cut
from indexing.snapshots.catalogue import Catalogue
from recsys.arranging import Arranged, arrange
from recsys.ask import Ask
from recsys.candidates import Candidates, ask_sources, source_weights
from recsys.direction import direction
from recsys.folding import fold_in
from recsys.masks import Masks
from recsys.merchandising import read_rules
from recsys.models import Models, open_models
from recsys.preparing import Prepared, base_mask, prepare
from recsys.reasons import reasons_of
from recsys.request import Action, RecommendRequest
from recsys.result import Note, RecommendResult
from recsys.scenarios import scenario_of
from recsys.shopper import ShopperVector
from recsys.taste import read_taste


class RecommendEngine:
    """What a shopper would want here and now. Safe to use from several threads.

    Args:
        catalogue: one consistent view of the shop; models are mapped once, when the engine is made.
    """

    def __init__(self, catalogue: Catalogue, *, models: Models | None = None) -> None:
        self._catalogue = catalogue
        self._models = open_models(catalogue) if models is None else models
        self._masks = Masks(catalogue)

    def on(self, catalogue: Catalogue) -> RecommendEngine:
        """The engine for another view of the shop; of the same snapshot it costs nothing."""
        same = catalogue.snapshot_name == self._catalogue.snapshot_name
        return RecommendEngine(catalogue, models=self._models if same else None)

    def recommend(self, request: RecommendRequest) -> RecommendResult:
        """One list.

        Returns:
            ``min(limit, products that may be shown)`` rows, whatever the shopper, the filter and the
            models: only ``recently_viewed`` shows no more than was viewed.

        Raises:
            InputError: no such scenario.
        """
        times = [perf_counter()]
        prepared = prepare(request, self._catalogue, self._models, self._masks)
        times.append(perf_counter())
        ask = self._ask(prepared, request.profile.quota)
        found = ask_sources(ask, source_weights(request.scenario, request.profile))
        times.append(perf_counter())
        arranged = arrange(found, ask, prepared, request, self._masks)
        times.append(perf_counter())
        return _result(request, prepared, found, arranged, times)

    def still_allowed(self, request: RecommendRequest, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which rows of a page to come may still be shown: in stock, not filtered, hidden, disliked, or
        bought where bought products are not shown.

        Args:
            request: as for the first page.
            rows: int32, -1 for ids that are no longer known.
        """
        rules = read_rules(request.rules, self._catalogue)
        mask = base_mask(request, rules, self._catalogue, self._masks)
        taste = read_taste(request.actions, self._catalogue)
        mask[taste.disliked] = False
        if scenario_of(request.scenario).hide_seen:
            mask[taste.rows[taste.bought]] = False
        allowed = np.zeros(len(rows), np.bool_)
        known = rows >= 0
        allowed[known] = mask[rows[known]]
        return allowed

    def shopper_vector(self, actions: Sequence[Action]) -> ShopperVector | None:
        """What the last actions say, newest first, as a feature for search; None when they say nothing."""
        taste = read_taste(actions, self._catalogue)
        factors, texts = self._models.factors, self._catalogue.vectors("text")
        folded = None if factors is None else fold_in(factors, taste.rows, taste.weights)
        towards = None if texts is None else direction(texts, taste.rows, taste.weights)
        if folded is None and towards is None:
            return None
        vector = None if folded is None else folded.vector
        return ShopperVector(factors, vector, texts, None if towards is None else towards.mean)

    def _ask(self, prepared: Prepared, quota: int) -> Ask:
        return Ask(
            catalogue=self._catalogue,
            models=self._models,
            mask=prepared.first,
            seeds=prepared.seeds,
            taste=prepared.taste,
            quota=quota,
            today=prepared.today,
        )


def _result(
    request: RecommendRequest,
    prepared: Prepared,
    found: Candidates,
    arranged: Arranged,
    times: Sequence[float],
) -> RecommendResult:
    page = cut(arranged.ranking, request.limit)
    reasons = reasons_of(arranged.ranking, prepared.seeds, prepared.taste)
    upcoming = cut(arranged.ranking, len(arranged.ranking), offset=request.limit)
    stages = ("prepare", "candidates", "arrange")
    spent = {name: (end - start) * 1e3 for name, start, end in zip(stages, times, times[1:], strict=False)}
    return RecommendResult(
        ranking=page,
        reasons=reasons[: len(page)],
        propensities=arranged.propensities[: len(page)],
        upcoming=upcoming,
        upcoming_reasons=reasons[len(page) :],
        notes=(*prepared.rules.notes, *_notes(request, prepared, page), *found.notes),
        timings_ms=spent | {f"source:{name}": ms for name, ms in found.timings_ms.items()},
        rules_applied=arranged.rules_applied,
        ranks=_ranks(page, found.by_source) if request.explain else (),
    )


def _notes(request: RecommendRequest, prepared: Prepared, page: Ranking) -> list[Note]:
    notes = []
    if prepared.unknown:
        notes.append(Note("unknown_item", f"no product {', '.join(prepared.unknown[:5])}"))
    if not len(prepared.seeds):
        notes.append(
            Note("cold", "nothing is known of this shopper: chosen by what is new and sought after")
        )
    asked = {*source_weights(request.scenario, request.profile), "pin"}
    strays = sum(page.source_of(place) not in asked for place in range(len(page)))
    if strays:
        notes.append(Note("filled", f"{strays} products of this page came from other sources than asked"))
    return notes


def _ranks(page: Ranking, by_source: Mapping[str, Ranking]) -> tuple[Mapping[str, int], ...]:
    """For each row of the page its rank by source, from 1."""
    ranks = {
        name: {row: rank for rank, row in enumerate(one.rows.tolist(), 1)}
        for name, one in by_source.items()
    }
    return tuple(
        {name: held[row] for name, held in ranks.items() if row in held} for row in page.rows.tolist()
    )
