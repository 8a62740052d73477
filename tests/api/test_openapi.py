"""The description: valid, complete, and with examples that work."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import pytest

from api.v1 import ENDPOINTS, routes
from tests.api.conftest import Service
from tests.api.test_scopes import NEEDED


@pytest.fixture(scope="module")
def description(service: Service) -> dict[str, Any]:
    """As a stranger gets it: without a key."""
    response = service.call("GET", "/v1/openapi.json", key=None)
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def operations(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By method and path."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


def test_it_is_loaded_by_a_tool_of_others(description: dict[str, Any]) -> None:
    """schemathesis reads every operation."""
    import schemathesis

    schema = schemathesis.openapi.from_dict(description)
    labels = {result.ok().label for result in schema.get_all_operations()}
    assert labels == set(NEEDED)


def test_every_route_is_in_it(description: dict[str, Any]) -> None:
    """With a summary, a description, an id of its own; and no route beside it but its own and aliases."""
    found = operations(description)
    assert set(found) == {f"{one.method} {one.path}" for one in ENDPOINTS}
    assert all(one["summary"] and len(one["description"]) > 15 for one in found.values())
    assert len({one["operationId"] for one in found.values()}) == len(found)
    paths = {route.path.replace(":id}", "}") for route in routes()}
    assert paths - set(description["paths"]) == {"/v1/openapi.json", "/metrics", "/v1/items:bulk"}


def test_who_may(description: dict[str, Any]) -> None:
    """Routes with a scope say so, and that they may answer 401 and 403."""
    for label, operation in operations(description).items():
        needed = NEEDED[label]
        assert (needed is None) == (operation["security"] == [])
        if needed is not None:
            assert f"`{needed}`" in operation["description"]
            assert {"401", "403", "503"} <= set(operation["responses"])


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    """No schema is missing, and every schema is used."""
    names = set(description["components"]["schemas"])
    used = set(_references(description))
    assert used == names


def test_every_field_is_described(description: dict[str, Any]) -> None:
    """Of requests and of answers, in words, where tools show them; and no word of our own markup."""
    for name, schema in description["components"]["schemas"].items():
        for field, its in [("itself", schema), *schema["properties"].items()]:
            assert its.get("description"), f"{name}.{field}"
            assert not re.search(r"``|(?<!\w):\w+:`|\n", its["description"]), f"{name}.{field}"
            assert its["description"][0] in "`1" or its["description"][0].isupper(), f"{name}.{field}"
    for label, operation in operations(description).items():
        for one in operation.get("parameters", ()):
            assert one["description"], (label, one["name"])


def test_unknown_fields_are_refused_as_described(description: dict[str, Any]) -> None:
    """Whatever a body may be."""
    sent = ("SearchBody", "RecommendBody", "SuggestBody", "MultiBody", "MultiList")
    for name in (*sent, "EventsBody", "Event", "Line", "BulkBody", "BulkPatch", "Item", "Patch"):
        assert description["components"]["schemas"][name]["additionalProperties"] is False


def test_units_and_limits_are_said(description: dict[str, Any]) -> None:
    """Money names its unit, and what is bounded says how."""
    schemas = description["components"]["schemas"]
    for name, schema in schemas.items():
        for field, its in schema["properties"].items():
            if field.endswith("_minor"):
                assert "unit" in its["description"], f"{name}.{field}"
            if field.endswith("_ms"):
                assert "illiseconds" in its["description"], f"{name}.{field}"
    page = schemas["SearchBody"]["properties"]["page"]
    assert (page["minimum"], page["maximum"]) == (1, 1000)
    assert schemas["SearchBody"]["properties"]["page_size"]["maximum"] == 100


@pytest.mark.parametrize(
    ("label", "example"),
    [(f"{one.method} {one.path}", name) for one in ENDPOINTS for name in one.examples],
)
def test_examples_fit_their_schema_and_work(
    service: Service, description: dict[str, Any], label: str, example: str
) -> None:
    """As a stranger sends them."""
    operation = operations(description)[label]
    content = operation["requestBody"]["content"]["application/json"]
    body = content["examples"][example]["value"]
    # the names of other systems are understood besides those described
    foreign = (label, example) in {("POST /v1/events", "ga4"), ("POST /v1/items/bulk", "feed")}
    if not foreign:
        schema = {**content["schema"], "components": description["components"]}
        jsonschema_rs.Draft202012Validator(schema).validate(body)
    if "items" in label:
        return  # test_items has a shop of its own
    method, address = label.split(" ")
    response = service.call(method, address, json=body)
    assert response.status_code == int(next(iter(operation["responses"]))), response.text
    if label == "POST /v1/events":
        assert response.json()["rejected"] == []


def test_answers_fit_their_schema(service: Service, description: dict[str, Any]) -> None:
    """What is described is what is sent."""
    asked: list[tuple[str, Any]] = [
        ("/v1/search", {"query": "手机", "explain": True, "facets": ["brand", "price_minor"]}),
        ("/v1/suggest", {"query": "sj"}),
        ("/v1/recommend", {"scenario": "home", "explain": True}),
        ("/v1/multi", {"lists": [{"name": "a", "scenario": "new"}]}),
        ("/v1/events", [{"event": "x"}]),
    ]
    for address, body in asked:
        response = service.post(address, body)
        responses = operations(description)[f"POST {address}"]["responses"]
        schema = responses[str(response.status_code)]["content"]["application/json"]["schema"]
        full = {**schema, "components": description["components"]}
        jsonschema_rs.Draft202012Validator(full).validate(response.json())
    problem = service.post("/v1/search", {"filter": "("}).json()
    full = {"$ref": "#/components/schemas/Problem", "components": description["components"]}
    jsonschema_rs.Draft202012Validator(full).validate(problem)


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [str(value["$ref"]).rsplit("/", 1)[-1]] if "$ref" in value else []
        return own + [name for inner in value.values() for name in _references(inner)]
    return [name for inner in value for name in _references(inner)] if isinstance(value, list) else []
