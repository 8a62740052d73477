"""Suggestions: by characters, by full pinyin, by initials, by any mixture, and by what sounds the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from indexing.text import fold
from search.conditions import rule_filter
from search.lexicon import Lexicon, LexiconEntry
from search.lexicon.keys import Entries, Scores
from search.lexicon.pinyin import Unit, initials, is_han, spellings
from search.lexicon.spelling import compact
from search.request import SuggestRequest
from search.result import Span, Suggestion, SuggestResult
from search.stages import Stages
from search.suggest.patterns import consumed, splits, starts
from search.view import View

_TEXT, _PINYIN, _MIXED, _INITIALS, _SOUND = 4.0, 3.0, 2.6, 2.2, 0.5
"""By how it was reached, before the strength of an entry (below 1, lower by 1 when it begins inside)."""
_EXACT = 1.5
_LONGEST = 32
_MOST_MIXED = 200
_OVER = 3


def suggest(view: View, request: SuggestRequest) -> SuggestResult:
    """Best suggestions for what was typed; none without a lexicon, with a note."""
    stages = Stages()
    lexicon = view.models.lexicon
    if lexicon is None:
        stages.note("lexicon_missing", "this snapshot has no query lexicon")
        return SuggestResult((), stages.notes, {"total": stages.total_ms})
    typed = compact(fold(request.text[: 4 * _LONGEST]))[:_LONGEST]
    asked = bool(request.text.strip())
    found = _Finder(lexicon, typed, request.limit * _OVER).ranked() if typed else []
    if not asked:
        found = [(int(place), 0.0) for place in lexicon.hot[: request.limit * _OVER]]
    chosen = _Chooser(view, request, lexicon, typed).choose(found)
    return SuggestResult(tuple(chosen), stages.notes, {"total": stages.total_ms})


@dataclass(frozen=True)
class _Finder:
    """Places of entries for one typed text, with scores."""

    lexicon: Lexicon
    typed: str
    most: int

    @cached_property
    def units(self) -> list[Unit]:
        return self.lexicon.readings.units(self.typed)

    def ranked(self) -> list[tuple[int, float]]:
        """Best first, equal scores by place."""
        best: dict[int, float] = {}
        for place, score in self._all():
            if score > best.get(place, -1.0):
                best[place] = score
        if len(best) < self.most and any(map(is_han, self.typed)):
            for place, score in self._sounding():
                best.setdefault(place, score)
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))

    def _all(self) -> Iterator[tuple[int, float]]:
        yield from _plus(self.lexicon.suggest_text.prefix(self.typed, self.most), _TEXT)
        for place, score in _plus(self.lexicon.suggest_text.exact(self.typed, self.most), _TEXT + _EXACT):
            if score > _TEXT + _EXACT:  # not inside a longer text
                yield place, score
        if any(c.isascii() and c.isalpha() for c in self.typed):
            yield from self._by_sound()

    def _by_sound(self) -> Iterator[tuple[int, float]]:
        """Only what the pattern really spells: of 手ji nothing that begins with 首."""
        latin = self.typed.isascii()
        for spelling in spellings(self.units, 2):
            found = self.lexicon.suggest_pinyin.prefix(spelling, self.most)
            yield from self._checked(found, _PINYIN, check=not latin)
            exact = self.lexicon.suggest_pinyin.exact(spelling, self.most)
            yield from self._checked(exact, _PINYIN + 0.2, check=not latin)
        letters = "".join(c for c in self.typed if not is_han(c))
        if not letters.isalpha():
            return
        first = initials(self.units)
        found = self.lexicon.suggest_initials.prefix(first, self.most)
        yield from self._checked(found, _INITIALS, check=not latin)
        if latin:
            for way in splits(self.typed, self.lexicon.syllables):
                if way != first:
                    found = self.lexicon.suggest_initials.prefix(way, _MOST_MIXED)
                    yield from self._checked(found, _MIXED, check=True)

    def _checked(
        self, found: tuple[Entries, Scores], level: float, *, check: bool
    ) -> Iterator[tuple[int, float]]:
        for place, score in _plus(found, level):
            if not check:
                yield place, score
            elif (fullness := self._fullness(place)) is not None:
                yield place, score - (1 - fullness) * 0.5

    def _fullness(self, place: int) -> float | None:
        units = self.lexicon.readings.units(fold(self.lexicon.text(place)))
        ways = (consumed(self.typed, units[start:]) for start in starts(units))
        return max((way[1] for way in ways if way), default=None)

    def _sounding(self) -> Iterator[tuple[int, float]]:
        """首机 → 手机: the same sounds, other characters."""
        for spelling in spellings(self.units, 2):
            yield from _plus(self.lexicon.suggest_pinyin.prefix(spelling, self.most), _SOUND)


def _plus(found: tuple[Entries, Scores], level: float) -> Iterator[tuple[int, float]]:
    places, scores = found
    return ((place, level + score) for place, score in zip(places.tolist(), scores.tolist(), strict=True))


@dataclass(frozen=True)
class _Chooser:
    """Takes the best, each text once, few products, none that is gone or hidden."""

    view: View
    request: SuggestRequest
    lexicon: Lexicon
    typed: str

    def choose(self, found: list[tuple[int, float]]) -> list[Suggestion]:
        chosen: list[Suggestion] = []
        seen: set[str] = set()
        products = 0
        for place, _ in found:
            entry = self.lexicon.entry(place)
            key = compact(fold(entry.text))
            if key in seen or (entry.kind == "product" and products == self.request.most_products):
                continue
            if entry.kind == "product" and not self._shown(entry):
                continue
            seen.add(key)
            products += entry.kind == "product"
            spans = self._spans(entry.text)
            chosen.append(Suggestion(entry.text, entry.kind, spans, entry.item_id, entry.category))
            if len(chosen) == self.request.limit:
                break
        return chosen

    def _shown(self, entry: LexiconEntry) -> bool:
        row = self.view.catalogue.row_of(entry.item_id or "")
        return row >= 0 and not any(
            self.view.catalogue.mask(rule_filter(rule, self.view.kinds))[row]
            for rule in self.request.rules
            if rule.kind == "hide"
        )

    def _spans(self, text: str) -> tuple[Span, ...]:
        """The characters that were typed, in code points of the text as it is shown."""
        if not self.typed:
            return ()
        places = _places(text)
        characters = "".join(character for character, _ in places)
        at = characters.find(self.typed)
        if at >= 0:
            return _merged([place for _, place in places[at : at + len(self.typed)]])
        units = self.lexicon.readings.units(characters)
        for start in starts(units):
            if way := consumed(self.typed, units[start:]):
                return _merged([place for _, place in places[start : start + way[0]]])
        return ()


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
