"""How well a title answers."""

from __future__ import annotations

import pytest

from indexing.lexical.base import Term
from search.titles import title_match
from search.understand import QueryTerm, Wanted

PHONE = QueryTerm("手机", Term((("手机", 1.0), ("phone", 0.7))), "category", 9, ("手", "机"))
MI = QueryTerm("小米", Term((("小米", 1.0), ("mi", 0.7))), "brand", 9, ("小", "米"))
MODEL = QueryTerm("iphone15", Term((("iphone15", 1.0),)), "word", 9, ("iphone", "15"))
NAME = QueryTerm("护宝星", Term((("护宝星", 1.0),), (("护", "宝", "星"),)), "word", 9, ("护", "宝", "星"))


@pytest.mark.parametrize(
    ("title", "words", "terms", "expected"),
    [
        ("小米手机 黑色", "小米手机", (MI, PHONE), 1.0),
        ("小米 14 手機", "小米手机", (MI, PHONE), 0.75),
        ("手机 黑色", "小米手机", (MI, PHONE), 0.75 * 0.5),
        ("MI phone", "小米手机", (MI, PHONE), 0.75 * 0.7),
        ("mini phone", "小米手机", (MI, PHONE), 0.75 * 0.35),
        ("Apple iPhone 15 Pro", "iphone15", (MODEL,), 1.0),
        ("护宝星 充电器", "护宝星", (NAME,), 1.0),
        ("充电器", "护宝星", (NAME,), 0.0),
    ],
)
def test_title_match(title: str, words: str, terms: tuple[QueryTerm, ...], expected: float) -> None:
    """Three quarters for the terms held, synonyms by their worth, one for the query as typed; ``mi`` is not
    in ``mini``, spaces in a model number do not count."""
    assert title_match([title], Wanted(words=words), terms).tolist() == pytest.approx([expected])


def test_empty() -> None:
    """No titles, no values; no terms, nothing held."""
    assert title_match([], Wanted(), ()).tolist() == []
    assert title_match(["手机"], Wanted(), ()).tolist() == [0.0]
