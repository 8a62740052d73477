"""Routes from endpoints: plain Starlette ones, for they carry two to three times the requests."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import msgspec
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.responses import Response
from starlette.routing import Route

from api.endpoint import Call, Endpoint, Path
from api.openapi import describe
from api.v1.endpoints import ENDPOINTS

_ALIASES = {"/v1/items:bulk": "/v1/items/bulk", "/metrics": "/v1/metrics"}


async def description(_call: Call) -> Response:
    """The OpenAPI description."""
    return Response(_description(), media_type="application/json")


@cache
def _description() -> bytes:
    return msgspec.json.encode(describe(ENDPOINTS))


OWN = Endpoint(
    "GET", "/v1/openapi.json", description, "This description", "OpenAPI 3.1.", None, tag="status"
)


class _Id(PathConvertor):
    """Ids may hold slashes, and line breaks too, which a path of Starlette's may not."""

    regex = r"[\s\S]*"


register_url_convertor("id", _Id())


def routes() -> list[Route]:
    """All routes, the busiest first."""
    by_path: defaultdict[str, list[Endpoint]] = defaultdict(list)
    for endpoint in (*ENDPOINTS, OWN):
        by_path[endpoint.path].append(endpoint)
    for alias, path in _ALIASES.items():
        by_path[alias] = by_path[path]
    return [Route(_pattern(path), Path(path, endpoints)) for path, endpoints in by_path.items()]


def _pattern(path: str) -> str:
    return path.replace("{item_id}", "{item_id:id}")
