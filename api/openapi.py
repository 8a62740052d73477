"""The OpenAPI 3.1 description, from the same types that decode requests and encode answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from api.docstrings import explain
from api.endpoint import Endpoint
from api.problems import MEDIA_TYPE, Problem

_REF = "#/components/schemas/{name}"
_PATH_NAME = re.compile(r"{(\w+)}")
_TAGS = {
    "answers": "Search and recommendation, for a storefront.",
    "events": "What shoppers did.",
    "items": "What the shop sells.",
    "status": "For whoever runs the service.",
}
_PROBLEMS = {
    400: "The request is wrong: `code`, `detail` and `errors` say what was given and what was expected.",
    401: "No key, or one that is not known, was revoked or has expired.",
    403: "A key that may not do this, or not from here.",
    405: "Another method.",
    408: "A body that does not come.",
    413: "A body that is too large.",
    414: "An address that is too long: use POST.",
    415: "A body that is not JSON, or compressed.",
    503: "No snapshot is published, the journal cannot write, or too much waits: see `Retry-After`.",
}


def describe(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The whole description as JSON-like data."""
    types = [kind for one in endpoints for kind in (one.body, *one.also, one.answer) if kind is not None]
    _, schemas = msgspec.json.schema_components([*types, Problem], ref_template=_REF)
    explain(schemas)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, schemas)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    sent = {one.body.__name__ for one in endpoints if one.body is not None and _has_body(one)}
    for kind in (one.body for one in endpoints if one.body is not None and not _has_body(one)):
        if kind.__name__ not in sent:  # it stands in an address only, as parameters
            schemas.pop(kind.__name__, None)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "daogou 导购",
            "version": _version(),
            "description": "Search and recommendation for an online shop. Every answer of search and "
            "recommendation has a `request_id`; events that name it join what was shown to what was done. "
            "Everything that goes wrong has one shape, RFC 9457, with a stable `code`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`Authorization: Bearer dg_…`; `daogou keys create` makes one.",
                }
            },
        },
    }


def _operation(endpoint: Endpoint, schemas: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(endpoint),
        "summary": endpoint.summary,
        "description": endpoint.description + _access(endpoint),
        "tags": [endpoint.tag],
        "security": _security(endpoint),
        "responses": _responses(endpoint),
    }
    parameters = list(_parameters(endpoint, schemas))
    if parameters:
        operation["parameters"] = parameters
    if _has_body(endpoint):
        operation["requestBody"] = _request_body(endpoint)
    return operation


def _has_body(endpoint: Endpoint) -> bool:
    """Whether the type is that of a body, and not of the address."""
    return endpoint.body is not None and endpoint.method not in ("GET", "DELETE")


def _operation_id(endpoint: Endpoint) -> str:
    words = re.findall(r"[a-z]+", endpoint.path.removeprefix("/v1/"))
    return "_".join([endpoint.method.lower(), *words])


def _access(endpoint: Endpoint) -> str:
    scope = endpoint.scope or ("storefront" if endpoint.path == "/v1/events" else None)
    if scope is None:
        return " Needs no key."
    return f" Needs a key with the scope `{scope}`" + (
        ", or none on this machine." if endpoint.local else "."
    )


def _security(endpoint: Endpoint) -> list[dict[str, list[str]]]:
    if endpoint.path == "/v1/events":
        return [{"key": []}, {}]  # a beacon has it in its body
    if endpoint.scope is None:
        return []
    return [{"key": []}, {}] if endpoint.local else [{"key": []}]


def _parameters(endpoint: Endpoint, schemas: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for name in _PATH_NAME.findall(endpoint.path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": "Of the product; slashes and other signs percent-encoded.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 128},
        }
    if endpoint.body is None or _has_body(endpoint):
        return
    own = schemas[endpoint.body.__name__]
    for name, schema in own["properties"].items():
        parameter = {
            "name": name,
            "in": "query",
            "required": name in own.get("required", ()),
            "schema": {key: value for key, value in schema.items() if key != "description"},
        }
        if "description" in schema:
            parameter["description"] = schema["description"]
        if _is_object(schema):  # one name for each key: refine.brand=…
            parameter |= {"style": "deepObject", "explode": True}
            ways = f"As `{name}.<field>=<value>` or `{name}[<field>]=<value>`."
            parameter["description"] = f"{ways} {schema.get('description', '')}".strip()
        yield parameter


def _is_object(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "object"


def _request_body(endpoint: Endpoint) -> dict[str, Any]:
    kinds = (endpoint.body, *endpoint.also)
    shapes, _ = msgspec.json.schema_components(kinds, ref_template=_REF)
    content: dict[str, Any] = {"schema": shapes[0] if len(kinds) == 1 else {"anyOf": list(shapes)}}
    if endpoint.examples:
        content["examples"] = {name: {"value": value} for name, value in endpoint.examples.items()}
    body: dict[str, Any] = {"required": True, "content": {"application/json": content}}
    body["description"] = f"At most {endpoint.most // 1024} KiB."
    if endpoint.path == "/v1/events":
        body["content"]["text/plain"] = {
            "schema": {"type": "string", "contentMediaType": "application/json"}
        }
    return body


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.answer is not None:
        schema: dict[str, Any] = {"$ref": _REF.format(name=endpoint.answer.__name__)}
    else:
        schema = {"type": "string"} if endpoint.media != "application/json" else {"type": "object"}
    well = {"description": endpoint.summary + ".", "content": {endpoint.media: {"schema": schema}}}
    problem = {"schema": {"$ref": _REF.format(name=Problem.__name__)}}
    problems = {status: text for status, text in _PROBLEMS.items() if _can(endpoint, status)} | dict(
        endpoint.answers
    )
    return {str(endpoint.status): well} | {
        str(status): {"description": text, "content": {MEDIA_TYPE: problem}}
        for status, text in sorted(problems.items())
    }


def _can(endpoint: Endpoint, status: int) -> bool:
    """Whether a route can answer so."""
    if status in (408, 413, 415):
        return _has_body(endpoint)
    if status == 414:
        return not _has_body(endpoint) and (endpoint.body is not None or "{" in endpoint.path)
    if status in (401, 403, 503):
        return endpoint.scope is not None or endpoint.path == "/v1/events"
    return status == 405 or endpoint.body is not None


def _version() -> str:
    try:
        return version("daogou")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"
