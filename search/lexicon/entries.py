"""What the query lexicon is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["query", "category", "brand", "product", "word"]
KINDS: tuple[Kind, ...] = get_args(Kind)

FORMAT = 1
"""Of the files under ``models/lexicon``."""

MIN_SHOPPERS = 5
"""A text that fewer people typed may name one of them, so it never becomes a suggestion."""


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """One text that shoppers may mean.

    Attributes:
        text: as it is shown; for a category the name of the leaf, for a product its title or a short
            form of it.
        kind: ``word`` is never suggested, only corrected to.
        weight: how often it was asked for, bought or held; above 0, comparable within a kind.
        category: path from the root, `` > `` between names, of a category, or where a query leads.
        item_id: of a product.
        shoppers: how many different shoppers typed a query.
    """

    text: str
    kind: Kind
    weight: float
    category: str | None = None
    item_id: str | None = None
    shoppers: int | None = None
