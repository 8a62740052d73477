"""Categories above others: which of them a word of the query means.

A product is found by the words of its own category, and by the whole name of each one above. A word of such
a name means it unless it is the name of another category, or one in between has it, too: 数码 is the whole
of 手机数码 (phones and electronics), 手机 is the category of phones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from indexing.contracts.items import CATEGORY_SEPARATOR
from indexing.lexical.document import category_word
from indexing.text import Analyser

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broader:
    """What stands above other categories.

    Attributes:
        names: the index words of such categories.
        meant: the same by a word that means them.
    """

    names: Collection[str]
    meant: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=2)  # of the snapshot being served and the one before it
def broader(analyser: Analyser, paths: _Path) -> Broader:
    """Read a tree.

    Args:
        paths: of all categories, folded, those above included.
    """
    nodes = [tuple(path.split(CATEGORY_SEPARATOR)) for path in paths]
    above = {node[:depth] for node in nodes for depth in range(1, len(node))}
    words = {name: _words(analyser, name) for name in {node[-1] for node in above}}
    taken: dict[_Path, set[str]] = {node: set() for node in above}
    for node in above:
        for depth in range(1, len(node)):
            taken[node[:depth]] |= words[node[-1]]
    named = {category_word(node[-1]) for node in nodes}
    meant: dict[str, dict[str, None]] = defaultdict(dict)
    for node in sorted(above):
        for word in words[node[-1]] - taken[node] - named:
            meant[word][category_word(node[-1])] = None
    names = frozenset(category_word(node[-1]) for node in above)
    return Broader(names, {word: tuple(each) for word, each in meant.items()})


def _words(analyser: Analyser, name: str) -> set[str]:
    return {token.text for token in analyser.index(name)}
