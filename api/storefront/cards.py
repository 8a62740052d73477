"""Cards and shelves: what the templates draw, from what the API answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from markupsafe import Markup

from api.storefront.money import money
from api.storefront.pictures import picture_of
from api.storefront.words import Words
from api.types import FoundItem, Product, RecommendAnswer, RecommendedItem, SearchAnswer
from indexing.contracts.shop import Shop
from recsys.reasons import TEXTS

_EMPTY = frozenset(TEXTS["more"].values())


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
    return given if given.startswith(("https://", "/pictures/")) else picture_of(item_id, item.title or "")


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


def shelf(
    answer: RecommendAnswer, words: Words, shop: Shop, *, title: str = "", more: str | None = None
) -> Shelf:
    """A list of recommendation, each place with its reason."""
    names = {"home": "home_list", "cart": "cart_list"}
    cards = (
        _card(one, answer.request_id, shop, title=one.item.title or one.item_id, reason=one.reason.text)
        for one in answer.items
    )
    name = title or words[names.get(answer.scenario, answer.scenario)]
    return Shelf(answer.scenario, name, _without_plain_reasons(tuple(cards), name), more)


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


def _without_plain_reasons(cards: Sequence[Card], name: str) -> tuple[Card, ...]:
    """A reason that only repeats the shelf's title, or only fills it up, says nothing."""
    return tuple(replace(card, reason=None) if card.reason in {name, *_EMPTY} else card for card in cards)
