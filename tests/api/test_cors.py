"""Pages of other origins: what they may read is decided by keys."""

from __future__ import annotations

from tests.api.conftest import Service
from tests.api.test_problems import check


def test_a_key_for_one_origin(bare: Service) -> None:
    """Its pages may read, others may not; a request that no page sent is not held to it."""
    control = bare.shop.journal.control
    for row in control.list_keys():
        control.revoke_key(row.key_id, "test")
    _, key = control.create_key(["storefront"], "web", origins=["https://shop.example"])
    good, other = {"Origin": "https://shop.example"}, {"Origin": "https://evil.example"}
    answer = bare.call("POST", "/v1/events", key=key, json=[], headers=good)
    assert answer.status_code == 202
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert answer.headers["vary"] == "Origin"
    refused = bare.call("POST", "/v1/events", key=key, json=[], headers=other)
    check(refused, 403, "origin_not_allowed")
    assert "access-control-allow-origin" not in refused.headers
    assert bare.call("POST", "/v1/events", key=key, json=[]).status_code == 202


def test_preflight(bare: Service) -> None:
    """Answered without a key, for a browser cannot send one; errors can be read across origins too."""
    headers = {"Origin": "https://any.example", "Access-Control-Request-Method": "POST"}
    answer = bare.call("OPTIONS", "/v1/search", key=None, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "https://any.example"
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    failed = bare.call("POST", "/v1/search", key=None, headers={"Origin": "https://any.example"})
    assert failed.headers["access-control-allow-origin"] == "https://any.example"
    check(bare.call("OPTIONS", "/v1/search"), 405, "method_not_allowed")
