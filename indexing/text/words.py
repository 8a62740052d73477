"""The shop's own words, cleaned: what the segmenter learns, and which Latin words may be written apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexing.text.normalise import fold
from indexing.text.runs import HAN

_HAN_RUN = re.compile(f"[{HAN}]+")
_LATIN_RUN = re.compile("[a-z0-9]+(?:[-'.&][a-z0-9]+)*")
_CONNECTORS = re.compile("[-'.&]")

COMMON_COMPOUNDS = frozenset(
    ("bluray", "dlink", "ebook", "gshock", "tplink", "tshirt", "typec", "wifi", "xbox")
)
"""Words that shoppers everywhere write together, with a hyphen and apart."""


def clean(words: Iterable[str]) -> tuple[str, ...]:
    """Folded, unique, shorter ones first: what a shop calls things, as the analyser can use it.

    Han words of 2 to 12 characters; Latin words of 3 to 32, without connectors (``TP-LINK`` is ``tplink``).
    Of a mixed name (``小米/MI``) every part is taken. White space divides: ``Under Armour`` is two words,
    since a query for both shall also find a title that holds them apart.
    """
    kept: set[str] = set()
    for word in words:
        folded = fold(word)
        kept.update(run for run in _HAN_RUN.findall(folded) if 2 <= len(run) <= 12)
        kept.update(_latin(folded))
    # Learning a word changes what the next one weighs, so the order must not depend on the caller's
    return tuple(sorted(kept, key=lambda word: (len(word), word)))


def _latin(folded: str) -> Iterator[str]:
    for run in _LATIN_RUN.findall(folded):
        joined = _CONNECTORS.sub("", run)
        if 3 <= len(joined) <= 32 and not joined.isdigit():
            yield joined


def han_words(words: Iterable[str]) -> tuple[str, ...]:
    """Those that the segmenter learns."""
    return tuple(word for word in words if not word.isascii())


def compounds(words: Iterable[str]) -> frozenset[str]:
    """Latin words that a query may hold in two pieces (``tp link``) and yet mean as one."""
    return frozenset(word for word in words if word.isascii()) | COMMON_COMPOUNDS
