"""All terms first, then fewer: each rung is visible in the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from indexing.lexical.base import Hits, LexicalQuery
from search.conditions import Conditions
from search.result import Step
from search.stages import Stages
from search.understand import QueryTerm

_MOST_DROPS = 4
_RANK = {"unknown": 0, "attribute": 1, "word": 1, "brand": 2, "category": 3}


@dataclass(frozen=True, slots=True)
class Rung:
    """Terms to try, how many of them must match (None: all), and what was left out to come here."""

    terms: tuple[QueryTerm, ...]
    dropped: tuple[str, ...] = ()
    minimum: int | None = None
    priced: bool = True


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


def lexical_query(rung: Rung, conditions: Conditions) -> LexicalQuery:
    """What the index is asked."""
    kept = conditions if rung.priced else conditions.with_price(None)
    return LexicalQuery(tuple(term.term for term in rung.terms), rung.minimum, kept.filter, kept.refine)


def rungs(terms: Sequence[QueryTerm], *, priced: bool) -> Iterator[Rung]:
    """From all terms down.

    The price goes first, then all words that no product has, then one term, then the least informative
    two, three, and so on: plain words and attributes before brands, brands before categories, the more
    frequent before the rarer. What is sold is kept: a category's name, else the last word, which in Chinese
    and in English is the noun. At the end any of the known terms will do.
    """
    every = tuple(terms)
    yield Rung(every)
    left: tuple[str, ...] = ()
    if priced:
        left = ("price",)
        yield Rung(every, left, priced=False)
    known = tuple(term for term in every if term.role != "unknown") or every
    if len(known) < len(every):
        left += tuple(term.text for term in every if term.role == "unknown")
        yield Rung(known, left, priced=False)
    for gone in _drops(known):
        kept = tuple(term for term in known if term not in gone)
        yield Rung(kept, left + tuple(term.text for term in gone), priced=False)
    if len(known) > 1:
        yield Rung(known, left, 1, priced=False)


def _drops(terms: tuple[QueryTerm, ...]) -> Iterator[tuple[QueryTerm, ...]]:
    """What to leave out: each of the least informative terms alone, then ever more of them."""
    loose = _by_worth(terms)[: min(_MOST_DROPS, len(terms) - 1)]
    yield from ((term,) for term in loose)
    yield from (tuple(loose[:count]) for count in range(2, len(loose) + 1))


def _by_worth(terms: tuple[QueryTerm, ...]) -> list[QueryTerm]:
    sold = any(term.role == "category" for term in terms)
    noun = None if sold else terms[-1]
    return sorted(terms, key=lambda term: (3 if term is noun else _RANK[term.role], -term.frequency))


def climb(
    search: Callable[[LexicalQuery], Hits],
    terms: Sequence[QueryTerm],
    conditions: Conditions,
    *,
    first: Hits | None,
    whole: bool,
    stages: Stages,
) -> Found:
    """Try rung after rung until something is found.

    Args:
        search: asks the index for as many hits as are wanted.
        first: what all terms found, when that is known already.
        whole: only all terms, with the price.
    """
    steps: list[Step] = []
    for rung in rungs(terms, priced=conditions.price is not None):
        query = lexical_query(rung, conditions)
        known = first is not None and not steps
        hits = first if known and first is not None else search(query)
        texts = tuple(term.text for term in rung.terms)
        steps.append(Step(texts, rung.dropped, hits.total, rung.minimum))
        if hits.total or whole or not stages.allows("ladder", 2.0):
            break
    kept = conditions if rung.priced else conditions.with_price(None)
    if conditions.price is not None and not rung.priced and hits.total:
        stages.note("price_dropped", "nothing matches at the price that the query names")
    return Found(query, kept, rung.terms, hits, tuple(steps))
