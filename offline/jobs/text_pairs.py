"""Pairs of texts that mean the same to a shopper: what text vectors are trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from indexing.contracts.items import Item
from indexing.snapshots.arrow_texts import MappedTexts
from offline.jobs.interactions import Interactions
from offline.jobs.searches import Searches

Kind = Literal["query", "together", "context"]
Codes = npt.NDArray[np.int32]

SHARES: dict[Kind, float] = {"query": 0.5, "together": 0.3, "context": 0.2}


@dataclass(frozen=True, slots=True)
class ItemTexts:
    """The texts of the catalogue, by row.

    Attributes:
        titles: what the vector of a product is made of.
        contexts: brand, category and attribute values, spaced; may be empty. Only for training.
        words: the index words of each title, joined by spaces; None: they are found when they are needed.
    """

    titles: Sequence[str]
    contexts: Sequence[str]
    words: MappedTexts | None = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of texts by number: titles first, then contexts, then queries.

    Attributes:
        texts: the texts named.
        left, right: int32 (n,), places in ``texts``.
        kinds: how many pairs of each kind, in the order of ``SHARES``.
    """

    texts: Sequence[str]
    left: Codes
    right: Codes
    kinds: dict[Kind, int]

    def __len__(self) -> int:
        return len(self.left)


def context_of(item: Item) -> str:
    """Brand, category and the texts among the attributes, spaced."""
    values = (value for _, value in sorted(item.attributes.items()))
    texts = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return " ".join(
        [item.brand or "", *item.category, *(one for one in texts if isinstance(one, str))]
    ).strip()


def make_pairs(texts: ItemTexts, searches: Searches, found: Interactions, *, most: int, seed: int) -> Pairs:
    """Draw at most ``most`` different pairs.

    Queries with the titles touched after them, titles touched one after the other in a session, and titles
    with their own brand, category and attributes, in the parts of ``SHARES``; what one kind lacks the
    others fill.
    """
    rng = np.random.default_rng(seed)
    count = len(texts.titles)
    kinds: dict[Kind, npt.NDArray[np.int64]] = {
        "query": _drawn(searches.query + 2 * count, searches.row, rng),
        "together": _drawn(*_consecutive(found), rng),
        "context": _contexts(texts, rng),
    }
    sizes = _sizes({kind: len(pairs) for kind, pairs in kinds.items()}, most)
    chosen = np.concatenate([kinds[kind][:size] for kind, size in sizes.items()])
    chosen = chosen[rng.permutation(len(chosen))]
    every = [*texts.titles, *texts.contexts, *searches.queries]
    return Pairs(every, chosen[:, 0].astype(np.int32), chosen[:, 1].astype(np.int32), sizes)


def _drawn(left: Codes, right: Codes, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Different pairs in random order, those that occur more often earlier: by Efraimidis and Spirakis'
    keys, with the square root of the count as the weight, so that a few popular pairs are not all."""
    both = np.stack([left.astype(np.int64), right.astype(np.int64)], axis=1)
    pairs, counts = np.unique(both, axis=0, return_counts=True)
    keys = np.log(rng.random(len(pairs))) / np.sqrt(counts)
    drawn: npt.NDArray[np.int64] = pairs[np.argsort(-keys, kind="stable")].reshape(-1, 2)
    return drawn


def _consecutive(found: Interactions) -> tuple[Codes, Codes]:
    """Different products touched one after the other in one session."""
    near = (
        (found.session[1:] == found.session[:-1])
        & (found.session[1:] >= 0)
        & (found.row[1:] != found.row[:-1])
    )
    return found.row[:-1][near], found.row[1:][near]


def _contexts(texts: ItemTexts, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Every title with its own context, in random order; products without context are left out."""
    rows = np.array([row for row, context in enumerate(texts.contexts) if context], np.int64)
    rows = rows[rng.permutation(len(rows))]
    return np.stack([rows, rows + len(texts.titles)], axis=1)


def _sizes(have: dict[Kind, int], most: int) -> dict[Kind, int]:
    """How many of each kind: its share, and what others leave."""
    sizes: dict[Kind, int] = {kind: min(have[kind], int(most * share)) for kind, share in SHARES.items()}
    for kind in SHARES:
        sizes[kind] += min(have[kind] - sizes[kind], most - sum(sizes.values()))
    return sizes
