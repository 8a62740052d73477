"""What the shopper may have meant to type: by sound, by initials, and one slip away.

Only texts of the query lexicon are proposed, so a correction is always something that shoppers ask for or
that the catalogue holds. Whether it finds more than what was typed is for the caller to count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from operator import eq

import numpy as np

from indexing.lexical.base import LexicalIndex
from indexing.text import Analyser, Token, fold
from search.composed import composed
from search.lexicon import Lexicon
from search.lexicon.keys import Entries, Scores
from search.lexicon.pinyin import initials, is_han, spellings
from search.lexicon.spelling import compact
from search.lexicon.typos import Typos, distance, slips

_SOUND, _COMPOSED, _SLIP, _SLIP_OF_SOUND, _INITIALS = 3.0, 2.9, 2.0, 1.5, 1.0
"""By how the text was reached; added to its strength, which is between 0 and 1."""
_FEW = 8
_MOST_NEAR = 64
_LONGEST = 40
_SPAN = 4
_MOST_TOKENS = 10


@dataclass(frozen=True, slots=True)
class Corrector:
    """Proposes corrections from one lexicon."""

    lexicon: Lexicon
    analyser: Analyser
    lexical: LexicalIndex

    def propose(self, query: str) -> list[str]:
        """Other queries for a folded one, best first.

        Two words of it written together come first, then the whole query, then the query with some of its
        words replaced.
        """
        found: dict[str, float] = {}
        whole = compact(query)
        if 0 < len(whole) <= _LONGEST:
            for text, score in self._of(whole, query):
                found[text] = max(found.get(text, 0.0), score)
            if whole.isascii() and whole.isalpha() and max(found.values(), default=0.0) < _SOUND:
                for text in composed(self.lexicon, self.analyser, self.lexical, whole):
                    found.setdefault(text, _COMPOSED - 0.01 * len(found))
        best = sorted(found, key=lambda text: (-found[text], text))[:3]
        patched = self._patched(query)
        if patched and patched not in best:
            best.append(patched)
        tokens = self.analyser.query(query)
        said = {whole, *_shortened(query, tokens)}
        return [*self._together(query, tokens), *(text for text in best if compact(text) not in said)]

    def _together(self, query: str, tokens: Sequence[Token]) -> Iterator[str]:
        """The query with two of its Latin words as one that some product has: door mat → doormat."""
        for one, other in pairwise(tokens[:_MOST_TOKENS]):
            joined = query[one.start : one.end] + query[other.start : other.end]
            if one.end + 1 == other.start and joined.isascii() and joined.isalpha():
                found = self.analyser.query(joined)
                if len(found) == 1 and self.lexical.document_frequency(found[0].text):
                    yield query[: one.end] + query[other.start :]

    def _of(self, key: str, query: str) -> Iterator[tuple[str, float]]:
        """Texts of the lexicon near one compact text, with a score."""
        units = self.lexicon.readings.units(key)
        for rank, spelling in enumerate(spellings(units)):
            places, scores = self.lexicon.correct_pinyin.exact(spelling, _FEW)
            for place, (text, score) in zip(
                places.tolist(), self._entries(places, scores, key, _SOUND), strict=True
            ):
                # by a rare reading alone 茅台 (mao tai, mao yi) would be 毛衣, and 易心 (yi xin) 一款, for
                # 款 may be read xin: one character must be the same
                usual = key.isascii() or spelling == "".join(self.lexicon.sound(place))
                if (rank == 0 and usual) or any(map(eq, key, compact(text))):
                    yield text, score
        yield from self._near(key)
        if len(key) > 1 and key.isascii() and key.isalpha() and " " not in query:
            yield from self._entries(*self.lexicon.correct_initials.exact(key, _FEW), key, _INITIALS)
        elif any(map(is_han, key)) and any(c.isascii() and c.isalpha() for c in key):
            places, scores = self.lexicon.correct_initials.exact(initials(units), _FEW)
            yield from self._entries(places, scores, key, _INITIALS, literal=True)

    def _entries(
        self, places: Entries, scores: Scores, key: str, how: float, *, literal: bool = False
    ) -> Iterator[tuple[str, float]]:
        for place, score in zip(places.tolist(), scores.tolist(), strict=True):
            text = fold(self.lexicon.text(place))
            # of 手j only texts that begin with 手; a homophone may differ in every character
            if not literal or all(c in text for c in key if is_han(c)):
                yield text, how + score

    def _near(self, key: str) -> Iterator[tuple[str, float]]:
        # 200点 (points) is not 200g: what is left without the number is too short to know a slip by
        letters = "".join(c for c in key if not c.isdigit())
        most = min(slips(key), slips(letters))
        yield from self._slipped(key, self.lexicon.typos_text, most, _SLIP)
        if key.isascii() and key.isalpha():
            yield from self._slipped(key, self.lexicon.typos_pinyin, min(slips(key), 1), _SLIP_OF_SOUND)

    def _slipped(self, key: str, typos: Typos, most: int, how: float) -> Iterator[tuple[str, float]]:
        near = typos.near(key)
        strengths = self.lexicon.strengths[near]
        for index in np.argsort(-strengths, kind="stable")[:_MOST_NEAR].tolist():
            place = int(near[index])
            text = fold(self.lexicon.text(place))
            written = "".join(self.lexicon.sound(place)) if how == _SLIP_OF_SOUND else compact(text)
            away = distance(key, written, most)
            # 2l is not 3l, nor hr7633 hr7634: a number is never a slip
            if 0 < away <= most and _digits(written) == _digits(key) and self._may_be(key, written):
                yield text, how - 0.5 * (away - 1) + float(strengths[index])

    def _may_be(self, key: str, written: str) -> bool:
        """A Chinese character in the place of another sounds alike; of three it must, and of a word: 太阳灶
        (cooker) is no 太阳能, and who typed 瑜伽裤绿色 (green) wants no 瑜伽裤黑色 (black)."""
        if len(key) != len(written):
            return True
        wrong = [place for place, pair in enumerate(zip(key, written, strict=True)) if len(set(pair)) > 1]
        if len(wrong) != 1:  # two that changed places
            return True
        pair = key[wrong[0]], written[wrong[0]]
        if not all(map(is_han, pair)):
            return True
        sounds = (self.lexicon.readings.of(character) for character in pair)
        if any(distance(a, b, 1) <= 1 for a, b in product(*sounds)):
            return True
        return len(key) > 3 and not self._in_word(key, wrong[0])

    def _in_word(self, text: str, place: int) -> bool:
        """Whether a character is part of a word; what is none falls into single characters."""
        tokens = self.analyser.query(text)
        return any(token.start <= place < token.end and len(token.text) > 1 for token in tokens)

    def _patched(self, query: str) -> str | None:
        """The query with unknown words, and runs of single characters, replaced by the nearest text."""
        found = self.analyser.query(query)
        if not 0 < len(found) <= _MOST_TOKENS:
            return None
        tokens = [query[token.start : token.end] for token in found]
        suspects = [self._suspect(token.text) for token in found]
        pieces: list[str] = []
        place, changed = 0, False
        while place < len(tokens):
            count, text = self._best_span(tokens, suspects, place)
            pieces.append(text or tokens[place])
            changed = changed or text is not None
            place += count
        return _joined(pieces) if changed else None

    def _suspect(self, token: str) -> bool:
        if token.isdigit():
            return False
        return not self.lexical.document_frequency(token) or (len(token) == 1 and is_han(token))

    def _best_span(self, tokens: list[str], suspects: list[bool], place: int) -> tuple[int, str | None]:
        best: tuple[float, int, str] | None = None
        for count in range(min(_SPAN, len(tokens) - place), 0, -1):
            if not any(suspects[place : place + count]):
                continue
            span = "".join(tokens[place : place + count])
            if len(span) < 2 or self.lexicon.knows(span):
                continue
            for text, score in self._of(span, span):
                # a longer span explains more of the query
                if compact(text) != span and (best is None or (score + 0.1 * count) > best[0]):
                    best = (score + 0.1 * count, count, text)
        return (best[1], best[2]) if best else (1, None)


def _shortened(query: str, tokens: Sequence[Token]) -> Iterator[str]:
    """The query without one of its words, compact: no correction, for the ladder leaves words out in the
    open, and keeps what the one left out can tell."""
    if len(tokens) > 1:
        yield from (compact(query[: one.start] + query[one.end :]) for one in tokens)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _joined(pieces: list[str]) -> str:
    """Words as people write them: a space only where a Latin word meets another."""
    text = ""
    for piece in pieces:
        if text and text[-1].isascii() and piece[:1].isascii():
            text += " "
        text += piece
    return text
