"""Entries as a build needs them: merged, with the words they are made of, their strengths and sounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, log1p
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexing.text import fold
from search.lexicon.entries import LexiconEntry
from search.lexicon.pinyin import Pinyin, Readings, Unit
from search.lexicon.sounds import Speller
from search.lexicon.spelling import compact

if TYPE_CHECKING:
    from indexing.text import Analyser, Token

_PRIOR = {"category": 1.0, "brand": 0.95, "query": 0.9, "word": 0.6, "product": 0.5}
"""Between kinds, whose weights count different things."""
_MOST_STARTS = 4


@dataclass(frozen=True, slots=True)
class Prepared:
    """Entries side by side with what is derived of them.

    Attributes:
        keys: compact folded texts.
        strengths: float32 in (0, 1].
        units: characters of the key with their readings.
        starts: places in the key where one may begin to type.
    """

    entries: Sequence[LexiconEntry]
    keys: Sequence[str]
    strengths: npt.NDArray[np.float32]
    units: Sequence[Sequence[Unit]]
    starts: Sequence[Sequence[int]]


def prepare(
    entries: Iterable[LexiconEntry],
    *,
    pinyin: Pinyin,
    readings: Readings,
    analyser: Analyser | None,
    min_shoppers: int,
) -> Prepared:
    """Check, merge, add words, spell; see ``write_lexicon``."""
    merged = _merged(entries, min_shoppers)
    folded = [fold(entry.text) for _, entry in merged]
    found = [analyser.query(text) if analyser else [] for text in folded]
    words = _words(merged, folded, found)
    held, keys = [entry for _, entry in merged + words], [key for key, _ in merged + words]
    speller = Speller(pinyin, readings, analyser)
    return Prepared(
        held,
        keys,
        _strengths(held),
        [speller.units(key) for key in keys],
        [*map(_starts, folded, found), *([0] for _ in words)],
    )


def _merged(entries: Iterable[LexiconEntry], min_shoppers: int) -> list[tuple[str, LexiconEntry]]:
    """One entry for each kind and key, weights added; of products the one with the greatest weight."""
    best: dict[tuple[str, str], LexiconEntry] = {}
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for entry in entries:
        _check(entry, min_shoppers)
        key = (entry.kind, compact(fold(entry.text)))
        if not key[1]:
            continue
        if key not in best or entry.weight > best[key].weight:
            best[key] = entry
        added = weights[key] + entry.weight
        weights[key] = max(weights[key], entry.weight) if entry.kind == "product" else added
    return [
        (key[1], LexiconEntry(one.text, one.kind, weights[key], one.category, one.item_id))
        for key, one in sorted(best.items())
    ]


def _check(entry: LexiconEntry, min_shoppers: int) -> None:
    if entry.kind == "query" and (entry.shoppers or 0) < min_shoppers:
        raise ValueError(
            f"the query {entry.text!r} was typed by {entry.shoppers} shoppers, fewer than {min_shoppers}"
        )
    if not 0 < entry.weight < inf:
        raise ValueError(f"{entry.kind} {entry.text!r} weighs {entry.weight}; expected more than 0")


def _words(
    held: Sequence[tuple[str, LexiconEntry]], folded: Sequence[str], found: Sequence[Sequence[Token]]
) -> list[tuple[str, LexiconEntry]]:
    """The words of all texts, with the weights of the texts, but for those that are entries."""
    weights: dict[str, float] = defaultdict(float)
    for (_, entry), text, tokens in zip(held, folded, found, strict=True):
        # as written: the token of candles is candl in an English shop
        for word in {text[token.start : token.end] for token in tokens}:
            weights[word] += entry.weight * _PRIOR[entry.kind]
    known = {key for key, entry in held if entry.kind != "product"}
    return [
        (key, LexiconEntry(word, "word", weight))
        for word, weight in sorted(weights.items())
        if len(key := compact(word)) > 1 and key not in known and not key.isdigit()
    ]


def _strengths(held: Sequence[LexiconEntry]) -> npt.NDArray[np.float32]:
    """The logarithm of the weight within its kind, times the prior of the kind."""
    most: dict[str, float] = defaultdict(float)
    for entry in held:
        most[entry.kind] = max(most[entry.kind], entry.weight)
    return np.array([_PRIOR[e.kind] * (log1p(e.weight) / log1p(most[e.kind])) for e in held], np.float32)


def _starts(text: str, tokens: Sequence[Token]) -> list[int]:
    """Where the first words begin in the compact form of a folded text."""
    places = {len(compact(text[: token.start])) for token in tokens[: 2 * _MOST_STARTS]}
    return sorted(places | {0})[:_MOST_STARTS]
