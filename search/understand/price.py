"""The price that a query names: ``200元以下``, ``100-300元``, ``500以内``, ``3千左右``, ``under 50``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from indexing.contracts.filters import Compare, Filter, all_of
from indexing.lexical.asking import range_text

# a folded text has single spaces
_NUMBER = r"(\d{1,9}(?:\.\d{1,2})?) ?([万千wk])?"
_COIN = r"(?:元|块钱|块|rmb|人民币|￥|¥|\$|€|£|yuan|dollars?|euros?)"
_YUAN = r"(?:元(?!旦|件|器件|宵节|素周期)|块钱(?![包夹袋])|块(?![规茎根煤状]))"
_SIGN = r"(?:￥|¥|\$|€|£)"
_EDGE = r"(?<![a-z0-9.])"
_END = r"(?=$|[\s的])"  # 100元内裤 names no limit
_WITHIN = r"(?:以内|之内)(?!的?(?:加减|加法|减法|乘法|除法|乘除|口算|进位|退位))"  # 20以内加减法 is a book
_BELOW = rf"(?:以下|之下|{_WITHIN}|内{_END}|不到)"
_ABOVE = rf"(?:以上|之上|起步|起{_END})"
_TO = r"(?: ?(?:-|~|到|至|—|–) ?|一(?=\d))"  # 30一70元 is typed for a dash
_UNIT = (  # 小于2厘米: any number may follow these words; 2000平板, 50包邮 and 300匹克 are prices
    r"(?![\d.]| ?(?:%|°|厘米|毫[米升安]|公[分斤里]|千[克米瓦]|米(?![粉线酒奇])|[寸尺克斤吨度码岁折瓦伏]"
    r"|升(?!降)|匹(?!克)|个(?![人性])|小时|分钟|秒"
    r"|inch|cm|mm|kg|g\b|oz|lbs?\b|ml|l\b|ft|feet|year|month|w\b|pcs|people))"
)
_FACE = (  # 50元话费 costs what it costs
    r"(?!的?(?:话费|充值|[优代].券|[券劵]|代金|无门槛|纪念[币钞章]|纸币|硬币))"
)

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "range",
        re.compile(rf"{_EDGE}{_SIGN}? ?{_NUMBER}{_COIN}?{_TO}{_SIGN}? ?{_NUMBER} ?{_COIN}(?:之间)?"),
    ),
    ("range", re.compile(rf"{_EDGE}{_SIGN} ?{_NUMBER}{_TO}{_SIGN}? ?{_NUMBER}(?!\w)")),
    ("below", re.compile(rf"{_EDGE}{_SIGN}? ?{_NUMBER} ?{_COIN}? ?{_BELOW}")),
    ("above", re.compile(rf"{_EDGE}{_SIGN}? ?{_NUMBER} ?{_COIN} ?{_ABOVE}")),
    ("about", re.compile(rf"{_EDGE}{_SIGN}? ?{_NUMBER} ?{_COIN}? ?(?:左右|上下)")),
    ("below", re.compile(rf"(?:低于|不超过|少于|小于|不高于) ?{_SIGN}? ?(?>{_NUMBER} ?{_COIN}?){_UNIT}")),
    ("above", re.compile(rf"(?:高于|超过|不低于|大于) ?{_SIGN}? ?(?>{_NUMBER} ?{_COIN}?){_UNIT}")),
    (
        "below",
        re.compile(rf"\b(?:under|below|less than|up to) {_SIGN}? ?(?>{_NUMBER} ?{_COIN}?)(?!\w){_UNIT}"),
    ),
    ("above", re.compile(rf"\b(?:over|above|more than) {_SIGN}? ?(?>{_NUMBER} ?{_COIN}?)(?!\w){_UNIT}")),
    ("about", re.compile(rf"{_EDGE}{_NUMBER} ?{_YUAN}(?![a-z0-9]){_FACE}")),
)
_SIZE = re.compile(r"(?<![加超特增大均])[宽长高厚深径围重码龄][\d.]+[^\d元块]*$")
"""A measure without a coin: 宽40以内; in 加厚500以内 and 大码200以内 a product is described."""
_TIMES = {"万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000}
_ABOUT = 0.2


@dataclass(frozen=True, slots=True)
class Price:
    """A price range in minor units, both ends included; None for open. ``said``: the words for it."""

    lowest: float | None
    highest: float | None
    said: str = field(default="", compare=False)

    @property
    def filter(self) -> Filter:
        """As an expression over ``price_minor``."""
        low = None if self.lowest is None else Compare("price_minor", ">=", self.lowest)
        high = None if self.highest is None else Compare("price_minor", "<=", self.highest)
        tree = all_of(low, high)
        assert tree is not None
        return tree

    def __str__(self) -> str:
        return range_text(self.lowest, self.highest)


def read_price(folded: str, minor_digits: int) -> tuple[Price | None, str]:
    """The price that a folded query names, and the query without it.

    >>> price, rest = read_price("手机 2000元以下", 2)
    >>> str(price), rest
    ('..200000', '手机  ')
    """
    every = ((kind, found) for kind, pattern in _PATTERNS for found in pattern.finditer(folded))
    for kind, found in every:
        price = _price(kind, found.groups(), 10**minor_digits)
        if price.highest == 0 or _SIZE.search(folded[: found.end()]):  # 0元购 is a slogan
            continue
        rest = f"{folded[: found.start()]} {folded[found.end() :]}"
        return replace(price, said=found.group().strip()), rest
    return None, folded


def _price(kind: str, groups: tuple[str | None, ...], minor: int) -> Price:
    first = _amount(groups[0], groups[1]) * minor
    if kind == "range":
        second = _amount(groups[2], groups[3]) * minor
        return Price(min(first, second), max(first, second))
    if kind == "about":
        return Price(round(first * (1 - _ABOUT)), round(first * (1 + _ABOUT)))
    return Price(None, first) if kind == "below" else Price(first, None)


def _amount(number: str | None, times: str | None) -> float:
    assert number is not None
    return float(number) * _TIMES.get(times or "", 1)
