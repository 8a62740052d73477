"""The cart and the order: forms that work without a script. The pages' snippet reports what happened."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.storefront.cards import item_url, picture, price, shelf
from api.storefront.cart import Cart
from api.storefront.messages import instead
from api.storefront.site import Site
from api.types import RecommendBody, product_of
from indexing.contracts.errors import NotFoundError
from indexing.contracts.items import Item

_ADD_ONS = 12
_SEE_OTHER = 303
_FRESH = {"Cache-Control": "private, no-store"}  # on the way back, too
ORDER_COOKIE = "dg_order"


@dataclass(frozen=True, slots=True)
class CartLine:
    """A product in the cart, as the page shows it."""

    item_id: str
    title: str
    url: str
    picture: str
    price: str | None
    quantity: int
    in_stock: bool


async def cart(site: Site, request: Request) -> Response:
    """``/cart``: its lines, the total of what can be ordered, and what goes well with it."""
    held = Cart.read(request)
    items = await _items(site, held)
    sold = held.only(item.item_id for item in items)
    shop = site.declaration
    body = RecommendBody(
        **site.visitor(request, "cart"),
        scenario="cart" if items else "home",
        item_ids=[item.item_id for item in items],
        limit=_ADD_ONS,
    )
    found = await site.shop.recommend(body, site.context(request))
    response = site.render(
        request,
        "cart.html",
        surface="cart",
        cart_count=sold.count,
        lines=[_line(site, item, held.lines[item.item_id]) for item in items],
        total=price(_total(items, held), shop) if any(item.in_stock for item in items) else None,
        added=request.query_params.get("added") == "1",
        shelves=[shelf(found, site.words, shop)],
    )
    response.headers.update(_FRESH)
    if sold != held:
        sold.write(response)
    return response


async def add(site: Site, request: Request) -> Response:
    """``POST /cart/add``."""
    form = await request.form(max_files=0, max_fields=10)
    item_id = str(form.get("item_id", ""))
    item = await site.shop.item(item_id[:128])  # what is not sold cannot be put in
    if not item.in_stock:
        return RedirectResponse(item_url(item_id), status_code=_SEE_OTHER)
    held = Cart.read(request)
    response = RedirectResponse("/cart?added=1", status_code=_SEE_OTHER)
    held.changed(item_id, held.lines.get(item_id, 0) + 1).write(response)
    return response


async def change(site: Site, request: Request) -> Response:
    """``POST /cart/set``: a quantity, or ``remove``."""
    del site
    form = await request.form(max_files=0, max_fields=10)
    given = str(form.get("quantity", ""))
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 1
    response = RedirectResponse("/cart", status_code=_SEE_OTHER)
    quantity = 0 if form.get("remove") else number
    Cart.read(request).changed(str(form.get("item_id", ""))[:128], quantity).write(response)
    return response


async def checkout(site: Site, request: Request) -> Response:
    """``POST /cart/checkout``: the demo takes no money, so this is the order; the sold out stays."""
    held = Cart.read(request)
    items = await _items(site, held)
    order = held.only(item.item_id for item in items if item.in_stock)
    if not order.lines:
        return RedirectResponse("/cart", status_code=_SEE_OTHER)
    response = RedirectResponse(f"/thanks?order={secrets.token_hex(8)}", status_code=_SEE_OTHER)
    held.only(item.item_id for item in items if not item.in_stock).write(response)
    response.set_cookie(
        ORDER_COOKIE, order.text(), max_age=300, samesite="lax", httponly=True, path="/thanks"
    )
    return response


async def thanks(site: Site, request: Request) -> Response:
    """``/thanks``: the order, once, for the snippet to report."""
    order = Cart.of(request.cookies.get(ORDER_COOKIE, ""))
    items = await _items(site, order)
    response = site.render(
        request,
        "thanks.html",
        surface="thanks",
        order_id=request.query_params.get("order", "")[:32],
        value=_total(items, order),
        items=[(one.item_id, one.price_minor, order.lines[one.item_id]) for one in items],
        shelves=await instead(site, request, "thanks"),
    )
    response.headers.update(_FRESH)
    response.delete_cookie(ORDER_COOKIE, path="/thanks")
    return response


async def _items(site: Site, held: Cart) -> list[Item]:
    """What is still sold of the cart."""

    async def one(item_id: str) -> Item | None:
        try:
            return await site.shop.item(item_id)
        except NotFoundError:
            return None

    return [item for item in await asyncio.gather(*map(one, held.lines)) if item is not None]


def _line(site: Site, item: Item, quantity: int) -> CartLine:
    return CartLine(
        item.item_id,
        item.title,
        item_url(item.item_id),
        picture(product_of(item), item.item_id),
        price(item.price_minor, site.declaration),
        quantity,
        item.in_stock,
    )


def _total(items: list[Item], held: Cart) -> int:
    return sum((item.price_minor or 0) * held.lines[item.item_id] for item in items if item.in_stock)
