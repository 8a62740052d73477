"""The words that overlap in what was typed, wherever it was cut.

A query without spaces is cut where the dictionary thinks best, and a title may hold its words cut in
another place: 白水泥火 is 白水泥 + 火 by itself, and its title has 白水 … 泥火. So where all words find
next to nothing, every word of the index that stands anywhere in the query counts for something, as every
two neighbouring characters do in an index of bigrams.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from indexing.lexical.base import LexicalIndex, Term

_LONGEST = 4
_MOST = 64
_TOO_FREQUENT = 20
"""What one title in so many holds tells little, and costs most."""
_FEW = 200
_MOST_PAIRS = 16
_PAIR = 0.5
"""Weight of two characters side by side that are no word."""
_SINGLE = 0.5
"""Weight of a character that is a word by itself."""


def pieces(runs: Iterable[str], lexical: LexicalIndex, rows: int) -> tuple[Term, ...]:
    """A term for each word of the index within some runs of Chinese characters, at most 64.

    Args:
        runs: as typed, without the words that say nothing.
        rows: of the catalogue.
    """
    usual = max(_FEW, rows // _TOO_FREQUENT)
    found: dict[str, float] = {}
    for text in _within(runs):
        if text not in found and 0 < lexical.document_frequency(text) <= usual:
            found[text] = 1.0 if len(text) > 1 else _SINGLE
        if len(found) == _MOST:
            break
    return tuple(Term(((text, 1.0),), weight=weight) for text, weight in found.items())


def pairs(runs: Iterable[str]) -> tuple[Term, ...]:
    """A term for every two neighbouring characters of some runs, at most sixteen: in a million titles one
    of frequent characters costs a millisecond."""
    every = dict.fromkeys(pair for run in runs for pair in pairwise(run))
    return tuple(Term((), (pair,), weight=_PAIR) for pair in islice(every, _MOST_PAIRS))


def _within(runs: Iterable[str]) -> Iterator[str]:
    for run in runs:
        for begin in range(len(run)):
            for end in range(begin + 1, min(begin + _LONGEST, len(run)) + 1):
                if end - begin < len(run):
                    yield run[begin:end]
