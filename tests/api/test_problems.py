"""Whatever goes wrong on whatever route has one shape, and the right status."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import Request

from api import bodies
from api.endpoint import Endpoint
from api.problems import MEDIA_TYPE
from api.v1 import ENDPOINTS
from tests.api.conftest import Service

JSON = {"Content-Type": "application/json"}
WITH_BODY = [one for one in ENDPOINTS if one.method in ("POST", "PUT", "PATCH")]
LOCKED = [one for one in ENDPOINTS if one.scope is not None or one.path == "/v1/events"]


def name(endpoint: Endpoint) -> str:
    """For the test's id."""
    return f"{endpoint.method} {endpoint.path}"


def path(endpoint: Endpoint) -> str:
    """With an id in it that no product has: a test that gets through changes nothing."""
    return endpoint.path.replace("{item_id}", "no-such-product")


def check(response: Any, status: int, code: str) -> dict[str, Any]:
    """The one shape."""
    assert response.headers["content-type"] == MEDIA_TYPE, response.text
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    assert problem["type"] == f"urn:daogou:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == response.headers["x-request-id"]
    return problem


@pytest.mark.parametrize("endpoint", LOCKED, ids=name)
def test_no_key_and_a_wrong_key(service: Service, endpoint: Endpoint) -> None:
    """401 with the scheme to use; on this machine some routes need none."""
    for key in (None, "dg_wrong", "nonsense"):
        if key is None and endpoint.local:
            continue
        response = service.call(endpoint.method, path(endpoint), key=key)
        check(response, 401, "unauthorized")
        assert response.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=name)
def test_another_method(service: Service, endpoint: Endpoint) -> None:
    """405 names what the route takes."""
    response = service.call("TRACE", path(endpoint))
    check(response, 405, "method_not_allowed")
    assert endpoint.method in response.headers["allow"].split(", ")


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name)
def test_another_media_type(service: Service, endpoint: Endpoint) -> None:
    """415 for a form."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = service.call(endpoint.method, path(endpoint), content="a=b", headers=headers)
    check(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name)
def test_a_compressed_body(service: Service, endpoint: Endpoint) -> None:
    """415 with a reason, not a complaint about its JSON; the coding that is none is taken."""
    zipped = JSON | {"Content-Encoding": "gzip"}
    response = service.call(endpoint.method, path(endpoint), content=gzip.compress(b"{}"), headers=zipped)
    check(response, 415, "unsupported_encoding")
    plain = JSON | {"Content-Encoding": "identity"}
    response = service.call(endpoint.method, path(endpoint), content=b"5", headers=plain)
    check(response, 400, "wrong_type")


def test_a_body_that_does_not_come(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """408: nobody waits for it for ever."""
    monkeypatch.setattr(bodies, "PATIENCE_SECONDS", 0.01)

    async def never(_request: Request) -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    monkeypatch.setattr(Request, "stream", never)
    check(service.post("/v1/search", {}), 408, "too_slow")


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name)
@pytest.mark.parametrize("declared", [True, False], ids=["declared", "streamed"])
def test_too_large(service: Service, endpoint: Endpoint, declared: bool) -> None:
    """413 before more than the limit is read, whether the length is told or not."""
    body = b'"' + b"x" * endpoint.most + b'"'
    content: Any = body if declared else iter([body[: len(body) // 2], body[len(body) // 2 :]])
    response = service.call(endpoint.method, path(endpoint), content=content, headers=JSON)
    check(response, 413, "too_large")


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name)
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b"{'a': 1}", "malformed_json"),
        (b'{"client_id": NaN}', "malformed_json"),
        (b'{"client_id": "\xff"}', "not_utf8"),
        (b"[" * 5000 + b"]" * 5000, "too_deep"),
        (b"5", "wrong_type"),
        (b"null", "wrong_type"),
        (b'"text"', "wrong_type"),
    ],
    ids=["empty", "cut", "quotes", "nan", "latin1", "deep", "number", "null", "text"],
)
def test_no_json_that_could_be_meant(service: Service, endpoint: Endpoint, body: bytes, code: str) -> None:
    """400, never 422 and never 500."""
    response = service.call(endpoint.method, path(endpoint), content=body, headers=JSON)
    problem = check(response, 400, response.json().get("code", ""))
    typed = endpoint.reading == "typed" and code == "too_deep"  # the type refuses it before it gets deep
    assert problem["code"] in ({"wrong_type"} if typed else {code})


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name)
def test_half_a_character(service: Service, endpoint: Endpoint) -> None:
    """A lone surrogate is no Unicode text; beside it, what is no JSON is still none, and deep too deep."""
    half = rb'{"client_id": "\ud800", "x": '
    address, typed = (endpoint.method, path(endpoint)), endpoint.reading == "typed"
    for rest, code in ((b"NaN}", "malformed_json"), (b"\xff}", "not_utf8"), (b"[" * 20_000, "too_deep")):
        response = service.call(*address, content=half + rest, headers=JSON)
        check(response, 400, "not_unicode" if typed else code)


@pytest.mark.parametrize("endpoint", [one for one in WITH_BODY if one.reading == "typed"], ids=name)
def test_unknown_field(service: Service, endpoint: Endpoint) -> None:
    """A typing error is not ignored: the answer names the field and what is known."""
    problem = check(service.post(path(endpoint), {"qurey": "x"}), 400, "unknown_field")
    assert problem["errors"][0]["field"] == "qurey"
    assert "client_id" in problem["detail"]


@pytest.mark.parametrize(
    "endpoint", [one for one in ENDPOINTS if one.method == "GET" and one.body], ids=name
)
def test_unknown_and_repeated_names_in_an_address(service: Service, endpoint: Endpoint) -> None:
    """As in a body."""
    check(service.call("GET", f"{path(endpoint)}?qurey=x"), 400, "unknown_field")
    check(service.call("GET", f"{path(endpoint)}?query=x&query=y"), 400, "repeated")
    check(
        service.call("GET", f"{path(endpoint)}?limit=x&page=x"),
        400,
        "wrong_type" if "suggest" in endpoint.path else "unknown_field",
    )


@pytest.mark.parametrize("address", ["/v1", "/v1/nothing", "/v1/search/", "/v2/search", "/v1/items/"])
def test_no_such_route(service: Service, address: str) -> None:
    """404 in the same shape."""
    code = "unknown_item" if address == "/v1/items/" else "no_such_route"
    check(service.call("GET", address), 404, code)


def test_an_address_beyond_all_measure(service: Service) -> None:
    """414 before it is looked at."""
    check(service.call("GET", "/v1/search?query=" + "x" * 9000), 414, "too_long")


def test_our_own_fault_tells_nothing(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 in the same shape; what happened is in the log alone."""

    async def broken(*_args: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(service.shop, "search", broken)
    problem = check(service.post("/v1/search", {}), 500, "internal")
    assert "secret" not in str(problem)


def test_nothing_published(bare: Service) -> None:
    """503 with Retry-After; what needs no snapshot goes on."""
    bodies: dict[str, Any] = {
        "/v1/search": {},
        "/v1/suggest": {},
        "/v1/recommend": {"scenario": "home"},
        "/v1/multi": {"lists": [{"name": "a", "scenario": "home"}]},
    }
    for address, body in bodies.items():
        response = bare.post(address, body)
        check(response, 503, "snapshot_missing")
        assert int(response.headers["retry-after"]) > 0
    problem = check(bare.call("GET", "/v1/health/ready"), 503, "not_ready")
    assert [one["code"] for one in problem["errors"]] == ["snapshot_missing"]
    assert bare.call("GET", "/v1/health/live", key=None).json() == {"status": "ok"}
    event = {"event": "click", "timestamp": "2026-01-31T08:00:00Z", "client_id": "c", "item_id": "x"}
    assert bare.post("/v1/events", event).json()["accepted"] == 1


def test_every_answer_says_which_request_it_was(service: Service) -> None:
    """In the header, of 24 hexadecimal digits, and new each time."""
    ids = {service.call("GET", "/v1/health/live").headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(len(one) == 24 and int(one, 16) >= 0 for one in ids)
