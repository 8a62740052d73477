"""What every page shares: who is looking, templates, headers, and how it ends when something is wrong."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from api.service.context import Context, language_of
from api.storefront.cart import Cart
from api.storefront.words import WORDS, Words
from indexing.contracts.errors import DaogouError, NotFoundError
from indexing.contracts.shop import Shop

if TYPE_CHECKING:
    from api.service import Storekeeper

HERE = Path(__file__).parent
CLIENT_COOKIE = "dg_client"
CONSENT_COOKIE = "dg_consent"
_CLIENT = re.compile(r"[A-Za-z0-9_-]{8,64}")
_YEAR = 365 * 86_400
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' https: data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
_log = structlog.get_logger("api.storefront")
Page = Callable[["Site", Request], Awaitable[Response]]


class Site:
    """The pages of a shop.

    Args:
        shop: the service that the API uses too.
        key: the browser's key, put into the pages for their scripts; None: pages without events.
        demo: say that everything here is generated.
    """

    def __init__(self, shop: Storekeeper, *, key: str | None = None, demo: bool = False) -> None:
        self.shop = shop
        self._key = key
        self._demo = demo
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def declaration(self) -> Shop:
        """Currency, language, attributes."""
        return self.shop.declaration

    @property
    def words(self) -> Words:
        """What the pages say, in the shop's language."""
        return WORDS[self.declaration.language]

    def context(self, request: Request) -> Context:
        """Of an answer for this page; reasons are given in the page's own language."""
        del request
        return Context(language=language_of(self.declaration.language))

    def visitor(self, request: Request, surface: str) -> dict[str, Any]:
        """Who is looking, as the API's bodies take it."""
        return {
            "client_id": client_of(request),
            "consent": request.cookies.get(CONSENT_COOKIE) != "no",
            "surface": surface,
        }

    def render(
        self, request: Request, template: str, *, surface: str, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page. Everything in it is escaped unless it is ``Markup``."""
        body = self._templates.get_template(template).render(
            words=self.words,
            shop=self.declaration,
            surface=surface,
            key=self._key,
            demo=self._demo,
            assets=assets_version(),
            cart_count=Cart.read(request).count,
            **{"query": "", "shelves": (), **values},
        )
        response = HTMLResponse(body, status_code=status, headers=_HEADERS)
        if request.cookies.get(CLIENT_COOKIE) != client_of(request):
            response.set_cookie(
                CLIENT_COOKIE, client_of(request), max_age=_YEAR, samesite="lax", secure=_secure(request)
            )
        return response

    def trouble(self, request: Request, error: Exception) -> HTMLResponse:
        """A page that says what is wrong, and nothing of how."""
        status = error.status if isinstance(error, DaogouError) else 500
        words = self.words
        if isinstance(error, NotFoundError):
            message = words["item_gone"]
        else:
            message = words["not_ready"] if status == 503 else words["wrong"]
        if status >= 500 and status != 503:
            _log.error("page_failed", path=request.url.path, exc_info=error)
        return self.render(request, "message.html", surface="message", status=status, message=message)


def client_of(request: Request) -> str:
    """The browser's own random id: its cookie's, or a new one, the same for the whole request."""
    given = request.cookies.get(CLIENT_COOKIE, "")
    if _CLIENT.fullmatch(given):
        return given
    made: str | None = getattr(request.state, "client_id", None)
    if made is None:
        made = request.state.client_id = secrets.token_urlsafe(18)
    return made


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"


@lru_cache(maxsize=1)
def assets_version() -> str:
    """Changes when a file of the pages does, so that browsers may keep them for ever."""
    digest = blake2b(digest_size=5)
    for path in sorted((HERE / "assets").iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def storefront_routes(site: Site) -> list[Route]:
    """Every page and file of the storefront."""
    from api.storefront import assets, cart_pages, home, product, results

    pages: list[tuple[str, Page, str]] = [
        ("/", home.home, "GET"),
        ("/search", results.results, "GET"),
        ("/suggestions", results.suggestions, "GET"),
        ("/item/{item_id:path}", product.product, "GET"),
        ("/cart", cart_pages.cart, "GET"),
        ("/cart/add", cart_pages.add, "POST"),
        ("/cart/set", cart_pages.change, "POST"),
        ("/cart/checkout", cart_pages.checkout, "POST"),
        ("/thanks", cart_pages.thanks, "GET"),
    ]
    return [
        *(Route(path, _guarded(site, page), methods=[method]) for path, page, method in pages),
        Route("/assets/{name}", assets.asset),
        Route("/pictures/{kind}/{hue}/{seed}.svg", assets.picture),
        Route("/{path:path}", _guarded(site, _nowhere)),
    ]


async def _nowhere(site: Site, request: Request) -> Response:
    """Any other address: a page for people, the API's own answer for programs."""
    if request.url.path.startswith("/v1") or "text/html" not in request.headers.get("accept", ""):
        raise HTTPException(404)
    message = site.words["not_found"]
    return site.render(request, "message.html", surface="message", status=404, message=message)


def _guarded(site: Site, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await page(site, request)
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - a page is shown whatever happens; the log has the rest
            return site.trouble(request, error)

    return answer
