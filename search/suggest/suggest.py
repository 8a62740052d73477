"""Suggestions for what was typed so far."""

from __future__ import annotations

from dataclasses import dataclass

from indexing.contracts.filter_match import matches
from indexing.contracts.item_values import folded_values
from indexing.text import fold
from search.conditions import rule_filter
from search.lexicon import Lexicon, LexiconEntry
from search.lexicon.spelling import compact
from search.request import SuggestRequest
from search.result import Span, Suggestion, SuggestResult
from search.stages import Stages
from search.suggest.finder import Finder
from search.suggest.patterns import covered
from search.view import View

_LONGEST = 32
_OVER = 3
"""Candidates for each suggestion: some are the same text twice, gone, or one product too many."""


def suggest(view: View, request: SuggestRequest) -> SuggestResult:
    """The best suggestions: by match, then by weight. None without a lexicon, with a note."""
    stages = Stages()
    lexicon = view.models.lexicon
    if lexicon is None:
        stages.note("lexicon_missing", "this snapshot has no query lexicon")
        return SuggestResult((), stages.notes, {"total": stages.total_ms})
    # nobody types more, and what is pasted need not be read to its end
    typed = compact(fold(request.text[: 4 * _LONGEST]))[:_LONGEST]
    most = request.limit * _OVER
    if typed:
        found = [place for place, _ in Finder(lexicon, typed, most).ranked()]
    else:
        found = [] if request.text.strip() else lexicon.hot[:most].tolist()
    chosen = tuple(_Chooser(view, request, lexicon, typed).choose(found))
    return SuggestResult(chosen, stages.notes, {"total": stages.total_ms})


@dataclass(frozen=True)
class _Chooser:
    """Takes the first, each text once, few products, none that is gone or hidden."""

    view: View
    request: SuggestRequest
    lexicon: Lexicon
    typed: str

    def choose(self, found: list[int]) -> list[Suggestion]:
        chosen: list[Suggestion] = []
        seen: set[str] = set()
        products = 0
        for place in found:
            if len(chosen) == self.request.limit:
                break
            entry = self.lexicon.entry(place)
            key = compact(fold(entry.text))
            product = entry.kind == "product"
            if key in seen or (
                product and (products == self.request.most_products or not self._shown(entry))
            ):
                continue
            seen.add(key)
            products += product
            spans = self._spans(entry.text)
            chosen.append(Suggestion(entry.text, entry.kind, spans, entry.item_id, entry.category))
        return chosen

    def _shown(self, entry: LexiconEntry) -> bool:
        row = self.view.catalogue.row_of(entry.item_id or "")
        if row < 0:
            return False
        hides = [rule_filter(rule, self.view.kinds) for rule in self.request.rules if rule.kind == "hide"]
        if not hides:
            return True
        # three products at most: quicker one by one than as a mask over all
        values = folded_values(self.view.catalogue.item(row), self.view.kinds, fold)
        return not any(matches(hide, values) for hide in hides)

    def _spans(self, text: str) -> tuple[Span, ...]:
        """The characters that were typed, in code points of the text as it is shown."""
        if not self.typed:
            return ()
        places = _places(text)
        characters = "".join(character for character, _ in places)
        at = characters.find(self.typed)
        run = (at, at + len(self.typed))
        if at < 0:
            run = covered(self.typed, self.lexicon.readings.units(characters)) or (0, 0)
        return _merged([place for _, place in places[run[0] : run[1]]])


def _places(text: str) -> list[tuple[str, int]]:
    """The compact characters of a text, each with its place in the text."""
    folded = fold(text)
    if len(folded) == len(text):
        return [(c, place) for place, c in enumerate(folded) if c.isalnum()]
    return [(c, place) for place, one in enumerate(text) for c in fold(one) if c.isalnum()]


def _merged(places: list[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for place in places:
        if spans and place <= spans[-1][1]:
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    return tuple(spans)
