"""A leaf of the demo shop's tree: what its products are called, cost and look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexing.contracts.items import Value


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand in one or both scripts. ``tier`` multiplies the leaf's usual price."""

    chinese: str
    latin: str
    tier: float

    @property
    def name(self) -> str:
        """What the catalogue's ``brand`` holds: the Chinese name where there is one."""
        return self.chinese or self.latin

    @property
    def both(self) -> str:
        """Both scripts, as titles often have it."""
        return f"{self.chinese}{self.latin}" if self.chinese and self.latin else self.name


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf category.

    Attributes:
        path: department, group and leaf.
        nouns: what titles call the product; the first is the plain word, the others narrower ones.
        aliases: other words for the plain one (移动电源 for 充电宝), rare in titles, common in queries.
        price: median in yuan; ``spread`` is the standard deviation of its logarithm.
        models: patterns, ``#`` a digit and ``@`` a capital letter; empty where products have no number.
        series: by brand, names of product lines; they stand in place of ``models``.
        attributes: by declared name, the values a product may have.
        variants: attributes whose values make variants of one product.
        picture: kind of the drawn picture.
        complements: leaves bought in the same order.
        weight: share of the demand and of the assortment, relative.
        mixed: the plain noun does not name everything in the leaf (毛巾 does not name 浴巾).
        audience: who buys here more: ``all``, ``women``, ``men``, ``parents``, ``pets`` or ``drivers``.
    """

    path: tuple[str, str, str]
    nouns: tuple[str, ...]
    aliases: tuple[str, ...]
    english: str
    brands: tuple[Brand, ...]
    price: float
    spread: float
    models: tuple[str, ...]
    series: Mapping[str, tuple[str, ...]]
    attributes: Mapping[str, tuple[Value, ...]]
    features: tuple[str, ...]
    variants: tuple[str, ...]
    picture: str
    complements: tuple[str, ...]
    weight: float
    mixed: bool
    audience: str

    def called(self, noun: str) -> bool:
        """Whether the plain noun names a product that its title calls ``noun``."""
        return not self.mixed or self.nouns[0] in noun or noun in self.aliases

    @property
    def name(self) -> str:
        """The last name of the path, unique in the tree."""
        return self.path[-1]


def brands_of(text: str) -> tuple[Brand, ...]:
    """Read ``小米:Xiaomi:0.8 :Anker: 云朵家::0.7``; ``_`` stands for a space, an empty tier for 1.

    >>> brands_of("小米:Xiaomi:0.8 :LEGO:")[1].name
    'LEGO'
    """
    parts = (word.split(":") for word in text.split())
    return tuple(Brand(zh, latin.replace("_", " "), float(tier or 1)) for zh, latin, tier in parts)


def leaf(
    path: str,
    nouns: str,
    *,
    brands: str,
    price: float,
    features: str,
    picture: str,
    english: str,
    spread: float = 0.5,
    aliases: str = "",
    models: str = "",
    series: Mapping[str, str] | None = None,
    variants: str = "",
    complements: str = "",
    weight: float = 1.0,
    mixed: bool = False,
    audience: str = "all",
    **attributes: str | tuple[float, ...] | tuple[bool, ...],
) -> Leaf:
    """A leaf from words separated by spaces, ``_`` for a space inside a name; ``path`` is slashed."""
    department, group, name = path.split("/")
    return Leaf(
        path=(department, group, name),
        nouns=tuple(nouns.split()),
        aliases=tuple(aliases.split()),
        english=english,
        brands=brands_of(brands),
        price=price,
        spread=spread,
        models=_words(models),
        series={brand: _words(lines) for brand, lines in (series or {}).items()},
        attributes={key: _words(v) if isinstance(v, str) else v for key, v in attributes.items()},
        features=tuple(features.split()),
        variants=tuple(variants.split()),
        picture=picture,
        complements=tuple(complements.split()),
        weight=weight,
        mixed=mixed,
        audience=audience,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())
