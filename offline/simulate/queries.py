"""What shoppers type, and which products it means: the truth that search is measured against.

A query is made from its target, never guessed from titles: products know the words that they were made
of. Grade 2 is what was asked for, grade 1 something of the same leaf that does in part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from indexing.contracts.items import Item
from offline.simulate import spellings
from offline.simulate.draws import Rows
from offline.simulate.leaf import Leaf
from offline.simulate.stock import Stock, stock_of
from offline.simulate.titles import UNITS, Product, pick
from offline.simulate.tree import LEAVES

KINDS = (
    "characters",
    "pinyin",
    "initials",
    "typo",
    "traditional",
    "synonym",
    "attribute",
    "brand",
    "model",
)
SHARES = (0.40, 0.07, 0.04, 0.05, 0.02, 0.08, 0.13, 0.16, 0.05)
"""How often each kind is typed, by place in ``KINDS``."""
_MOST = 4  # attribute values and models of a leaf that have a query


@dataclass(frozen=True, slots=True)
class Query:
    """One query with its target.

    Attributes:
        kind: of ``KINDS``.
        leaf: place of the leaf it is typed for. ``scoped``: the leaf is part of the target.
        brand, attribute, value: parts of the target, None where they are not.
        exact, partly: rows of grade 2 and 1, ascending, without overlap; ``exact`` is never empty.
    """

    text: str
    kind: str
    leaf: int
    scoped: bool
    brand: str | None
    attribute: str | None
    value: str | None
    exact: Rows
    partly: Rows


@dataclass(frozen=True, slots=True)
class _Target:
    leaf: int
    exact: Rows
    scoped: bool = True
    brand: str | None = None
    attribute: str | None = None
    value: str | None = None


def queries_of(made: Sequence[tuple[Item, Product]], seed: int) -> list[Query]:
    """Every query of the shop, texts unique. One text with several meanings means all of them."""
    rng = np.random.default_rng([seed, 41])
    stock = stock_of(made)
    found: dict[str, Query] = {}
    for leaf in range(len(LEAVES)):
        for text, kind, target in _of_leaf(leaf, stock, rng):
            _add(found, text, kind, target, stock)
    for brand in stock.brands():
        for text, kind, target in _of_brand(brand, stock, rng):
            _add(found, text, kind, target, stock)
    return list(found.values())


def _add(found: dict[str, Query], text: str, kind: str, target: _Target, stock: Stock) -> None:
    if not target.exact.size or len(text) < 2:
        return
    partly = stock.of_leaf(target.leaf) if target.scoped else np.empty(0, np.int32)
    exact = target.exact
    if text in found:
        first = found[text]
        if first.kind != kind and kind in ("initials", "typo"):
            return  # a slip that is another word is no slip
        exact, partly = np.union1d(first.exact, exact), np.union1d(first.partly, partly)
        target = _Target(first.leaf, exact, first.scoped, first.brand, first.attribute, first.value)
        kind = first.kind
    found[text] = Query(
        text=text,
        kind=kind,
        leaf=target.leaf,
        scoped=target.scoped,
        brand=target.brand,
        attribute=target.attribute,
        value=target.value,
        exact=exact.astype(np.int32),
        partly=np.setdiff1d(partly, exact).astype(np.int32),
    )


Drafts = Iterator[tuple[str, str, _Target]]


def _of_leaf(place: int, stock: Stock, rng: np.random.Generator) -> Drafts:
    leaf = LEAVES[place]
    for noun in leaf.nouns:
        rows = stock.called(place) if noun == leaf.nouns[0] else stock.of_noun(place, noun)
        yield from _spelled(noun, _Target(place, rows), rng)
    for alias in leaf.aliases:
        yield alias, "synonym", _Target(place, stock.called(place))
    yield from _attributes(place, leaf, stock, rng)
    for brand, model in stock.models(place)[: 3 * _MOST : 3]:
        rows = stock.of_model(place, model)
        yield model, "model", _Target(place, rows)
        of_both = np.intersect1d(rows, stock.of_brand(brand))
        yield f"{brand}{model.replace(' ', '')}", "model", _Target(place, of_both, brand=brand)


def _spelled(word: str, target: _Target, rng: np.random.Generator) -> Drafts:
    yield word, "characters", target
    yield spellings.full_pinyin(word), "pinyin", target
    yield spellings.initials(word), "initials", target
    if wrong := spellings.slip(word, rng):
        yield wrong, "typo", target
    if other := spellings.in_traditional(word):
        yield other, "traditional", target


def _attributes(place: int, leaf: Leaf, stock: Stock, rng: np.random.Generator) -> Drafts:
    noun = leaf.nouns[0]
    for name, values in leaf.attributes.items():
        if name == "产地":
            continue
        for value in values[:_MOST]:
            if value is False:
                continue
            said = name if value is True else f"{value:g}{UNITS[name]}" if name in UNITS else str(value)
            rows = np.intersect1d(stock.called(place), stock.of_value(place, name, value))
            form = pick(("{0}{1}", "{0} {1}", "{1} {0}"), float(rng.random()))
            target = _Target(place, rows, attribute=name, value="true" if value is True else str(value))
            yield form.format(said, noun), "attribute", target


def _of_brand(name: str, stock: Stock, rng: np.random.Generator) -> Drafts:
    rows, leaves = stock.of_brand(name), stock.leaves_of_brand(name)
    alone = _Target(leaves[0], rows, scoped=False, brand=name)
    yield name, "brand", alone
    for latin in stock.latin(name):
        yield latin.lower(), "brand", alone
        if (wrong := spellings.slip(latin.lower(), rng)) and len(latin) > 4:
            yield wrong, "typo", alone
    if not name.isascii():
        yield spellings.full_pinyin(name), "pinyin", alone
    for place in leaves[:3]:
        noun = LEAVES[place].nouns[0]
        of_both = np.intersect1d(rows, stock.called(place))
        yield f"{name}{noun}", "brand", _Target(place, of_both, brand=name)
