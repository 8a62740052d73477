"""The storefront as a shopper uses it: in Chromium, on a desk and on a phone, with and without scripts."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PICTURES = os.environ.get("DAOGOU_PICTURES")  # a folder: ``DAOGOU_PICTURES=docs`` makes the README's anew
PHONE = {"width": 390, "height": 844}


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def titles(page: Page, scenario: str) -> list[str]:
    return page.locator(f'[data-scenario="{scenario}"] .title').all_inner_texts()


def test_a_shopper_searches_filters_and_buys(page: Page) -> None:
    """Suggestions by pinyin, highlights, a facet, a product, the cart, its add-ons, the order."""
    page.goto("/")
    page.locator("#q").press_sequentially("kafeij", delay=30)
    page.wait_for_timeout(500)  # suggestions follow each letter
    assert "咖啡机" in page.locator("#suggestions li").first.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q="))
    assert page.locator(".card mark", has_text="咖啡机").count() > 3
    total = int(re.sub(r"\D", "", page.locator("h1").inner_text()))
    brand = page.locator(".facet", has_text="品牌").locator("li a").first
    count = int(brand.locator("small").inner_text())
    picture(page, "storefront")
    brand.click()
    page.wait_for_url(re.compile("f.brand="))
    assert int(re.sub(r"\D", "", page.locator("h1").inner_text())) == count < total
    page.locator(".card a").first.click()
    page.wait_for_url(re.compile("/item/"))
    assert page.locator('[data-scenario="similar"] .card').count() >= 6
    page.get_by_role("button", name="加入购物车").click()
    page.wait_for_url(re.compile("/cart"))
    assert page.locator(".lines li").count() == 1
    assert page.locator('[data-scenario="cart"] .card').count() >= 4
    page.get_by_role("button", name="提交订单").click()
    page.wait_for_url(re.compile("/thanks"))
    assert "谢谢惠顾" in page.locator("h1").inner_text()


def test_three_clicks_change_the_home_page(page: Page) -> None:
    """After three coffee machines the home page shows coffee, and says why."""
    page.goto("/")
    before = titles(page, "home")
    assert page.locator('[data-scenario="recently_viewed"]').count() == 0
    for place in range(3):
        page.goto("/search?q=咖啡机")
        page.locator(".card a").nth(place).click()
        page.wait_for_url(re.compile("/item/"))
        page.wait_for_load_state("networkidle")
    page.goto("/")
    after = titles(page, "home")
    assert sum("咖啡" in title for title in after[:10]) >= 4 > sum("咖啡" in title for title in before[:10])
    reasons = page.locator('[data-scenario="home"] .reason').all_inner_texts()
    assert any(reason.startswith("因为你看过") for reason in reasons)
    assert page.locator('[data-scenario="recently_viewed"] .card').count() == 3
    picture(page, "home")


def test_another_visitor_sees_nothing_of_it(page: Page) -> None:
    """A new browser is a new person: what is selling and what is new."""
    page.goto("/")
    assert page.locator('[data-scenario="recently_viewed"]').count() == 0
    assert len(titles(page, "home")) >= 12
    assert len(titles(page, "trending")) >= 4
    assert len(titles(page, "new")) >= 4
    shown = [
        t for s in ("home", "trending", "new") for t in page.locator(f'[data-scenario="{s}"] .card').all()
    ]
    ids = [card.get_attribute("data-dg-item") for card in shown]
    assert len(ids) == len(set(ids))


def test_everything_works_without_scripts(chromium: Browser, address: str) -> None:
    """Searching, filtering, sorting, paging and the cart."""
    context = chromium.new_context(viewport=PHONE, base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("#q").fill("shouji")
    page.get_by_role("button", name="搜索").click()
    assert "手机" in page.locator(".note").inner_text()
    page.locator("summary", has_text="筛选").click()
    page.get_by_label("最低价").fill("1000")
    page.locator(".limits").get_by_role("button", name="确定").click()
    page.locator("#sort").select_option("price_minor:asc")
    page.locator(".sort").get_by_role("button").click()
    first = page.locator(".card").evaluate_all("all => all.map(one => one.dataset.dgItem)")
    prices = [float(t.strip("¥").replace(",", "")) for t in page.locator(".card strong").all_inner_texts()]
    assert prices == sorted(prices)
    assert prices[0] >= 1000
    page.get_by_role("link", name="下一页").click()
    second = page.locator(".card").evaluate_all("all => all.map(one => one.dataset.dgItem)")
    assert second
    assert set(first).isdisjoint(second)
    page.locator(".card a").first.click()
    page.get_by_role("button", name="加入购物车").click()
    page.get_by_label("数量").fill("3")
    page.get_by_role("button", name="更新").click()
    assert page.locator(".count").inner_text() == "3"
    page.get_by_role("button", name="删除").click()
    assert "空的" in page.locator(".cart").inner_text()
    context.close()


def test_results_on_a_phone(chromium: Browser, address: str) -> None:
    """The filters are folded away, also when some are chosen: products are seen first."""
    context = chromium.new_context(viewport=PHONE, base_url=address)
    page = context.new_page()
    page.goto("/search?q=手机&in_stock=1")
    assert not page.locator(".limits").is_visible()
    assert page.locator(".card").first.bounding_box()["y"] < PHONE["height"] / 2
    page.goto("/search?q=手机")
    picture(page, "phone")
    context.close()


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "a\x00b\u202e\u200d💥",
    "' OR 1=1 --",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(page: Page, text: str) -> None:
    """A query is never markup, wherever the page shows it."""
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    from urllib.parse import quote

    page.goto(f"/search?q={quote(text)}&f.brand={quote(text)}&low={quote(text)}")
    assert page.locator("main script, main img[onerror]").count() == 0
    assert "49" not in page.locator("#q").input_value()
