"""All terms first, then fewer: each rung is visible in the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexing.lexical.base import Hits, LexicalQuery, Term
from search.conditions import Conditions
from search.result import Step
from search.stages import Stages
from search.understand import QueryTerm, Wanted

_MOST_DROPS = 3
_FREQUENT = 200
"""A word that more products have is frequent; in a shop of more than 40,000, one that one in 200 has."""
_WORTH = {"attribute": 0, "word": 0, "brand": 1, "category": 2}


@dataclass(frozen=True, slots=True)
class Rung:
    """Terms to try, how many of them must match (None: all), and what was left out to come here.

    ``characters``: the terms match as neighbouring characters, too.
    """

    terms: tuple[QueryTerm, ...]
    dropped: tuple[str, ...] = ()
    minimum: int | None = None
    priced: bool = True
    characters: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What the words found.

    Attributes:
        query: of the rung that found it, with its conditions: what facets and totals are counted over.
        conditions: with or without the price that the query names.
        terms: of that rung.
    """

    query: LexicalQuery
    conditions: Conditions
    terms: tuple[QueryTerm, ...]
    hits: Hits
    steps: tuple[Step, ...]


def lexical_query(rung: Rung, conditions: Conditions, optional: tuple[Term, ...] = ()) -> LexicalQuery:
    """What the index is asked; ``optional`` terms only tell its answers apart."""
    kept = conditions if rung.priced else conditions.with_price(None)
    terms = tuple(term.term for term in rung.terms)
    return LexicalQuery(terms, rung.minimum, kept.filter, kept.refine, optional)


def rungs(terms: Sequence[QueryTerm], *, priced: bool, rows: int = 0) -> Iterator[Rung]:
    """From all terms down.

    1. All terms as words; then the rarer ones also as neighbouring characters, for a title may be cut
       differently.
    2. Without the price that the query names.
    3. Without the words that no product has.
    4. Where the query names what is sold (a category), without one other term: plain words and attributes
       before brands, the more frequent before the rarer.
    5. All but one of the terms, whichever it is; all but two; half of them; any.

    Characters cut out of something longer say little: of them alone one may be left out, for a slip, and
    two must remain. Else 铁丝拧紧器 finds every 吸尘器 of a shop without such tools: of 6,000 real queries
    1,665 found no more than a character in the demo shop, and 57 now.

    Args:
        rows: of the catalogue, to tell what is rare.
    """
    every = tuple(terms)
    yield Rung(every, characters=False)
    loose = tuple(loosened(term, rows) for term in every)
    if loose != every:
        yield Rung(loose)
    left: tuple[str, ...] = ()
    if priced:
        left = ("price",)
        yield Rung(loose, left, priced=False)
    known = tuple(term for term in loose if term.role != "unknown") or loose
    gone = sum(len(term.text) for term in loose if term not in known)
    some = not all(map(is_fragment, known))
    if gone:
        left += tuple(term.text for term in loose if term.role == "unknown")
        if some or gone == 1 < len(known):
            yield Rung(known, left, priced=False)
    for one in _droppable(known):
        kept = tuple(term for term in known if term is not one)
        yield Rung(kept, (*left, one.text), priced=False)
    for minimum in _minimums(len(known)):
        if some or gone + len(known) - minimum == 1 < minimum:
            yield Rung(tuple(map(shared, known)), left, minimum, priced=False)


def is_fragment(term: QueryTerm) -> bool:
    """Whether a term is one Chinese character of something longer, and names nothing by itself."""
    alone = term.share == 1.0 or len(term.text) > 1 or term.text.isascii()
    return not alone and term.role in ("word", "attribute")


def loosened(term: QueryTerm, rows: int) -> QueryTerm:
    """A term that also matches as neighbouring characters.

    Not a frequent word: a few titles more make no difference, and its characters cost 10 ms in a million.
    """
    if len(term.text) < 2 or term.text.isascii() or term.spelt in term.term.phrases:
        return term
    if term.frequency > max(_FREQUENT, rows // _FREQUENT):
        return term
    return replace(term, term=replace(term.term, phrases=(*term.term.phrases, term.spelt)))


def shared(term: QueryTerm) -> QueryTerm:
    """A term that counts for its share: where not all must match, 礼服 and 裙 are together worth little
    more than the brand beside 礼服裙 (dress), for they were typed as one word."""
    return term if term.share == 1.0 else replace(term, term=replace(term.term, weight=term.share))


def _droppable(terms: Sequence[QueryTerm]) -> list[QueryTerm]:
    if not any(term.role == "category" for term in terms):
        return []
    others = (term for term in terms if term.role != "category")
    return sorted(others, key=lambda term: (_WORTH[term.role], -term.frequency))[:_MOST_DROPS]


def _minimums(terms: int) -> list[int]:
    """How many of the terms must match, ever fewer; a query has few words, a pasted text has many."""
    wanted = (terms - 1, terms - 2, terms // 2, 1)
    return sorted({count for count in wanted if 0 < count < terms}, reverse=True)


def climb(
    search: Callable[[LexicalQuery], Hits],
    wanted: Wanted,
    conditions: Conditions,
    *,
    pieces: Callable[[], tuple[Term, ...]],
    first: Hits | None,
    whole: bool,
    rows: int,
    stages: Stages,
) -> Found:
    """Try rung after rung until something is found.

    Args:
        search: asks the index for as many hits as are wanted.
        pieces: words that overlap in the query; they tell apart what holds only some of the terms.
        first: what all terms found, when that is known already.
        whole: only all terms, with the price.
        rows: of the catalogue.
    """
    steps: list[Step] = []
    for rung in rungs(wanted.terms, priced=conditions.price is not None, rows=rows):
        partly = rung.minimum is not None or set(rung.dropped) - {"price"}
        optional = pieces() if partly else wanted.optional
        query = lexical_query(rung, conditions, optional)
        known = first is not None and not steps
        hits = first if known and first is not None else search(query)
        texts = tuple(term.text for term in rung.terms)
        steps.append(Step(texts, rung.dropped, hits.total, rung.minimum, rung.characters))
        if hits.total or whole or not stages.allows("ladder", 2.0):
            break
    kept = conditions if rung.priced else conditions.with_price(None)
    if conditions.price is not None and not rung.priced and hits.total:
        stages.note("price_dropped", "nothing matches at the price that the query names")
    return Found(query, kept, rung.terms, hits, tuple(steps))
