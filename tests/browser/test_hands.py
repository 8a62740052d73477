"""The pages in the hand: keys, fingers, the way back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.browser]

TEXT = (
    ".crumbs, .note, .lines li > div, .brand, label, .skip"  # links in a text, and a box within its label
)
SMALL = f"""() => [...document.querySelectorAll('a, button, select, summary, input:not([type=hidden])')]
  .filter(one => one.checkVisibility() && !one.closest('{TEXT}'))
  .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 && box.width > 1).map(([html, box]) => box.height + html)"""


def test_suggestions_are_led_by_keys(page: Page) -> None:
    """Down and up go round past what was typed, Escape brings it back, and screen readers are told."""
    page.goto("/")
    box = page.get_by_role("combobox", name="搜索")
    box.press_sequentially("手ji", delay=30)
    page.locator("#suggestions li").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    chosen = page.locator("#suggestions [aria-selected=true]")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert "手机" in box.input_value()
    box.press("ArrowUp")
    assert (box.input_value(), chosen.count()) == ("手ji", 0)
    box.press("ArrowUp")
    assert chosen.get_attribute("id") == page.locator("#suggestions li").last.get_attribute("id")
    box.press("Escape")
    assert (box.input_value(), box.get_attribute("aria-expanded")) == ("手ji", "false")
    assert not page.locator("#suggestions").is_visible()
    box.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q="))
    assert "手机" in page.locator(".note").inner_text()


def test_the_first_key_leads_past_the_head(page: Page) -> None:
    """The skip link is the first stop."""
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.locator(".skip").bounding_box()["x"] >= 0


def test_back_and_forward_after_filtering(page: Page) -> None:
    """Each step is a page of its own, with its filters and its number."""
    page.goto("/search?q=手机")
    steps = [(page.url, page.locator("h1").inner_text())]
    for facet in ("品牌", "价格"):
        page.locator(".facet", has_text=facet).locator("li a").first.click()
        page.wait_for_url(lambda url: url != steps[-1][0])
        steps.append((page.url, page.locator("h1").inner_text()))
    assert page.locator(".chosen li").count() == 3
    for go, step in ((page.go_back, 1), (page.go_back, 0), (page.go_forward, 1), (page.go_forward, 2)):
        go()
        assert (page.url, page.locator("h1").inner_text()) == steps[step]


def test_on_the_way_back_the_cart_is_as_it_is(page: Page) -> None:
    """Pages may come from the browser's cache; the number beside the cart is as of now."""
    page.goto("/search?q=咖啡机&in_stock=1")
    page.locator(".card a").first.click()
    page.wait_for_url(re.compile("/item/"))
    for number in ("1", "2"):
        page.get_by_role("button", name="加入购物车").click()
        page.wait_for_url(re.compile("/cart"))
        page.go_back()
        page.wait_for_url(re.compile("/item/"))
        assert page.locator(".count").inner_text() == number
    page.go_back()
    assert page.locator(".count").inner_text() == "2"


@pytest.mark.parametrize("width", [390, 320])
def test_everything_can_be_tapped(chromium: Browser, address: str, width: int) -> None:
    """44 px high on a phone, and nothing wider than the screen."""
    context = chromium.new_context(
        viewport={"width": width, "height": 700}, base_url=address, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto("/search?q=咖啡机&in_stock=1")
    item = page.locator(".card a").first.get_attribute("href")
    assert item
    for path in ("/", "/search?q=手机&in_stock=1", item, "/cart", "/nowhere"):
        page.goto(path)
        if page.locator("summary").count():
            page.locator("summary").first.click()
        assert page.evaluate(SMALL) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(item)
    page.locator(".buy button").click()
    page.wait_for_url(re.compile("/cart"))
    assert page.evaluate(SMALL) == []
    context.close()
