"""Search and suggest over HTTP, on a real snapshot."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.types import SearchAnswer, SuggestAnswer
from tests.api.conftest import Service
from tests.api.test_problems import check


def search(service: Service, **body: Any) -> Any:
    """A search that is well."""
    response = service.post("/v1/search", body)
    assert response.status_code == 200, response.text
    return response.json()


def test_an_answer_has_every_field(service: Service) -> None:
    """Those of the convention, with their meaning."""
    answer = search(service, query="小米手机", page_size=5)
    assert set(answer) == set(SearchAnswer.__struct_fields__)
    assert (answer["total"], answer["total_is_exact"], answer["more"]) == (30, True, True)
    assert [one["position"] for one in answer["items"]] == [1, 2, 3, 4, 5]
    assert re.fullmatch(r".+\.\d+\.\d+", answer["version"])
    assert answer["timings_ms"]["total"] > 0
    first = answer["items"][0]
    assert first["item"]["item_id"] == first["item_id"]
    assert "in_stock" in first["item"]
    title = first["item"]["title"]
    marked = next(one for one in first["highlights"] if one["field"] == "title")
    assert {"小米", "手机"} <= {title[begin:end] for begin, end in marked["spans"]}
    assert marked["html"].replace("<mark>", "").replace("</mark>", "") == title


def test_refinements_are_any_within_and_all_across(service: Service) -> None:
    """A facet's own counts ignore its own refinement."""
    answer = search(
        service,
        query="手机",
        refine={"brand": ["华为"], "attributes.颜色": ["黑色"]},
        facets=["brand"],
        page_size=50,
    )
    assert {one["item"]["brand"] for one in answer["items"]} == {"华为"}
    brands = {one["value"]: (one["count"], one["selected"]) for one in answer["facets"]["brand"]}
    assert brands["华为"] == (5, True)
    assert brands["小米"] == (10, False)


def test_filter_sort_pages_and_fields(service: Service) -> None:
    """A hard filter, an explicit order, pages without gaps, only the fields that are asked for."""
    asked = {
        "filter": 'price_minor < 110000 AND brand = "小米"',
        "sort": "price_minor:desc",
        "fields": ["title", "price_minor"],
        "page_size": 3,
        "fold_variants": False,
    }
    pages = [search(service, **asked, page=page) for page in (1, 2, 3)]
    prices = [one["item"]["price_minor"] for page in pages for one in page["items"]]
    assert prices == [108_000, 107_000, 105_000, 104_000, 102_000, 101_000]
    assert [page["more"] for page in pages] == [True, False, False]
    assert [one["position"] for one in pages[1]["items"]] == [4, 5, 6]
    assert set(pages[0]["items"][0]["item"]) == {"title", "price_minor"}


def test_variants_are_folded_and_counted(service: Service) -> None:
    """One of the three colours stands on the list, the total counts all."""
    folded = search(service, filter='group_id = "colours"')
    assert (folded["total"], len(folded["items"]), folded["items"][0]["variants"]) == (3, 1, 2)
    alone = search(service, filter='group_id = "colours"', fold_variants=False)
    assert (alone["total"], len(alone["items"])) == (3, 3)


def test_ranges_and_stats(service: Service) -> None:
    """Number fields are counted by range and described."""
    answer = search(
        service,
        filter="EXISTS price_minor",
        facets=["price_minor"],
        facet_ranges={"price_minor": ["..2000", "2000.."]},
    )
    counts = {one["value"]: one["count"] for one in answer["facets"]["price_minor"]}
    assert counts == {"..2000": 10, "2000..": 40}
    assert answer["facet_stats"]["price_minor"]["min"] == 1990


def test_by_address(service: Service) -> None:
    """The same answer as by body."""
    by_body = search(service, query="手机", refine={"brand": ["华为"]}, page_size=7, personalized=False)
    address = "/v1/search?query=手机&refine.brand=华为&page_size=7&personalized=false"
    by_address = service.call("GET", address).json()
    assert [one["item_id"] for one in by_address["items"]] == [one["item_id"] for one in by_body["items"]]
    assert by_address["total"] == by_body["total"] == 10


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"filter": "price_minor <"}, "syntax", "filter"),
        ({"filter": "colour = 5"}, "unknown_field", "filter"),
        ({"filter": 'price_minor = "x"'}, "wrong_type", "filter"),
        ({"filter": "(" * 999 + ")" * 999}, "too_deep", "filter"),
        ({"sort": "price_minor"}, "bad_sort", "sort"),
        ({"sort": "price_minor:up"}, "bad_sort", "sort"),
        ({"sort": "colour:asc"}, "unknown_field", "sort"),
        ({"sort": "brand:asc"}, "wrong_type", "sort"),
        ({"facets": ["colour"]}, "unknown_field", "facets"),
        ({"facets": ["item_id"]}, "wrong_type", "facets"),
        ({"refine": {"colour": ["x"]}}, "unknown_field", "refine"),
        ({"refine": {"price_minor": ["x"]}}, "wrong_type", "refine.price_minor"),
        ({"fields": ["colour"]}, "unknown_field", "fields[0]"),
        ({"facet_ranges": {"price_minor": ["x"]}}, "bad_range", "facet_ranges.price_minor"),
        ({"facet_ranges": {"price_minor": ["5..1"]}}, "bad_range", "facet_ranges.price_minor"),
        ({"facet_ranges": {"price_minor": ["nan..inf"]}}, "bad_range", "facet_ranges.price_minor"),
        ({"page": 0}, "out_of_range", "page"),
        ({"page_size": 101}, "out_of_range", "page_size"),
        ({"page": 51}, "too_deep", "page"),
        ({"page": 10**30}, "too_deep", "page"),
        ({"query": "x" * 501}, "too_long", "query"),
        ({"query": 5}, "wrong_type", "query"),
        ({"profile": "nothing"}, "unknown_profile", "profile"),
        ({"user_id": "u"}, "unsigned_user", "user_id"),
    ],
)
def test_what_cannot_be_asked(service: Service, body: dict[str, Any], code: str, field: str) -> None:
    """400 with the field and a stable code."""
    problem = check(service.post("/v1/search", body, key="storefront"), 400, code)
    assert problem["errors"][0]["field"] == field


def test_a_broken_filter_points_at_the_fault(service: Service) -> None:
    """With the character, and what could stand there."""
    problem = check(
        service.post("/v1/search", {"filter": "price_minor < 5 AND colour = 3"}), 400, "unknown_field"
    )
    assert problem["position"] == 20
    assert "price_minor" in problem["expected"]


def test_explain_and_profile(service: Service) -> None:
    """How each item got its place, when asked; a named profile answers instead of an experiment."""
    answer = search(service, query="手机", explain=True, profile="words")
    first = answer["items"][0]["explain"]
    assert first["source"] == "words"
    assert first["features"]
    assert answer["explain"]["terms"]
    assert answer["experiments"] == []
    plain = search(service, query="手机")
    assert plain["explain"] is None
    assert "explain" not in plain["items"][0]


def test_suggest(service: Service) -> None:
    """Characters, pinyin and initials, by body and by address."""
    for typed in ("手机", "shouji", "sj"):
        answer = service.post("/v1/suggest", {"query": typed}).json()
        assert set(answer) == set(SuggestAnswer.__struct_fields__)
        assert any("手机" in one["text"] for one in answer["suggestions"]), typed
    by_address = service.call("GET", "/v1/suggest?query=德龙&limit=4&max_products=1").json()
    assert 0 < len(by_address["suggestions"]) <= 4
    assert sum(one["kind"] == "product" for one in by_address["suggestions"]) <= 1


HOSTILE = (
    "\0",
    "a\0b",
    "\u200b\u202e",
    "😀" * 50,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "title:(+a -b) AND *:* ~2 ^3 [a TO b] {x} \\",
    "!!!！？。，",
    "%00%ff",
    "\ufeff\ufffe\uffff",
    "ａｂｃ１２３",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text(service: Service, text: str) -> None:
    """An answer, and nothing unescaped in what is meant for a page."""
    for address in ("/v1/search", "/v1/suggest"):
        response = service.post(address, {"query": text})
        assert response.status_code == 200, (address, response.text)
        assert "<script" not in response.text
    service.shop.journal.shown.flush()
    assert service.shop.journal.shown.lost == 0


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_any_text(service: Service, text: str) -> None:
    """No text makes it stumble."""
    for address in ("/v1/search", "/v1/suggest"):
        assert (
            service.post(
                address, {"query": text, "page_size": 3} if "search" in address else {"query": text}
            ).status_code
            == 200
        )


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_filter(service: Service, text: str) -> None:
    """A filter is read or refused."""
    assert service.post("/v1/search", {"filter": text, "page_size": 1}).status_code in (200, 400)
