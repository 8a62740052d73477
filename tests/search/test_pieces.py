"""Words run together and cut in another place than the title's."""

from __future__ import annotations

import pytest

from indexing.contracts.items import Item
from indexing.lexical.base import Term
from search import SearchEngine, SearchRequest
from search.pieces import pieces
from tests.search.shop import Make

ITEMS = [
    Item("a", "秋季 电动车 挡风被 加绒 罩"),
    Item("b", "被罩 学生 宿舍"),
    Item("c", "挡风 玻璃 贴"),
    Item("d", "时尚 连衣裙"),
]


def found(make: Make, query: str) -> list[str]:
    result = SearchEngine(make(ITEMS)).search(SearchRequest(query))
    return [hit.item.item_id for hit in result.hits]


def test_pieces(make: Make) -> None:
    """Every word of the index within the run, but the run itself; a single character is worth less."""
    catalogue = make(ITEMS)
    terms = pieces(["挡风被罩"], catalogue.lexical, catalogue.rows)
    assert Term((("被罩", 1.0),)) in terms
    assert Term((("罩", 1.0),), weight=0.5) in terms
    assert not {"风被", "挡风被罩"} & {word for term in terms for word, _ in term.words}
    assert pieces(["手机"], catalogue.lexical, catalogue.rows) == ()
    assert pieces([], catalogue.lexical, catalogue.rows) == ()


def test_a_title_cut_elsewhere_comes_first(make: Make) -> None:
    """挡风被罩 (windshield quilt and cover, run together) is cut 挡风 + 被罩: no title has both, and the
    one that has all its characters comes before those that have one of these words."""
    assert found(make, "挡风被罩")[0] == "a"


def test_one_word_brings_no_others(make: Make) -> None:
    """A word of the dictionary is one thing: nothing follows its match for a character of it."""
    assert found(make, "连衣裙") == ["d"]


@pytest.mark.parametrize(("query", "first"), [("adidas 外套 礼服裙", "x"), ("礼服裙 外套 adidas", "x")])
def test_a_word_too_many_counts_once(make: Make, query: str, first: str) -> None:
    """礼服裙 (dress) is two words of the index, and one word too many beside adidas and 外套 (coat)."""
    items = [Item(f"d{n}", f"礼服 裙 儿童 公主 {n}") for n in range(12)]
    engine = SearchEngine(make([*items, Item("x", "adidas 三叶草 示范 限量 运动 男 秋季 外套")]))
    assert engine.search(SearchRequest(query)).hits[0].item.item_id == first
