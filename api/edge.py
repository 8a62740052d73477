"""The outermost layer: a request id, CORS, counting, and no error without the one shape."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bodies import LONGEST_ADDRESS
from api.problems import BodyError, Overloaded, is_of_this_machine, respond
from api.service.context import new_request_id
from indexing.contracts.errors import DaogouError

if TYPE_CHECKING:
    from api.service import Storekeeper

_log = structlog.get_logger("api")
_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept-Language",
    "Access-Control-Expose-Headers": "X-Request-Id, Retry-After",
    "Access-Control-Max-Age": "600",
}
_SAFE = {"X-Content-Type-Options": "nosniff"}


class Edge:
    """Wraps the application; plain ASGI, for it is on every request's way.

    Args:
        shop: has keys (for CORS) and metrics.
    """

    def __init__(self, app: ASGIApp, *, shop: Storekeeper) -> None:
        self._app = app
        self._shop = shop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = new_request_id()
        scope.setdefault("state", {})["request_id"] = request_id
        headers = Headers(scope=scope)
        outgoing = _Outgoing(send, self._cors(headers), request_id)
        began = time.perf_counter()
        try:
            early = self._early(scope, headers)
            if early is not None:
                await early(scope, receive, outgoing)
            else:
                await self._app(scope, receive, outgoing)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets the one shape
            self._tell(error, scope, request_id)
            if outgoing.status == 0:
                await respond(error, request_id=request_id)(scope, receive, outgoing)
        self._count(scope, outgoing.status, time.perf_counter() - began)

    def _early(self, scope: Scope, headers: Headers) -> Response | None:
        """Answers that need no route: preflights, and addresses beyond all measure."""
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            raise BodyError(
                f"the address is longer than {LONGEST_ADDRESS} bytes; use POST", status=414, code="too_long"
            )
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            return Response(status_code=204)
        return None

    def _cors(self, headers: Headers) -> dict[str, str]:
        """What a browser needs to hand the answer to a page of another origin."""
        origin = headers.get("origin")
        if origin is None:
            return _SAFE
        if not self._shop.keys.allows_origin(origin):
            return _SAFE | {"Vary": "Origin"}
        return _SAFE | _ALLOWED | {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}

    def _tell(self, error: Exception, scope: Scope, request_id: str) -> None:
        if isinstance(error, Overloaded):
            self._shop.metrics.shed.inc()
        if is_of_this_machine(error):
            _log.error("request failed", request_id=request_id, route=_route(scope), detail=str(error))
            return
        if isinstance(error, DaogouError) and error.status != 500:
            return
        _log.error("request failed", request_id=request_id, route=_route(scope), exc_info=error)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route, metrics = _route(scope), self._shop.metrics
        metrics.requests.labels(route, scope["method"] if route else "", status).inc()
        if route:
            metrics.seconds.labels(route).observe(seconds)
        if status >= 400 or seconds > 1.0:
            _log.info(
                "request",
                request_id=scope["state"]["request_id"],
                route=route,
                status=status,
                ms=round(seconds * 1e3, 1),
            )


class _Outgoing:
    """Adds headers to what is sent, and sees how it ends."""

    __slots__ = ("_headers", "_send", "status")

    def __init__(self, send: Send, headers: dict[str, str], request_id: str) -> None:
        self._send = send
        self._headers = headers | {"X-Request-Id": request_id}
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message).update(self._headers)
        await self._send(message)


def _route(scope: Scope) -> str:
    """The route's own path, not what was asked for: addresses hold ids, and labels must be few."""
    endpoint = scope.get("endpoint")
    return str(getattr(endpoint, "path", "")) if endpoint is not None else ""
