"""What the shopper meant: terms, tags, a price, and the words that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexing.contracts.shop import Shop
from indexing.lexical.base import LexicalIndex, Term
from indexing.text import Analyser, Token, fold
from search.lexicon.pinyin import is_han
from search.models import Models
from search.result import Understanding
from search.stages import Stages
from search.understand.price import Price, read_price
from search.understand.tags import Tagger
from search.understand.terms import QueryTerm, TermMaker
from search.words import cheap_words, selling_words, stop_words

MOST_TERMS = 24
"""More words are no query any more; the first ones are searched, and a note says so."""
MOST_CHARACTERS = 600
_SPAN = 4
_YEAR = re.compile(r"(?<![0-9a-z.])20[0-4][0-9]年?(?=[\u4e00-\u9fff]{0,2}(?:新款|新品|款))")
_TAG = 0.7
"""Share of a category that a word names, beside those that shoppers clicked after the whole query."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query understood.

    Attributes:
        text: folded, as typed.
        words: the folded query without its price.
        terms: what must match.
        ignored: words that exclude nothing.
        optional: the same as terms, for they may tell one match from another.
        runs: Chinese words typed without a space between them, of those that count.
        brands: codes of brands named.
        categories: share by category code, of the whole query and of its words.
        price: a soft filter.
        cheap: a low price is wanted, whatever that is.
        browse: nothing was typed but a price, if that: all products.
    """

    text: str = ""
    words: str = ""
    terms: tuple[QueryTerm, ...] = ()
    ignored: tuple[str, ...] = ()
    optional: tuple[Term, ...] = ()
    runs: tuple[str, ...] = ()
    brands: tuple[int, ...] = ()
    categories: dict[int, float] = field(default_factory=dict)
    price: Price | None = None
    cheap: bool = False
    browse: bool = False


@dataclass(frozen=True)
class Understander:
    """Understands queries over one catalogue view."""

    analyser: Analyser
    shop: Shop
    models: Models
    tagger: Tagger
    maker: TermMaker

    @classmethod
    def over(
        cls, analyser: Analyser, lexical: LexicalIndex, shop: Shop, models: Models, tagger: Tagger
    ) -> Understander:
        """For one index and its words."""
        return cls(
            analyser,
            shop,
            models,
            tagger,
            TermMaker(analyser, lexical, models.synonyms, tagger, models.held),
        )

    def understand(self, query: str, stages: Stages) -> Wanted:
        """Any text has an answer; one without words has no terms."""
        text = fold(query)
        if len(text) > MOST_CHARACTERS:
            stages.note(
                "query_truncated", f"the first {MOST_CHARACTERS} of {len(text)} characters were searched"
            )
            text = text[:MOST_CHARACTERS]
        if not text:
            return Wanted(browse=True)
        price, words = read_price(text, self.shop.minor_digits)
        if price:
            stages.note("price_understood", f"price_minor {price}")
        kept, ignored, cheap = self._sift(words, self._together(self.analyser.query(words)))
        if len(kept) > MOST_TERMS:
            stages.note("query_truncated", f"the first {MOST_TERMS} of {len(kept)} words were searched")
            kept = kept[:MOST_TERMS]
        terms = tuple(self.maker.make(kept))
        said = _said(words, kept, terms)
        return Wanted(
            text=text,
            words=" ".join(words.split()),
            terms=terms,
            ignored=ignored,
            optional=_plain(ignored),
            runs=tuple(run for run in _runs(kept) if not self.models.synonyms.of(run)),
            brands=self._brands(tuple(said)),
            categories=self._categories(words, said),
            price=price,
            cheap=cheap,
            browse=not terms and (price is not None or cheap),
        )

    def _together(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens, but one for two that only a space divides when the index knows the two as one word
        and not the second alone, or the first is a letter: I Phone15."""
        known = self.maker.lexical.document_frequency
        found: list[Token] = []
        for token in tokens:
            last = found[-1] if found else None
            if last and last.end + 1 == token.start and (last.text + token.text).isascii():
                joined, letter = last.text + token.text, len(last.text) == 1 and last.text.isalpha()
                if (letter or not known(token.text)) and known(joined):
                    found[-1] = Token(joined, last.start, token.end)
                    continue
            found.append(token)
        return found

    def _sift(self, words: str, tokens: list[Token]) -> tuple[list[Token], tuple[str, ...], bool]:
        """Tokens that count, those that do not, and whether a low price is wanted.

        Where nothing else was typed, selling and stop words are what was asked for.
        """
        quiet = self._quiet(tokens) | _years(words, tokens)
        kept = [token for place, token in enumerate(tokens) if place not in quiet]
        ignored = tuple(token.text for place, token in enumerate(tokens) if place in quiet)
        cheap = any(token.text in cheap_words() for token in tokens)
        if kept or cheap:
            return kept, ignored, cheap
        return tokens, (), False

    def _quiet(self, tokens: list[Token]) -> set[int]:
        """Places of selling and stop words, also where the segmenter took one apart (旗舰 店, 买 一 送 一).

        A word that names something in this shop is none of them.
        """
        known = selling_words() | cheap_words() | stop_words()
        found: set[int] = set()
        for first in range(len(tokens)):
            text = ""
            for last in range(first, min(first + _SPAN, len(tokens))):
                text += tokens[last].text
                if text in known and self.tagger.tag(text) is None:
                    found.update(range(first, last + 1))
        return found

    def _brands(self, said: Sequence[str]) -> tuple[int, ...]:
        codes = (self.tagger.brand(text) for text in said)
        return tuple(dict.fromkeys(code for code in codes if code >= 0))

    def _categories(self, words: str, said: Mapping[str, float]) -> dict[int, float]:
        found: dict[int, float] = {}
        if self.models.lexicon:
            for path, share in self.models.lexicon.categories_of(words).items():
                if (code := self.tagger.category(path)) >= 0:
                    found[code] = share
        for text, boost in said.items():
            for code in self.tagger.categories(text):
                found[code] = max(found.get(code, 0.0), _TAG * boost)
        return found

    def describe(self, wanted: Wanted) -> Understanding:
        """For the answer."""
        brand, category = self.tagger.columns.text("brand"), self.tagger.columns.text("category")
        best = sorted(wanted.categories, key=lambda code: (-wanted.categories[code], code))
        return Understanding(
            text=wanted.text,
            terms=tuple(term.text for term in wanted.terms),
            ignored=wanted.ignored,
            brands=tuple(brand.display[code] for code in wanted.brands),
            categories=tuple(category.display[code] for code in best),
            price=str(wanted.price) if wanted.price else None,
        )


def _years(words: str, tokens: Sequence[Token]) -> set[int]:
    """Places of the year that a thing is new in: 2026 of 2026新款."""
    spans = [found.span() for found in _YEAR.finditer(words)]
    return {
        place
        for place, token in enumerate(tokens)
        if any(start <= token.start and token.end <= end for start, end in spans)
    }


def _runs(kept: Sequence[Token]) -> Iterator[str]:
    """Chinese words that stand together, two at least: what may also be cut in another place."""
    run: list[Token] = []
    for token in kept:
        chinese = all(map(is_han, token.text))
        if run and (token.start != run[-1].end or not chinese):
            yield from _joined(run)
            run = []
        if chinese:
            run.append(token)
    yield from _joined(run)


def _joined(run: Sequence[Token]) -> Iterator[str]:
    if len(run) > 1:
        yield "".join(token.text for token in run)


def _plain(texts: Iterable[str]) -> tuple[Term, ...]:
    return tuple(Term(((text, 1.0),)) for text in dict.fromkeys(texts))


def _said(words: str, tokens: Sequence[Token], terms: Sequence[QueryTerm]) -> dict[str, float]:
    """Texts that may name a brand or a category, with their boosts: what stands in the query, over up to
    four tokens (``new balance``), and the synonyms of its terms."""
    said = {
        words[tokens[first].start : tokens[last].end]: 1.0
        for first in range(len(tokens))
        for last in range(first, min(first + _SPAN, len(tokens)))
    }
    for term in terms:
        for word, boost in term.words:
            said.setdefault(word, boost)
    return said
