"""Highlights mark exactly what matched."""

from __future__ import annotations

import pytest

from indexing.contracts.items import Item
from search import SearchEngine, SearchRequest
from search.highlight import Highlighter
from tests.search.shop import Make, phone


def marked(engine: SearchEngine, query: str, item_id: str, field: str = "title") -> list[str]:
    result = engine.search(SearchRequest(query))
    hit = next(hit for hit in result.hits if hit.item.item_id == item_id)
    text = getattr(hit.item, field)
    return [text[a:b] for one in hit.highlights if one.field == field for a, b in one.spans]


@pytest.mark.parametrize(
    ("query", "item_id", "expected"),
    [
        ("手机", "p003", ["手机"]),
        ("shouji", "p003", ["手机"]),
        ("行動電話", "p006", ["移动电话"]),
        ("xiaomi", "p001", ["小米", "Xiaomi"]),
        ("iphone 15", "p005", ["iPhone15"]),
        ("无线鼠标", "t003", ["无线鼠标"]),
        ("无线鼠标", "t004", ["无线", "鼠标"]),
        ("移动电源", "t001", ["充电宝", "移动电源"]),
        ("番茄", "t010", ["西红柿"]),
        ("huawie", "p003", ["华为", "HUAWEI"]),
    ],
)
def test_what_matched_is_marked(
    engine: SearchEngine, query: str, item_id: str, expected: list[str]
) -> None:
    """Words as written, also when the match came by pinyin, a slip, a synonym or the other script."""
    assert marked(engine, query, item_id) == expected


def test_brand_is_marked(engine: SearchEngine) -> None:
    """The brand has spans of its own."""
    assert marked(engine, "小米手机", "p001", "brand") == ["小米"]


def test_offsets_are_of_the_original(make: Make) -> None:
    """Full-width and traditional titles are marked in their own characters."""
    engine = SearchEngine(make([phone(1, "【熱賣】ＡＰＰＬＥ　手機 ２５６ＧＢ", brand=None)]))
    assert marked(engine, "手机 apple 256gb", "p001") == ["ＡＰＰＬＥ", "手機", "２５６ＧＢ"]


def test_nothing_to_mark(engine: SearchEngine) -> None:
    """Browsing marks nothing, and one can do without marks."""
    assert all(hit.highlights == () for hit in engine.search(SearchRequest("")).hits)
    assert all(hit.highlights == () for hit in engine.search(SearchRequest("手机", highlight=False)).hits)
    assert Highlighter(None, ()).of(Item("a", "手机")) == ()  # type: ignore[arg-type]
