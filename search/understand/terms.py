"""Tokens to terms: each thing the shopper asked for, in every way it may be said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from indexing.lexical.base import LexicalIndex, LexicalQuery, Term
from indexing.text import Analyser, Token
from search.understand.tags import Tag, Tagger
from search.words.synonyms import Synonyms

Role = Literal["category", "brand", "attribute", "word", "unknown"]

_SYNONYM = 0.7
_COMPOUND = 0.9
"""Of the parts when the shopper wrote them as one word: a product that has that word comes first."""
_SPAN = 4


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term with what is known of it.

    Attributes:
        text: as the ladder shows it.
        term: what the lexical index is asked.
        role: ``unknown`` when no product has any of its words.
        frequency: products that have its commonest way of saying it; at least that many match.
        spelt: its characters.
    """

    text: str
    term: Term
    role: Role
    frequency: int
    spelt: tuple[str, ...]


@dataclass(frozen=True)
class TermMaker:
    """Makes the terms of one catalogue view; keeps how synonyms are said in the words of its index."""

    analyser: Analyser
    lexical: LexicalIndex
    synonyms: Synonyms
    tagger: Tagger
    _said: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)

    def make(self, tokens: Sequence[Token]) -> list[QueryTerm]:
        """Terms of the tokens, in their order; a text said twice is one term."""
        terms: dict[str, QueryTerm] = {}
        place = 0
        while place < len(tokens):
            count = self._synonymous(tokens, place) or self._neighbours(tokens, place)
            texts = [token.text for token in tokens[place : place + count]]
            for term in self._terms("".join(texts), texts):
                terms.setdefault(term.text, term)
            place += count
        return list(terms.values())

    def _synonymous(self, tokens: Sequence[Token], place: int) -> int:
        """How many tokens from here on make the longest text that the synonyms know; 0 for none."""
        text, best = "", 0
        for count, token in enumerate(tokens[place : place + _SPAN], 1):
            text += token.text
            if len(text) > self.synonyms.longest:
                break
            if self.synonyms.of(text):
                best = count
        return best

    def _neighbours(self, tokens: Sequence[Token], place: int) -> int:
        """Single characters that stand together are a word that the dictionary does not know (护宝星, a
        name): as many of them as some title has side by side, one when none has two."""
        for count in range(_singles(tokens, place), 1, -1):
            spelt = tuple(token.text for token in tokens[place : place + count])
            if self._titles_with(spelt):
                return count
        return 1

    def _titles_with(self, spelt: tuple[str, ...]) -> int:
        return self.lexical.count(LexicalQuery((Term((), (spelt,)),)))

    def _terms(self, text: str, parts: list[str]) -> Iterator[QueryTerm]:
        others = self.synonyms.of(text)
        if others or len(parts) > 1:
            yield self._term(text, others, phrase=len(parts) > 1)
            return
        whole = self.lexical.document_frequency(text)
        pieces = self._pieces(text, known=whole > 0)
        if not pieces:
            yield self._term(text, (), phrase=False)
            return
        for piece in pieces:
            made = self._term(piece, self.synonyms.of(piece), phrase=False)
            words = ((text, 1.0), *((word, boost * _COMPOUND) for word, boost in made.term.words))
            yield replace(made, term=replace(made.term, words=words))

    def _pieces(self, text: str, *, known: bool) -> list[str]:
        """The smaller words of a compound, when they are words of this index themselves.

        A known word is taken apart only into words of two characters and more (无线鼠标 → 无线, 鼠标:
        every product that has the compound has these too, for titles are indexed with both; 充电宝 stays
        whole); an unknown one into any that the index knows. Model numbers are indexed in every spelling,
        so a known one needs no pieces.
        """
        if known and text.isascii():
            return []
        tokens = [token for token in self.analyser.index(text) if token.text != text]
        pieces: list[str] = []
        at = 0
        while at < len(text):
            here = [token for token in tokens if token.start == at]
            if not here:
                return []
            longest = max(here, key=lambda token: token.end)
            if known and longest.end - longest.start < 2:
                return []
            pieces.append(longest.text)
            at = longest.end
        if len(pieces) < 2 or not all(map(self.lexical.document_frequency, pieces)):
            return []
        return pieces

    def _term(self, text: str, others: Sequence[str], *, phrase: bool) -> QueryTerm:
        words, spelt = {text: 1.0}, self._characters(text)
        phrases: list[tuple[str, ...]] = []
        frequency = self.lexical.document_frequency(text)
        if phrase or not frequency or (len(text) == 1 and not text.isascii()):
            # 鞋 stands inside 跑鞋, which no segmenter takes apart; characters find it
            phrases.append(spelt)
        for other in others:
            word, neighbours = self._saying(other)
            for one in word:
                words.setdefault(one, _SYNONYM)
                frequency = max(frequency, self.lexical.document_frequency(one))
            if neighbours:
                phrases.append(neighbours)
        if not frequency and len(spelt) > 1:
            frequency = self._titles_with(spelt)
        tag: Tag | None = self.tagger.tag(text)
        role: Role = tag or ("word" if frequency else "unknown")
        kept = tuple(dict.fromkeys(filter(None, phrases)))
        return QueryTerm(text, Term(tuple(words.items()), kept), role, frequency, spelt)

    def _saying(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """A text as one word of the index, else as neighbouring characters."""
        if text not in self._said:
            tokens = self.analyser.query(text)
            joined = "".join(token.text for token in tokens)
            words = (joined,) if len(tokens) == 1 or self.lexical.document_frequency(joined) else ()
            self._said[text] = (words, () if len(tokens) == 1 else self._characters(text))
        return self._said[text]

    def _characters(self, text: str) -> tuple[str, ...]:
        return tuple(token.text for token in self.analyser.characters(text))


def _singles(tokens: Sequence[Token], place: int) -> int:
    """How many tokens from here on are single Chinese characters side by side, up to four."""
    count = 0
    for one in tokens[place : place + _SPAN]:
        beside = not count or tokens[place + count - 1].end == one.start
        if len(one.text) > 1 or one.text.isascii() or not beside:
            break
        count += 1
    return count
