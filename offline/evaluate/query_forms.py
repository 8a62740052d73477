"""One thing sought, written as different people write it.

A known-item query is made of the words that people marked in a title; each form says the same with other
characters, in another order, with something around it, or with something that the title does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import opencc

from offline.evaluate.tagged_titles import TaggedTitle

FORMS = (
    "simplified",
    "run together",
    "traditional",
    "full-width",
    "upper case",
    "capitalised",
    "reversed",
    "selling words",
    "a word too many",
    "model joined",
    "model spaced",
    "model hyphenated",
)
_BEFORE = (
    "正品",
    "特价",
    "包邮",
    "2024新款",
    "新款",
    "热卖",
    "官方旗舰店",
    "亏本冲量",
    "买一送一",
    "专柜正品",
)
_AFTER = ("包邮", "正品", "清仓", "厂家直销", "热卖", "哪个好", "多少钱", "送礼物", "七天退换", "推荐")
_MODEL = re.compile(r"(?<![a-z0-9.])([a-z]{1,5})[- ]?([0-9]{2,5})([a-z]{0,2})(?![a-z0-9.])")
_MOST_WORDS = 2
"""Shoppers type two or three words; with all that a title has, any system finds it."""


def base_words(one: TaggedTitle) -> list[str]:
    """The marked words of a query: brands, then products, without those that stand inside another."""
    words = [*one.brands[:1], *one.products]
    whole = [word for word in words if not any(word in other and word != other for other in words)]
    return list(dict.fromkeys(whole))[:_MOST_WORDS]


def forms(one: TaggedTitle, others: Sequence[str], rng: np.random.Generator) -> Iterator[tuple[str, str]]:
    """Form and query, for each form that changes what this title's words look like.

    Args:
        others: product words of the catalogue, of which one that the title does not hold is drawn.
    """
    words = base_words(one)
    if len(words) > 1:
        yield from _word_forms(one, words, others, rng)
    if model := _MODEL.search(one.title.lower()):
        yield from _model_forms(words[:1], *model.groups())


def _word_forms(
    one: TaggedTitle, words: list[str], others: Sequence[str], rng: np.random.Generator
) -> Iterator[tuple[str, str]]:
    plain = " ".join(words)
    yield "simplified", plain
    yield "run together", _joined(words)
    yield "reversed", _joined(words[::-1])
    traditional = _traditional().convert(plain)
    if traditional != plain:
        yield "traditional", traditional
    if re.search("[a-z]", plain.lower()):
        yield "full-width", "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in plain)
        yield "upper case", plain.upper()
        yield "capitalised", plain.title()
    yield "selling words", f"{rng.choice(_BEFORE)}{_joined(words)}{rng.choice(_AFTER)}"
    more = next((w for w in rng.choice(others, 20) if not set(w) & set(one.title)), None)
    if more is not None:
        place = int(rng.integers(0, len(words) + 1))
        yield "a word too many", " ".join([*words[:place], str(more), *words[place:]])


def _joined(words: Sequence[str]) -> str:
    """Without spaces, as Chinese is typed; nobody joins two Latin words."""
    text = ""
    for word in words:
        text += f" {word}" if text[-1:].isascii() and text and word[0].isascii() else word
    return text


def _model_forms(words: list[str], letters: str, digits: str, tail: str) -> Iterator[tuple[str, str]]:
    said = {"model joined": letters, "model spaced": f"{letters} ", "model hyphenated": f"{letters}-"}
    for form, head in said.items():
        yield form, " ".join([*words, f"{head}{digits}{tail}"])


@cache
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")
