"""The demo shop's products, streamed: the same arguments give the same products, one after another.

Products come in groups (variants of one product share ``group_id``), groups in blocks. A block draws
all its random numbers at once from a generator of its own seed, so that memory does not grow with the
number of products and a million of them take less than a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import numpy as np

from indexing.contracts.items import Item, Value
from offline.simulate import titles
from offline.simulate.leaf import Brand, Leaf
from offline.simulate.pictures import picture
from offline.simulate.prices import ending, list_price
from offline.simulate.titles import Product, pick
from offline.simulate.tree import LEAVES, shares

FIRST_ID = 100_000_000
_BLOCK = 1024  # groups
_MOST_VARIANTS = 4
_STEPS = ("容量", "净含量")  # the later of these values cost more
_TAGS = ("自营", "包邮", "满减", "百亿补贴", "七天无理由")
_CONDITION = "二手"


def catalogue(products: int, seed: int, last_day: date) -> Iterator[Item]:
    """Make the products of the demo shop, in order of their ids.

    Args:
        products: how many, at least 0.
        seed: the same seed, ``products`` and ``last_day`` give the same items.
        last_day: the last day of the log; the newest products were launched in the days before.

    Returns:
        An iterator of items; every leaf of the tree has products once there are some hundreds.
    """
    return (item for item, _ in described(products, seed, last_day))


def described(products: int, seed: int, last_day: date) -> Iterator[tuple[Item, Product]]:
    """As :func:`catalogue`, each item with the words it was made of: the truth behind its title."""
    return islice(_items(seed, datetime.combine(last_day, time(), UTC)), products)


def _items(seed: int, today: datetime) -> Iterator[tuple[Item, Product]]:
    weights = np.cumsum(shares())
    block = number = 0
    while True:
        rng = np.random.default_rng([seed, 17, block])
        leaves = np.minimum(np.searchsorted(weights, rng.random(_BLOCK)), len(LEAVES) - 1).tolist()
        if block == 0:
            leaves[: len(LEAVES)] = range(len(LEAVES))  # every leaf has products, also in a small shop
        common = rng.random((_BLOCK, 16)).tolist()
        single = rng.random((_BLOCK, _MOST_VARIANTS, 20)).tolist()
        digits = rng.integers(10**8, 10**9, _BLOCK).tolist()
        normal = rng.standard_normal((_BLOCK, 3)).tolist()
        for place in range(_BLOCK):
            drawn = _Draws(common[place], normal[place], str(digits[place]))
            group = _Group(LEAVES[leaves[place]], drawn, number, today)
            for draws in single[place][: group.size]:
                yield group.item(number, draws)
                number += 1
        block += 1


@dataclass(frozen=True, slots=True)
class _Draws:
    """A group's random numbers: 16 uniform, 3 normal, and 9 digits."""

    common: list[float]
    normal: list[float]
    digits: str


class _Group:
    """One product: what its variants have in common."""

    def __init__(self, leaf: Leaf, draws: _Draws, first: int, today: datetime) -> None:
        common = draws.common
        self._leaf, self._draws, self._first, self._today = leaf, draws, first, today
        # the head of a leaf's brands sells more: the smaller of two draws
        self._brand: Brand = pick(leaf.brands, min(common[0], common[1]))
        self._noun = leaf.nouns[0] if common[2] < 0.35 else pick(leaf.nouns, common[3])
        if leaf.aliases and common[2] > 0.94:
            self._noun = pick(leaf.aliases, common[3])
        self._model = self._model_of(draws.digits)
        self._used = common[5] < 0.01 and leaf.path[0] == "手机数码"
        self._age = self._age_of(common[6], common[7])
        self.size = 1 + int(common[8] * _MOST_VARIANTS) if leaf.variants else 1
        self._attributes = {
            name: pick(values, common[9 + place])
            for place, (name, values) in enumerate(leaf.attributes.items())
        }
        if "无线" in self._attributes and ("无线" in self._noun or "蓝牙" in self._noun):
            self._attributes["无线"] = True
        self._seen: set[tuple[Value, ...]] = set()

    def _model_of(self, digits: str) -> str:
        if lines := self._leaf.series.get(self._brand.name):
            return pick(lines, self._draws.common[4])
        if not self._leaf.models:
            return ""
        letters = "".join(chr(ord("A") + int(digit) * 2 + int(digits[0]) % 2) for digit in digits)
        return titles.model_number(
            pick(self._leaf.models, self._draws.common[4]), digits[1:] + digits, letters
        )

    @staticmethod
    def _age_of(kind: float, within: float) -> int:
        """Days since the launch: one product in twenty is of the last two weeks."""
        if kind < 0.05:
            return int(within * 14)
        return 14 + int(within * 30) if kind < 0.11 else 44 + int(within * 900)

    def _variant(self, draws: list[float]) -> dict[str, Value]:
        """Attributes of the next variant: values not yet taken, as long as there are some."""
        attributes: dict[str, Value] = dict(self._attributes)
        for attempt in range(4):
            for place, name in enumerate(self._leaf.variants):
                attributes[name] = pick(self._leaf.attributes[name], (draws[place] + attempt * 0.27) % 1.0)
            key = tuple(attributes[name] for name in self._leaf.variants)
            if key not in self._seen:
                self._seen.add(key)
                break
        return attributes

    def _price(self, attributes: dict[str, Value], draw: float) -> int:
        factor = self._brand.tier * np.exp(self._leaf.spread * 0.6 * self._draws.normal[0])
        for name in _STEPS:
            if name in attributes:
                values = self._leaf.attributes[name]
                factor *= 0.8 + 0.5 * values.index(attributes[name]) / max(len(values) - 1, 1)
        if self._used:
            factor *= 0.55
        return ending(self._leaf.price * factor, draw)

    def item(self, number: int, draws: list[float]) -> tuple[Item, Product]:
        """The variant with that number; ``draws`` are twenty numbers in [0, 1)."""
        leaf = self._leaf
        attributes = self._variant(draws)
        price = self._price(attributes, self._draws.common[15])
        brand = None if draws[2] < 0.005 else self._brand
        product = Product(leaf, brand, self._model, self._noun, attributes)
        quality, renown = self._draws.normal[1], self._draws.normal[2]
        reviews = int(np.exp(3.5 + 1.3 * renown + 0.5 * quality) * min(self._age / 60, 1.0))
        launched = (
            self._today - timedelta(days=self._age) + timedelta(minutes=int(self._draws.common[7] * 59))
        )
        item = Item(
            item_id=str(FIRST_ID + number),
            title=self._title(product, draws),
            brand=brand.name if brand else None,
            category=list(leaf.path),
            price_minor=None if draws[11] < 0.003 else price,
            list_price_minor=list_price(price, draws[12]) if draws[11] >= 0.003 else None,
            in_stock=draws[13] >= 0.03,
            group_id=f"g{FIRST_ID + self._first}" if leaf.variants else None,
            attributes=attributes,
            tags=self._tags(draws[14]),
            rating=round(min(5.0, max(3.2, 4.6 + 0.25 * quality)), 1) if reviews else None,
            rating_count=reviews,
            image_url=picture(leaf.picture, self._noun, attributes.get("颜色"), draws[15], self._first),
            created_at=launched,
            description=titles.description(product, draws[16:19]),
        )
        return item, product

    def _title(self, product: Product, draws: list[float]) -> str:
        """Chinese, but for one in a hundred in English and one in traditional characters."""
        if draws[3] < 0.01:
            return titles.english(product)
        title = titles.chinese(product, draws[4:11], self._today.year)
        title = f"{_CONDITION} {title}" if self._used else title
        return titles.traditional(title) if draws[3] > 0.99 else title

    def _tags(self, draw: float) -> list[str]:
        tags = [pick(_TAGS, draw)] if draw < 0.7 else []
        if self._age < 14:
            tags.append("新品")
        if self._used:
            tags.append(_CONDITION)
        return tags
