"""From an item to what a lexical index takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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


def document(row: int, item: Item, analyser: Analyser, shop: Shop) -> Document:
    """An item as a document.

    Args:
        row: its row in the snapshot.
        item: as it is now.
        analyser: of the snapshot.
        shop: says which attributes are searched and filtered.
    """
    words = [token.text for token in analyser.index(item.title)] * TITLE_WEIGHT
    for text in _texts(item, shop):
        words += [token.text for token in analyser.index(text)]
    characters = [token.text for token in analyser.characters(item.title)]
    if item.brand:
        characters += [_GAP, *(token.text for token in analyser.characters(item.brand))]
    return Document(row, words, characters, folded_values(item, field_kinds(shop), fold))


def _texts(item: Item, shop: Shop) -> Iterator[str]:
    """What words are found in besides the title."""
    if item.brand:
        yield item.brand
    yield from item.category
    for attribute in shop.attributes:
        if attribute.search and attribute.type == "text" and attribute.name in item.attributes:
            yield from _strings(item.attributes[attribute.name])
    yield from item.tags


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return (str(one) for one in value) if isinstance(value, list) else ()
