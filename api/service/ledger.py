"""What is written down behind an answer: the shown list in the journal, the numbers in the metrics."""

from __future__ import annotations

from collections.abc import Sequence

from api.metrics import Metrics
from api.service.asking import Asking
from api.service.recommending import Recommended
from api.service.searching import Searched, plain
from api.service.showing import Answered, ShownStore, shown_of
from api.types import RecommendBody, SearchBody, SuggestAnswer
from api.types.shared import Note


class Ledger:
    """Writes; nothing waits for it.

    Args:
        shown: the journal's log of shown lists.
    """

    def __init__(self, shown: ShownStore, metrics: Metrics) -> None:
        self._shown = shown
        self._metrics = metrics

    def search(self, asking: Asking, body: SearchBody, done: Searched) -> None:
        """A page of results."""
        answer = done.answer
        answered = Answered(
            request_id=answer.request_id,
            version=answer.version,
            scenario="search",
            surface=body.surface,
            person=asking.person,
            assigned=asking.assigned,
            query=plain(body.query),
            filter=done.filter,
            page_of=body.page_of if body.page > 1 else None,
        )
        self._shown.log(shown_of(answered, done.slots))
        self._count("search", answer.timings_ms, answer.notes, empty=not answer.total)

    def recommend(self, asking: Asking, body: RecommendBody, done: Recommended) -> None:
        """A list, or its next page."""
        answer = done.answer
        answered = Answered(
            request_id=answer.request_id,
            version=answer.version,
            scenario=answer.scenario,
            surface=body.surface,
            person=asking.person,
            assigned=asking.assigned,
            filter=body.filter,
            page_of=done.page_of,
        )
        self._shown.log(shown_of(answered, done.slots))
        self._count(answer.scenario, answer.timings_ms, answer.notes, empty=not answer.items)

    def suggest(self, answer: SuggestAnswer) -> None:
        """Counted only: nobody learns a ranking from half a word."""
        self._count("suggest", answer.timings_ms, answer.notes, empty=not answer.suggestions)

    def _count(self, kind: str, timings: dict[str, float], notes: Sequence[Note], *, empty: bool) -> None:
        for stage, ms in timings.items():
            self._metrics.stages.labels(kind, stage).observe(ms / 1e3)
        for note in notes:
            self._metrics.notes.labels(note.code).inc()
        if empty:
            self._metrics.empty.labels(kind).inc()
