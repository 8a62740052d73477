"""Which words of a query name a brand, a category or the value of an attribute of this shop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from indexing.contracts.columns import Columns, TextColumn
from indexing.contracts.items import CATEGORY_SEPARATOR
from indexing.contracts.shop import Shop
from search.understand.broader import Broader

Tag = Literal["category", "brand", "attribute"]


@dataclass(frozen=True)
class Tagger:
    """Looks words up among the values of the columns."""

    columns: Columns
    shop: Shop
    broader: Broader

    @cached_property
    def _names(self) -> dict[str, tuple[int, ...]]:
        """Codes of the categories that end in a name (or in one side of ``鞋/靴``), by that name."""
        found: dict[str, tuple[int, ...]] = {}
        for code, path in enumerate(self.columns.text("category").values):
            leaf = path.rsplit(CATEGORY_SEPARATOR, 1)[-1]
            for name in {leaf, *leaf.replace("、", "/").split("/")}:
                if name:
                    found[name] = (*found.get(name, ()), code)
        return found

    @cached_property
    def _attributes(self) -> tuple[TextColumn, ...]:
        declared = (a for a in self.shop.attributes if a.type == "text" and a.filter)
        return tuple(self.columns.text(f"attributes.{a.name}") for a in declared)

    def categories(self, word: str) -> tuple[int, ...]:
        """Codes of the categories of that name, none when there is none."""
        return self._names.get(word, ())

    def category(self, path: str) -> int:
        """Code of a folded category path, -1 when no product has it."""
        return self.columns.text("category").values.find(path)

    def brand(self, word: str) -> int:
        """Code of the brand of that name, -1 when there is none."""
        return self.columns.text("brand").values.find(word)

    def tag(self, word: str) -> Tag | None:
        """What a folded word names, or None."""
        if self.categories(word):
            return "category"
        if self.brand(word) >= 0:
            return "brand"
        if any(column.values.find(word) >= 0 for column in self._attributes):
            return "attribute"
        return None
