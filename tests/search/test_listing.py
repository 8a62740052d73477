"""Pages are cut from one list: stable, without repeats, variants folded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexing.contracts.items import Item
from indexing.contracts.profiles import SearchProfile
from indexing.contracts.ranking import empty, ranking
from indexing.contracts.rules import Rule
from indexing.lexical.base import Sort
from search import SearchEngine, SearchRequest
from search.lists import first_by_group, in_order, joined, put_pins
from tests.search.shop import Make, build_catalogue, ids, phone, tantivy

SMALL = SearchProfile(candidates=20)
"""A window that pages soon leave."""


def many(number: int) -> list[Item]:
    """Phones whose titles differ in length, every third with a twin in its group, some out of stock."""
    items = []
    for place in range(number):
        title = "手机 " + "小米 " * (place % 3) + f"{place} 号 " + "黑色 " * (place % 5)
        group = f"g{place // 2}" if place % 6 < 2 else None
        items.append(phone(place, title, group_id=group, in_stock=place % 7 != 0, brand="小米"))
    return items


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    """Enough phones for many windows, with sales."""
    rng = np.random.default_rng(3)
    folder = tmp_path_factory.mktemp("large")
    return SearchEngine(
        build_catalogue(folder, many(180), index=tantivy, popularity=rng.random(180).round(2).tolist())
    )


RULES = (
    Rule("a", "boost", item_ids=["p150", "p151"]),
    Rule("b", "bury", filter="price_minor < 120000"),
    Rule("c", "pin", item_ids=["p170", "p003"], position=2),
)


@pytest.mark.parametrize("rules", [(), RULES], ids=["plain", "ruled"])
@pytest.mark.parametrize("query", ["手机", "小米 手机", "黑色"])
def test_more_matches_than_are_asked_for_at_first(
    large: SearchEngine, monkeypatch: pytest.MonkeyPatch, query: str, rules: tuple[Rule, ...]
) -> None:
    """Pages, totals and facets are the same as where the first hits are all matches."""

    def pages() -> list[tuple[object, ...]]:
        found = [
            large.search(SearchRequest(query, offset=offset, rules=rules, profile=SMALL, correct=False))
            for offset in range(0, 180, 20)
        ]
        return [
            (
                [(hit.item.item_id, hit.score, hit.source, hit.folded) for hit in one.hits],
                (one.total, one.more, one.rules_applied),
                (one.facets, one.facet_stats),
            )
            for one in found
        ]

    every = pages()
    assert sum(len(hits) for hits, *_ in every) > 40  # type: ignore[arg-type]
    monkeypatch.setattr("search.answer.FIRST_HITS", 30)
    assert pages() == every


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    size=st.integers(1, 60),
    query=st.sampled_from(["手机", "小米 手机", "", "黑色"]),
    sort=st.sampled_from([None, Sort("price_minor"), Sort("rating", descending=True)]),
    rules=st.sampled_from([(), RULES, RULES[:1], RULES[1:2]]),
)
def test_pages_to_the_end(
    large: SearchEngine, size: int, query: str, sort: Sort | None, rules: tuple[Rule, ...]
) -> None:
    """Whatever the size of a page, the pages make one list: that of one large page, no row twice."""

    def page(offset: int, limit: int) -> tuple[list[str], bool]:
        found = large.search(
            SearchRequest(
                query, offset=offset, limit=limit, sort=sort, rules=rules, profile=SMALL, facets=()
            )
        )
        assert [hit.position for hit in found.hits] == list(range(offset + 1, offset + len(found.hits) + 1))
        return ids(found), found.more

    whole, _ = page(0, 1_000)
    pages: list[str] = []
    more = True
    while more:
        part, more = page(len(pages), size)
        assert len(part) == size or not more
        pages += part
    assert pages == whole
    assert len(set(whole)) == len(whole)


def test_total_counts_items_and_the_list_folds(large: SearchEngine) -> None:
    """180 phones, 30 pairs: 150 places, and the total stays 180."""
    result = large.search(SearchRequest("手机", limit=1_000))
    assert (result.total, len(result.hits)) == (180, 150)
    assert sum(hit.folded for hit in result.hits) == 30


def test_variants_fold_to_the_best_ranked(make: Make) -> None:
    """The variant that stands first represents the others, under any order."""
    items = [
        phone(1, "手机 黑", group_id="g", price_minor=300),
        phone(2, "手机 白", group_id="g", price_minor=100),
        phone(3, "手机 红", price_minor=200),
    ]
    engine = SearchEngine(make(items, popularity=[0.0, 1.0, 0.5]))
    assert ids(engine.search(SearchRequest("手机"))) == ["p002", "p003"]
    up = engine.search(SearchRequest("手机", sort=Sort("price_minor")))
    down = engine.search(SearchRequest("手机", sort=Sort("price_minor", descending=True)))
    assert ids(up) == ["p002", "p003"]
    assert ids(down) == ["p001", "p003"]
    assert up.hits[0].folded == 1


def test_a_popular_match_beyond_the_window_is_found(make: Make) -> None:
    """Of many matches the words rank 20, the best seller's long title not among them; it leads even so."""
    items = [phone(number, f"手机 型号{number}") for number in range(80)]
    items[77] = phone(77, "手机 型号77 一个很长的标题 黑色 白色 红色 蓝色 绿色")
    engine = SearchEngine(make(items, index=tantivy, popularity=[float(n == 77) for n in range(80)]))
    result = engine.search(SearchRequest("手机", profile=SMALL, limit=20))
    assert (result.hits[0].item.item_id, result.hits[0].source) == ("p077", "popular")


def test_equal_products_come_by_row(make: Make) -> None:
    """Products that nothing tells apart come in row order, on every page."""
    engine = SearchEngine(make([phone(number, "同一个 手机") for number in range(50)], index=tantivy))
    found = [
        one
        for offset in (0, 20, 40)
        for one in ids(engine.search(SearchRequest("手机", offset=offset, profile=SMALL)))
    ]
    assert found == [f"p{number:03}" for number in range(50)]


def test_joined_keeps_order_and_scores_fall() -> None:
    """The second list follows the first, without what it holds; scores never rise."""
    first = ranking([3, 1], [0.9, 0.2], source="words")
    second = ranking([1, 7, 8], [5.0, 4.0, 3.0], source="vectors")
    both = joined(first, second)
    assert both.rows.tolist() == [3, 1, 7, 8]
    assert (np.diff(both.scores) <= 0).all()
    assert [both.source_of(place) for place in range(4)] == ["words", "words", "vectors", "vectors"]
    assert joined(empty(), second).rows.tolist() == [1, 7, 8]


def test_first_by_group_and_pins() -> None:
    """The first of a group stays; a pinned variant takes the place of the others."""
    groups = np.array([-1, 5, 5, -1, 5], np.int32)
    places, more = first_by_group(np.array([2, 0, 4, 3, 1], np.int32), groups)
    assert places.tolist() == [0, 1, 3]
    assert more.tolist() == [2, 0, 0]
    found = in_order(np.array([2, 0, 3], np.int32), "words")
    assert put_pins(found, {4: 1}, groups).rows.tolist() == [0, 4, 3]


@pytest.mark.parametrize("sort", [None, Sort("price_minor")])
def test_variants_stand_alone_when_not_folded(make: Make, sort: Sort | None) -> None:
    """With ``fold_variants=False`` every product of a group has a place of its own."""
    items = [Item(item_id=f"v{n}", title="小米 手机", group_id="g", price_minor=n) for n in range(3)]
    engine = SearchEngine(make(items))
    folded = engine.search(SearchRequest("手机", sort=sort))
    alone = engine.search(SearchRequest("手机", sort=sort, fold_variants=False))
    assert ([hit.folded for hit in folded.hits], folded.total) == ([2], 3)
    assert (sorted(hit.item.item_id for hit in alone.hits), alone.total) == (["v0", "v1", "v2"], 3)
