"""Health, metrics, the snippet, the description."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.responses import Response

from api.endpoint import Call
from api.problems import NotReady
from api.types import Health

_SPARE = re.compile(r"\A/\*.*?\*/\n|^[ ]*//[^\n]*\n|^[ ]+", re.DOTALL | re.MULTILINE)
_SNIPPET = Path(__file__).with_name("daogou.js")


async def live(_call: Call) -> Health:
    """The process answers; nothing else is looked at."""
    return Health("ok")


async def ready(call: Call) -> Health:
    """Whether this worker can answer everything now.

    Raises:
        NotReady: with what is missing.
    """
    shop = call.shop
    missing = await shop.standing.missing()
    if missing:
        raise NotReady(missing)
    view = shop.views.current
    return Health("ok", view.version if view else None, shop.standing.hints())


async def metrics(call: Call) -> Response:
    """What Prometheus reads."""
    shop = call.shop
    shop.standing.measure(shop.metrics)
    return Response(shop.metrics.text(), media_type=shop.metrics.media_type)


async def snippet(call: Call) -> Response:
    """The script of a storefront's pages."""
    body, tag = _snippet()
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    if call.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="text/javascript")


def lean(script: str) -> str:
    """A script without its comments and indents, for the wire. Our own: no text of it spans lines.

    >>> lean("/* head */\\n  f(); // kept\\n  // gone\\n")
    'f(); // kept\\n'
    """
    return _SPARE.sub("", script)


@cache
def _snippet() -> tuple[bytes, str]:
    body = lean(_SNIPPET.read_text(encoding="utf-8")).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'
