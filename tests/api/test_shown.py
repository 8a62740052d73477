"""What was shown is in the journal: slots, sources, positions over pages, arms, features."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select

from indexing.contracts.experiments import ArmSpec, Experiment, assign
from indexing.contracts.shown import Shown
from indexing.journal.tables import SHOWN
from tests.api.conftest import Service


def logged(service: Service) -> dict[str, Shown]:
    """All shown lists by request id."""
    service.shop.journal.shown.flush()
    with service.shop.journal.shown._database.read() as connection:
        bodies = connection.execute(select(SHOWN.c.body)).scalars().all()
    rows = [msgspec.msgpack.decode(body, type=Shown) for body in bodies]
    return {row.request_id: row for row in rows}


def test_search(service: Service) -> None:
    """As answered, with features on the sample (here: all), and the page that it continues."""
    first = service.post("/v1/search", {"query": "手机", "client_id": "c-shown", "page_size": 5}).json()
    later: Any = {"query": "手机", "client_id": "c-shown", "page_size": 5, "page": 2, "filter": "in_stock"}
    second = service.post("/v1/search", later | {"page_of": first["request_id"], "surface": "box"}).json()
    rows = logged(service)
    row, next_row = rows[first["request_id"]], rows[second["request_id"]]
    assert [(one.item_id, one.position) for one in row.slots] == [
        (one["item_id"], one["position"]) for one in first["items"]
    ]
    assert (row.scenario, row.surface, row.query, row.version) == (
        "search",
        "search",
        "手机",
        first["version"],
    )
    assert all(one.source == "words" and one.features and one.propensity == 1.0 for one in row.slots)
    assert row.shopper == service.shop.journal.people.find("c-shown", None)
    assert (next_row.page_of, next_row.surface, next_row.filter) == (first["request_id"], "box", "in_stock")
    assert next_row.slots[0].position == 6


def test_a_narrowed_and_a_sorted_list(service: Service) -> None:
    """Neither passes for the ranking's own: the filter says what narrowed it, the source says sort."""
    body = {
        "query": "手机",
        "filter": "in_stock OR rating > 4",
        "refine": {"brand": ["小米", "华为"], "price_minor": ["..120000"], "tags": []},
        "sort": "price_minor:asc",
        "page_size": 5,
    }
    answer = service.post("/v1/search", body).json()
    row = logged(service)[answer["request_id"]]
    assert {one.source for one in row.slots} == {"sort"}
    assert row.filter is not None
    same = service.post("/v1/search", {**body, "refine": {}, "filter": row.filter}).json()
    assert same["total"] == answer["total"] > 0
    assert row.filter.startswith("(in_stock OR rating > 4) AND ")
    assert all(text in row.filter for text in ('brand IN ("小米", "华为")', "price_minor < 120000"))


def test_recommend(service: Service) -> None:
    """Sources and propensities of the slots; later pages name the first."""
    body = {"scenario": "home", "limit": 5, "client_id": "c-shown-2"}
    first = service.post("/v1/recommend", body).json()
    second = service.post("/v1/recommend", body | {"cursor": first["cursor"]}).json()
    rows = logged(service)
    row = rows[first["request_id"]]
    assert [one.item_id for one in row.slots] == [one["item_id"] for one in first["items"]]
    assert all(one.source and 0 < one.propensity <= 1 for one in row.slots)
    assert row.page_of is None
    assert rows[second["request_id"]].page_of == first["request_id"]
    assert [one.position for one in rows[second["request_id"]].slots] == [6, 7, 8, 9, 10]


def test_nobody_is_named_without_consent(service: Service) -> None:
    """The list is logged, the person is not, and no shopper was made."""
    answer = service.post("/v1/search", {"query": "手机", "client_id": "c-none", "consent": False}).json()
    assert logged(service)[answer["request_id"]].shopper is None
    assert service.shop.journal.people.find("c-none", None) is None


def test_experiments_are_assigned_and_logged(service: Service) -> None:
    """The arm of the shopper's own hash, in the answer and in the log, the same every time."""
    control = service.shop.journal.control
    experiment = Experiment("aa", [ArmSpec("a", "default"), ArmSpec("b", "words")])
    control.put_experiment(experiment, "test")
    try:
        _wait_for(service, control.seq())
        arms = set()
        for number in range(12):
            body = {"query": "手机", "client_id": f"c-arm-{number}"}
            answers = [service.post("/v1/search", body).json() for _ in range(2)]
            shopper = service.shop.journal.people.find(body["client_id"], None)
            arm = assign(experiment, str(shopper))
            assert arm is not None
            for answer in answers:
                assert answer["experiments"] == [{"experiment": "aa", "arm": arm.name}]
                row = logged(service)[answer["request_id"]]
                assert [(one.experiment, one.arm) for one in row.arms] == [("aa", arm.name)]
            arms.add(arm.name)
        assert arms == {"a", "b"}
        stranger = service.post("/v1/search", {"query": "手机"}).json()
        assert stranger["experiments"] == []
    finally:
        control.delete_experiment("aa", "test")
        _wait_for(service, control.seq())


def _wait_for(service: Service, seq: int) -> None:
    """Until the worker has followed."""
    import time

    for _ in range(200):
        view = service.shop.views.current
        if view is not None and view.policy.seq == seq:
            return
        time.sleep(0.02)
    raise AssertionError("the worker did not follow the control database")
