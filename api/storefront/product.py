"""The product page: what it is, what goes with it, what is like it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from api.storefront.cards import item_url, picture, price, shelf
from api.storefront.home import Link
from api.storefront.site import Site
from api.storefront.words import Words
from api.types import MultiBody, MultiList, SearchBody, product_of
from indexing.contracts.errors import NotFoundError
from indexing.contracts.items import CATEGORY_SEPARATOR, Item
from indexing.contracts.shop import Shop

_TOGETHER, _SIMILAR, _VARIANTS = 6, 12, 40


@dataclass(frozen=True, slots=True)
class Variant:
    """Another one of the same product."""

    label: str
    url: str
    selected: bool
    in_stock: bool


async def product(site: Site, request: Request) -> Response:
    """``/item/<id>``; ``from`` and ``at`` say which answer led here."""
    item_id = request.path_params["item_id"]
    if not 0 < len(item_id) <= 128:
        raise NotFoundError("product", item_id[:128])
    item = await site.shop.item(item_id)
    body = MultiBody(
        **site.visitor(request, "product"),
        lists=[
            MultiList(name="together", scenario="bought_together", item_ids=[item_id], limit=_TOGETHER),
            MultiList(name="similar", scenario="similar", item_ids=[item_id], limit=_SIMILAR),
        ],
    )
    lists = (await site.shop.multi(body, site.context(request))).lists
    shop = site.declaration
    reduced = item.list_price_minor is not None and item.list_price_minor > (item.price_minor or 0) > 0
    return site.render(
        request,
        "item.html",
        surface="product",
        item=item,
        picture=picture(product_of(item), item_id),
        price=price(item.price_minor, shop),
        list_price=price(item.list_price_minor, shop) if reduced else None,
        crumbs=_crumbs(item),
        brand_url="/search?" + urlencode({"f.brand": item.brand or ""}),
        variants=await _variants(site, request, item),
        facts=list(_facts(item, shop, site.words)),
        from_request=request.query_params.get("from", "")[:128],
        from_position=_position(request.query_params.get("at", "")),
        shelves=[shelf(lists[name], site.words, shop) for name in ("together", "similar")],
    )


def _crumbs(item: Item) -> list[Link]:
    return [
        Link(path.rsplit(CATEGORY_SEPARATOR, 1)[-1], "/search?" + urlencode({"f.category": path}))
        for path in item.category_paths()
    ]


def _position(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 5 and int(text) else ""


async def _variants(site: Site, request: Request, item: Item) -> list[Variant]:
    """The others of its group, named by the attributes in which they differ."""
    if item.group_id is None:
        return []
    condition = f"group_id = {json.dumps(item.group_id, ensure_ascii=False)}"
    body = SearchBody(
        surface="product", personalized=False, filter=condition, fold_variants=False, page_size=_VARIANTS
    )
    found = [one.item for one in (await site.shop.search(body, site.context(request))).items]
    names = {name for one in found for name in one.attributes}
    differ = sorted(n for n in names if len({str(one.attributes.get(n)) for one in found}) > 1)
    variants = [
        Variant(
            " · ".join(_text(one.attributes[n], site.words) for n in differ if n in one.attributes)
            or (one.title or ""),
            item_url(one.item_id or ""),
            one.item_id == item.item_id,
            one.in_stock is not False,
        )
        for one in sorted(found, key=lambda one: one.item_id or "")
    ]
    return variants if len(variants) > 1 else []


def _facts(item: Item, shop: Shop, words: Words) -> Iterator[tuple[str, str]]:
    """Brand and attributes, the declared ones first and under their labels."""
    if item.brand:
        yield words["brand"], item.brand
    declared = [one.name for one in shop.attributes if one.name in item.attributes]
    for name in [*declared, *(n for n in item.attributes if n not in declared)]:
        attribute = shop.attribute(name)
        yield (attribute.label if attribute else "") or name, _text(item.attributes[name], words)


def _text(value: object, words: Words) -> str:
    if isinstance(value, bool):
        return words["true" if value else "false"]
    return words["comma"].join(map(str, value)) if isinstance(value, list) else str(value)
