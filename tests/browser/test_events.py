"""What the pages tell the API: each thing once, joined to the list that showed it."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from sqlalchemy import select

from indexing.contracts.events import Event
from indexing.journal import open_journal
from indexing.journal.tables import EVENTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def told(page: Page, home: Path, last: str) -> list[Event]:
    """This visitor's events in order, once ``last`` has arrived."""
    client = page.evaluate("document.cookie.match(/dg_client=([^;]*)/)[1]")
    for _ in range(100):
        with open_journal(home) as journal:
            shopper = journal.people.find(client, None)
            with journal.events._database.read() as connection:
                rows = connection.execute(
                    select(EVENTS.c.body).where(EVENTS.c.shopper == shopper).order_by(EVENTS.c.sequence)
                ).scalars()
                events = [msgspec.msgpack.decode(body, type=Event) for body in rows]
        if any(one.event == last for one in events):
            return events
        time.sleep(0.1)
    pytest.fail(f"no {last} in {[one.event for one in events]}")


def test_an_order_s_way_is_told_step_by_step(page: Page, demo_home: Path) -> None:
    """Search, impressions, click, view, cart and purchase; hasty double clicks count once."""
    page.goto("/search?q=咖啡机")
    request = page.locator(".results").get_attribute("data-dg-search-request")
    chosen = page.locator(".card").nth(1)
    item = chosen.get_attribute("data-dg-item")
    page.wait_for_timeout(1500)  # impressions are sent in groups
    chosen.locator("a").click()
    page.wait_for_url(re.compile("/item/"))
    page.get_by_role("button", name="加入购物车").dblclick()
    page.wait_for_url(re.compile("/cart"))
    assert page.locator(".count").inner_text() == "1"
    page.get_by_role("button", name="提交订单").dblclick()
    page.wait_for_url(re.compile("/thanks"))
    events = told(page, demo_home, "purchase")
    names = Counter(one.event for one in events)
    assert [names[n] for n in ("search", "click", "view_item", "add_to_cart", "purchase")] == [1] * 5
    assert (
        len({(e.request_id, e.item_id) for e in events if e.event == "impression"}) == names["impression"]
    )
    seen = {e.item_id: e.position for e in events if e.event == "impression" and e.request_id == request}
    assert seen[item] == 2
    for name in ("click", "view_item", "add_to_cart"):
        (event,) = (e for e in events if e.event == name)
        assert (event.request_id, event.position) == (request, 2), name
        assert item in (event.item_id, *(line.item_id for line in event.items))
    (order,) = (e for e in events if e.event == "purchase")
    assert order.surface == "thanks"
    assert order.value_minor == sum((line.price_minor or 0) * (line.quantity or 1) for line in order.items)


def test_looking_around_without_a_query_is_no_search(page: Page, demo_home: Path) -> None:
    """All products are shown to someone who searched for nothing."""
    page.goto("/search")
    page.wait_for_timeout(1500)
    assert "search" not in {one.event for one in told(page, demo_home, "impression")}
