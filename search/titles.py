"""How well a title answers: which of the terms stand in it, and whether they stand as typed.

A title must be read and analysed for it (20 µs), so it is computed for the first candidates only and
decides the order among them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexing.text import Analyser, fold
from search.lexicon.spelling import compact
from search.understand import QueryTerm, Wanted

WINDOW = 48
"""Candidates whose titles are read: two pages of a storefront."""

_AS_TYPED = 0.25


def title_match(
    analyser: Analyser, titles: Sequence[str], wanted: Wanted, terms: Sequence[QueryTerm]
) -> npt.NDArray[np.float32]:
    """float32 (n,) in [0, 1]: three quarters for the share of the terms that the title holds (a synonym
    counts as much as it is worth), one quarter when the whole query stands in it as typed."""
    typed = compact(wanted.words)
    return np.array([_match(analyser, title, typed, terms) for title in titles], np.float32)


def _match(analyser: Analyser, title: str, typed: str, terms: Sequence[QueryTerm]) -> float:
    words = {token.text for token in analyser.index(title)}
    text = compact(fold(title))
    held = sum(_held(term, words, text) for term in terms) / max(len(terms), 1)
    return (1 - _AS_TYPED) * held + _AS_TYPED * (bool(typed) and typed in text)


def _held(term: QueryTerm, words: set[str], text: str) -> float:
    best = max((boost for word, boost in term.term.words if word in words), default=0.0)
    if best < 1 and any("".join(phrase) in text for phrase in term.term.phrases):
        return max(best, 0.8)
    return best
