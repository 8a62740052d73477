"""One recommended list, from a body to an answer. Runs in the engine's lane; no awaiting, no HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np

from api.cursor import Cursor, CursorBox, Upcoming
from api.service.asking import Asking
from api.service.fields import chosen_fields
from api.service.showing import arms_of
from api.types import Note, Reason, RecommendAnswer, RecommendBody, RecommendedItem, product_of
from api.view import View
from indexing.contracts.items import Item
from indexing.contracts.rules import Rule, resolve
from indexing.contracts.shown import Slot
from recsys import MOST_UPCOMING, RecommendRequest, RecommendResult, reason_text, rows_named
from recsys.reasons import Language
from recsys.result import Reason as EngineReason


@dataclass(frozen=True, slots=True)
class Recommended:
    """An answer, the slots that are logged with it, and the first page's id when it is a later one."""

    answer: RecommendAnswer
    slots: list[Slot]
    page_of: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a page, whichever way it came there."""

    row: int
    source: str
    score: float
    propensity: float
    reason: EngineReason
    ranks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RecommendJob:
    """One list.

    Attributes:
        also_excluded: what other lists of the page show.
    """

    body: RecommendBody
    asking: Asking
    request_id: str
    cursors: CursorBox
    also_excluded: tuple[str, ...] = ()

    def run(self, view: View) -> Recommended:
        """Recommend.

        Raises:
            InputError: a field, filter or cursor that cannot be.
        """
        began = perf_counter()
        fields = chosen_fields(self.body.fields)
        now = datetime.now(UTC)
        rules = resolve(view.rules, scenario=self.body.scenario, query=None, now=now)
        request = self._request(view, rules, now)
        page = _Later(self, view, request) if self.body.cursor else _First(self, view, request)
        places = page.places()
        items = view.catalogue.items(np.array([place.row for place in places], np.int32))
        answer = RecommendAnswer(
            request_id=self.request_id,
            version=view.version,
            scenario=self.body.scenario,
            items=self._items(view, places, items, page.position, fields),
            cursor=page.cursor(),
            rules_applied=list(page.rules_applied),
            experiments=arms_of(self.asking.assigned),
            notes=[*self.asking.person.notes, *page.notes],
            timings_ms=page.timings | {"total": round((perf_counter() - began) * 1e3, 3)},
        )
        slots = [
            Slot(item.item_id, page.position + at, place.source, place.score, place.propensity)
            for at, (place, item) in enumerate(zip(places, items, strict=True))
        ]
        return Recommended(answer, slots, page.page_of)

    def _request(self, view: View, rules: tuple[Rule, ...], now: datetime) -> RecommendRequest:
        body = self.body
        return RecommendRequest(
            scenario=body.scenario,
            now=now,
            limit=body.limit,
            item_ids=body.item_ids,
            actions=self.asking.person.actions if body.personalized else (),
            filter=view.filter(body.filter),
            exclude_items=[*body.exclude_items, *self.also_excluded],
            profile=self.asking.assigned.profile.recommend,
            rules=rules,
            seed=int(self.request_id[:12], 16),
            explain=body.explain,
        )

    def _items(
        self,
        view: View,
        places: Sequence[Place],
        items: Sequence[Item],
        position: int,
        fields: Sequence[str],
    ) -> list[RecommendedItem]:
        named = rows_named([place.reason for place in places])
        sources = view.catalogue.items(np.array(named, np.int32))
        titles = dict(zip(named, sources, strict=True))
        language: Language = self.asking.context.language or view.catalogue.shop.language
        return [
            RecommendedItem(
                item_id=item.item_id,
                position=position + at,
                item=product_of(item, fields),
                reason=_reason(place.reason, titles.get(place.reason.because), language),
                explain=_explained(place) if self.body.explain else None,
            )
            for at, (place, item) in enumerate(zip(places, items, strict=True))
        ]


class _First:
    """The first page, from the engine."""

    position = 1
    page_of: str | None = None

    def __init__(self, job: RecommendJob, view: View, request: RecommendRequest) -> None:
        self._job = job
        self._view = view
        self._result: RecommendResult = view.recommend.recommend(request)
        self.rules_applied: Iterable[str] = self._result.rules_applied
        self.notes = [Note(note.code, note.detail) for note in self._result.notes]
        self.timings = {name: round(ms, 3) for name, ms in self._result.timings_ms.items()}

    def places(self) -> list[Place]:
        result, names = self._result, self._result.ranking.names
        columns = zip(
            result.ranking.rows.tolist(),
            result.ranking.sources.tolist(),
            result.ranking.scores.tolist(),
            result.propensities.tolist(),
            result.reasons,
            strict=True,
        )
        return [
            Place(row, names[source], score, propensity, reason, result.ranks[at] if result.ranks else {})
            for at, (row, source, score, propensity, reason) in enumerate(columns)
        ]

    def cursor(self) -> str | None:
        upcoming, id_of = self._result.upcoming, cache(self._view.catalogue.id_of)  # causes repeat
        columns = zip(
            upcoming.rows.tolist()[:MOST_UPCOMING],
            upcoming.sources.tolist(),
            upcoming.scores.tolist(),
            self._result.upcoming_reasons,
            strict=False,
        )
        rest = [
            Upcoming(
                id_of(row),
                upcoming.names[source],
                score,
                reason.code,
                id_of(reason.because) if reason.because >= 0 else None,
            )
            for row, source, score, reason in columns
        ]
        return _sealed(self._job, self._job.request_id, len(self._result.ranking) + 1, rest)


class _Later:
    """A later page, from the cursor: what was promised, without what may no longer be shown."""

    def __init__(self, job: RecommendJob, view: View, request: RecommendRequest) -> None:
        self._job = job
        self._view = view
        held = job.cursors.open(job.body.cursor or "", scenario=job.body.scenario)
        rows = view.catalogue.rows_of([one.item_id for one in held.upcoming])
        allowed = view.recommend.still_allowed(request, rows)
        kept = [
            (int(row), one) for row, one, good in zip(rows, held.upcoming, allowed, strict=True) if good
        ]
        self._page, self._rest = kept[: request.limit], kept[request.limit :]
        self.position = held.position
        self.page_of: str | None = held.first_request_id
        self.rules_applied: Iterable[str] = ()
        gone = len(held.upcoming) - len(kept)
        text = f"{gone} products that were to come may no longer be shown"
        self.notes = [Note("passed_over", text)] if gone else []
        self.timings: dict[str, float] = {}

    def places(self) -> list[Place]:
        named = self._view.catalogue.rows_of([one.because or "" for _, one in self._page])
        return [
            Place(row, one.source, one.score, 1.0, EngineReason(one.reason, int(because)), {})
            for (row, one), because in zip(self._page, named, strict=True)
        ]

    def cursor(self) -> str | None:
        rest = [one for _, one in self._rest]
        return _sealed(self._job, self.page_of or "", self.position + len(self._page), rest)


def _sealed(job: RecommendJob, first: str, position: int, rest: list[Upcoming]) -> str | None:
    return job.cursors.seal(Cursor(job.body.scenario, first, position, rest)) if rest else None


def _reason(reason: EngineReason, because: Item | None, language: Language) -> Reason:
    text = reason_text(reason, language=language, title=because.title if because else None)
    return Reason(reason.code, text, because.item_id if because else None)


def _explained(place: Place) -> dict[str, Any]:
    return {
        "source": place.source,
        "score": place.score,
        "propensity": place.propensity,
        "ranks": dict(place.ranks),
    }
