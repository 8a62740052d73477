"""The shop's own words, cleaned: what the segmenter learns and which Latin words may be written apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexing.text.normalise import fold
from indexing.text.runs import HAN

_HAN_WORD = re.compile(f"[{HAN}]{{2,12}}").fullmatch
_HAN_RUN = re.compile(f"[{HAN}]+")
_LATIN_RUN = re.compile("[a-z0-9]+(?:[-' .&/]?[a-z0-9]+)*")
_SEPARATORS = re.compile("[-' .&/]")

COMMON_COMPOUNDS = ("tplink", "dlink", "tshirt", "typec", "wifi", "xbox", "bluray", "gshock", "ebook")
"""Words that shoppers everywhere write together, with a hyphen and apart."""


def clean(words: Iterable[str]) -> tuple[str, ...]:
    """Folded, unique, sorted by length and then by text: Han words of 2 to 12 characters as they are, Latin words
    without their separators (``TP-LINK`` → ``tplink``). Of a mixed name each part is taken (``小米/MI``).
    """
    kept: set[str] = set()
    for word in words:
        folded = fold(word)
        kept.update(run for run in _HAN_RUN.findall(folded) if _HAN_WORD(run))
        kept.update(_latin(folded))
    # Learning a word changes what the next one weighs, so the order must not depend on the caller's
    return tuple(sorted(kept, key=lambda word: (len(word), word)))


def _latin(folded: str) -> Iterable[str]:
    for run in _LATIN_RUN.findall(folded):
        joined = _SEPARATORS.sub("", run)
        if 3 <= len(joined) <= 32 and not joined.isdigit():
            yield joined


def compounds(words: Iterable[str]) -> frozenset[str]:
    """Latin words that a query may hold in two pieces."""
    return frozenset(word for word in words if word.isascii()) | frozenset(COMMON_COMPOUNDS)
