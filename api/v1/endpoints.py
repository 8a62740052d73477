"""Every route of the API, as data."""

from __future__ import annotations

from api import bodies
from api.endpoint import Endpoint
from api.types import (
    BulkAnswer,
    BulkBody,
    EventsAnswer,
    EventsBody,
    Health,
    ItemAnswer,
    MultiAnswer,
    MultiBody,
    Product,
    RecommendAnswer,
    RecommendBody,
    SearchAnswer,
    SearchBody,
    SuggestAnswer,
    SuggestBody,
)
from api.v1 import answers, events, examples, items, status
from indexing.contracts.events import Event
from indexing.contracts.items import Item
from indexing.contracts.patches import Patch

ANSWERS = (
    Endpoint(
        "POST",
        "/v1/search",
        answers.search,
        "Search",
        "Products for a query, or for none: all terms first, then fewer (`ladder` says so), words and "
        "vectors together, with facets, highlights and corrections. Events send the `request_id` back.",
        "storefront",
        body=SearchBody,
        answer=SearchAnswer,
        tag="answers",
        examples=examples.SEARCH,
    ),
    Endpoint(
        "GET",
        "/v1/search",
        answers.search,
        "Search, by address",
        "The same for simple use: lists are repeated names (`facets=brand&facets=category`), refinements "
        "are `refine.brand=小米`.",
        "storefront",
        body=SearchBody,
        answer=SearchAnswer,
        tag="answers",
    ),
    Endpoint(
        "POST",
        "/v1/suggest",
        answers.suggest,
        "Suggest",
        "Queries, categories, brands and products for what was typed so far: characters, pinyin, initials.",
        "storefront",
        body=SuggestBody,
        answer=SuggestAnswer,
        tag="answers",
        examples=examples.SUGGEST,
    ),
    Endpoint(
        "GET",
        "/v1/suggest",
        answers.suggest,
        "Suggest, by address",
        "The same for simple use.",
        "storefront",
        body=SuggestBody,
        answer=SuggestAnswer,
        tag="answers",
    ),
    Endpoint(
        "POST",
        "/v1/recommend",
        answers.recommend,
        "Recommend",
        "A list for a shopper, a product or a cart. Reasons say why, in the language of `Accept-Language`. "
        "The next page: the same request with the `cursor` of the answer.",
        "storefront",
        body=RecommendBody,
        answer=RecommendAnswer,
        tag="answers",
        examples=examples.RECOMMEND,
    ),
    Endpoint(
        "POST",
        "/v1/multi",
        answers.multi,
        "A page's lists",
        "Several recommended lists in one call; no product stands in two of them, and each list has "
        "its own `request_id`.",
        "storefront",
        body=MultiBody,
        answer=MultiAnswer,
        tag="answers",
        examples=examples.MULTI,
    ),
)

EVENTS = (
    Endpoint(
        "POST",
        "/v1/events",
        events.events,
        "Send events",
        "What shoppers did, at most 1,000 in a batch. What is accepted is on the disk before the answer; "
        "`event_id` makes repeats harmless; bad events are named and the good ones taken. Names of "
        "GA4, Segment and Google Retail are understood. `navigator.sendBeacon` sends `text/plain` with the "
        "key in the body.",
        None,
        body=EventsBody,
        also=(Event, list[Event]),
        reading="none",
        answer=EventsAnswer,
        status=202,
        most=bodies.EVENTS,
        tag="events",
        examples=examples.EVENTS,
    ),
)

ITEMS = (
    Endpoint(
        "POST",
        "/v1/items/bulk",
        items.bulk,
        "Change many products",
        "Put, patch and delete in one call. Bad rows are named and the good ones taken; what is taken is "
        "on the disk before the answer and visible in every answer within a second.",
        "operator",
        body=BulkBody,
        also=(list[Item],),
        reading="any",
        answer=BulkAnswer,
        most=bodies.BULK,
        tag="items",
        examples=examples.BULK,
    ),
    Endpoint(
        "GET",
        "/v1/items/{item_id}",
        items.get,
        "A product",
        "As it is now, changes of the last second included.",
        "storefront",
        answer=Product,
        tag="items",
        answers={404: "There is no such product."},
    ),
    Endpoint(
        "PUT",
        "/v1/items/{item_id}",
        items.put,
        "Put a product",
        "Whole: what is left out is not known any more. With a `version`, an older state than is known is "
        "`stale` and changes nothing. `item_id` is that of the address, or left out. Decimal `price` and "
        "other systems' names are understood.",
        "operator",
        body=Item,
        reading="any",
        answer=ItemAnswer,
        tag="items",
        examples=examples.ITEM,
    ),
    Endpoint(
        "PATCH",
        "/v1/items/{item_id}",
        items.patch,
        "Change a product",
        "Only the fields that are named; null takes a value away; lists, `attributes` are replaced whole.",
        "operator",
        body=Patch,
        reading="any",
        answer=ItemAnswer,
        tag="items",
        examples=examples.PATCH,
        answers={404: "There is no such product."},
    ),
    Endpoint(
        "DELETE",
        "/v1/items/{item_id}",
        items.delete,
        "Delete a product",
        "It is gone from every answer within a second.",
        "operator",
        body=items.Deletion,
        answer=ItemAnswer,
        tag="items",
        answers={404: "There is no such product."},
    ),
)

STATUS = (
    Endpoint(
        "GET",
        "/v1/health/live",
        status.live,
        "Is the process up",
        "Nothing else is looked at.",
        None,
        answer=Health,
        tag="status",
    ),
    Endpoint(
        "GET",
        "/v1/health/ready",
        status.ready,
        "Can everything be answered",
        "503 with what is missing: a snapshot, the journal, or room in the queue.",
        "operator",
        local=True,
        answer=Health,
        tag="status",
        answers={503: "What is missing."},
    ),
    Endpoint(
        "GET",
        "/v1/metrics",
        status.metrics,
        "Numbers for Prometheus",
        "Of all workers. Without a key on this machine; `/metrics` is the same.",
        "operator",
        local=True,
        media="text/plain",
        tag="status",
    ),
    Endpoint(
        "GET",
        "/v1/daogou.js",
        status.snippet,
        "The script for a storefront's pages",
        "Sends views, clicks, searches, carts and purchases; see the comment at its head.",
        None,
        media="text/javascript",
        tag="status",
    ),
)

ENDPOINTS: tuple[Endpoint, ...] = (*ANSWERS, *EVENTS, *ITEMS, *STATUS)
