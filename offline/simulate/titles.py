"""Titles as a Chinese shop writes them: brand, model, noun, features, specification, selling words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from indexing.contracts.items import Value
from offline.simulate.leaf import Brand, Leaf

T = TypeVar("T")
UNITS = {"功率": "W", "屏幕尺寸": "英寸"}
_SELLING = (
    "官方旗舰店",
    "正品包邮",
    "{year}新款",
    "官方正品",
    "送礼",
    "现货速发",
    "限时特惠",
    "新品上市",
    "爆款",
)
_CLOSINGS = (
    "支持七天无理由退换。",
    "现货当天发出，全国联保。",
    "日常自用送人都合适。",
    "包装完好，签收前请验货。",
    "老顾客回购很多。",
)


def pick(values: Sequence[T], draw: float) -> T:
    """The value at ``draw`` in [0, 1) of the way."""
    return values[int(draw * len(values))]


def model_number(pattern: str, digits: str, letters: str) -> str:
    """Fill a pattern: ``#`` takes the next digit, ``@`` the next letter.

    >>> model_number("HR7###", "63350", "AB")
    'HR7633'
    """
    digit, letter = iter(digits), iter(letters)
    return "".join(next(digit) if c == "#" else next(letter) if c == "@" else c for c in pattern)


def specification(attributes: Mapping[str, Value], *, wireless: bool = True) -> str:
    """What of the attributes a title says: sizes, contents, power; ``无线`` where true and asked for."""
    said = []
    for name, value in attributes.items():
        if name == "无线":
            if value is True and wireless:
                said.append("无线")
        elif name in UNITS:
            said.append(f"{value:g}{UNITS[name]}")
        elif name not in ("产地", "材质"):
            said.append(str(value))
    return " ".join(said)


@dataclass(frozen=True, slots=True)
class Product:
    """What a title and a description are about."""

    leaf: Leaf
    brand: Brand | None
    model: str
    noun: str
    attributes: Mapping[str, Value]


def chinese(product: Product, draws: Sequence[float], year: int) -> str:
    """A title; ``draws`` are seven numbers in [0, 1)."""
    model, noun = product.model, product.noun
    first, second = pick(product.leaf.features, draws[1]), pick(product.leaf.features, draws[2])
    second = second if second != first else ""
    features = f"{first}{second}" if draws[3] < 0.5 else f"{first} {second}"
    spec = specification(product.attributes, wireless="无线" not in noun)
    material = str(product.attributes.get("材质", "")) if draws[4] < 0.5 else ""
    selling = pick(_SELLING, draws[5]).format(year=year)
    name, layout = _brand(product.brand, draws[0]), draws[6]
    if layout < 0.35:
        text = f"{name}{noun} {model} {features} {material} {spec} {selling}"
    elif layout < 0.65:
        text = f"{name} {model} {material}{noun} {features} {spec}"
    elif layout < 0.8:
        text = f"【{selling}】{name} {model} {features}{noun} {spec}"
    else:
        text = f"{name} {model} {first}{noun} {spec} {second} {selling}"
    return " ".join(text.split())


def _brand(brand: Brand | None, draw: float) -> str:
    """The brand in one script, in both, or as ``Latin/中文``."""
    if brand is None:
        return ""
    if draw > 0.9 and brand.latin:
        return f"{brand.latin}/{brand.chinese}" if brand.chinese else brand.latin
    return brand.name if draw < 0.45 else brand.both


def english(product: Product) -> str:
    """A title as importers write it: Latin brand, model, English noun, what of the values is Latin."""
    brand, model = product.brand, product.model
    said = [product.leaf.english]
    for name, value in product.attributes.items():
        if name in UNITS:
            said.append(f"{value:g}{'W' if name == '功率' else ' inch'}")
        elif isinstance(value, str) and value.isascii():
            said.append(value)
    maker = (brand.latin or brand.name) if brand else ""
    return " ".join(part for part in (maker, model if model.isascii() else "", *said) if part)


def description(product: Product, draws: Sequence[float]) -> str:
    """A sentence or two; ``draws`` are three numbers in [0, 1)."""
    first, second = pick(product.leaf.features, draws[0]), pick(product.leaf.features, draws[1])
    facts = "，".join(
        f"{name}{value:g}{UNITS[name]}" if name in UNITS else f"{name}{value}"
        for name, value in product.attributes.items()
        if not isinstance(value, bool)
    )
    maker = product.brand.both if product.brand else ""
    praise = first if first == second else f"{first}、{second}"
    return f"{maker}{product.noun}，{praise}。{facts}{'。' if facts else ''}{pick(_CLOSINGS, draws[2])}"


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("s2t")


def traditional(text: str) -> str:
    """The text in traditional characters (OpenCC ``s2t``)."""
    return str(_converter().convert(text))
