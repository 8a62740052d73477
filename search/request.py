"""What a search is asked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from indexing.contracts.filters import Filter
from indexing.contracts.profiles import SearchProfile
from indexing.contracts.rules import Rule
from indexing.lexical.base import Sort

DEEPEST = 1_000
"""``offset + limit`` is at most this; what lies deeper is found by narrower words, not by paging."""

Bounds = tuple[float | None, float | None]


class ShopperAffinity(Protocol):
    """What this shopper tends towards, made by ``recsys`` and handed over by ``api``."""

    def scores(self, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        """Affinity of each row, shape (n,), higher is better; 0 where nothing is known."""
        ...


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search.

    Attributes:
        query: as typed; an empty one browses all products.
        filter: hard: parsed, also for facets.
        refine: texts as shown by the facets, any within a field, all across; ranges of number fields as
            ``"from..to"``. Folded here.
        facets: fields to count; None: those that the shop declares.
        max_facet_values: of each field.
        facet_ranges: ranges of number fields, ``[from, to)``; None for open.
        sort: explicit order; then no vectors, no ladder, no boosts, buries or pins.
        offset, limit: of the page; ``offset + limit`` at most 1,000.
        profile: frozen configuration.
        rules: those that hold for this query, resolved.
        shopper: None: not personalised.
        correct: False: search for exactly what was typed.
        explain: with features and ranks of every row.
        highlight: mark the matched words.
        fold_variants: of the products of one group only the best stands on the list.
        deadline_ms: stages that would end later are skipped, with a note.
    """

    query: str = ""
    filter: Filter | None = None
    refine: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] | None = None
    max_facet_values: int = 20
    facet_ranges: Mapping[str, tuple[Bounds, ...]] = field(default_factory=dict)
    sort: Sort | None = None
    offset: int = 0
    limit: int = 20
    profile: SearchProfile = field(default_factory=SearchProfile)
    rules: tuple[Rule, ...] = ()
    shopper: ShopperAffinity | None = None
    correct: bool = True
    explain: bool = False
    highlight: bool = True
    fold_variants: bool = True
    deadline_ms: float | None = None


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """What was typed so far.

    Attributes:
        text: characters, pinyin, initials, or a mixture; empty: what is often asked for.
        limit: of all suggestions.
        most_products: of them products.
        rules: hides keep their products out.
    """

    text: str = ""
    limit: int = 10
    most_products: int = 3
    rules: tuple[Rule, ...] = ()
