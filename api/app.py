"""The application of one worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.demo import page_key
from api.edge import Edge
from api.openapi import describe
from api.problems import respond
from api.service import Storekeeper
from api.settings import Settings
from api.sources import LiveSource
from api.v1 import ENDPOINTS, routes
from api.view import Source
from indexing.contracts.errors import InputError
from indexing.journal import Journal, open_journal


def create_app(
    settings: Settings, *, journal: Journal | None = None, source: Source | None = None
) -> FastAPI:
    """The service of one shop.

    Args:
        settings: of the process.
        journal: opened here, and closed at the end, when none is given.
        source: of snapshots.
    """
    own = journal is None
    opened = open_journal(settings.home) if journal is None else journal
    shop = Storekeeper(settings, opened, source or LiveSource(settings.home))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await shop.start()
        yield
        await shop.stop()
        if own:
            opened.close()

    app = FastAPI(
        title="daogou",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.shop = shop
    app.openapi = lambda: describe(ENDPOINTS)  # type: ignore[method-assign]
    app.router.routes.extend(routes())
    if settings.storefront:
        from api.storefront import Site, storefront_routes

        site = Site(shop, key=page_key(settings, opened), demo=(settings.home / "truth").is_dir())
        app.router.routes.extend(storefront_routes(site))
    app.add_exception_handler(HTTPException, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_middleware(Edge, shop=shop)
    return app


async def _problem(request: Request, error: Exception) -> Response:
    """What the framework itself refuses, in our shape."""
    return respond(error, request_id=request.state.request_id)


async def _invalid(request: Request, error: Exception) -> Response:
    """FastAPI's own 422 is a 400 here: one status for what is wrong with a request."""
    assert isinstance(error, RequestValidationError)
    first: dict[str, Any] = dict(error.errors()[0]) if error.errors() else {}
    field = ".".join(str(part) for part in first.get("loc", ())[1:])
    fault = InputError(f"{field}: {first.get('msg', 'is wrong')}", field=field or None, code="invalid")
    return respond(fault, request_id=request.state.request_id)
