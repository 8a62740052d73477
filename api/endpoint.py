"""A route as data: what it takes, what it answers, who may call it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api import bodies
from api.keys import Caller, Visit, bearer, is_loopback
from api.service.context import Context, language_of
from indexing.journal import Scope as KeyScope

if TYPE_CHECKING:
    from api.service import Storekeeper

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Reading = Literal["typed", "any", "none"]
_FRESH = {"Cache-Control": "no-store"}
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a route.

    Attributes:
        caller: None on routes that are open.
        body: as the endpoint reads it, None where it takes none.
    """

    request: Request
    shop: Storekeeper
    caller: Caller | None = None
    body: Any = None

    @property
    def item_id(self) -> str:
        """Of the path."""
        return str(self.request.path_params["item_id"])

    @property
    def context(self) -> Context:
        """What the service wants to know besides the body."""
        return Context(
            request_id=self.request.state.request_id,
            language=language_of(self.request.headers.get("accept-language")),
            trusted=self.caller is not None and not self.caller.is_browser,
        )


Handler = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of a path.

    Attributes:
        scope: that a key needs; None: open to everybody, or the handler decides.
        local: callers on this machine need no key.
        body: the type of the body (of the query string when the method is GET or DELETE).
        also: types that the body may have instead.
        reading: ``typed`` decodes to ``body``; ``any`` to plain JSON, for what reads row by row; ``none``
            leaves it to the handler.
        answer: the type of the answer; None: not JSON, see ``media``.
        status: of an answer that is well.
        most: bytes of the body.
        examples: bodies by name, for the description.
        answers: further statuses of interest, with a sentence.
    """

    method: Method
    path: str
    handler: Handler
    summary: str
    description: str
    scope: KeyScope | None
    local: bool = False
    body: Any = None
    also: tuple[Any, ...] = ()
    reading: Reading = "typed"
    answer: Any = None
    status: int = 200
    media: str = "application/json"
    most: int = bodies.SMALL
    tag: str = "shop"
    examples: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[int, str] = field(default_factory=dict)

    async def answered(self, request: Request) -> Response:
        """Admit, read, handle, encode."""
        shop: Storekeeper = request.app.state.shop
        visit = visit_of(request)
        caller = None
        if self.scope is not None and not (
            self.local and visit.token is None and is_loopback(visit.address)
        ):
            caller = shop.keys.admit(visit, self.scope)
        scope = request.scope
        bodies.check_address(scope.get("raw_path") or b"", scope["query_string"])
        call = Call(request, shop, caller)
        if self.body is not None and self.reading != "none":
            call = replace(call, body=await self._body(request))
        answer = await self.handler(call)
        if isinstance(answer, Response):
            return answer
        return Response(_encode(answer), self.status, _FRESH, "application/json")

    async def _body(self, request: Request) -> Any:
        if self.method in ("GET", "DELETE"):
            return bodies.from_query(request.query_params, self.body)
        body = await bodies.read_bytes(request, most=self.most)
        decoder = decoder_of(self.body if self.reading == "typed" else Any)
        if len(body) > bodies.SMALL:  # a large one would keep every other request of the worker waiting
            return await asyncio.to_thread(bodies.decode, body, decoder)
        return bodies.decode(body, decoder)


class Path:
    """All methods of one path, as an ASGI application: Starlette's own way costs a third of the rate."""

    def __init__(self, path: str, endpoints: Sequence[Endpoint]) -> None:
        self.path = path
        self._by_method = {endpoint.method: endpoint for endpoint in endpoints}
        if "GET" in self._by_method:
            self._by_method["HEAD"] = self._by_method["GET"]  # type: ignore[index]
        self._allow = ", ".join(sorted(self._by_method))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._by_method.get(scope["method"])
        if endpoint is None:
            raise HTTPException(405, headers={"Allow": self._allow})
        response = await endpoint.answered(Request(scope, receive, send))
        await response(scope, receive, send)


def visit_of(request: Request, *, token: str | None = None) -> Visit:
    """Where a request comes from; ``token`` of a beacon's body counts when there is no header."""
    header = request.headers.get("authorization")
    address = request.client.host if request.client else ""
    return Visit(bearer(header) if header else token, request.headers.get("origin"), address)


@lru_cache
def decoder_of(kind: Any) -> msgspec.json.Decoder[Any]:
    """The decoder of a type, made once."""
    return msgspec.json.Decoder(kind)
