"""Highlights mark exactly what matched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.items import Item
from indexing.text import highlight
from search import SearchEngine, SearchRequest
from search.highlight import Highlighter
from search.stages import Stages
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


PIECES = st.sampled_from(
    [
        "手机",
        "壳",
        "小米",
        "iphone",
        "15",
        "5.5",
        "寸",
        "256",
        "GB",
        "T",
        "恤",
        "U",
        "盘",
        " ",
        "　",
        "-",
        "，",
    ]
)
QUERIES = ["手机", "小米 手机壳", "iphone15", "5.5寸", "256gb 手机", "t恤", "u盘", "tplink", "冬装"]


@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from(QUERIES))
def test_every_mark_is_found(engine: SearchEngine, title: str, query: str) -> None:
    """What is not looked for is not there: the marks are those of all words and phrases."""
    view = engine._view
    terms = view.understander.understand(query, Stages()).terms
    analyser = view.catalogue.analyser
    words = {word for term in terms for word, _ in term.term.words}
    phrases = {phrase for term in terms for phrase in term.term.phrases}
    expected = tuple(highlight(analyser, title, words, phrases))
    found = Highlighter(analyser, terms).of(Item("a", title or "-"))
    assert (found[0].spans if found else ()) == expected
