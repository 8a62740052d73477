"""Products that mean harm, on every page that shows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from indexing.contracts.items import Item
from indexing.journal import open_journal

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.browser]
WORD = "敌意测试品"
TEXTS = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)> ' `",
    "W" * 450,
    "\u202eRTL \u2067שלום",
    "👩\u200d👩\u200d👧 {{7*7}} &lt;b&gt;",
]
FOREIGN = """() => [...document.querySelectorAll('main *')].filter(one =>
  ['SCRIPT', 'IFRAME', 'OBJECT', 'I', 'U'].includes(one.tagName) || [...one.attributes].some(
    ({name, value}) => name.startsWith('on') || /^\\s*(javascript|data):/i.test(value)))
  .map(one => one.outerHTML)"""


@pytest.fixture(scope="module")
def products(demo_home: Path) -> list[str]:
    """Put into the catalogue; the keeper shows them within a second."""
    items = [
        Item(
            f"h{place}/../<'\"&?#%",
            f"{WORD} {text}",
            brand=text[:120],
            category=["<b>类", text[:100]],
            price_minor=10**12,
            image_url="javascript:alert(1)",
            url="javascript:alert(1)",
            group_id="g\"'<" if place < 2 else None,
            attributes={"颜色": text[:200], "<i>k</i>": "<u>v</u>"},
            description=text * 2,
            rating=4.5,
            rating_count=10**9,
        )
        for place, text in enumerate(TEXTS)
    ]
    with open_journal(demo_home) as journal:
        journal.catalogue.put(items)
    return [item.item_id for item in items]


@pytest.mark.parametrize("width", [1280, 320])
def test_a_product_s_text_is_text_everywhere(page: Page, products: list[str], width: int) -> None:
    """In lists, facets, suggestions, on its page, in the cart; and no page is wider than the screen."""
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.set_viewport_size({"width": width, "height": 700})

    def look(path: str) -> None:
        page.goto(path)
        assert page.evaluate(FOREIGN) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    for _ in range(50):
        look(f"/search?q={WORD}")
        if page.locator(".card mark", has_text=WORD).count():  # until then a part of the word finds others
            break
        page.wait_for_timeout(100)
    assert page.locator(".card mark", has_text=WORD).count() == len(TEXTS) - 1  # two are variants of one
    look(f"/search?f.category={quote('<b>类')}&f.brand={quote(TEXTS[0])}")
    assert page.locator(".chosen li").count() == 3
    for item_id in products:
        look(f"/item/{quote(item_id, safe='')}")
        assert WORD in page.locator("h1").inner_text()
        page.locator(".buy button").click()
    look("/cart")
    assert page.locator(".lines li").count() == len(TEXTS)
    look("/")
    page.locator("#q").press_sequentially(WORD, delay=20)
    page.wait_for_timeout(500)
    assert page.locator("#suggestions img, #suggestions script").count() == 0
