"""Every page and file of the storefront, by address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.storefront import assets, cart_pages, home, messages, product, results
from api.storefront.site import Site

Page = Callable[[Site, Request], Awaitable[Response]]
_PACKED = (Middleware(GZipMiddleware, minimum_size=500, compresslevel=5),)


def storefront_routes(site: Site) -> list[Route]:
    """The last one takes every address that is nobody else's."""
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
        *(
            Route(path, _guarded(site, page), methods=[method], middleware=_PACKED)
            for path, page, method in pages
        ),
        Route("/assets/{name}", assets.asset, middleware=_PACKED),
        Route("/pictures/{kind}/{tint}/{seed}.svg", assets.picture, middleware=_PACKED),
        Route("/{path:path}", _guarded(site, messages.nowhere)),
    ]


def _guarded(site: Site, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await page(site, request)
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - a page is shown whatever happens; the log has the rest
            return await messages.trouble(site, request, error)

    return answer
