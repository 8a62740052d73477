"""One search from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from indexing.contracts.items import Item
from indexing.contracts.ranking import Ranking, empty
from indexing.lexical.asking import MOST_HITS
from indexing.lexical.base import Hits, LexicalQuery
from search.browse import most_popular
from search.candidates import Ranker
from search.conditions import Conditions, read_conditions
from search.correct import Corrector
from search.facets import Counted
from search.finding import Answered, Finder
from search.highlight import Highlighter
from search.ladder import Found
from search.listing import Page, plain_page, ranked_page
from search.lists import in_order
from search.page import Ordered, page_hits
from search.rank import Ranked
from search.request import SearchRequest
from search.result import FieldHighlight, SearchResult
from search.rules import ListRules
from search.stages import Stages
from search.understand import Wanted
from search.view import View

FIRST_HITS = 300
"""Hits asked for at once, unless the profile ranks more. Where a query has no more they are all, and what
is known of all matches need not be asked again (facets, best sellers among them, later pages). Further ones
cost more as objects of Python, .26 ms a thousand, than the questions that they save: at a million products
the slowest hundredth of pages is up to a twentieth quicker with 300 than with 1,000, the others the
same."""


@dataclass(frozen=True)
class Search:
    """Answers one request over one view of the catalogue."""

    view: View
    request: SearchRequest
    stages: Stages

    def answer(self) -> SearchResult:
        """Understand, find, order, count, mark."""
        request, stages = self.request, self.stages
        with stages.stage("understand"):
            wanted = self.view.understander.understand(request.query, stages)
            conditions = read_conditions(request.filter, request.refine, request.rules, self.view.kinds)
            if wanted.price:
                conditions = conditions.with_price(wanted.price.filter)
        if self.view.models.lexicon is None:
            stages.note("lexicon_missing", "this snapshot has no query lexicon; nothing is corrected")
        if not wanted.terms and not wanted.browse:
            stages.note("no_words", "the query holds no word that could be searched")
            return self._result(wanted)
        if wanted.browse:
            answered = Answered(wanted, self._everything(conditions))
        else:
            answered = self._finder.find(wanted, conditions)
        counted = self._counted(answered.found)
        ordered = self._ordered(answered.wanted, answered.found)
        return self._result(answered.wanted, answered, ordered, counted)

    @cached_property
    def _ranker(self) -> Ranker:
        view = self.view
        return Ranker(view.catalogue, view.models, view.embedder, self.request, self.stages)

    @cached_property
    def _groups(self) -> npt.NDArray[np.int32]:
        """Code of the group of every row; -1 for all where variants are not folded."""
        groups = self.view.groups
        return groups if self.request.fold_variants else np.full_like(groups, -1)

    @property
    def _finder(self) -> Finder:
        view, lexicon = self.view, self.view.models.lexicon
        corrector = Corrector(lexicon, view.catalogue.analyser, view.catalogue.lexical) if lexicon else None
        whole = self.request.sort is not None or not self.request.profile.ladder
        return Finder(
            view.catalogue.lexical,
            view.understander,
            self._hits,
            corrector,
            self.request.correct,
            whole,
            view.catalogue.rows,
            self.stages,
        )

    def _hits(self, query: LexicalQuery) -> Hits:
        """The first; under an explicit sort the page and one more."""
        request = self.request
        if request.sort is None:
            first = max(FIRST_HITS, request.profile.candidates)
            return self.view.catalogue.lexical.search(query, limit=first)
        # where variants are folded, a page may need any number of hits
        limit = (
            MOST_HITS
            if self.view.has_groups and request.fold_variants
            else request.offset + request.limit + 1
        )
        return self.view.catalogue.lexical.search(query, limit=limit, sort=request.sort)

    def _everything(self, conditions: Conditions) -> Found:
        """Without words; under an explicit sort with hits, else their number only."""
        query = LexicalQuery((), None, conditions.filter, conditions.refine)
        with self.stages.stage("retrieve"):
            if self.request.sort is not None:
                hits = self._hits(query)
            else:
                none = np.empty(0, np.int32)
                total = int(np.count_nonzero(self.view.catalogue.mask(conditions.everything)))
                hits = Hits(none, none.astype(np.float32), total)
        return Found(query, conditions, (), hits, ())

    def _ordered(self, wanted: Wanted, found: Found) -> Ordered:
        if self.request.sort is not None:
            page = plain_page(in_order(found.hits.rows, "words"), self._groups, self.request)
            return Ordered(page)
        return self._browsed(wanted, found) if wanted.browse else self._ranked(wanted, found)

    def _browsed(self, wanted: Wanted, found: Found) -> Ordered:
        window = self.request.profile.candidates
        with self.stages.stage("retrieve"):
            allowed = self.view.catalogue.mask(found.conditions.everything)
            best = most_popular(self.view.models.popularity, allowed, MOST_HITS)
        first = in_order(best[:window], "popular")
        ranked = self._ranker.browse(wanted, first)
        page = self._paged(ranked, found, lambda: in_order(best[window:], "popular"), empty())
        return Ordered(page, ranked, (first,))

    def _ranked(self, wanted: Wanted, found: Found) -> Ordered:
        ranked, retrieved, extra = self._ranker.rank(wanted, found, self._rules(found))
        page = self._paged(ranked, found, lambda: self._rest(found), extra)
        if len(extra):
            detail = f"{len(extra)} products that match in part, or only in meaning, follow the matches"
            self.stages.note("related_added", detail)
        return Ordered(page, ranked, (*retrieved, extra))

    def _rest(self, found: Found) -> Ranking:
        """The matches after the window."""
        hits = found.hits
        if hits.total > len(hits.rows):
            hits = self.view.catalogue.lexical.search(found.query, limit=MOST_HITS)
        return in_order(hits.rows[self.request.profile.candidates :], "words")

    def _rules(self, found: Found) -> ListRules:
        return ListRules(self.view.catalogue, self.request.rules, found.conditions, self.view.kinds)

    def _paged(self, ranked: Ranked, found: Found, rest: Callable[[], Ranking], extra: Ranking) -> Page:
        with self.stages.stage("rank"):
            return ranked_page(
                ranked.found,
                rest=rest,
                extra=extra,
                rules=self._rules(found),
                groups=self._groups,
                request=self.request,
            )

    def _counted(self, found: Found) -> Callable[[], Counted]:
        """The facets: what the index must be asked is asked beside the ranking."""
        if not self.stages.allows("facets", 3.0):
            return lambda: ({}, {})
        with self.stages.stage("facets"):
            return self.view.counter.begin(found.query, self.request, found.hits)

    def _result(
        self,
        wanted: Wanted,
        answered: Answered | None = None,
        ordered: Ordered | None = None,
        counted: Callable[[], Counted] | None = None,
    ) -> SearchResult:
        understood = self.view.understander.describe(wanted)
        if answered is None or ordered is None or counted is None:
            timings = {**self.stages.timings_ms, "total": self.stages.total_ms}
            return SearchResult(notes=self.stages.notes, timings_ms=timings, understanding=understood)
        found = answered.found
        with self.stages.stage("items"):
            items = self._ranker.read(ordered.page.found.rows)
        marks = self._marks(items, found)
        with self.stages.stage("facets"):
            facets, stats = counted()
        hides = [rule.rule_id for rule in self.request.rules if rule.kind == "hide"]
        return SearchResult(
            hits=page_hits(ordered, items, marks, self.request),
            total=found.hits.total,
            more=ordered.page.more,
            facets=facets,
            facet_stats=stats,
            ladder=found.steps,
            did_you_mean=answered.did_you_mean,
            corrected_to=answered.corrected_to,
            rules_applied=tuple(dict.fromkeys([*hides, *ordered.page.applied])),
            notes=self.stages.notes,
            timings_ms={**self.stages.timings_ms, "total": self.stages.total_ms},
            understanding=understood,
        )

    def _marks(self, items: Sequence[Item], found: Found) -> list[tuple[FieldHighlight, ...]]:
        if not self.request.highlight or not found.terms or not self.stages.allows("highlight", 1.0):
            return [()] * len(items)
        with self.stages.stage("highlight"):
            highlighter = Highlighter(self.view.catalogue.analyser, found.terms)
            return [highlighter.of(item) for item in items]
