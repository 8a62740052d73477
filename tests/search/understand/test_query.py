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


@pytest.mark.parametrize("query", ["2026新款手机", "2026年新款 手机", "2025秋季新款手机"])
def test_the_year_of_a_new_thing_is_ignored(understander: Understander, query: str) -> None:
    """2026新款 (new in 2026) excludes nothing; the year is worth something where a title has it."""
    wanted = understander.understand(query, Stages())
    assert "手机" in terms(wanted)
    assert not any(text.startswith("20") for text in terms(wanted))
    assert wanted.ignored[0] in {"2025", "2026"}
    assert wanted.ignored == tuple(word for term in wanted.optional for word, _ in term.words)


def test_a_year_alone_is_a_word(understander: Understander) -> None:
    """2024 手机 may be a model."""
    assert terms(understander.understand("2024 手机", Stages())) == ["2024", "手机"]


@pytest.mark.parametrize("query", ["空调被", "车把", "高帮鞋"])
def test_what_names_a_part_of_a_thing_is_no_stop_word(understander: Understander, query: str) -> None:
    """A summer quilt (被), a handlebar (把), a high-top shoe (帮): something else without it."""
    assert understander.understand(query, Stages()).ignored == ()


def test_words_typed_without_a_space_are_runs(understander: Understander) -> None:
    """Two words at least: 智能手机壳 may be cut elsewhere, 手机 and what stands beside a space may not."""
    assert understander.understand("正品手机 挡风被罩 手机", Stages()).runs == ("挡风被罩",)


def test_words_that_are_one_thing_are_no_run(understander: Understander) -> None:
    """移动电源 (power bank) is known as a whole, and 移动 (mobile) is no part of it."""
    assert understander.understand("移动电源", Stages()).runs == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("adidasq44665", ["adidas", "q44665"]),
        ("lindt500g", ["lindt", "500g"]),
        ("nikeshoes", ["nike", "shoes"]),
        ("nikesho", ["nikesho"]),
        ("shouji", ["shouji"]),
    ],
)
def test_latin_words_written_together(make: Make, query: str, expected: list[str]) -> None:
    """A brand and its model number, or two words, that the shop knows apart; short ones are no words."""
    items = [
        thing(30, "adidas boost Q44665 球鞋", "鞋"),
        thing(31, "lindt 巧克力 500g", "食品"),
        thing(32, "Nike running shoes, sho", "鞋"),
        thing(33, "shou ji", "鞋"),
    ]
    assert terms(View(make(items)).understander.understand(query, Stages())) == expected


def test_a_known_name_divided_by_a_sign_is_sought_as_typed(make: Make) -> None:
    """lan*come is the brand lancome to the synonyms, and two neighbouring words in its title."""
    catalogue = make([thing(30, "代购lan*come/兰蔻 礼盒", "美妆")])
    wanted = View(catalogue).understander.understand("lan*come 礼盒", Stages())
    assert ("lan", "come") in wanted.terms[0].term.phrases


def test_shares(understander: Understander) -> None:
    """What was typed without a space shares; a word that stands apart counts in full."""
    shares = {term.text: term.share for term in understander.understand("挡风被罩 手机", Stages()).terms}
    assert shares["手机"] == 1.0
    assert {share for text, share in shares.items() if text != "手机"} == {(len(shares) - 1) ** -0.5}


@pytest.mark.parametrize(
    ("query", "expected"),
    [("I Phone15", "iphone15"), ("i phone 15", "iphone 15"), ("mi 14 pro", "mi 14 pro")],
)
def test_a_name_typed_apart_is_one(make: Make, query: str, expected: str) -> None:
    """Where the index knows the two as one, and the first is a letter or the second is no word."""
    items = [
        thing(30, "iPhone15", "手机"),
        thing(31, "iphone 手机", "手机"),
        thing(32, "mi 14 pro", "手机"),
    ]
    assert " ".join(terms(View(make(items)).understander.understand(query, Stages()))) == expected
