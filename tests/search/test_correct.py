"""What is proposed for a query that finds nothing."""

from __future__ import annotations

import pytest

from indexing.contracts.items import Item
from search import SearchEngine, SearchRequest
from search.correct import Corrector
from search.lexicon import LexiconEntry
from search.view import View
from tests.search.shop import ITEMS, Make


@pytest.fixture
def corrector(make: Make) -> Corrector:
    queries = [
        LexiconEntry("蓝牙耳机", "query", 90.0, shoppers=9),
        LexiconEntry("书架", "query", 5.0, shoppers=9),
        LexiconEntry("thinkpad", "query", 50.0, shoppers=9),
    ]
    view = View(make(ITEMS, queries=queries))
    assert view.models.lexicon is not None
    return Corrector(view.models.lexicon, view.catalogue.analyser, view.catalogue.lexical)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lanyaerji", "蓝牙耳机"),
        ("lyej", "蓝牙耳机"),
        ("蓝牙er机", "蓝牙耳机"),
        ("兰牙耳机", "蓝牙耳机"),
        ("蓝牙耳几", "蓝牙耳机"),
        ("蓝牙耳麦机", "蓝牙耳机"),
        ("thinkpda", "thinkpad"),
        ("tihnkapd", "thinkpad"),
        ("xiaomi shouji", "xiaomi手机"),
        ("华为 shuoji", "华为手机"),
    ],
)
def test_best_proposal(corrector: Corrector, typed: str, meant: str) -> None:
    """By sound, by initials, by slips; of several words only the wrong ones."""
    assert corrector.propose(typed)[0].replace(" ", "") == meant


def test_weight_decides_between_equals(corrector: Corrector) -> None:
    """sj is 手机 (phone) before 书架 (bookshelf), which fewer ask for."""
    found = corrector.propose("sj")
    assert found.index("手机") < found.index("书架")


@pytest.mark.parametrize("typed", ["", "手机", "12345678", "…", "a", "蓝牙耳机" * 20])
def test_nothing_to_propose(corrector: Corrector, typed: str) -> None:
    """Known texts, numbers, single letters and long texts are left alone."""
    assert corrector.propose(typed) == []


def test_rare_readings_that_meet_are_no_homophones(make: Make) -> None:
    """茅台 (mao tai) is a liquor the shop has not; 毛衣 (mao yi, a sweater) only shares a rare reading."""
    view = View(make(ITEMS, queries=[LexiconEntry("毛衣", "query", 90.0, shoppers=9)]))
    assert view.models.lexicon is not None
    corrector = Corrector(view.models.lexicon, view.catalogue.analyser, view.catalogue.lexical)
    assert "毛衣" not in corrector.propose("茅台")
    assert "毛衣" in corrector.propose("毛一")


def test_a_number_is_never_a_slip(make: Make) -> None:
    """2l is not 3l, and a model number that the shop has not is not its neighbour."""
    queries = [LexiconEntry(text, "query", 90.0, shoppers=9) for text in ("3l 电饭煲", "hr7634")]
    view = View(make(ITEMS, queries=queries))
    assert view.models.lexicon is not None
    corrector = Corrector(view.models.lexicon, view.catalogue.analyser, view.catalogue.lexical)
    assert "3l 电饭煲" not in corrector.propose("2l 电饭煲")
    assert "hr7634" not in corrector.propose("hr7633")


def test_pinyin_of_several_words_is_composed(make: Make) -> None:
    """jixiejianpan (mechanical keyboard) and zidongkafeiji, which nobody asked for yet: the titles say it.
    jianpanjixie is two words that no title holds in that order."""
    items = [Item("k", "达尔优 机械键盘 青轴"), Item("c", "德龙 自动咖啡机"), Item("m", "机械 手表")]
    engine = SearchEngine(make(items))
    found = engine.search(SearchRequest("jixiejianpan"))
    assert (found.corrected_to, found.hits[0].item.item_id) == ("机械键盘", "k")
    assert engine.search(SearchRequest("zidongkafeiji")).corrected_to == "自动咖啡机"
    assert engine.search(SearchRequest("jianpanjixie")).corrected_to is None
    assert engine.search(SearchRequest("jixiejianpan" * 4)).corrected_to is None


def test_leaving_out_a_word_is_no_correction(make: Make) -> None:
    """白水泥火 without 火 is what the ladder may come to, in the open; 白水尼 is a slip of 白水泥."""
    queries = [LexiconEntry("白水泥", "query", 90.0, shoppers=9)]
    view = View(make([*ITEMS, Item("x", "墙面 白水泥 火"), Item("y", "白水泥")], queries=queries))
    assert view.models.lexicon is not None
    corrector = Corrector(view.models.lexicon, view.catalogue.analyser, view.catalogue.lexical)
    assert corrector.propose("白水泥火") == []
    assert corrector.propose("白水尼") == ["白水泥"]


def corrections(make: Make, typed: str, *texts: str) -> list[str]:
    queries = [LexiconEntry(text, "query", 90.0, shoppers=9) for text in texts]
    view = View(make([*ITEMS, *(Item(text, text) for text in texts)], queries=queries))
    assert view.models.lexicon is not None
    return Corrector(view.models.lexicon, view.catalogue.analyser, view.catalogue.lexical).propose(typed)


def test_rare_readings_of_what_is_proposed_are_no_homophones(make: Make) -> None:
    """易心 (yi xin) is not 一款 (yi kuan), though 款 may be read xin; 衣款 (yi kuan) is."""
    assert corrections(make, "易心", "一款") == []
    assert corrections(make, "衣宽", "一款") == ["一款"]


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("太阳灶", "太阳能", []),  # solar cooker, solar energy
        ("连衣群", "连衣裙", ["连衣裙"]),
        ("玻离杯", "玻璃杯", ["玻璃杯"]),
        ("连裙衣", "连衣裙", ["连衣裙"]),
        ("数码饭机", "数码相机", ["数码相机"]),
        ("数码转机", "数码相机", []),  # 转机 is a word (transit)
        ("瑜伽裤绿色", "瑜伽裤黑色", []),  # green, black
        ("瑜伽裤黑社", "瑜伽裤黑色", ["瑜伽裤黑色"]),
        ("200点", "200g", []),  # points, grams
    ],
)
def test_a_short_text_is_a_slip_only_by_sound(
    make: Make, typed: str, known: str, expected: list[str]
) -> None:
    """Of three characters, or of a word, one that sounds otherwise makes another thing."""
    assert corrections(make, typed, known) == expected


def test_words_that_titles_write_together(make: Make) -> None:
    """door mat finds nothing in a shop of doormats; red mat finds its mats, and stays."""
    items = [
        *(Item(f"d{n}", f"doormat {n}") for n in range(3)),
        Item("m", "bath mat red"),
        Item("t", "door"),
    ]
    engine = SearchEngine(make([*ITEMS, *items]))
    result = engine.search(SearchRequest("door mat"))
    assert result.corrected_to == "doormat"
    assert [hit.item.item_id for hit in result.hits[:3]] == ["d0", "d1", "d2"]
    assert engine.search(SearchRequest("red mat")).corrected_to is None
