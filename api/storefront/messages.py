"""Pages that say that something is not there or went wrong, and offer something else."""

from __future__ import annotations

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.storefront.cards import Shelf, shelf
from api.storefront.site import Site
from api.types import RecommendBody
from indexing.contracts.errors import DaogouError, NotFoundError

_INSTEAD = 12
_log = structlog.get_logger("api.storefront")


async def instead(site: Site, request: Request, surface: str) -> list[Shelf]:
    """What this shopper may want, for a page that has nothing else to show."""
    body = RecommendBody(**site.visitor(request, surface), scenario="home", limit=_INSTEAD)
    return [shelf(await site.shop.recommend(body, site.context(request)), site.words, site.declaration)]


async def nowhere(site: Site, request: Request) -> Response:
    """Any other address: a page for people, the API's own answer for programs."""
    if request.url.path.startswith("/v1") or "text/html" not in request.headers.get("accept", ""):
        raise HTTPException(404)
    return await _missing(site, request, site.words["not_found"])


async def trouble(site: Site, request: Request, error: Exception) -> HTMLResponse:
    """A page that says what is wrong, and nothing of how."""
    words = site.words
    if isinstance(error, NotFoundError):
        return await _missing(site, request, words["item_gone"])
    status = error.status if isinstance(error, DaogouError) else 500
    message = words["not_ready"] if status == 503 else words["wrong"]
    if status >= 500 and status != 503:
        _log.error("page_failed", path=request.url.path, exc_info=error)
    return site.render(request, "message.html", surface="message", status=status, message=message)


async def _missing(site: Site, request: Request, message: str) -> HTMLResponse:
    try:
        shelves = await instead(site, request, "message")
    except DaogouError:  # the page is missing in a shop that is not built, too
        shelves = []
    return site.render(
        request, "message.html", surface="message", status=404, message=message, shelves=shelves
    )
