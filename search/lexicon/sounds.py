"""How whole texts sound, at build: the readings of a character as its word decides them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from search.lexicon.pinyin import MOST_READINGS, Pinyin, Readings, Unit, is_han, plain

if TYPE_CHECKING:
    from indexing.text import Analyser


class Speller:
    """Spells texts, each word once: 银行 is ``yin hang``, 行走 ``xing zou``, which only the library knows.

    Args:
        pinyin: the library.
        readings: of single characters, for words that the library keeps whole.
        analyser: cuts runs of Chinese characters into words; None: a run is a word.
    """

    def __init__(self, pinyin: Pinyin, readings: Readings, analyser: Analyser | None) -> None:
        self._pinyin = pinyin
        self._readings = readings
        self._analyser = analyser
        self._said: dict[str, list[Unit]] = {}
        self._cut: dict[str, list[str]] = {}

    def units(self, compact: str) -> list[Unit]:
        """Every character of a compact text with its readings, the likeliest first."""
        units: list[Unit] = []
        for word in self._words(compact):
            if word not in self._said:
                self._said[word] = self._spoken(word)
            units += self._said[word]
        return units

    def _words(self, text: str) -> Iterator[str]:
        for run, han in runs(text):
            if not han or self._analyser is None:
                yield run
                continue
            if run not in self._cut:
                self._cut[run] = [token.text for token in self._analyser.query(run)]
            yield from self._cut[run]

    def _spoken(self, word: str) -> list[Unit]:
        if not is_han(word[0]):
            return [(character, ()) for character in word]
        said = self._pinyin(word)
        if len(said) != len(word):  # the library keeps what it does not know in one piece
            return self._readings.units(word)
        return [
            (character, tuple(dict.fromkeys(filter(None, map(plain, spoken))))[:MOST_READINGS])
            for character, spoken in zip(word, said, strict=True)
        ]


def runs(text: str) -> list[tuple[str, bool]]:
    """Runs of characters that have readings here, and of others, in order.

    >>> runs("小米14手机")
    [('小米', True), ('14', False), ('手机', True)]
    """
    found: list[tuple[str, bool]] = []
    for character in text:
        han = is_han(character)
        if found and found[-1][1] == han:
            found[-1] = (found[-1][0] + character, han)
        else:
            found.append((character, han))
    return found


def sounded(units: Sequence[Unit]) -> str:
    """The likeliest sound, a syllable a character, other runs whole, between spaces.

    >>> sounded([("手", ("shou",)), ("机", ("ji",)), ("1", ()), ("5", ())])
    'shou ji 15'
    """
    pieces: list[str] = []
    after_other = False
    for character, readings in units:
        if readings or is_han(character):
            pieces.append(readings[0] if readings else character)
            after_other = False
        elif after_other:
            pieces[-1] += character
        else:
            pieces.append(character)
            after_other = True
    return " ".join(pieces)
