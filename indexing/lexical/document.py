"""From an item to what a lexical index takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from indexing.contracts.columns import field_kinds
from indexing.contracts.item_values import folded_values
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop
from indexing.lexical.base import Document
from indexing.text import Analyser, fold

TITLE_WEIGHT = 2
"""How often a word of the title counts; one of the brand, category, an attribute or a tag counts once."""
_GAP = "\x1f"
"""Stands between title and brand, so that no phrase reaches over: no text has it, folding takes it out."""
_REMEMBERED = 50_000
"""Brands, categories, tags and attribute values recur; analysed anew each time they cost as much as the
title (50 of 110 µs)."""


class DocumentMaker:
    """Makes the documents of one shop; several threads may use one.

    Args:
        analyser: of the snapshot.
        shop: says which attributes are searched and filtered.
    """

    def __init__(self, analyser: Analyser, shop: Shop) -> None:
        self._analyser = analyser
        self._kinds = field_kinds(shop)
        self._searched = [a.name for a in shop.attributes if a.search and a.type == "text"]
        self._words = lru_cache(_REMEMBERED)(self._analysed)
        self._fold = lru_cache(_REMEMBERED)(fold)

    def __call__(self, row: int, item: Item) -> Document:
        """An item as a document.

        Args:
            row: its row in the snapshot.
            item: as it is now.
        """
        words = list(self._analysed(item.title)) * TITLE_WEIGHT
        for text in self._texts(item):
            words += self._words(text)
        characters = [token.text for token in self._analyser.characters(item.title)]
        if item.brand:
            characters += [_GAP, *(token.text for token in self._analyser.characters(item.brand))]
        return Document(row, words, characters, folded_values(item, self._kinds, self._fold))

    def _analysed(self, text: str) -> tuple[str, ...]:
        return tuple(token.text for token in self._analyser.index(text))

    def _texts(self, item: Item) -> Iterator[str]:
        """What words are found in besides the title."""
        if item.brand:
            yield item.brand
        yield from item.category
        for name in self._searched:
            yield from _strings(item.attributes.get(name))
        yield from item.tags


def document(row: int, item: Item, analyser: Analyser, shop: Shop) -> Document:
    """One item as a document; for many of one shop, keep a :class:`DocumentMaker`."""
    return DocumentMaker(analyser, shop)(row, item)


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, list) else ()
