"""Events: durable, each read alone, from headers and from beacons."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from structlog.testing import CapturingLogger

from api.secrets import open_secret
from api.tokens import sign_user
from tests.api.conftest import Service
from tests.api.test_problems import JSON, check

AT = "2026-11-22T10:43:51Z"
PLAIN = {"Content-Type": "text/plain;charset=UTF-8"}


def event(event_id: str, **more: Any) -> dict[str, Any]:
    """A click."""
    base = {
        "event": "click",
        "timestamp": AT,
        "client_id": "c-events",
        "event_id": event_id,
        "item_id": "p01",
    }
    return base | more


def test_good_ones_are_taken_and_bad_ones_named(bare: Service) -> None:
    """Every bad row with its place, its id, and what was wrong; a repeat is a duplicate."""
    batch = [
        event("e-1"),
        event("e-2", event="levitate"),
        5,
        event("e-3", position=0),
        event("e-1"),
        event("e-4", colour="red"),
        {"event": "click", "timestamp": AT},
    ]
    answer = bare.post("/v1/events", {"events": batch})
    assert answer.status_code == 202
    told = answer.json()
    assert (told["accepted"], told["duplicates"]) == (1, 1)
    rows = [(row["index"], row["event_id"], row["field"], row["code"]) for row in told["rejected"]]
    assert rows == [
        (1, "e-2", "event", "unknown_value"),
        (2, None, None, "wrong_type"),
        (3, "e-3", "position", "out_of_range"),
        (5, "e-4", "colour", "unknown_field"),
        (6, None, "client_id", "missing"),
    ]
    assert all(row["detail"] for row in told["rejected"])
    assert bare.shop.journal.events.count() == 1


def test_half_a_character_costs_its_own_event(bare: Service) -> None:
    """A script that cuts a query within an emoji sends a lone surrogate; the purchase beside it is kept."""
    batch = {"events": [event("e-1"), event("e-2", query="手机\ud83d"), event("e-3", client_id="\udc00")]}
    answer = bare.call("POST", "/v1/events", content=json.dumps(batch), headers=JSON)
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 1
    assert [(row["index"], row["field"], row["code"]) for row in answer.json()["rejected"]] == [
        (1, "query", "not_unicode"),
        (2, "client_id", "not_unicode"),
    ]
    half = json.dumps({"key": "\ud800", "events": []})
    check(bare.call("POST", "/v1/events", content=half, headers=PLAIN, key=None), 401, "unauthorized")


@pytest.mark.parametrize("shape", ["list", "object", "single"])
def test_three_shapes_of_a_batch(bare: Service, shape: str) -> None:
    """A list, an object with events, or one event."""
    one = event(f"shape-{shape}")
    body = {"list": [one], "object": {"events": [one]}, "single": one}[shape]
    assert bare.post("/v1/events", body).json() == {"accepted": 1, "duplicates": 0, "rejected": []}


def test_an_accepted_event_is_in_the_file(bare: Service) -> None:
    """Another connection finds it as soon as the answer is there."""
    bare.post("/v1/events", event("durable"))
    assert bare.shop.journal.events.last_sequence() == 1
    shopper = bare.shop.journal.people.find("c-events", None)
    assert shopper is not None
    assert [one.item_id for one in bare.shop.journal.events.recent(shopper)] == ["p01"]


def test_beacon(bare: Service) -> None:
    """``text/plain`` with the key in the body; a wrong or missing one is refused."""
    key = bare.keys["storefront"]
    body = json.dumps({"key": key, "events": [event("beacon")]})
    assert bare.call("POST", "/v1/events", key=None, content=body, headers=PLAIN).json()["accepted"] == 1
    for bad in ({"key": "dg_wrong", "events": []}, {"events": []}):
        response = bare.call("POST", "/v1/events", key=None, content=json.dumps(bad), headers=PLAIN)
        check(response, 401, "unauthorized")
    wrong_scope = json.dumps({"key": bare.keys["analyst"], "events": []})
    check(bare.call("POST", "/v1/events", key=None, content=wrong_scope, headers=PLAIN), 403, "forbidden")
    # JSON can set headers, and must
    check(bare.call("POST", "/v1/events", key=None, json={"key": key, "events": []}), 401, "unauthorized")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"events": {}}, "events", "wrong_type"),
        ({"events": [], "colour": 1}, "colour", "unknown_field"),
        ({"events": [], "key": 5}, "key", "wrong_type"),
        ({"events": [{}] * 1001}, "events", "too_long"),
        ([{}] * 1001, "events", "too_long"),
        (5, None, "wrong_type"),
    ],
    ids=["no list", "unknown", "key", "many", "many in a list", "number"],
)
def test_what_is_no_batch(bare: Service, body: Any, field: str | None, code: str) -> None:
    """400 for the whole."""
    problem = check(bare.post("/v1/events", body), 400, code)
    assert [one["field"] for one in problem.get("errors", [])] == ([field] if field else [])


def test_a_browser_names_a_user_only_with_a_token(bare: Service) -> None:
    """Unsigned, expired, and another's token are rejected; a server's key needs none."""
    secret = open_secret(bare.shop.settings.secrets, "users")
    soon, past = int(time.time()) + 60, int(time.time()) - 1
    tokens = {
        "none": None,
        "nonsense": "v1.5.aa",
        "expired": sign_user(secret, "u-1", expires=past),
        "another's": sign_user(secret, "u-2", expires=soon),
        "forged": sign_user(b"guess", "u-1", expires=soon),
    }
    for name, token in tokens.items():
        body = {"events": [event(f"t-{name}", user_id="u-1")], "user_token": token}
        told = bare.post("/v1/events", body, key="storefront").json()
        assert [row["code"] for row in told["rejected"]] == ["unsigned_user"], name
    good = {
        "events": [event("t-good", user_id="u-1")],
        "user_token": sign_user(secret, "u-1", expires=soon),
    }
    assert bare.post("/v1/events", good, key="storefront").json()["accepted"] == 1
    assert bare.post("/v1/events", event("t-server", user_id="u-1")).json()["accepted"] == 1


def test_without_consent_nothing_leads_to_the_person(bare: Service) -> None:
    """The event counts, the client is not remembered."""
    told = bare.post("/v1/events", event("quiet", client_id="c-quiet", consent=False)).json()
    assert told["accepted"] == 1
    assert bare.shop.journal.people.find("c-quiet", None) is None


def test_other_systems_names(bare: Service) -> None:
    """GA4, Segment and Google Retail in one batch."""
    batch = [
        {
            "event": "select_item",
            "timestamp": AT,
            "client_id": "c",
            "items": [{"item_id": "p01", "index": 0}],
        },
        {
            "event": "Product Viewed",
            "anonymousId": "c",
            "timestamp": AT,
            "properties": {"product_id": "p01"},
        },
        {"eventType": "detail-page-view", "visitorId": "c", "eventTime": AT}
        | {"productDetails": [{"product": {"id": "p01"}}]},
    ]
    assert bare.post("/v1/events", batch).json() == {"accepted": 3, "duplicates": 0, "rejected": []}


def test_a_full_batch_at_once(bare: Service) -> None:
    """A thousand events, all of them new, then all of them known."""
    batch = [event(f"bulk-{number}") for number in range(1000)]
    assert bare.post("/v1/events", batch).json() == {"accepted": 1000, "duplicates": 0, "rejected": []}
    assert bare.post("/v1/events", batch).json() == {"accepted": 0, "duplicates": 1000, "rejected": []}


def test_a_journal_that_cannot_write(bare: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """503, for nothing was taken; the client sends it again. Where the file lies, the log alone says."""
    from indexing.contracts.errors import JournalError

    def broken(_events: object) -> None:
        raise JournalError("/srv/events.sqlite: the disk is full")

    monkeypatch.setattr(bare.shop.journal.events, "append_async", broken)
    log = CapturingLogger()
    monkeypatch.setattr("api.edge._log", log)
    response = bare.post("/v1/events", event("lost"))
    problem = check(response, 503, "journal")
    assert "retry-after" in response.headers
    assert "/srv" not in str(problem)
    assert any("/srv/events.sqlite" in str(call) for call in log.calls)
