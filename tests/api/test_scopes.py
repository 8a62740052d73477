"""Every route with a key of every scope."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.endpoint import Endpoint
from api.v1 import ENDPOINTS
from tests.api.conftest import Service
from tests.api.test_problems import check, name, path

SCOPES = ("storefront", "merchandiser", "analyst", "operator")
NEEDED = {
    "POST /v1/search": "storefront",
    "GET /v1/search": "storefront",
    "POST /v1/suggest": "storefront",
    "GET /v1/suggest": "storefront",
    "POST /v1/recommend": "storefront",
    "POST /v1/multi": "storefront",
    "POST /v1/events": "storefront",
    "POST /v1/items/bulk": "operator",
    "GET /v1/items/{item_id}": "storefront",
    "PUT /v1/items/{item_id}": "operator",
    "PATCH /v1/items/{item_id}": "operator",
    "DELETE /v1/items/{item_id}": "operator",
    "GET /v1/health/live": None,
    "GET /v1/health/ready": "operator",
    "GET /v1/metrics": "operator",
    "GET /v1/daogou.js": None,
}


def test_the_table_names_every_route() -> None:
    """A new route needs a line here."""
    assert {name(one) for one in ENDPOINTS} == set(NEEDED)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=name)
def test_a_key_does_what_its_scope_says(service: Service, endpoint: Endpoint, scope: str) -> None:
    """403 without the scope; with it the request gets as far as its own faults."""
    needed = NEEDED[name(endpoint)]
    # a body of the wrong type goes through admission and no further
    response = service.call(endpoint.method, path(endpoint), key=scope, content=b"5")
    if needed is not None and scope != needed:
        check(response, 403, "forbidden")
    else:
        assert response.status_code not in (401, 403)


@pytest.mark.parametrize("address", ["/v1/metrics", "/metrics", "/v1/health/ready"])
def test_numbers_and_readiness_without_a_key_on_this_machine_only(service: Service, address: str) -> None:
    """From elsewhere they need an operator's key."""
    assert service.call("GET", address, key=None).status_code == 200
    elsewhere = TestClient(service.http.app, client=("192.0.2.7", 1))
    check(elsewhere.get(address), 401, "unauthorized")
    headers = {"Authorization": f"Bearer {service.keys['operator']}"}
    assert elsewhere.get(address, headers=headers).status_code == 200
    check(service.call("GET", address, key="storefront"), 403, "forbidden")


def test_a_key_for_this_machine(service: Service) -> None:
    """The demo's key is worth nothing from elsewhere."""
    _, key = service.shop.journal.control.create_key(["storefront"], "demo", loopback_only=True)
    assert service.call("GET", "/v1/suggest", key=key).status_code == 200
    for address in ("192.0.2.7", "::ffff:192.0.2.7", "testclient"):
        elsewhere = TestClient(service.http.app, client=(address, 1))
        check(
            elsewhere.get("/v1/suggest", headers={"Authorization": f"Bearer {key}"}), 403, "loopback_only"
        )
    for address in ("::1", "::ffff:127.0.0.1"):
        here = TestClient(service.http.app, client=(address, 1))
        assert here.get("/v1/suggest", headers={"Authorization": f"Bearer {key}"}).status_code == 200
