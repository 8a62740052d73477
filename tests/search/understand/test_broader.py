"""Categories above others: who asks for one, and who does not."""

from __future__ import annotations

import pytest

from indexing.contracts.items import Item
from indexing.text import build_analyser
from search import SearchEngine, SearchRequest
from search.understand.broader import broader
from tests.search.shop import Make

PATHS = (
    "手机数码",
    "手机数码 > 手机通讯",
    "手机数码 > 手机通讯 > 手机",
    "手机数码 > 电脑办公",
    "手机数码 > 电脑办公 > 键盘",
    "服饰鞋包",
    "服饰鞋包 > 鞋靴",
    "服饰鞋包 > 鞋靴 > 运动鞋",
    "汽车用品",
    "汽车用品 > 车载电器",
    "汽车用品 > 车载电器 > 车载充电器",
    "汽车用品 > 养护用品",
    "汽车用品 > 养护用品 > 汽车轮胎",
)


def item(number: int, title: str, path: str) -> Item:
    return Item(f"i{number}", title, category=path.split(" > "), price_minor=100 * number, in_stock=True)


ITEMS = [
    item(1, "小米 17 5G", PATHS[2]),
    item(2, "罗技 K380 蓝牙", PATHS[4]),
    item(3, "雷蛇 手机壳 黑色", "手机数码 > 手机配件 > 手机壳"),
    item(4, "耐克 跑鞋", PATHS[7]),
    item(5, "优衣库 袜子", "服饰鞋包 > 配饰"),
    item(7, "倍思 CC79 双口", PATHS[10]),
    item(8, "玲珑 全季", PATHS[12]),
]


@pytest.fixture
def engine(make: Make) -> SearchEngine:
    return SearchEngine(make(ITEMS))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("手机", {"i1", "i3"}),  # a keyboard in 手机数码 is none
        ("数码", {"i1", "i2", "i3"}),
        ("手机数码", {"i1", "i2", "i3"}),
        ("電腦辦公", {"i2"}),
        ("手机 数码", {"i1", "i2", "i3"}),
        ("鞋靴", {"i4"}),
        ("键盘", {"i2"}),
        ("服饰鞋包", {"i4", "i5"}),
        ("汽车", {"i7", "i8"}),
        ("用品", {"i8"}),
    ],
)
def test_who_is_found(engine: SearchEngine, query: str, expected: set[str]) -> None:
    """By the own category's words, and by the whole name of each above it, or by a word of that alone."""
    result = engine.search(SearchRequest(query))
    assert result.total == len(expected)
    assert {hit.item.item_id for hit in result.hits[: result.total]} == expected


def test_who_says_the_word_comes_first(make: Make) -> None:
    """Before what only stands below a category of that name."""
    engine = SearchEngine(make([*ITEMS, item(6, "数码 收纳包", "箱包")]))
    assert engine.search(SearchRequest("数码")).hits[0].item.item_id == "i6"


def test_what_a_word_means() -> None:
    """手机 is a category of its own, 数码 is 手机数码; 用品 is the category nearest to the products."""
    found = broader(build_analyser(["鞋靴", "服饰"]), PATHS)
    assert found.names == {
        *("手机数码", "手机通讯", "电脑办公", "服饰鞋包", "鞋靴", "汽车用品", "车载电器", "养护用品")
    }
    assert "手机" not in found.meant
    assert found.meant["数码"] == ("手机数码",)
    assert found.meant["通讯"] == ("手机通讯",)
    assert found.meant["用品"] == ("养护用品",)


def test_a_name_of_several_latin_words(make: Make) -> None:
    """Signs and spaces in it count for nothing."""
    engine = SearchEngine(
        make([item(1, "mug", "Home & Kitchen > Mugs"), item(2, "lamp", "Home & Kitchen > Lamps")])
    )
    for query in ("home & kitchen", "Home Kitchen", "kitchen"):
        assert engine.search(SearchRequest(query)).total == 2
