"""The home page: what this shopper may want, what sells, what is new, what was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from api.storefront.cards import Shelf, shelf
from api.storefront.site import Site
from api.types import MultiBody, MultiList, RecommendAnswer, RecommendBody, SearchBody
from indexing.contracts.errors import InputError

_HOME, _SHORT = 24, 8  # 24 fills rows of 2, 3, 4 and 6
_AISLES = 16
_LONGEST_CURSOR = 8_000


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads."""

    label: str
    url: str


async def home(site: Site, request: Request) -> Response:
    """``/``; with ``more`` the next page of 猜你喜欢."""
    body = MultiBody(
        **site.visitor(request, "home"),
        lists=[
            MultiList(name="recent", scenario="recently_viewed", limit=_SHORT),
            MultiList(name="home", scenario="home", limit=_HOME),
            MultiList(name="trending", scenario="trending", limit=_SHORT),
            MultiList(name="new", scenario="new", limit=_SHORT),
        ],
    )
    lists = (await site.shop.multi(body, site.context(request))).lists
    further = await _further(site, request)
    words, shop = site.words, site.declaration
    first = further or lists["home"]
    shelves: list[Shelf] = [
        shelf(first, words, shop, more="/?" + urlencode({"more": first.cursor}) if first.cursor else None),
        shelf(lists["recent"], words, shop),
        shelf(lists["trending"], words, shop),
        shelf(lists["new"], words, shop),
    ]
    return site.render(
        request, "home.html", surface="home", shelves=shelves, categories=await aisles(site, request)
    )


async def aisles(site: Site, request: Request) -> list[Link]:
    """The top of the category tree, largest first."""
    body = SearchBody(
        surface="home", personalized=False, page_size=1, facets=["category"], max_facet_values=200
    )
    answer = await site.shop.search(body, site.context(request))
    tops = [one for one in answer.facets.get("category", []) if one.depth == 0]
    return [Link(one.label, "/search?" + urlencode({"f.category": one.value})) for one in tops[:_AISLES]]


async def _further(site: Site, request: Request) -> RecommendAnswer | None:
    """The next page of the list; an address that is too old shows the first one again."""
    cursor = request.query_params.get("more", "")
    if not cursor or len(cursor) > _LONGEST_CURSOR:
        return None
    body = RecommendBody(**site.visitor(request, "home"), scenario="home", cursor=cursor, limit=_HOME)
    try:
        return await site.shop.recommend(body, site.context(request))
    except InputError:
        return None
