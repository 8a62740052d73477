"""What is suggested while one types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.rules import Rule
from search import SearchEngine, Suggestion, SuggestRequest
from search.lexicon import LexiconEntry
from tests.search.shop import ITEMS, Make, build_catalogue, codes, phone

QUERIES = [
    LexiconEntry("手机壳", "query", 300.0, shoppers=40),
    LexiconEntry("手机支架", "query", 200.0, shoppers=30),
    LexiconEntry("小米手机", "query", 400.0, category="数码 > 手机", shoppers=50),
    LexiconEntry("书架", "query", 5.0, shoppers=5),
    LexiconEntry("SJCAM", "brand", 1.0),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    return SearchEngine(build_catalogue(tmp_path_factory.mktemp("suggest"), ITEMS, queries=QUERIES))


def ask(engine: SearchEngine, text: str, **more: object) -> list[Suggestion]:
    return list(engine.suggest(SuggestRequest(text, **more)).suggestions)  # type: ignore[arg-type]


def texts(found: list[Suggestion]) -> list[str]:
    return [one.text for one in found]


@pytest.mark.parametrize(
    "typed", ["手机", "手機", "手 机", "shouji", "ShouJi", "shouj", "手ji", "手j", "sji", "shj", "首机"]
)
def test_every_way_to_begin(engine: SearchEngine, typed: str) -> None:
    """Characters, the other script, pinyin whole and broken off, initials, mixtures and homophones."""
    assert texts(ask(engine, typed))[:3] == ["手机", "手机壳", "手机支架"]


def test_a_real_word_comes_first(engine: SearchEngine) -> None:
    """sj begins a brand as written; what it abbreviates as a whole follows, then what begins so."""
    assert texts(ask(engine, "sj"))[:4] == ["SJCAM", "手机", "书架", "手机壳"]


def test_match_before_weight(engine: SearchEngine) -> None:
    """What begins with the text stands before what only holds it, however much that is asked for."""
    found = texts(ask(engine, "手机"))
    assert found.index("手机支架") < found.index("小米手机")


def test_products_are_few_and_known(engine: SearchEngine) -> None:
    """At most three products, each with its id."""
    found = [one for one in ask(engine, "小米") if one.kind == "product"]
    assert len(found) == 3
    assert {one.item_id for one in found} == {"p001", "p002", "t001"}
    assert len([one for one in ask(engine, "小米", most_products=1) if one.kind == "product"]) == 1


def test_kinds_and_categories(engine: SearchEngine) -> None:
    """A category says where it stands, a query where it leads."""
    found = {one.text: one for one in ask(engine, "手机") + ask(engine, "小米")}
    assert (found["手机"].kind, found["手机"].category) == ("category", "数码 > 手机")
    assert (found["小米手机"].kind, found["小米手机"].category) == ("query", "数码 > 手机")
    assert found["小米"].kind == "brand"


def test_words_are_never_suggested(engine: SearchEngine) -> None:
    """智能 (smart) is a word of titles, and no query, category, brand or product of its own."""
    assert "智能" not in texts(ask(engine, "智能"))


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("手机", "手机壳", ["手机"]),
        ("shouj", "手机壳", ["手机"]),
        ("sj", "手机壳", ["手机"]),
        ("手jk", "手机壳", ["手机壳"]),
        ("xiaomis", "小米手机", ["小米手"]),
        ("iphone15", "Apple iPhone 15 Pro 手机 钛金属 256GB", ["iPhone", "15"]),
    ],
)
def test_what_was_typed_is_marked(engine: SearchEngine, typed: str, text: str, marked: list[str]) -> None:
    """By character or by sound, in code points of the text shown."""
    found = next(one for one in ask(engine, typed) if one.text == text)
    assert [text[a:b] for a, b in found.spans] == marked


def test_nothing_typed_shows_what_is_hot(engine: SearchEngine) -> None:
    """Queries by weight, then categories; nothing is marked."""
    found = ask(engine, "")
    assert texts(found)[:3] == ["小米手机", "手机壳", "手机支架"]
    assert all(one.spans == () for one in found)


def test_no_text_twice(engine: SearchEngine) -> None:
    """A text that is a category and a query is suggested once."""
    for typed in ("手", "s", "小", "x"):
        found = texts(ask(engine, typed, limit=20))
        assert len(found) == len(set(found))


def test_gone_and_hidden_products(make: Make) -> None:
    """A product that was deleted since the build, or that a rule hides, is not suggested."""
    engine = SearchEngine(make([phone(n, f"星芒手机 {n} 号") for n in range(3)], dead=[1]))
    hide = Rule("r", "hide", item_ids=["p002"])
    assert [one.item_id for one in ask(engine, "星芒")] == ["p000", "p002"]
    assert [one.item_id for one in ask(engine, "星芒", rules=(hide,))] == ["p000"]


def test_without_a_lexicon(make: Make) -> None:
    """Nothing, and a note."""
    result = SearchEngine(make(ITEMS, lexicon=False)).suggest(SuggestRequest("手"))
    assert (result.suggestions, codes(result)) == ((), ["lexicon_missing"])


@given(st.text(max_size=40))
def test_any_text(engine: SearchEngine, typed: str) -> None:
    """Whatever is typed, spans lie within the texts, in order, and no more come than were asked for."""
    found = ask(engine, typed, limit=7)
    assert len(found) <= 7
    for one in found:
        flat = [place for span in one.spans for place in span]
        assert flat == sorted(set(flat))
        assert all(0 <= place <= len(one.text) for place in flat)


@pytest.mark.parametrize("typed", ["手" * 10_000, "s" * 10_000, "\ud800", "!!!", "zhuangshuang" * 50])
def test_hostile(engine: SearchEngine, typed: str) -> None:
    """Long and odd texts are answered."""
    assert isinstance(ask(engine, typed), list)
