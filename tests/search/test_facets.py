"""Facets: counts as shoppers read them."""

from __future__ import annotations

import pytest

from indexing.contracts.filters import Compare
from indexing.lexical.base import Facets, LexicalIndex
from search import FacetValue, SearchEngine, SearchRequest
from search import facets as counting
from tests.search.shop import Make, phone


def values(facet: tuple[FacetValue, ...]) -> list[tuple[str, int, bool]]:
    return [(value.value, value.count, value.selected) for value in facet]


def test_a_facet_ignores_its_own_refinement(engine: SearchEngine) -> None:
    """With 小米 chosen the brand facet counts all brands, every other facet only 小米."""
    result = engine.search(SearchRequest("手机", refine={"brand": ("小米",)}))
    assert values(result.facets["brand"]) == [
        ("Apple", 2, False),
        ("小米", 2, True),
        ("华为", 1, False),
        ("荣耀", 1, False),
    ]
    assert values(result.facets["attributes.颜色"]) == [("白色", 1, False), ("黑色", 1, False)]
    assert result.facet_stats["price_minor"].count == 2


def test_values_are_shown_as_written(engine: SearchEngine) -> None:
    """Folded inside, the commonest spelling outside; what is shown can be given back."""
    result = engine.search(SearchRequest("手机"))
    assert [value.value for value in result.facets["attributes.内存"]] == ["256GB", "512GB"]
    again = engine.search(SearchRequest("手机", refine={"attributes.内存": ("256GB",)}))
    assert again.total == 2


def test_categories_are_a_tree(engine: SearchEngine) -> None:
    """Paths with the leaf's name as label and the depth."""
    found = {
        v.value: (v.label, v.depth, v.count) for v in engine.search(SearchRequest("")).facets["category"]
    }
    assert found["数码"] == ("数码", 0, 10)
    assert found["数码 > 配件 > 鼠标"] == ("鼠标", 2, 2)


def test_selected_values_stay(engine: SearchEngine) -> None:
    """A chosen value without matches, or beyond the most frequent ones, is listed with its count."""
    result = engine.search(SearchRequest("手机", refine={"brand": ("德龙", "荣耀")}, max_facet_values=1))
    assert values(result.facets["brand"]) == [("Apple", 2, False), ("德龙", 0, True), ("荣耀", 1, True)]


def test_price_ranges_follow_the_result(make: Make) -> None:
    """Round ranges over the prices there are; they partition the matches and can be chosen."""
    engine = SearchEngine(make([phone(n, f"手机 {n}", price_minor=n * 1_000) for n in range(1, 100)]))
    result = engine.search(SearchRequest("手机"))
    ranges = result.facets["price_minor"]
    assert 3 <= len(ranges) <= 6
    assert sum(value.count for value in ranges) == 99
    assert max(value.count for value in ranges) <= 50
    chosen = ranges[1].value
    again = engine.search(SearchRequest("手机", refine={"price_minor": (chosen,)}))
    assert again.total == ranges[1].count
    assert [value.selected for value in again.facets["price_minor"]] == [
        value.value == chosen for value in ranges
    ]
    low, high = map(float, chosen.split(".."))
    assert (again.facet_stats["price_minor"].minimum or 0) <= low
    assert high - low > 0


def test_a_foreign_range_is_listed_when_chosen(make: Make) -> None:
    """A range that is none of ours stands among them in its place, with its count."""
    engine = SearchEngine(make([phone(n, f"手机 {n}", price_minor=n * 1_000) for n in range(1, 100)]))
    result = engine.search(SearchRequest("手机", refine={"price_minor": ("1234..5678.0",)}))
    assert result.total == 4
    assert ("1234..5678", 4, True) in values(result.facets["price_minor"])


def test_given_ranges_are_kept(engine: SearchEngine) -> None:
    """Ranges asked for are answered as asked, empty ones included."""
    ranges = {"price_minor": ((None, 115_000.0), (115_000.0, 116_000.0), (116_000.0, None))}
    result = engine.search(SearchRequest("手机", facets=("price_minor",), facet_ranges=ranges))
    assert values(result.facets["price_minor"]) == [
        ("..115000", 1, False),
        ("115000..116000", 0, False),
        ("116000..", 5, False),
    ]


def test_only_the_facets_asked_for(engine: SearchEngine) -> None:
    """None: those of the shop; an empty list: none."""
    assert engine.search(SearchRequest("手机", facets=())).facets == {}
    assert list(engine.search(SearchRequest("手机", facets=("brand",))).facets) == ["brand"]
    assert list(engine.search(SearchRequest("手机")).facets) == [
        "category",
        "brand",
        "price_minor",
        "attributes.颜色",
        "attributes.内存",
        "attributes.防水",
    ]


def test_what_many_products_match_is_counted_once(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """By one view of the shop, for as long as the question is the same; of few it is counted each time."""
    asked: list[counting._Asked] = []

    def count(lexical: LexicalIndex, question: counting._Asked) -> Facets:
        asked.append(question)
        return plain(lexical, question)

    plain = counting._count
    monkeypatch.setattr(counting, "_count", count)
    monkeypatch.setattr(counting, "_MANY", 20)
    shop = make([phone(n, f"手机 {n}", brand=f"b{n % 3}", price_minor=n * 1_000) for n in range(1, 31)])
    engine = SearchEngine(shop)
    dear = Compare("price_minor", ">=", 5_000.0)
    questions = [
        SearchRequest(""),
        SearchRequest("", filter=dear),
        SearchRequest("", max_facet_values=1),
        SearchRequest("", facets=("brand",)),
    ]
    first = [engine.search(one).facets for one in questions]
    assert len(asked) == len(questions)
    assert [engine.search(one).facets for one in questions] == first
    assert len(asked) == len(questions)
    assert [len(found["brand"]) for found in first] == [3, 3, 1, 3]
    assert [sum(value.count for value in found["brand"]) for found in first] == [30, 26, 10, 30]
    for _ in range(2):
        engine.search(SearchRequest("", refine={"brand": ("b1",)}))  # ten products
    assert len(asked) == len(questions) + 2
    SearchEngine(shop).search(questions[0])
    assert len(asked) == len(questions) + 3
