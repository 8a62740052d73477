"""The search engine over one view of a catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexing.contracts.errors import InputError
from indexing.lexical.asking import check_facets, check_sort
from search.answer import Search
from search.models import Embedder
from search.request import DEEPEST, SearchRequest, SuggestRequest
from search.result import SearchResult, SuggestResult
from search.stages import Stages
from search.suggest import suggest
from search.view import View

if TYPE_CHECKING:  # a protocol: search needs no snapshot code
    from indexing.snapshots.catalogue import Catalogue


class SearchEngine:
    """Answers searches and suggests while one types. Cheap to make: models are mapped once a snapshot.

    Args:
        catalogue: a snapshot or a live view; it stays open as long as the engine is used.
        embedder: makes query vectors; None: the snapshot's own text model, where it has one.
    """

    def __init__(self, catalogue: Catalogue, embedder: Embedder | None = None) -> None:
        self._view = View(catalogue, embedder)

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a search. Any text gives an answer.

        Raises:
            InputError: a page that is too deep, a field that is not known, a value it cannot have.
            FilterError: a rule whose expression cannot be read.
        """
        self._check(request)
        return Search(self._view, request, Stages(request.deadline_ms)).answer()

    def suggest(self, request: SuggestRequest) -> SuggestResult:
        """Suggest queries, categories, brands and products for what was typed so far."""
        return suggest(self._view, request)

    def _check(self, request: SearchRequest) -> None:
        if request.offset < 0 or request.limit < 0:
            raise InputError("offset and limit cannot be negative", field="page")
        if request.offset + request.limit > DEEPEST:
            raise InputError(
                f"the page ends at {request.offset + request.limit}; only the first {DEEPEST} are served",
                field="page",
                code="too_deep",
            )
        if request.sort is not None:
            check_sort(request.sort, self._view.kinds)
        check_facets(request.facets or (), self._view.kinds)
        check_facets(request.facet_ranges, self._view.kinds)
