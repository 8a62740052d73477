"""Words run together and cut in another place than the title's."""

from __future__ import annotations

import pytest

from indexing.contracts.items import Item
from indexing.lexical.base import Term
from search import SearchEngine, SearchRequest
from search.pieces import pairs, pieces
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


def test_where_nothing_matches_neighbouring_characters_are_related(make: Make) -> None:
    """光一边几 is cut 光 + 一边 + 几 and the title 光 + 一 + … + 边 + 几: the name and the table are in
    both. A title that only has 几 somewhere is not related."""
    items = [Item("t", "光一 北欧 边几 储物"), Item("n", "几何 图案 地毯 几 款"), *ITEMS]
    result = SearchEngine(make(items)).search(SearchRequest("光一边几"))
    assert [(hit.item.item_id, hit.source) for hit in result.hits] == [("t", "fewer")]
    assert result.total == 0


def test_pairs() -> None:
    """Each once, in order, and not more than sixteen."""
    assert [term.phrases for term in pairs(["桌牌桌牌", "鞋"])] == [(("桌", "牌"),), (("牌", "桌"),)]
    assert len(pairs(["".join(map(chr, range(0x4E00, 0x4E40)))])) == 16


def test_one_word_brings_no_others(make: Make) -> None:
    """A word of the dictionary is one thing: nothing follows its match for a character of it."""
    assert found(make, "连衣裙") == ["d"]


@pytest.mark.parametrize(("query", "first"), [("adidas 外套 礼服裙", "x"), ("礼服裙 外套 adidas", "x")])
def test_a_word_too_many_counts_once(make: Make, query: str, first: str) -> None:
    """礼服裙 (dress) is two words of the index, and one word too many beside adidas and 外套 (coat)."""
    items = [Item(f"d{n}", f"礼服 裙 儿童 公主 {n}") for n in range(12)]
    engine = SearchEngine(make([*items, Item("x", "adidas 三叶草 示范 限量 运动 男 秋季 外套")]))
    assert engine.search(SearchRequest(query)).hits[0].item.item_id == first
