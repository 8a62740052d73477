"""The engine as a whole, on the exact index and on the one that serves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.columns import field_kinds
from indexing.contracts.errors import InputError
from indexing.contracts.filter_parser import parse
from indexing.contracts.items import Item
from indexing.contracts.profiles import SearchProfile
from indexing.contracts.shop import Shop
from indexing.lexical.base import Sort
from indexing.text import fold
from search import SearchEngine, SearchRequest, SearchResult
from tests.search.shop import (
    ITEMS,
    SHOP,
    Make,
    MemoryCatalogue,
    WordEmbedder,
    build_catalogue,
    codes,
    ids,
    phone,
    tantivy,
    thing,
)

KINDS = field_kinds(SHOP)
PHONES = {f"p{number:03}" for number in range(1, 7)}


def ask(engine: SearchEngine, query: str, **more: object) -> SearchResult:
    return engine.search(SearchRequest(query, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query", ["手机", "手機", " 手 机 ", "移动电话", "智能机", "手机 包邮", "正品手机官方旗舰店"]
)
def test_all_ways_to_say_phone(engine: SearchEngine, query: str) -> None:
    """Traditional (手機), synonyms (移动电话, mobile telephone) and selling words find all phones."""
    result = ask(engine, query)
    assert set(ids(result)) == PHONES
    assert result.total == 6
    assert result.corrected_to is None


@pytest.mark.parametrize("query", ["iphone15", "iPhone 15", "IPHONE-15", "ｉｐｈｏｎｅ１５"])
def test_model_numbers_however_spaced(engine: SearchEngine, query: str) -> None:
    """A model number finds every spelling of it, and nothing else."""
    assert set(ids(ask(engine, query))) == {"p004", "p005"}


def test_compound_is_its_words(engine: SearchEngine) -> None:
    """无线鼠标 (wireless mouse) finds a title where other words stand between; the compound comes first."""
    assert ids(ask(engine, "无线鼠标")) == ["t003", "t004"]


def test_synonym_of_a_phrase(engine: SearchEngine) -> None:
    """移动电源 and 充电宝 (both: power bank) find each other's titles."""
    assert set(ids(ask(engine, "移动电源"))) == set(ids(ask(engine, "充电宝"))) == {"t001", "t002"}


def test_character_inside_a_word(engine: SearchEngine) -> None:
    """鞋 (shoe) finds 跑鞋 (running shoe), which no segmenter takes apart."""
    assert "t009" in ids(ask(engine, "鞋"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("shouji", "手机"),
        ("sj", "手机"),
        ("手ji", "手机"),
        ("首机", "手机"),
        ("kafeiji", "咖啡机"),
        ("lianyiqun", "连衣裙"),
    ],
)
def test_pinyin_is_corrected(engine: SearchEngine, typed: str, meant: str) -> None:
    """Full pinyin, initials, mixtures and homophones are answered with what they sound like."""
    result = ask(engine, typed)
    assert result.corrected_to == meant
    assert "corrected" in codes(result)
    assert ids(result) == ids(ask(engine, meant))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("iphnoe", "iphone"), ("huawie", "huawei"), ("logitceh", "logitech"), ("咖非机", "咖啡机")],
)
def test_slips_are_corrected(engine: SearchEngine, typed: str, meant: str) -> None:
    """A swap, a missing letter, a wrong character."""
    assert ask(engine, typed).corrected_to == meant


def test_part_of_a_query_is_corrected(engine: SearchEngine) -> None:
    """Only the wrong word of several is replaced: 小米 shouji."""
    result = ask(engine, "小米 shouji")
    assert result.corrected_to == "小米手机"
    assert set(ids(result)[: result.total]) == {"p001", "p002"}


def test_what_was_typed_wins(engine: SearchEngine) -> None:
    """A query that finds something is never replaced, and one can insist on it."""
    assert ask(engine, "xiaomi").corrected_to is None
    insisted = ask(engine, "shouji", correct=False)
    assert insisted.corrected_to is None
    assert insisted.total == 0
    assert insisted.did_you_mean == "手机"


def test_did_you_mean_when_the_other_finds_far_more(make: Make) -> None:
    """One product has the typo in its title, twelve have the word."""
    items = [phone(number, f"huawei 手机 {number}号") for number in range(12)] + [phone(50, "huawie 贴纸")]
    result = ask(SearchEngine(make(items)), "huawie")
    assert ids(result) == ["p050"]
    assert result.did_you_mean == "huawei"


def test_ladder_is_visible(engine: SearchEngine) -> None:
    """红色 连衣裙 小米 (red dress Xiaomi): nothing has all; the attribute is tried away, then the brand."""
    result = ask(engine, "红色 连衣裙 小米")
    assert [(step.terms, step.dropped, step.total, step.characters) for step in result.ladder] == [
        (("红色", "连衣裙", "小米"), (), 0, False),
        (("红色", "连衣裙", "小米"), (), 0, True),
        (("连衣裙", "小米"), ("红色",), 0, True),
        (("红色", "连衣裙"), ("小米",), 1, True),
    ]
    assert ids(result)[:1] == ["t007"]
    assert result.total == 1


def test_any_but_one(make: Make) -> None:
    """In a shop without categories no word is kept before others: all but one of them must match."""
    items = [Item("a", "凉鞋 沙滩鞋 男童"), Item("b", "徕卡 相机"), Item("c", "凉鞋 女童")]
    result = ask(SearchEngine(make(items)), "凉鞋 男童 徕卡")
    assert ids(result)[0] == "a"
    assert [(step.minimum, step.total) for step in result.ladder][-1] == (2, 1)


def test_titles_cut_differently(make: Make) -> None:
    """A title cut into other words is found by its characters, before any word is dropped."""
    items = [Item("a", "女童秋冬装裤子"), Item("b", "冬装 外套"), Item("c", "裤子")]
    result = ask(SearchEngine(make(items)), "冬装 裤子")
    assert (ids(result)[:1], result.total) == (["a"], 1)
    assert result.ladder[-1].characters


def test_unknown_names_hold_together(make: Make) -> None:
    """护宝星 (a name no dictionary has) is three neighbouring characters, not three words."""
    items = [Item("a", "护宝星 充电器"), Item("b", "宝宝 防护 充电器 五星"), Item("c", "充电器")]
    result = ask(SearchEngine(make(items)), "充电器护宝星")
    assert (ids(result)[:1], result.total) == (["a"], 1)
    assert result.understanding.terms == ("充电器", "护宝星")


def test_unknown_words_go_first(engine: SearchEngine) -> None:
    """A word that no product has is dropped before all others."""
    result = ask(engine, "咖啡机 qwertzuiopü", correct=False)
    assert result.ladder[-1].dropped == ("qwertzuiopu",)
    assert ids(result)[0] == "t005"


def test_no_ladder_when_the_profile_has_none(engine: SearchEngine) -> None:
    """Then only products with all terms answer."""
    result = ask(engine, "红色 连衣裙 小米", profile=SearchProfile(ladder=False))
    assert (result.total, ids(result), len(result.ladder)) == (0, [], 1)


def test_explicit_sort_is_strict(make: Make) -> None:
    """With a sort only products with all terms, in order of the field, no ladder, no vectors."""
    embedder = WordEmbedder()
    engine = SearchEngine(make(ITEMS, vectors=True), embedder)
    by_price = Sort("price_minor", descending=True)
    assert ids(ask(engine, "手机", sort=by_price)) == ["p006", "p005", "p004", "p003", "p002", "p001"]
    assert ask(engine, "红色 连衣裙 小米", sort=by_price).total == 0
    assert embedder.asked == []


def test_price_in_the_query(engine: SearchEngine) -> None:
    """咖啡机 5500分 is 55 yuan; a price that nothing has is given up, with a note."""
    cheap = ask(engine, "手机 1250元以下")
    assert set(ids(cheap)) == {"p001", "p002"}
    assert "price_understood" in codes(cheap)
    assert cheap.understanding.price == "..125000"
    none = ask(engine, "手机 5元以下")
    assert none.total == 6
    assert "price_dropped" in codes(none)
    assert none.ladder[-1].dropped == ("price",)


def test_only_a_price_browses(engine: SearchEngine) -> None:
    """1250元以上 (from 1250 yuan) without a word shows all such products."""
    result = ask(engine, "1250元以上")
    assert set(ids(result)) == {"p003", "p004", "p005", "p006"}


def test_cheap_comes_first(engine: SearchEngine) -> None:
    """便宜 (cheap) is no word to match, and moves the cheapest up."""
    result = ask(engine, "便宜的手机", profile=SearchProfile(features={"price_fit": 10.0}))
    assert ids(result) == ["p001", "p002", "p003", "p004", "p005", "p006"]
    assert result.total == 6


def test_filter_and_refine(engine: SearchEngine) -> None:
    """A filter is hard; refinements are any within a field, all across fields, and folded here."""
    condition = parse("price_minor < 140000", KINDS, fold=fold)
    result = ask(
        engine, "手机", filter=condition, refine={"brand": ("小米", "華為"), "attributes.颜色": ("黑色",)}
    )
    assert set(ids(result)) == {"p001", "p003"}
    assert result.total == 2


def test_empty_query_browses(engine: SearchEngine, shop: MemoryCatalogue) -> None:
    """Nothing typed: all products, with facets, those in stock first."""
    result = ask(engine, "  ", limit=100)
    assert len(ids(result)) == result.total == shop.rows
    assert ids(result)[-1] == "p006"
    assert result.facets["brand"][0].value == "小米"


def test_browse_by_popularity(make: Make) -> None:
    """The best sellers first, equal ones by row."""
    items = [phone(number, f"手机 {number}") for number in range(5)]
    engine = SearchEngine(make(items, popularity=[0.1, 0.9, 0.1, 0.5, 0.0]))
    assert ids(ask(engine, "")) == ["p001", "p003", "p000", "p002", "p004"]
    assert "popularity_missing" not in codes(ask(engine, ""))


@pytest.mark.parametrize("query", ["!!!", "…？", "🙂", "\x00", "\u200b。"])
def test_no_words(engine: SearchEngine, query: str) -> None:
    """A query without a word finds nothing, and says why; one of invisible characters only is empty."""
    result = ask(engine, query)
    if fold(query):
        assert (result.total, codes(result)[-1]) == (0, "no_words")
    else:
        assert result.total == len(ITEMS)


def test_missing_models_are_notes(make: Make) -> None:
    """Without lexicon, sales and vectors a search still answers."""
    result = ask(SearchEngine(make(ITEMS, lexicon=False)), "手机")
    assert result.total == 6
    assert set(codes(result)) == {"lexicon_missing", "popularity_missing", "vectors_missing"}


def test_deadline_skips_what_is_not_needed(make: Make) -> None:
    """No time left: words are searched, everything else is a note."""
    engine = SearchEngine(make(ITEMS, vectors=True), WordEmbedder())
    result = ask(engine, "手机", deadline_ms=0.0)
    assert set(ids(result)) == PHONES
    skipped = {"vectors_skipped", "title_match_skipped", "facets_skipped", "highlight_skipped"}
    assert skipped <= set(codes(result))
    assert result.facets == {}
    assert all(hit.highlights == () for hit in result.hits)
    assert not skipped & set(codes(ask(engine, "手机", deadline_ms=60_000.0)))


def test_timings_name_the_stages(engine: SearchEngine) -> None:
    """Every stage is timed, and they add up to no more than the whole."""
    timings = ask(engine, "手机").timings_ms
    assert {"understand", "retrieve", "vectors", "rank", "facets", "highlight", "total"} <= set(timings)
    assert sum(value for name, value in timings.items() if name != "total") <= timings["total"] + 0.01


def test_vectors_follow_few_matches(make: Make) -> None:
    """Products that are only near in meaning come after the matches and are not in the total."""
    items = [*ITEMS, thing(20, "咖啡 研磨 机器", "家电", "厨房", "磨豆机")]
    engine = SearchEngine(make(items, vectors=True), WordEmbedder())
    result = ask(engine, "咖啡机", explain=True)
    assert [hit.source for hit in result.hits][: result.total] == ["words"] * result.total
    after = [hit for hit in result.hits if hit.source == "vectors"]
    assert "t020" in [hit.item.item_id for hit in after]
    assert "related_added" in codes(result)
    assert all("vectors" in hit.ranks and "words" not in hit.ranks for hit in after)


def test_a_strange_word_does_not_hide_what_the_others_name(make: Make) -> None:
    """周大福 珠宝 and 牛奶酪干 (a jeweller, and dried cheese that came with it): the cheese has more of the
    words and stands first, the jewels follow, those with both words before those with one."""
    items = [Item("a", "牛奶 酪干 零食"), Item("b", "周大福 珠宝 戒指"), Item("c", "珠宝 盒")]
    result = ask(SearchEngine(make(items)), "周大福 珠宝 牛奶 酪干 零食")
    assert ids(result) == ["a", "b", "c"]
    assert [hit.source for hit in result.hits] == ["words", "fewer", "fewer"]


def test_partial_matches_follow_few_matches(make: Make) -> None:
    """Where few products have all words, those with all but one come after them, not in the total."""
    items = [
        Item("a", "红色 连衣裙 夏季"),
        Item("b", "红色 连衣裙"),
        Item("c", "连衣裙 夏季"),
        Item("d", "手机"),
    ]
    engine = SearchEngine(make(items))
    result = ask(engine, "红色 连衣裙 夏季")
    assert [(hit.item.item_id, hit.source) for hit in result.hits[:1]] == [("a", "words")]
    assert {(hit.item.item_id, hit.source) for hit in result.hits[1:]} == {("b", "fewer"), ("c", "fewer")}
    assert result.total == 1
    assert "related_added" in codes(result)
    assert ids(ask(engine, "红色 连衣裙 夏季", profile=SearchProfile(ladder=False))) == ["a"]
    assert "d" not in ids(ask(engine, "夏季 连衣裙"))


def test_vectors_obey_the_filter(make: Make) -> None:
    """Also what is only near in meaning fulfils filter and refinements."""
    items = [*ITEMS, thing(20, "咖啡 研磨 机器", "家电", "厨房", "磨豆机")]
    engine = SearchEngine(make(items, vectors=True), WordEmbedder())
    assert "t020" not in ids(ask(engine, "咖啡机", refine={"category": ("家电 > 厨房 > 咖啡机",)}))


def test_vectors_only_when_the_profile_wants_them(make: Make) -> None:
    """A profile without vectors never asks for one."""
    embedder = WordEmbedder()
    engine = SearchEngine(make(ITEMS, vectors=True), embedder)
    ask(engine, "手机", profile=SearchProfile(vectors=False))
    assert embedder.asked == []
    ask(engine, "手机")
    assert embedder.asked == ["手机"]


def test_explain(engine: SearchEngine) -> None:
    """Every hit carries its features, and with ``explain`` its rank in each retriever."""
    plain, told = ask(engine, "小米手机"), ask(engine, "小米手机", explain=True)
    assert [hit.features for hit in plain.hits] == [hit.features for hit in told.hits]
    assert plain.hits[0].ranks == {}
    matches = told.hits[: told.total]
    assert sorted(hit.ranks["words"] for hit in matches) == [1, 2]
    assert all(hit.ranks for hit in told.hits)
    assert set(told.hits[0].features) >= {
        "relevance",
        "title_match",
        "brand_match",
        "category_match",
        "in_stock",
    }
    assert told.hits[0].features["brand_match"] == 1.0
    assert told.understanding.brands == ("小米",)
    assert told.understanding.categories == ("数码 > 手机",)


def test_unknown_feature_is_a_note(engine: SearchEngine) -> None:
    """A profile that weighs what nobody computes is told so."""
    assert "unknown_feature" in codes(ask(engine, "手机", profile=SearchProfile(features={"magic": 1.0})))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"sort": Sort("colour")}, "sort"),
        ({"sort": Sort("brand")}, "sort"),
        ({"facets": ("colour",)}, "facets"),
        ({"refine": {"colour": ("x",)}}, "refine"),
        ({"refine": {"price_minor": ("cheap",)}}, "refine.price_minor"),
        ({"offset": 990, "limit": 20}, "page"),
        ({"offset": -1}, "page"),
    ],
)
def test_wrong_requests_are_refused(engine: SearchEngine, more: dict[str, object], field: str) -> None:
    """Unknown fields, wrong values and pages too deep name the field at fault."""
    with pytest.raises(InputError) as caught:
        ask(engine, "手机", **more)
    assert caught.value.field == field


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    titles = [
        "WHITE HANGING HEART T-LIGHT HOLDER",
        "SET OF 3 CAKE TINS PANTRY DESIGN",
        "RED RETROSPOT MUG",
        "JUMBO BAG RED RETROSPOT",
        "SCENTED CANDLES IN A TIN",
    ]
    items = [Item(f"e{place}", title, category=["Home"]) for place, title in enumerate(titles)]
    shop = Shop(language="en", currency="GBP")
    return SearchEngine(build_catalogue(tmp_path_factory.mktemp("english"), items, shop=shop))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("mugs", "e2"),
        ("a red bag for the home", "e3"),
        ("tea light holders", "e0"),
        ("t light", "e0"),
        ("candle tin", "e4"),
        ("RETROSPOT mug under 20", "e2"),
    ],
)
def test_english_shop(english: SearchEngine, query: str, found: str) -> None:
    """Stems, articles, hyphens and prices of a shop in English."""
    assert ids(ask(english, query))[0] == found


@pytest.mark.parametrize(("typed", "meant"), [("candels", "candles"), ("retropsot mug", "retrospot mug")])
def test_english_slips(english: SearchEngine, typed: str, meant: str) -> None:
    """Corrected to words as they are written, never to their stems."""
    assert ask(english, typed).corrected_to == meant


@given(st.text(max_size=60))
def test_any_text_has_an_answer(hostile: SearchEngine, text: str) -> None:
    """Whatever is typed, there is an answer whose page and total agree."""
    result = ask(hostile, text, limit=100)
    assert len(set(ids(result))) == len(result.hits)
    if "related_added" not in codes(result):
        assert len(result.hits) <= result.total


@pytest.mark.parametrize(
    "text",
    [
        "手机" * 5_000,
        "a" * 10_000,
        "手 " * 5_000,
        "\ud800手机",
        "'; DROP TABLE items; --",
        '+手机 -"x" (AND OR) title:手机^9 *:* ~2 [1 TO 2]',
        "\u202e手机\u2066",
        "0" * 400 + "元以下",
        "1-2-3-4元" * 200,
    ],
)
def test_hostile_text(engine: SearchEngine, text: str) -> None:
    """Long texts, lone surrogates, query syntax, SQL and direction marks are just text."""
    result = ask(engine, text)
    assert result.total >= 0
    assert result.timings_ms["total"] < 2_000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    return SearchEngine(build_catalogue(tmp_path_factory.mktemp("hostile"), ITEMS, index=tantivy))
