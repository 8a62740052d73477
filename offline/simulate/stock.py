"""Rows of products by the words that they were made of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from indexing.contracts.items import Item, Value
from offline.simulate.draws import Rows
from offline.simulate.leaf import Brand
from offline.simulate.titles import Product
from offline.simulate.tree import PLACES


class Stock:
    """Look-ups from words to rows, ascending; words without products have no rows."""

    def __init__(self) -> None:
        self._rows: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        self._brands: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._models: defaultdict[int, dict[tuple[str, str], None]] = defaultdict(dict)
        self._latin: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, row: int, item: Item, product: Product) -> None:
        """Take in one product. One without a brand is of no brand, though it may have a model."""
        leaf = PLACES[product.leaf.name]
        self._rows["leaf", leaf].append(row)
        self._rows["noun", leaf, product.noun].append(row)
        if product.leaf.called(product.noun):
            self._rows["called", leaf].append(row)
        for name, value in item.attributes.items():
            self._rows["value", leaf, name, str(value)].append(row)
        if _is_number(product.model):
            self._rows["model", leaf, product.model].append(row)
        if product.brand is not None:
            self._add_brand(row, leaf, product.brand, product.model)

    def _add_brand(self, row: int, leaf: int, brand: Brand, model: str) -> None:
        self._rows["brand", brand.name].append(row)
        self._brands[brand.name][leaf] += 1
        if _is_number(model):
            self._models[leaf][brand.name, model] = None
        if brand.latin and brand.latin != brand.name:
            self._latin[brand.name].add(brand.latin)

    def _of(self, *key: object) -> Rows:
        return np.array(self._rows.get(key, ()), np.int32)

    def of_leaf(self, leaf: int) -> Rows:
        return self._of("leaf", leaf)

    def called(self, leaf: int) -> Rows:
        """What the leaf's plain noun names."""
        return self._of("called", leaf)

    def of_noun(self, leaf: int, noun: str) -> Rows:
        return self._of("noun", leaf, noun)

    def of_value(self, leaf: int, name: str, value: Value) -> Rows:
        return self._of("value", leaf, name, str(value))

    def of_brand(self, brand: str) -> Rows:
        return self._of("brand", brand)

    def of_model(self, leaf: int, model: str) -> Rows:
        return self._of("model", leaf, model)

    def brands(self) -> list[str]:
        """Sorted."""
        return sorted(self._brands)

    def leaves_of_brand(self, brand: str) -> list[int]:
        """Most products first."""
        return [leaf for leaf, _ in self._brands[brand].most_common()]

    def latin(self, brand: str) -> list[str]:
        """The brand's other names, sorted."""
        return sorted(self._latin[brand])

    def models(self, leaf: int) -> list[tuple[str, str]]:
        """(brand, model) in the order of their products."""
        return list(self._models[leaf])


def _is_number(model: str) -> bool:
    """Letters and digits enough to be typed alone: HR7633, iPhone15; not 14, not X1."""
    return (
        len(model) >= 4
        and any(c.isdigit() for c in model)
        and any(c.isascii() and c.isalpha() for c in model)
    )


def stock_of(made: Sequence[tuple[Item, Product]]) -> Stock:
    """Look-ups over all products."""
    stock = Stock()
    for row, (item, product) in enumerate(made):
        stock.add(row, item, product)
    return stock
