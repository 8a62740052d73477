"""Query words that daogou knows from the start: synonyms, selling words, stop words.

A shop's own come from its lexicon. All texts are folded when they are read.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from indexing.text import fold


def _lines(name: str) -> list[str]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def seed_synonyms() -> tuple[tuple[str, ...], ...]:
    """Groups of folded texts that mean the same."""
    return tuple(tuple(map(fold, line.split())) for line in _lines("synonyms.txt"))


@cache
def selling_words() -> frozenset[str]:
    """Folded words that describe no product."""
    return frozenset(map(fold, _lines("selling.txt")))


@cache
def stop_words() -> frozenset[str]:
    """Folded words without a meaning of their own."""
    return frozenset(map(fold, _lines("stop.txt")))


@cache
def cheap_words() -> frozenset[str]:
    """Folded words that ask for a low price."""
    return frozenset(map(fold, _lines("cheap.txt")))
