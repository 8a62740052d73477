"""Events, from ``fetch`` with a key in the header or from ``sendBeacon`` with the key in the body."""

from __future__ import annotations

import asyncio
from typing import Any

from api import bodies
from api.endpoint import Call, decoder_of, visit_of
from api.keys import Caller
from api.service import Context, Envelope, open_envelope
from api.types import EventsAnswer

_BEACON = frozenset({"text/plain"})


async def events(call: Call) -> EventsAnswer:
    """Take a batch in. A beacon cannot set headers, so its key is read from the body."""
    request, shop = call.request, call.shop
    if bodies.media_type(request) in _BEACON and "authorization" not in request.headers:
        envelope = await _envelope(call)
        caller = shop.keys.admit(visit_of(request, token=envelope.key), "storefront")
    else:
        caller = shop.keys.admit(visit_of(request), "storefront")
        envelope = await _envelope(call)
    return await shop.record(envelope, _context(call, caller))


async def _envelope(call: Call) -> Envelope:
    body = await bodies.read_bytes(
        call.request, most=bodies.EVENTS, media_types=bodies.JSON_TYPES | _BEACON
    )
    decoder = decoder_of(Any)
    if len(body) > bodies.SMALL:
        return open_envelope(await asyncio.to_thread(bodies.decode, body, decoder))
    return open_envelope(bodies.decode(body, decoder))


def _context(call: Call, caller: Caller) -> Context:
    return Call(call.request, call.shop, caller).context
