"""Files of the pages, and drawn pictures: the same for ever under one address, so kept for ever."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.storefront.pictures import draw
from api.storefront.site import HERE

_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
_TYPES = {"shop.css": "text/css", "shop.js": "text/javascript", "mark.svg": "image/svg+xml"}


async def asset(request: Request) -> Response:
    """One of the files named here; nothing else can be asked for."""
    name = request.path_params["name"]
    if name not in _TYPES:
        return Response(status_code=404)
    return FileResponse(HERE / "assets" / name, media_type=_TYPES[name], headers=_FOR_EVER)


async def picture(request: Request) -> Response:
    """A drawn picture; a seed that is no number is drawn as 0."""
    given = request.path_params
    body = draw(given["kind"][:20], given["tint"][:20], _number(given["seed"]))
    headers = {**_FOR_EVER, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(body, media_type="image/svg+xml", headers=headers)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
