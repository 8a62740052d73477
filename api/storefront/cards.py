"""Cards and shelves: what the templates draw, from what the API answers."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from markupsafe import Markup

from api.storefront.money import money
from api.storefront.pictures import is_drawn, picture_of
from api.storefront.words import Words
from api.types import FoundItem, Product, RecommendAnswer, RecommendedItem, SearchAnswer
from indexing.contracts.shop import Shop

_NAMES = {"home": "home_list", "cart": "cart_list"}
_SAYS_NOTHING = {
    "home": "for_you",
    "trending": "trending",
    "new": "fresh",
    "recently_viewed": "viewed",
    "similar": "similar",
    "bought_together": "bought_together",
}
"""By scenario the reason that only repeats the shelf's title."""


@dataclass(frozen=True, slots=True)
class Card:
    """One product in a list. ``title`` may hold ``<mark>``, all else is text."""

    item_id: str
    url: str
    picture: str
    title: str | Markup
    price: str | None
    list_price: str | None
    rating: str | None
    in_stock: bool
    reason: str | None
    variants: int
    position: int
    request_id: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A titled list. ``more``: address of its next page."""

    scenario: str
    title: str
    cards: tuple[Card, ...]
    more: str | None = None


def item_url(item_id: str, request_id: str = "", position: int = 0) -> str:
    """A product's page; it says which answer led there."""
    trail = urlencode({"from": request_id, "at": position}) if request_id else ""
    return f"/item/{quote(item_id, safe='')}" + (f"?{trail}" if trail else "")


def picture(item: Product, item_id: str) -> str:
    """Its own picture when that may be shown, else a drawn one."""
    given = item.image_url or ""
    return (
        given if given.startswith("https://") or is_drawn(given) else picture_of(item_id, item.title or "")
    )


def price(minor: int | None, shop: Shop) -> str | None:
    """As people read it; None: not known."""
    return None if minor is None else money(minor, shop.currency, shop.minor_digits)


def found_card(one: FoundItem, answer: SearchAnswer, shop: Shop) -> Card:
    """A place of a result page, what matched marked in its title."""
    marked = next((h.html for h in one.highlights if h.field == "title"), None)
    title = one.item.title or one.item_id
    # the API escapes the title and adds <mark>: the only markup that is let through
    return _card(
        one,
        answer.request_id,
        shop,
        title=Markup(marked) if marked else title,  # noqa: S704
        variants=one.variants + 1,
    )


def shelf(answer: RecommendAnswer, words: Words, shop: Shop, *, more: str | None = None) -> Shelf:
    """A list of recommendation, each place with its reason."""
    plain = {_SAYS_NOTHING.get(answer.scenario), "more"}
    cards = tuple(
        _card(
            one,
            answer.request_id,
            shop,
            title=one.item.title or one.item_id,
            reason=None if one.reason.code in plain else one.reason.text,
        )
        for one in answer.items
    )
    return Shelf(answer.scenario, words[_NAMES.get(answer.scenario, answer.scenario)], cards, more)


def _card(
    one: FoundItem | RecommendedItem,
    request_id: str,
    shop: Shop,
    *,
    title: str | Markup,
    reason: str | None = None,
    variants: int = 1,
) -> Card:
    item = one.item
    reduced = item.list_price_minor is not None and item.list_price_minor > (item.price_minor or 0) > 0
    return Card(
        item_id=one.item_id,
        url=item_url(one.item_id, request_id, one.position),
        picture=picture(item, one.item_id),
        title=title,
        price=price(item.price_minor, shop),
        list_price=price(item.list_price_minor, shop) if reduced else None,
        rating=f"{item.rating:.1f}" if item.rating is not None else None,
        in_stock=item.in_stock is not False,
        reason=reason,
        variants=variants,
        position=one.position,
        request_id=request_id,
    )
