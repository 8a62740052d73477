"""Entries for what was typed: by characters, pinyin, initials, any mixture, and by what sounds alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from indexing.text import fold
from search.lexicon import Lexicon
from search.lexicon.keys import Entries, Scores
from search.lexicon.pinyin import is_han, spellings
from search.lexicon.sounds import runs
from search.lexicon.spelling import compact
from search.suggest.patterns import Pieces, spelt, ways

_TEXT, _PINYIN, _MIXED, _INITIALS, _SOUND = 5.0, 4.0, 3.4, 3.2, 0.0
"""By how an entry was reached, before its strength: between 0 and 1, 2 less when it begins inside."""
_WHOLE = 1.5
"""For the entry that is exactly what was typed."""
_MOST_MIXED = 48


@dataclass(frozen=True)
class Finder:
    """Looks one text up.

    Attributes:
        typed: compact.
        most: entries wanted of each way.
    """

    lexicon: Lexicon
    typed: str
    most: int

    def ranked(self) -> list[tuple[int, float]]:
        """Entries with scores, best first, equal scores by entry."""
        best: dict[int, float] = {}
        _keep(best, self._by_text())
        if any(c.isascii() and c.isalpha() for c in self.typed):
            _keep(best, self._by_sound())
            if sum(score >= _PINYIN for score in best.values()) < self.most // 2:
                _keep(best, self._mixed())
        elif len(best) < self.most:
            _keep(best, self._alike())
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))

    def _by_text(self) -> Iterator[tuple[int, float]]:
        keys = self.lexicon.suggest_text
        yield from _plus(keys.prefix(self.typed, self.most), _TEXT)
        yield from _whole(keys.exact(self.typed, self.most), _TEXT)

    def _by_sound(self) -> Iterator[tuple[int, float]]:
        """``shouj``, ``sj``, 手ji: one spelling of all that was typed."""
        latin = self.typed.isascii()
        for spelling in spellings(self.lexicon.readings.units(self.typed), 2):
            keys = self.lexicon.suggest_pinyin
            yield from self._checked(_plus(keys.prefix(spelling, self.most), _PINYIN), check=not latin)
            yield from self._checked(_whole(keys.exact(spelling, self.most), _PINYIN), check=not latin)
        if latin:
            keys = self.lexicon.suggest_initials
            yield from _plus(keys.prefix(self.typed, self.most), _INITIALS)
            yield from _whole(keys.exact(self.typed, self.most), _INITIALS - 0.8)

    def _mixed(self) -> Iterator[tuple[int, float]]:
        """``sji``, 手j: some characters by their initials, some whole."""
        read = (pieces for pieces in ways(self.typed, self.lexicon.syllables) if len(pieces) > 1)
        # letters only are initials, which have been looked up
        for pieces in islice(
            (one for one in read if max(map(len, one)) > 1 or not self.typed.isascii()), 3
        ):
            first = "".join(self._initial(piece) for piece in pieces)
            found = self.lexicon.suggest_initials.prefix(first, _MOST_MIXED)
            for place, score in _plus(found, _MIXED):
                fullness = self._fullness(pieces, place)
                if fullness is not None:
                    yield place, score + 0.5 * (fullness - 1)

    def _initial(self, piece: str) -> str:
        readings = self.lexicon.readings.of(piece[0])
        return readings[0][0] if readings else piece[0]

    def _fullness(self, pieces: Pieces, place: int) -> float | None:
        sounds = self.lexicon.sound(place)
        if self.typed.isascii():
            return spelt(pieces, sounds, sounds)
        text = compact(fold(self.lexicon.text(place)))
        characters = [one for run, han in runs(text) for one in (run if han else (run,))]
        return spelt(pieces, characters, sounds) if len(characters) == len(sounds) else None

    def _checked(self, found: Iterator[tuple[int, float]], *, check: bool) -> Iterator[tuple[int, float]]:
        """Of 手ji nothing that begins with 首."""
        typed = {c for c in self.typed if is_han(c)}
        for place, score in found:
            if not check or typed <= set(fold(self.lexicon.text(place))):
                yield place, score

    def _alike(self) -> Iterator[tuple[int, float]]:
        """首机 → 手机: the same sounds, other characters."""
        for spelling in spellings(self.lexicon.readings.units(self.typed), 2):
            yield from _plus(self.lexicon.suggest_pinyin.prefix(spelling, self.most), _SOUND)


def _keep(best: dict[int, float], found: Iterator[tuple[int, float]]) -> None:
    for place, score in found:
        if score > best.get(place, float("-inf")):
            best[place] = score


def _plus(found: tuple[Entries, Scores], level: float) -> Iterator[tuple[int, float]]:
    places, scores = found
    return ((place, level + score) for place, score in zip(places.tolist(), scores.tolist(), strict=True))


def _whole(found: tuple[Entries, Scores], level: float) -> Iterator[tuple[int, float]]:
    """Entries that are the key as a whole; those that only end with it have scores below 0."""
    return ((place, score + _WHOLE) for place, score in _plus(found, level) if score >= level)
