"""Suggestions, from a body to an answer. Runs in the engine's lane."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from api.service.asking import Asking
from api.service.searching import plain
from api.service.showing import arms_of
from api.types import Note, SuggestAnswer, SuggestBody, Suggestion
from api.view import View
from indexing.contracts.rules import resolve
from indexing.text import fold, mark
from search import SuggestRequest


@dataclass(frozen=True, slots=True)
class SuggestJob:
    """What was typed so far."""

    body: SuggestBody
    asking: Asking

    def run(self, view: View) -> SuggestAnswer:
        """Complete it."""
        began = perf_counter()
        text = plain(self.body.query)
        rules = resolve(view.rules, scenario="search", query=fold(text), now=datetime.now(UTC))
        request = SuggestRequest(text, self.body.limit, self.body.max_products, rules)
        result = view.search.suggest(request)
        return SuggestAnswer(
            request_id=self.asking.context.request_id,
            version=view.version,
            suggestions=[
                Suggestion(
                    text=one.text,
                    kind=one.kind,
                    html=mark(one.text, one.spans),
                    spans=list(one.spans),
                    item_id=one.item_id,
                    category=one.category,
                )
                for one in result.suggestions
            ],
            experiments=arms_of(self.asking.assigned),
            notes=[*self.asking.person.notes, *(Note(note.code, note.detail) for note in result.notes)],
            timings_ms=result.timings_ms | {"total": round((perf_counter() - began) * 1e3, 3)},
        )
