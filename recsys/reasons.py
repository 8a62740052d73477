"""Reasons: a code that is true to what found the row, and its text in the shopper's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import NO_ROW, Ranking
from recsys.ask import Seeds
from recsys.result import Reason
from recsys.taste import Taste

Language = Literal["zh-CN", "en"]

TEXTS: Mapping[str, Mapping[Language, str]] = {
    "because_viewed": {"zh-CN": "因为你看过{title}", "en": "Because you viewed {title}"},
    "because_wished": {"zh-CN": "因为你收藏了{title}", "en": "Because you saved {title}"},
    "because_carted": {"zh-CN": "因为你加购了{title}", "en": "Because you added {title} to your cart"},
    "because_bought": {"zh-CN": "因为你买过{title}", "en": "Because you bought {title}"},
    "bought_together": {"zh-CN": "经常一起购买", "en": "Often bought together"},
    "goes_with": {"zh-CN": "搭配推荐", "en": "Goes well with it"},
    "also_viewed": {"zh-CN": "看过的人还看了", "en": "Others also viewed"},
    "similar": {"zh-CN": "相似商品", "en": "Similar"},
    "for_you": {"zh-CN": "猜你喜欢", "en": "For you"},
    "trending": {"zh-CN": "正在热卖", "en": "Trending now"},
    "popular": {"zh-CN": "热门商品", "en": "Popular"},
    "fresh": {"zh-CN": "新品上架", "en": "New arrival"},
    "viewed": {"zh-CN": "最近浏览", "en": "Viewed recently"},
    "picked": {"zh-CN": "店铺精选", "en": "Our pick"},
    "more": {"zh-CN": "更多商品", "en": "More to see"},
}
"""Text by code and language. ``{title}`` stands for the product of ``Reason.because``."""

_PLAIN = {
    "trend": Reason("trending"),
    "popularity": Reason("popular"),
    "fresh": Reason("fresh"),
    "recent": Reason("viewed"),
    "pin": Reason("picked"),
    "rows": Reason("more"),
}
_FOR_YOU = Reason("for_you")
_ABOUT_CONTEXT = {
    "item_item": "also_viewed",
    "co_purchase": "bought_together",
    "complements": "goes_with",
    "content": "similar",
    "factors": "also_viewed",
}
_DID: Sequence[tuple[str, Callable[[Taste], npt.NDArray[np.bool_]]]] = (
    ("because_viewed", lambda taste: taste.viewed),
    ("because_carted", lambda taste: taste.wanted),
    ("because_bought", lambda taste: taste.bought),
)
"""What a shopper did with a product, the strongest last; what is none of these was put on a wish list."""


def reasons_of(found: Ranking, seeds: Seeds, taste: Taste) -> tuple[Reason, ...]:
    """The reason of each row of a list."""
    did = dict.fromkeys(taste.rows.tolist(), "because_wished")
    for code, those in _DID:
        did |= dict.fromkeys(taste.rows[those(taste)].tolist(), code)
    made: dict[tuple[int, int], Reason] = {}  # most products of a list share theirs with others
    pairs = list(zip(found.sources.tolist(), found.because.tolist(), strict=True))
    for source, because in set(pairs):
        made[source, because] = _reason(found.names[source], because, seeds.from_context, did)
    return tuple(made[pair] for pair in pairs)


def _reason(source: str, because: int, from_context: bool, did: Mapping[int, str]) -> Reason:
    plain = _PLAIN.get(source)
    if plain is not None:
        return plain
    if from_context:
        return Reason(_ABOUT_CONTEXT[source], because)
    if because == NO_ROW:
        return _FOR_YOU
    return Reason(did[because], because)


def reason_text(reason: Reason, *, language: Language, title: str | None = None) -> str:
    """What the shopper reads.

    Args:
        title: of the product of ``reason.because``; needed by the codes whose text names it. Without
            it, when that product is gone say, the text is that of ``for_you``.
    """
    text = TEXTS[reason.code][language]
    if "{title}" not in text:
        return text
    return TEXTS["for_you"][language] if title is None else text.replace("{title}", title)


def rows_named(reasons: Sequence[Reason]) -> list[int]:
    """The rows whose titles the texts of these reasons need, unique, in order."""
    named = (r.because for r in reasons if "{title}" in TEXTS[r.code]["zh-CN"] and r.because >= 0)
    return list(dict.fromkeys(named))
