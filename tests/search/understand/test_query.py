"""What a query was taken to mean."""

from __future__ import annotations

import pytest

from search.stages import Stages
from search.understand import Understander, Wanted
from search.view import View
from tests.search.shop import ITEMS, Make, MemoryCatalogue, thing


@pytest.fixture
def understander(shop: MemoryCatalogue) -> Understander:
    return View(shop).understander


def terms(wanted: Wanted) -> list[str]:
    return [term.text for term in wanted.terms]


def words(wanted: Wanted, place: int = 0) -> dict[str, float]:
    return dict(wanted.terms[place].words)


def test_synonyms_are_alternatives(understander: Understander) -> None:
    """小米 (Xiaomi) may be written in Latin letters, and then counts less than what was typed; MI, which no
    product says, is left out."""
    wanted = understander.understand("小米", Stages())
    assert words(wanted) == {"小米": 1.0, "xiaomi": 0.7}
    assert wanted.terms[0].role == "brand"


def test_what_finds_nothing_more_is_not_asked(understander: Understander, make: Make) -> None:
    """Where Xiaomi never stands without 小米, it is marked in titles and not asked of the index; where it
    does, it is."""
    assert understander.understand("小米", Stages()).terms[0].term.words == (("小米", 1.0),)
    alone = make([*ITEMS, thing(30, "Xiaomi 手环", "数码")])
    wanted = View(alone).understander.understand("小米", Stages())
    assert dict(wanted.terms[0].term.words) == {"小米": 1.0, "xiaomi": 0.7}


def test_compounds_are_taken_apart(understander: Understander) -> None:
    """无线鼠标 (wireless mouse) is two words, each better in the compound; 充电宝 (power bank) is one."""
    wanted = understander.understand("小米手机", Stages())
    assert terms(wanted) == ["小米", "手机"]
    assert terms(understander.understand("充电宝", Stages())) == ["充电宝"]


def test_unknown_words_are_phrases(understander: Understander) -> None:
    """A word that no product has is sought as neighbouring characters of a title."""
    wanted = understander.understand("魑魅魍魉", Stages())
    assert [term.role for term in wanted.terms] == ["unknown"] * len(wanted.terms)
    assert wanted.terms[0].term.phrases


@pytest.mark.parametrize(
    "query", ["包邮 手机", "手机 官方旗舰店", "正品手机 热卖", "好用的手机", "手机包邮新款"]
)
def test_selling_words_are_ignored(understander: Understander, query: str) -> None:
    """Free delivery, official shop, genuine, best-selling, handy: none of it excludes a phone."""
    wanted = understander.understand(query, Stages())
    assert terms(wanted) == ["手机"]
    assert wanted.ignored


def test_selling_words_alone_are_words(understander: Understander) -> None:
    """Who asks for nothing but 包邮 (free delivery) asks for that."""
    assert "".join(terms(understander.understand("包邮", Stages()))) == "包邮"


def test_a_selling_word_that_names_something_stays(make: Make) -> None:
    """In a shop with the brand 自营 (own make) it is a brand."""
    catalogue = make([*ITEMS, thing(30, "自营 抽纸", "日用", brand="自营")])
    assert terms(View(catalogue).understander.understand("自营 抽纸", Stages())) == ["自营", "抽纸"]


def test_brand_of_several_words(make: Make) -> None:
    """new balance is one brand."""
    catalogue = make([*ITEMS, thing(30, "New Balance 跑步鞋", "服饰", "鞋", brand="New Balance")])
    understander = View(catalogue).understander
    wanted = understander.understand("new  balance 跑步鞋", Stages())
    assert understander.describe(wanted).brands == ("New Balance",)


def test_categories_from_clicks(make: Make) -> None:
    """Where shoppers clicked after a query counts beside the categories it names."""
    catalogue = make(
        ITEMS, query_categories={"小米": [("数码 > 手机", 0.8), ("数码 > 配件 > 充电宝", 0.2)]}
    )
    understander = View(catalogue).understander
    described = understander.describe(understander.understand("小米", Stages()))
    assert described.categories == ("数码 > 手机", "数码 > 配件 > 充电宝")
    assert understander.describe(understander.understand("鼠标", Stages())).categories == (
        "数码 > 配件 > 鼠标",
    )


def test_long_queries_are_cut(understander: Understander) -> None:
    """A query of many words is searched by the first ones, and says so."""
    stages = Stages()
    wanted = understander.understand(" ".join(f"w{n}x" for n in range(60)), stages)
    assert len(wanted.terms) == 24
    assert [note.code for note in stages.notes] == ["query_truncated"]


def test_a_word_said_twice_is_one_term(understander: Understander) -> None:
    """手机 手机 is 手机."""
    assert terms(understander.understand("手机 手机", Stages())) == ["手机"]
