"""Tokens to terms: each thing the shopper asked for, in every way it may be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Literal, TypeVar

from indexing.lexical.base import LexicalIndex, LexicalQuery, Term
from indexing.text import Analyser, Token
from search.understand.tags import Tag, Tagger
from search.words.synonyms import Synonyms

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
Role = Literal["category", "brand", "attribute", "word", "unknown"]

_SYNONYM = 0.7
_BROADER = 0.5
"""Of a product whose category stands below what the word means: one that says the word comes first."""
_COMPOUND = 0.9
"""Of the parts when the shopper wrote them as one word: a product that has that word comes first."""
_SPAN = 4
_RARE = 20
"""Another way to say a thing that takes neighbouring characters is asked for where one title in twenty says
it so: at a million titles it costs a millisecond."""
_MOST_HELD = 4_096
_SHORTEST = 4
"""Letters of each of two words written together: shorter ones stand in any word (shouji holds no shou)."""


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term with what is known of it.

    Attributes:
        text: as the ladder shows it.
        term: what the lexical index is asked.
        words, phrases: every way to say it that some product has, with its worth; also those that find
            nothing more and are not asked for.
        role: ``unknown`` when no product has any of its words.
        frequency: products that have its commonest way of saying it; at least that many match.
        spelt: its characters.
        share: in (0, 1]: less for one of several that were typed without a space between them.
    """

    text: str
    term: Term
    role: Role
    frequency: int
    spelt: tuple[str, ...]
    words: tuple[tuple[str, float], ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    share: float = 1.0


@dataclass(frozen=True)
class TermMaker:
    """Makes the terms of one catalogue view.

    Attributes:
        held: how many products hold a phrase, or both of two words; kept with the models of a snapshot.
        made: terms by their texts. Queries have few words in common with each other, and the same few with
            those of an hour ago: a word takes .1 ms.
    """

    analyser: Analyser
    lexical: LexicalIndex
    synonyms: Synonyms
    tagger: Tagger
    held: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    made: dict[tuple[str, ...], tuple[QueryTerm, ...]] = field(default_factory=dict)

    def make(self, tokens: Sequence[Token]) -> list[QueryTerm]:
        """Terms of the tokens, in their order; a text said twice is one term."""
        terms: dict[str, QueryTerm] = {}
        chunks: dict[str, int] = {}
        chunk = _chunks(tokens)
        place = 0
        while place < len(tokens):
            count = self._of_one_thing(tokens, place) or self._neighbours(tokens, place)
            for term in self._made(tuple(token.text for token in tokens[place : place + count])):
                if term.text not in terms:
                    terms[term.text] = term
                    chunks[term.text] = chunk[place]
            place += count
        sizes = Counter(chunks.values())
        return [replace(term, share=sizes[chunks[text]] ** -0.5) for text, term in terms.items()]

    def _of_one_thing(self, tokens: Sequence[Token], place: int) -> int:
        """How many tokens from here on make the longest text that the synonyms know, or the name of a
        category that has others below; 0 for none."""
        text, best = "", 0
        for count, token in enumerate(tokens[place : place + _SPAN], 1):
            text += token.text
            if self.synonyms.of(text) or self._is_broad(text):
                best = count
        return best

    def _is_broad(self, text: str) -> bool:
        return text in self.tagger.broader.names and self.lexical.document_frequency(text) > 0

    def _neighbours(self, tokens: Sequence[Token], place: int) -> int:
        """Single characters that stand together are a word that the dictionary does not know (护宝星, a
        name): as many of them as some title has side by side, one when none has two."""
        for count in range(_singles(tokens, place), 1, -1):
            spelt = tuple(token.text for token in tokens[place : place + count])
            if self._titles_with(spelt):
                return count
        return 1

    def _titles_with(self, spelt: tuple[str, ...]) -> int:
        count = self.held.get(spelt)
        if count is None:
            count = self.lexical.count(LexicalQuery((Term((), (spelt,)),)))
            _keep(self.held, spelt, count)
        return count

    def _made(self, parts: tuple[str, ...]) -> tuple[QueryTerm, ...]:
        found = self.made.get(parts)
        if found is None:
            found = tuple(self._terms("".join(parts), parts))
            _keep(self.made, parts, found)
        return found

    def _terms(self, text: str, parts: Sequence[str]) -> Iterator[QueryTerm]:
        others = self.synonyms.of(text)
        if others or len(parts) > 1 or self._is_broad(text):
            yield self._term(text, others, parts)
            return
        whole = self.lexical.document_frequency(text)
        pieces = self._pieces(text, known=whole > 0)
        if not pieces:
            yield self._term(text, (), parts)
            return
        for piece in pieces:
            made = self._term(piece, self.synonyms.of(piece), [piece])
            if piece == pieces[-1] and whole:  # once is enough to bring the compound before the others
                less = tuple((word, boost * _COMPOUND) for word, boost in made.term.words)
                words = ((text, 1.0), *made.words)
                made = replace(made, term=replace(made.term, words=((text, 1.0), *less)), words=words)
            yield made

    def _pieces(self, text: str, *, known: bool) -> list[str]:
        """The smaller words of a compound, when they are words of this index themselves.

        A known word is taken apart only into words of two characters and more (无线鼠标 → 无线, 鼠标:
        every product that has the compound has these too, for titles are indexed with both; 充电宝 stays
        whole); an unknown one into any that the index knows. Model numbers are indexed in every spelling,
        so a known one needs no pieces.
        """
        if known and text.isascii():
            return []
        parts = (token for token in self.analyser.index(text) if token.text != text)
        tokens = [token for token in parts if self.lexical.document_frequency(token.text)]
        pieces: list[str] = []
        at = 0
        while here := [token for token in tokens if token.start == at]:
            longest = max(here, key=lambda token: token.end)
            if known and longest.end - longest.start < 2:
                return []
            pieces.append(longest.text)
            at = longest.end
        if len(pieces) > 1 and at == len(text):
            return pieces
        return self._written_together(text) if text.isascii() else []

    def _written_together(self, text: str) -> list[str]:
        """Two Latin words, or one and a model number, without the space between them (adidasq44665): both
        in the index, the first as long as can be."""
        known = self.lexical.document_frequency
        for at in range(len(text) - 1, 0, -1):
            first, rest = text[:at], text[at:]
            least = _SHORTEST if rest.isalpha() else 2
            if first.isalpha() and min(at, len(rest)) >= least and known(first) and known(rest):
                return [first, rest]
        return []

    def _term(self, text: str, others: Sequence[str], parts: Sequence[str]) -> QueryTerm:
        spelt = tuple(character for part in parts for character in self._characters(part))
        frequency = self.lexical.document_frequency(text)
        words, phrases = {text: 1.0}, list[tuple[str, ...]]()
        if len(parts) > 1 or not frequency or (len(text) == 1 and not text.isascii()):
            # 鞋 stands inside 跑鞋, which no segmenter takes apart; characters find it
            phrases.append(spelt)
        asked = Term(tuple(words.items()), tuple(phrases))
        for word, said in map(self._saying, others):
            other = Term((), (said,)) if said else Term(((word, _SYNONYM),))
            count = self._titles_with(said) if said else self.lexical.document_frequency(word)
            if not count or word in words:
                continue
            if said:
                phrases.append(said)
            else:
                words[word] = _SYNONYM
            if (said and count <= frequency // _RARE) or (frequency and self._within(other, count, text)):
                continue
            asked = Term(asked.words + other.words, asked.phrases + other.phrases)
        for name in self.tagger.broader.meant.get(text, ()):
            if name not in words and self.lexical.document_frequency(name):
                words[name] = _BROADER
                asked = replace(asked, words=(*asked.words, (name, _BROADER)))
        frequency = max(self.lexical.document_frequency(word) for word, _ in asked.words)
        if not frequency and len(spelt) > 1:
            frequency = self._titles_with(spelt)
        tag: Tag | None = self.tagger.tag(text)
        role: Role = tag or ("word" if frequency else "unknown")
        return QueryTerm(text, asked, role, frequency, spelt, tuple(words.items()), tuple(phrases))

    def _within(self, other: Term, count: int, text: str) -> bool:
        """Whether every product that has another way to say a text has the text, too: in most shops HUAWEI
        never stands without 华为, and to ask for both makes a search of a million products three times as
        long."""
        said = [word for word, _ in other.words] + ["".join(one) for one in other.phrases]
        key: tuple[str | int, ...] = (text, count, *said)
        both = self.held.get(key)
        if both is None:
            both = self.lexical.count(LexicalQuery((other, Term(((text, 1.0),)))))
            _keep(self.held, key, both)
        return both >= count

    def _saying(self, text: str) -> tuple[str, tuple[str, ...]]:
        """A text as one word, or as neighbouring characters where the segmenter takes it apart."""
        tokens = self.analyser.query(text)
        return (tokens[0].text, ()) if len(tokens) == 1 else ("", self._characters(text))

    def _characters(self, text: str) -> tuple[str, ...]:
        return tuple(token.text for token in self.analyser.characters(text))


def _keep(held: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    """Remember, and forget all when there is too much."""
    if len(held) >= _MOST_HELD:
        held.clear()
    held[key] = value


def _chunks(tokens: Sequence[Token]) -> list[int]:
    """The number of the chunk, between spaces, that each token stands in."""
    apart = (one.end != other.start for one, other in pairwise(tokens))
    return list(accumulate(apart, initial=0))


def _singles(tokens: Sequence[Token], place: int) -> int:
    """How many tokens from here on are single Chinese characters side by side, up to four."""
    count = 0
    for one in tokens[place : place + _SPAN]:
        beside = not count or tokens[place + count - 1].end == one.start
        if len(one.text) > 1 or one.text.isascii() or not beside:
            break
        count += 1
    return count
