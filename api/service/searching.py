"""A search, from a body to an answer. Runs in the engine's lane; no awaiting, no HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import msgspec

from api.service.asking import Asking
from api.service.fields import chosen_fields, ranges_of, sort_of
from api.service.showing import arms_of
from api.types import (
    FacetStats,
    FacetValue,
    FoundItem,
    Highlight,
    Note,
    SearchAnswer,
    SearchBody,
    product_of,
)
from api.view import View
from indexing.contracts.errors import InputError
from indexing.contracts.filter_text import text_of
from indexing.contracts.rules import resolve
from indexing.contracts.shown import Slot
from indexing.text import fold, mark
from search import DEEPEST, Hit, SearchRequest, SearchResult
from search.conditions import read_conditions


@dataclass(frozen=True, slots=True)
class Searched:
    """An answer, and what is logged with it: the slots, and the whole condition as one filter."""

    answer: SearchAnswer
    slots: list[Slot]
    filter: str | None = None


@dataclass(frozen=True, slots=True)
class SearchJob:
    """One search.

    Attributes:
        log_features: this answer's features go into the journal.
        deadline_ms: for the engine.
    """

    body: SearchBody
    asking: Asking
    log_features: bool = False
    deadline_ms: float | None = None

    def run(self, view: View) -> Searched:
        """Search.

        Raises:
            InputError: a field, filter, sort or page that cannot be.
        """
        began = perf_counter()
        fields = chosen_fields(self.body.fields)
        request = self._request(view)
        shopper_ms = (perf_counter() - began) * 1e3
        result = view.search.search(request)
        answer = self._answer(view, result, fields)
        timings = answer.timings_ms | {"prepare": round(shopper_ms, 3)}
        timings["total"] = round((perf_counter() - began) * 1e3, 3)
        whole = msgspec.structs.replace(answer, timings_ms=timings)
        return Searched(whole, self._slots(result), self._condition(view))

    def _request(self, view: View) -> SearchRequest:
        body = self.body
        offset = (body.page - 1) * body.page_size
        if offset + body.page_size > DEEPEST:
            raise InputError(
                f"page {body.page} lies beyond place {DEEPEST}; narrow the search instead",
                field="page",
                code="too_deep",
            )
        query = plain(body.query)
        actions = self.asking.person.actions if body.personalized else ()
        return SearchRequest(
            query=query,
            filter=view.filter(body.filter),
            refine={name: tuple(values) for name, values in body.refine.items()},
            facets=None if body.facets is None else tuple(dict.fromkeys(body.facets)),
            max_facet_values=body.max_facet_values,
            facet_ranges=ranges_of(body.facet_ranges),
            sort=sort_of(body.sort),
            offset=offset,
            limit=body.page_size,
            profile=self.asking.assigned.profile.search,
            rules=resolve(view.rules, scenario="search", query=fold(query), now=datetime.now(UTC)),
            shopper=view.recommend.shopper_vector(actions) if actions else None,
            correct=body.correct,
            explain=body.explain,
            fold_variants=body.fold_variants,
            deadline_ms=self.deadline_ms,
        )

    def _answer(self, view: View, result: SearchResult, fields: Sequence[str]) -> SearchAnswer:
        body = self.body
        return SearchAnswer(
            request_id=self.asking.context.request_id,
            version=view.version,
            total=result.total,
            total_is_exact=result.total_is_exact,
            page=body.page,
            page_size=body.page_size,
            more=result.more,
            items=[_found(hit, fields, explain=body.explain) for hit in result.hits],
            facets={
                name: [FacetValue(v.value, v.count, v.selected, v.label, v.depth) for v in values]
                for name, values in result.facets.items()
            },
            facet_stats={
                name: FacetStats(s.count, s.minimum, s.maximum, s.mean)
                for name, s in result.facet_stats.items()
            },
            did_you_mean=result.did_you_mean,
            corrected_to=result.corrected_to,
            redirect=result.redirect,
            ladder=[msgspec.to_builtins(step) for step in result.ladder],
            rules_applied=list(result.rules_applied),
            experiments=arms_of(self.asking.assigned),
            notes=[*self.asking.person.notes, *(Note(note.code, note.detail) for note in result.notes)],
            timings_ms=dict(result.timings_ms),
            explain=msgspec.to_builtins(result.understanding) if body.explain else None,
        )

    def _condition(self, view: View) -> str | None:
        """Filter and refinements: a list that was narrowed must not pass for one that was not."""
        if not self.body.refine:
            return self.body.filter
        read = read_conditions(view.filter(self.body.filter), self.body.refine, (), view.kinds)
        return text_of(read.everything, view.kinds) if read.everything else None

    def _slots(self, result: SearchResult) -> list[Slot]:
        return [
            Slot(
                item_id=hit.item.item_id,
                position=hit.position,
                source="sort" if self.body.sort else hit.source,  # no ranking of ours put it there
                score=hit.score,
                features=dict(hit.features) if self.log_features and hit.features else None,
            )
            for hit in result.hits
        ]


def _found(hit: Hit, fields: Sequence[str], *, explain: bool) -> FoundItem:
    return FoundItem(
        item_id=hit.item.item_id,
        position=hit.position,
        item=product_of(hit.item, fields),
        highlights=[
            Highlight(found.field, list(found.spans), mark(getattr(hit.item, found.field), found.spans))
            for found in hit.highlights
        ],
        variants=hit.folded,
        explain=_explained(hit) if explain else None,
    )


def _explained(hit: Hit) -> dict[str, Any]:
    return {
        "source": hit.source,
        "score": hit.score,
        "features": dict(hit.features),
        "ranks": dict(hit.ranks),
    }


def plain(query: str) -> str:
    """A query that any engine and any database takes: what is no Unicode text is a space.

    >>> plain("a\\0b")
    'a b'
    """
    return query.replace("\0", " ").encode("utf-8", "replace").decode()
