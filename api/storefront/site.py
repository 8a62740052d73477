"""What every page shares: who is looking, templates, headers."""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.problems import NotReady
from api.service.context import Context, language_of
from api.storefront.cart import Cart
from api.storefront.words import WORDS, Words
from indexing.contracts.shop import Shop

if TYPE_CHECKING:
    from api.service import Storekeeper

HERE = Path(__file__).parent
CLIENT_COOKIE = "dg_client"
CONSENT_COOKIE = "dg_consent"
_CLIENT = re.compile(r"[A-Za-z0-9_-]{8,64}")
_YEAR = 365 * 86_400
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' https:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # asked for again each time, yet kept for the way back: "no-store" would take that away
    "Cache-Control": "private, no-cache",
}


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
        """Currency, language, attributes; the defaults where a page has only to say what is wrong."""
        try:
            return self.shop.declaration
        except NotReady:
            return Shop()

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
            **{"query": "", "shelves": (), "cart_count": Cart.read(request).count, **values},
        )
        response = HTMLResponse(body, status_code=status, headers=_HEADERS)
        if request.cookies.get(CLIENT_COOKIE) != client_of(request):
            response.set_cookie(
                CLIENT_COOKIE, client_of(request), max_age=_YEAR, samesite="lax", secure=_secure(request)
            )
        return response


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
