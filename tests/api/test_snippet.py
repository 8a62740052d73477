"""The snippet in a real browser, on a page of another origin."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlalchemy import select

from api.app import create_app
from api.demo import page_key
from api.settings import Settings
from indexing.contracts.events import Event
from indexing.journal import open_journal
from indexing.journal.tables import EVENTS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGE = """<!doctype html><meta charset=utf-8>
<script defer src="{api}/v1/daogou.js" data-key="{key}" {more}></script>
<div data-dg-search="手机" data-dg-search-request="r-search"></div>
<ul data-dg-request="r-1" data-dg-surface="home">
  <li data-dg-item="p01" data-dg-position="1"><a href="#p01">one</a></li>
  <li data-dg-item="p02" data-dg-position="2" style="margin-top: 3000px"><a href="#p02">two</a></li>
</ul>
<article data-dg-view="p03" data-dg-request="r-2" data-dg-position="4"></article>
<form action="#" data-dg-cart><input type=hidden name=item_id value=p03><button>add</button></form>
<div data-dg-purchase="o-1" data-dg-value="39800">
  <data data-dg-line="p03" data-dg-price="19900" data-dg-quantity="2"></data>
</div>
"""


class Shop:
    """A service in a thread, and what it was told."""

    def __init__(self, home: Path) -> None:
        settings = Settings(home=home, port=0)
        self.journal = open_journal(home)
        self.key = page_key(settings, self.journal)
        self._server = uvicorn.Server(
            uvicorn.Config(create_app(settings, journal=self.journal), port=0, log_config=None)
        )
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"

    def close(self) -> None:
        """Wait for the thread."""
        self._server.should_exit = True
        self._thread.join(30)
        self.journal.close()

    def told(self, count: int) -> list[tuple[str | None, Event]]:
        """The events so far with their shoppers, when there are so many."""
        import msgspec

        for _ in range(200):
            with self.journal.events._database.read() as connection:
                rows = connection.execute(
                    select(EVENTS.c.shopper, EVENTS.c.body).order_by(EVENTS.c.sequence)
                ).all()
            if len(rows) >= count:
                break
            time.sleep(0.05)
        return [(shopper, msgspec.msgpack.decode(body, type=Event)) for shopper, body in rows]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Without a snapshot: events need none."""
    running = Shop(tmp_path)
    yield running
    running.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, offline but for loopback."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    options = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
        "--disable-features=LocalNetworkAccessChecks",  # a page elsewhere may load from this machine
    ]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield running
        running.close()


def opened(browser: Any, shop: Shop, more: str = "") -> Any:
    """A page of the shop, at another origin than the service."""
    page = browser.new_page()
    body = PAGE.format(api=shop.address, key=shop.key, more=more)
    page.route("http://shop.test/**", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("http://shop.test/")
    page.wait_for_function("window.daogou")
    return page


@pytest.mark.browser
def test_marks_become_events(browser: Any, shop: Shop) -> None:
    """Seen, searched, viewed, clicked, carted, bought: each once, with where it was shown."""
    page = opened(browser, shop)
    page.dblclick("a >> text=one")
    page.click("button")
    page.evaluate("window.scrollTo(0, 99999)")
    rows = shop.told(7)
    by_name: dict[str, list[Event]] = {}
    for _, event in rows:
        by_name.setdefault(event.event, []).append(event)
    assert {name: len(events) for name, events in by_name.items()} == {
        "search": 1,
        "view_item": 1,
        "purchase": 1,
        "impression": 2,
        "click": 1,
        "add_to_cart": 1,
    }
    (search,) = by_name["search"]
    assert (search.query, search.request_id) == ("手机", "r-search")
    (view,) = by_name["view_item"]
    assert (view.item_id, view.request_id, view.position) == ("p03", "r-2", 4)
    (click,) = by_name["click"]
    assert (click.item_id, click.request_id, click.position, click.surface) == ("p01", "r-1", 1, "home")
    assert [(one.item_id, one.position) for one in by_name["impression"]] == [("p01", 1), ("p02", 2)]
    (cart,) = by_name["add_to_cart"]
    assert [(line.item_id, line.quantity) for line in cart.items] == [("p03", 1)]
    (order,) = by_name["purchase"]
    assert (order.order_id, order.value_minor) == ("o-1", 39800)
    assert [(line.item_id, line.price_minor, line.quantity) for line in order.items] == [("p03", 19900, 2)]
    assert len({shopper for shopper, _ in rows}) == 1
    assert len({event.session_id for _, event in rows}) == 1


@pytest.mark.browser
def test_a_page_loaded_again_orders_once(browser: Any, shop: Shop) -> None:
    """The client stays the same, the order is a duplicate."""
    page = opened(browser, shop)
    before = shop.told(4)
    page.reload()
    page.wait_for_function("window.daogou")
    rows = shop.told(len(before) + 3)
    assert [event.event for _, event in rows].count("purchase") == 1
    assert len({shopper for shopper, _ in rows}) == 1


@pytest.mark.browser
def test_without_consent(browser: Any, shop: Shop) -> None:
    """No cookie is set and nobody is remembered."""
    page = opened(browser, shop, 'data-consent="false"')
    rows = shop.told(4)
    assert {shopper for shopper, _ in rows} == {None}
    assert page.context.cookies() == []
