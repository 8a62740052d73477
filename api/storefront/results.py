"""The result page: highlights, facets, filters, sort and pages, all of it addresses; and suggestions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.storefront.cards import found_card, item_url
from api.storefront.home import Link
from api.storefront.messages import instead
from api.storefront.money import money
from api.storefront.site import Site
from api.storefront.state import LAST_PAGE, PAGE_SIZE, SORTS, State
from api.storefront.words import Words
from api.types import FacetValue, SearchAnswer, SearchBody, SuggestBody, Suggestion
from indexing.contracts.columns import facet_fields
from indexing.contracts.items import CATEGORY_SEPARATOR
from indexing.contracts.shop import Shop

_VALUES, _OPEN = 60, 8
_SUGGESTIONS = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet value, and the address that toggles it."""

    label: str
    url: str
    count: int
    selected: bool
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet; ``hidden`` are the values behind "more"."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    hidden: tuple[Choice, ...]


async def results(site: Site, request: Request) -> Response:
    """``/search``."""
    shop = site.declaration
    fields = facet_fields(shop)
    state = State.read(request.query_params, fields=fields, minor_digits=shop.minor_digits)
    answer = await site.shop.search(_body(site, request, state), site.context(request))
    if answer.redirect:
        return RedirectResponse(answer.redirect, status_code=302)
    words, digits = site.words, shop.minor_digits
    return site.render(
        request,
        "results.html",
        surface="search",
        query=state.query,
        request_id=answer.request_id,
        total=answer.total,
        heading=_heading(state, answer, words),
        cards=[found_card(one, answer, shop) for one in answer.items],
        facets=list(_facets(state, answer, shop, words)),
        chosen=list(_chosen(state, shop, words)),
        clear=State(query=state.query).url(digits),
        price_form=state.fields(digits, leave_out=("low", "high", "in_stock", "page")),
        sort_form=state.fields(digits, leave_out=("sort", "page")),
        low=dict(state.fields(digits)).get("low", ""),
        high=dict(state.fields(digits)).get("high", ""),
        in_stock=state.in_stock,
        sorts=SORTS,
        sort=state.sort,
        page=state.page,
        previous=replace(state, page=state.page - 1).url(digits) if state.page > 1 else None,
        next=replace(state, page=state.page + 1).url(digits)
        if answer.more and state.page < LAST_PAGE
        else None,
        corrected=answer.corrected_to,
        did_you_mean=_meant(answer, digits),
        fewer=_fewer(answer),
        alike=0 < answer.total < (state.page - 1) * PAGE_SIZE + len(answer.items),
        shelves=[] if answer.items else await instead(site, request, "search"),
    )


async def suggestions(site: Site, request: Request) -> Response:
    """``/suggestions?q=``: for the search box of these pages."""
    query = request.query_params.get("q", "")[:200]
    visitor = site.visitor(request, "search")
    answer = await site.shop.suggest(
        SuggestBody(**visitor, query=query, limit=_SUGGESTIONS), site.context(request)
    )
    words = site.words
    found = [
        {
            "text": one.text,
            "spans": one.spans,
            "url": _leads_to(one),
            "label": words[one.kind] if one.kind in ("brand", "category") else "",
        }
        for one in answer.suggestions
    ]
    return JSONResponse({"suggestions": found}, headers={"Cache-Control": "private, max-age=30"})


def _leads_to(one: Suggestion) -> str:
    """A product's page, or results; of a category, those in it."""
    if one.item_id:
        return item_url(one.item_id)
    refine = {"category": (one.category,)} if one.kind == "category" and one.category else {}
    return State(query=one.text, refine=refine).url(0)


def _body(site: Site, request: Request, state: State) -> SearchBody:
    return SearchBody(
        **site.visitor(request, "search"),
        query=state.query,
        filter=state.filter(),
        refine={name: list(values) for name, values in state.refine.items()},
        max_facet_values=_VALUES,
        sort=state.sort or None,
        page=state.page,
        page_size=PAGE_SIZE,
    )


def _heading(state: State, answer: SearchAnswer, words: Words) -> str:
    if answer.items and not answer.total:  # found by meaning, not by words
        return words["alike"].format(query=state.query)
    name = "results_for" if state.query else "results"
    return words[name].format(query=state.query, total=f"{answer.total:,}")


def _meant(answer: SearchAnswer, digits: int) -> Link | None:
    text = answer.did_you_mean
    return Link(text, State(query=text).url(digits)) if text else None


def _fewer(answer: SearchAnswer) -> str | None:
    """The terms of the step that answered, when it was not the one with all of them."""
    step = answer.ladder[-1] if answer.ladder else None
    if not step or not step.get("dropped") or not answer.items:
        return None
    return " ".join(map(str, step.get("terms", ())))


def _facets(state: State, answer: SearchAnswer, shop: Shop, words: Words) -> Iterator[Facet]:
    for name in facet_fields(shop):
        values = answer.facets.get(name, [])
        if name == "category":
            values = _branch(values, state.refine.get("category", ()))
        choices = [_choice(name, one, state, shop, words) for one in values if one.count or one.selected]
        if len(choices) > 1 or any(one.selected for one in choices):
            yield Facet(name, _label(name, shop, words), tuple(choices[:_OPEN]), tuple(choices[_OPEN:]))


def _branch(values: Sequence[FacetValue], chosen: Sequence[str]) -> list[FacetValue]:
    """Of the tree: the way to what is chosen and what is below it, else where it branches first."""
    if not chosen:
        return _first_branches(values)
    way = {
        CATEGORY_SEPARATOR.join(parts[: depth + 1])
        for path in chosen
        for parts in [path.split(CATEGORY_SEPARATOR)]
        for depth in range(len(parts))
    }
    return [
        one
        for one in values
        if {one.value, one.label} & way or {_above(one.value), _above(one.label)} & set(chosen)
    ]


def _first_branches(values: Sequence[FacetValue]) -> list[FacetValue]:
    """The roots; where there is only one, what is below it, too, and so on."""
    kept = level = [one for one in values if one.depth == 0]
    while len(level) == 1:
        level = [one for one in values if _above(one.value) == level[0].value]
        kept = [*kept, *level]
    return kept


def _above(path: str) -> str:
    return path.rpartition(CATEGORY_SEPARATOR)[0]


def _choice(name: str, one: FacetValue, state: State, shop: Shop, words: Words) -> Choice:
    digits = shop.minor_digits
    if name == "category":
        parent = _above(one.value)
        up = state.only(name, parent) if parent else state.without(name)
        after = up if one.selected else state.only(name, one.value)
    else:
        after = state.toggled(name, one.value)
    label = _value_label(name, one.label, shop, words)
    return Choice(label, after.url(digits), one.count, one.selected, min(one.depth, 3))


def _label(name: str, shop: Shop, words: Words) -> str:
    short = {"category": "category", "brand": "brand", "price_minor": "price"}.get(name)
    if short:
        return words[short]
    attribute = shop.attribute(name.removeprefix("attributes."))
    return (attribute.label if attribute else "") or name.removeprefix("attributes.")


def _value_label(name: str, value: str, shop: Shop, words: Words) -> str:
    """Ranges as people read them, flags as yes and no."""
    attribute = shop.attribute(name.removeprefix("attributes."))
    if attribute and attribute.type == "flag":
        return words.get(value, value)
    if ".." in value and (name == "price_minor" or (attribute and attribute.type == "number")):
        low, _, high = value.partition("..")
        ends = [_amount(end, shop) if name == "price_minor" else end for end in (low, high)]
        if not high:
            return words["from"].format(low=ends[0])
        return words["to"].format(high=ends[1]) if not low else f"{ends[0]} – {ends[1]}"
    return value.rsplit(CATEGORY_SEPARATOR, 1)[-1] if name == "category" else value


def _amount(text: str, shop: Shop) -> str:
    try:
        return money(round(float(text)), shop.currency, shop.minor_digits) if text else ""
    except (ValueError, OverflowError):
        return text


def _chosen(state: State, shop: Shop, words: Words) -> Iterator[Link]:
    digits = shop.minor_digits
    for name, values in state.refine.items():
        for value in values:
            after = state.without(name) if name == "category" else state.toggled(name, value)
            yield Link(_value_label(name, value, shop, words), after.url(digits))
    if state.low is not None or state.high is not None:
        low, high = state.low, state.high
        text = f"{'' if low is None else low}..{'' if high is None else high}"
        after = replace(state, low=None, high=None, page=1)
        yield Link(_value_label("price_minor", text, shop, words), after.url(digits))
    if state.in_stock:
        yield Link(words["in_stock"], replace(state, in_stock=False, page=1).url(digits))
