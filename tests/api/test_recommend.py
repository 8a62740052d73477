"""Recommendation over HTTP: scenarios, pages, reasons, and a click that changes the next answer."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from api.cursor import Cursor, CursorBox
from api.types import RecommendAnswer
from recsys import SCENARIOS
from tests.api.conftest import Service
from tests.api.test_problems import check


def recommend(service: Service, scenario: str = "home", **body: Any) -> Any:
    """A list that is well."""
    response = service.post("/v1/recommend", {"scenario": scenario, **body})
    assert response.status_code == 200, response.text
    return response.json()


def click(service: Service, client_id: str, *item_ids: str) -> None:
    """Three clicks say a lot."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    batch = [
        {"event": "click", "timestamp": now, "client_id": client_id, "item_id": one} for one in item_ids
    ]
    assert service.post("/v1/events", batch).json()["accepted"] == len(item_ids)


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_every_scenario_answers_a_stranger(service: Service, scenario: str) -> None:
    """With products, reasons and positions; only a list of what was viewed is empty."""
    answer = recommend(service, scenario, limit=5, item_ids=["c01"] if scenario == "similar" else [])
    assert set(answer) == set(RecommendAnswer.__struct_fields__)
    expected = 0 if scenario == "recently_viewed" else 5
    assert [one["position"] for one in answer["items"]] == list(range(1, expected + 1))
    assert all(one["reason"]["code"] and one["reason"]["text"] for one in answer["items"])


def test_a_click_changes_the_next_answer(service: Service) -> None:
    """Also what was viewed, at once and in order."""
    client = "c-clicks"
    before = recommend(service, "recently_viewed", client_id=client)["items"]
    click(service, client, "c01", "c02", "c03")
    after = recommend(service, "recently_viewed", client_id=client)["items"]
    assert before == []
    assert [one["item_id"] for one in after] == ["c03", "c02", "c01"]
    assert recommend(service, "recently_viewed", client_id=client, personalized=False)["items"] == []
    assert recommend(service, "recently_viewed", client_id=client, consent=False)["items"] == []


def test_pages_continue_without_repeats(service: Service) -> None:
    """Positions go on, nothing comes twice, the last page has no cursor."""
    seen: list[str] = []
    cursor = None
    for _ in range(20):
        answer = recommend(service, limit=7, **({"cursor": cursor} if cursor else {}))
        assert [one["position"] for one in answer["items"]] == [
            len(seen) + place for place in range(1, len(answer["items"]) + 1)
        ]
        seen += [one["item_id"] for one in answer["items"]]
        cursor = answer["cursor"]
        if cursor is None:
            break
    assert cursor is None
    assert len(seen) == len(set(seen)) > 40


def test_a_later_page_obeys_its_filter(service: Service) -> None:
    """What may no longer be shown is passed over, and a note says so."""
    first = recommend(service, limit=5)
    later = recommend(service, limit=30, cursor=first["cursor"], filter='brand = "德龙"')
    assert {one["item"]["brand"] for one in later["items"]} <= {"德龙"}
    assert "passed_over" in {note["code"] for note in later["notes"]}


def test_cursors_that_are_not_ours(service: Service) -> None:
    """Forged, changed, of another list: refused with a code."""
    first = recommend(service, limit=5)["cursor"]
    forged = CursorBox(b"another shop", seconds=60).seal(Cursor("home", "r", 1, []))
    changed = first[:-2] + ("A" if first[-2] != "A" else "B") + first[-1]
    for cursor in ("nonsense", "a.b.c", forged, changed, "x" * 60_000):
        body = {"scenario": "home", "cursor": cursor}
        check(service.post("/v1/recommend", body), 400, "bad_cursor")
    check(service.post("/v1/recommend", {"scenario": "new", "cursor": first}), 400, "wrong_cursor")


def test_unknown_items_are_noted(service: Service) -> None:
    """A defined answer, never a fault."""
    answer = recommend(service, "similar", item_ids=["nothing", "nor this"], limit=4)
    assert len(answer["items"]) == 4
    assert "unknown_item" in {note["code"] for note in answer["notes"]}
    assert recommend(service, "cart", item_ids=[], limit=3)["items"]


def test_filter_and_exclusions(service: Service) -> None:
    """Hard, both of them."""
    answer = recommend(
        service, "trending", filter='category = "家居 > 杯子"', exclude_items=["m01", "m02"], limit=50
    )
    found = {one["item_id"] for one in answer["items"]}
    assert found == {f"m{number:02}" for number in range(10)} - {"m01", "m02"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing"),
        ({"scenario": "magic"}, "unknown_value"),
        ({"scenario": "home", "limit": 0}, "out_of_range"),
        ({"scenario": "home", "limit": 101}, "out_of_range"),
        ({"scenario": "home", "item_ids": ["x"] * 101}, "too_long"),
        ({"scenario": "home", "item_ids": [5]}, "wrong_type"),
        ({"scenario": "home", "filter": "("}, "syntax"),
        ({"scenario": "home", "fields": ["x"]}, "unknown_field"),
        ({"scenario": "home", "profile": "x"}, "unknown_profile"),
    ],
)
def test_what_cannot_be_asked(service: Service, body: dict[str, Any], code: str) -> None:
    """400 with a stable code."""
    check(service.post("/v1/recommend", body), 400, code)


def test_reasons_speak_the_shoppers_language(service: Service) -> None:
    """``Accept-Language``, else the shop's."""

    def text(header: str | None) -> str:
        headers = {"Accept-Language": header} if header else {}
        body = {"scenario": "similar", "item_ids": ["c01"], "limit": 1}
        return str(
            service.post("/v1/recommend", body, headers=headers).json()["items"][0]["reason"]["text"]
        )

    assert text("en-GB,en;q=0.9").isascii()
    assert not text("zh-TW").isascii()
    assert not text(None).isascii()
    assert text("fr, en;q=0.1").isascii()


def test_a_pages_lists_share_no_product(service: Service) -> None:
    """Each with its own request_id, logged under it."""
    lists = [
        {"name": "a", "scenario": "home", "limit": 12},
        {"name": "b", "scenario": "trending", "limit": 12},
        {"name": "c", "scenario": "similar", "item_ids": ["p05"], "limit": 12},
    ]
    response = service.post("/v1/multi", {"client_id": "c-multi", "lists": lists})
    answer = response.json()["lists"]
    assert list(answer) == ["a", "b", "c"]
    shown = [item["item_id"] for one in answer.values() for item in one["items"]]
    assert len(shown) == len(set(shown)) == 36
    assert len({one["request_id"] for one in answer.values()}) == 3
    repeated = [*lists, {"name": "a", "scenario": "new"}]
    problem = check(service.post("/v1/multi", {"lists": repeated}), 400, "repeated")
    assert problem["errors"][0]["field"] == "lists[3].name"
    check(service.post("/v1/multi", {"lists": []}), 400, "too_short")
    check(service.post("/v1/multi", {"lists": lists * 5}), 400, "too_long")


def test_the_cursor_says_nothing_that_cannot_be_read(service: Service) -> None:
    """It is signed, not secret, and holds ids alone."""
    cursor = recommend(service, limit=5)["cursor"]
    assert json.dumps(cursor)
    assert len(cursor) < 8000
