"""From an item to what a lexical index takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from indexing.contracts.columns import field_kinds
from indexing.contracts.item_values import FieldValue, folded, item_values
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop
from indexing.lexical.base import Document, SpacedDocument
from indexing.text import Analyser, Reader, fold

TITLE_WEIGHT = 2
"""How often a word of the title counts; one of the brand, category, an attribute or a tag counts once."""
_APART = re.compile(r"[\W_]+").sub
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
        self._read = Reader(analyser)
        self.kinds = field_kinds(shop)
        self._searched = [a.name for a in shop.attributes if a.search and a.type == "text"]
        self._recurring = lru_cache(_REMEMBERED)(self._read)
        self._fold = lru_cache(_REMEMBERED)(fold)

    def __call__(self, row: int, item: Item) -> Document:
        """An item as a document.

        Args:
            row: its row in the snapshot.
            item: as it is now.
        """
        made, _ = self.spaced(row, item, item_values(item, self.kinds))
        return Document(row, _parted(made.words), _parted(made.characters), made.values)

    def spaced(self, row: int, item: Item, values: Mapping[str, FieldValue]) -> tuple[SpacedDocument, str]:
        """An item as a document for an engine, and the words of its title, joined by spaces.

        Args:
            row: its row in the snapshot.
            item: as it is now.
            values: its ``item_values`` of :attr:`kinds`.
        """
        title, characters = self._read(item.title)
        words = [title] * TITLE_WEIGHT
        read = self._recurring
        if item.brand:
            brand, brand_characters = read(item.brand)
            words.append(brand)
            characters = _joined((characters, _GAP, brand_characters))
        words += [read(text)[0] for text in item.category[-1:]]
        words += [category_word(self._fold(text)) for text in item.category[:-1]]
        for name in self._searched:
            words += [read(text)[0] for text in _strings(item.attributes.get(name))]
        words += [read(text)[0] for text in item.tags]
        kept = folded(values, self._fold)
        return SpacedDocument(row, _joined(words), characters, kept), title


def category_word(name: str) -> str:
    """The one word that stands for a category above a product's own, of its folded name.

    What such a name is made of is not said of each product below it: a keyboard in 手机数码 is no 手机.
    """
    return _APART("", name)


def document(row: int, item: Item, analyser: Analyser, shop: Shop) -> Document:
    """One item as a document; for many of one shop, keep a :class:`DocumentMaker`."""
    return DocumentMaker(analyser, shop)(row, item)


def _joined(texts: Iterable[str]) -> str:
    return " ".join(filter(None, texts))


def _parted(text: str) -> list[str]:
    return text.split(" ") if text else []  # by nothing but the space: the gap is white space to Python


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, list) else ()
