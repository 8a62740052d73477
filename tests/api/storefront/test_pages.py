"""The pages over a real, small shop: what they show, what they refuse, and what nobody can make them do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.storefront.cart import Cart
from api.storefront.results import _leads_to
from api.types import Suggestion
from indexing.contracts.items import Item
from indexing.contracts.shop import Attribute, Shop, dump_shop
from indexing.journal import open_journal
from indexing.snapshots import publish
from offline.build import BuildConfig, build

HTML = {"Accept": "text/html"}
ITEMS = [
    Item(
        f"P{i:02}",
        f"{brand} {noun} {colour}",
        brand=brand,
        category=["家电", noun],
        price_minor=None if i == 7 else 1990 * (i + 1),
        list_price_minor=199_000,
        in_stock=i != 5,
        group_id=f"g{i // 2}" if i < 4 else None,
        attributes={"颜色": colour, "无线": i % 2 == 0},
        image_url={6: "javascript:alert(1)", 8: "/pictures/../../x"}.get(i),
        description="<b>好</b>用",
    )
    for i, (brand, noun, colour) in enumerate(
        (b, n, c)
        for b in ("小米", "飞利浦<i>")
        for n in ("咖啡机", "电饭煲")
        for c in ("红色", "黑色", "白色")
    )
]


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that is not shown."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = tmp_path_factory.mktemp("pages")
    shop = Shop(name="小<店>", attributes=(Attribute("颜色"), Attribute("无线", "flag")))
    (home / "shop.toml").write_text(dump_shop(shop), encoding="utf-8")
    with open_journal(home) as journal:
        journal.catalogue.put(ITEMS)
    built = build(home, BuildConfig(train=False), progress=nothing)
    with open_journal(home) as journal:
        publish(home, journal.control, built.name, actor="test")
    with TestClient(create_app(Settings(home=home)), headers=HTML) as opened:
        yield opened


class Cards(HTMLParser):
    """What stands in the attributes of cards, and whether anything foreign came through."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        if given.get("data-dg-item"):
            self.ids.append(given["data-dg-item"] or "")
        assert not any(name.startswith("on") for name in given)
        assert not (given.get("src") or given.get("href") or "").startswith("javascript:")


def test_every_page_opens_and_escapes_what_the_shop_says(client: TestClient) -> None:
    """The shop's name, brands and descriptions are text, whatever they hold."""
    for path in ("/", "/search", "/search?q=小米咖啡机", "/item/P06", "/item/P00", "/cart", "/thanks"):
        page = client.get(path)
        assert page.status_code == 200, path
        assert "小&lt;店&gt;" in page.text
        assert not Cards(page.text).tags & {"i", "店"}
        assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "&lt;b&gt;好" in client.get("/item/P06").text


def test_a_query_is_marked_and_a_facet_s_count_is_true(client: TestClient) -> None:
    """Following a facet's address gives as many products as it said."""
    page = client.get("/search?q=咖啡机").text
    assert "<mark>咖啡机</mark>" in page
    assert len(Cards(client.get("/search?q=咖啡机&f.attributes.颜色=红色").text).ids) == 2
    assert len(Cards(client.get("/search?f.attributes.无线=true&in_stock=1").text).ids) > 0


def test_the_category_facet_begins_where_the_tree_branches(client: TestClient) -> None:
    """Everything is below 家电: it and what is below it are shown, with counts; chosen, the way back up."""
    page = client.get("/search").text
    facet = page[page.index("<h2>分类</h2>") : page.index("<h2>品牌</h2>")]
    assert re.findall(r"<span>([^<]+)</span> <small>(\d+)</small>", facet) == [
        ("家电", "12"),
        ("咖啡机", "6"),
        ("电饭煲", "6"),
    ]


def test_a_category_that_is_suggested_leads_into_it() -> None:
    """A query leads to its results, a product to its page."""
    seen = {"html": "", "spans": []}
    category = Suggestion(text="手机", kind="category", category="数码 > 手机", **seen)
    assert parse_qs(_leads_to(category)) == {"/search?q": ["手机"], "f.category": ["数码 > 手机"]}
    assert parse_qs(_leads_to(Suggestion(text="手机", kind="query", category="数码", **seen))) == {
        "/search?q": ["手机"]
    }
    assert _leads_to(Suggestion(text="某手机", kind="product", item_id="a/b", **seen)) == "/item/a%2Fb"


def test_a_shelf_s_title_is_not_repeated_as_a_reason(client: TestClient) -> None:
    """正在热卖 is a reason under 猜你喜欢, and says nothing under 热销."""
    page = client.get("/").text
    for shelf in page.split("data-scenario=")[1:]:
        if shelf.startswith(('"trending"', '"new"')):
            assert 'class="reason"' not in shelf.partition("</section>")[0]


def test_only_pictures_that_can_be_shown_are_asked_for(client: TestClient) -> None:
    """P06 says ``javascript:``, P08 a path of ours that is no picture: both are drawn."""
    for item_id in ("P06", "P08"):
        sources = re.findall(r'<img src="([^"]+)" alt="" width="400"', client.get(f"/item/{item_id}").text)
        assert sources
        assert all(source.startswith("/pictures/") and ".." not in source for source in sources)


def test_text_that_turns_the_direction_ends_where_it_ends(client: TestClient) -> None:
    """A query with a right-to-left override does not turn the number behind it."""
    page = client.get("/search", params={"q": "咖啡机\u202e"}).text
    assert re.search("“\u2068[^\u2069]*\u2069” 共", page)


def test_pages_are_packed_and_may_be_kept_for_the_way_back(client: TestClient) -> None:
    """Packed where the browser takes it; the cart and the order are always asked for again."""
    for path in ("/", "/search?q=咖啡机", "/item/P00", "/assets/shop.css"):
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip", path
        assert "no-store" not in answer.headers["cache-control"]
    assert "content-encoding" not in client.get("/", headers={"Accept-Encoding": "identity"}).headers
    assert "no-store" in client.get("/cart").headers["cache-control"]
    assert "no-store" in client.get("/thanks").headers["cache-control"]


def test_a_page_without_results_offers_something_else(client: TestClient) -> None:
    """Nothing was found is said, and other products are shown."""
    page = client.get("/search?q=咖啡机&low=99999").text
    assert "没有找到" in page
    assert Cards(page).ids


def test_a_product_shows_its_variants_and_its_facts(client: TestClient) -> None:
    """P00 and P01 are one product in two colours; one that is out of stock cannot be bought."""
    page = client.get("/item/P00").text
    assert "选择款式" in page
    assert 'href="/item/P01"' in page
    assert "暂时缺货" in client.get("/item/P05").text
    assert "加入购物车" not in client.get("/item/P05").text


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/item/nothing", 404, "已下架"),
        ("/item/" + "x" * 200, 404, "已下架"),
        ("/nowhere", 404, "没有这个页面"),
        ("/?more=forged", 200, "猜你喜欢"),
        ("/search?page=999&sort=evil&f.nothing=1&low=x", 200, "件商品"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_page(
    client: TestClient, path: str, status: int, says: str
) -> None:
    """In the shop's own words."""
    page = client.get(path)
    assert (page.status_code, says in page.text) == (status, True)
    assert Cards(page.text).ids, "something else to look at"


def test_programs_get_the_one_shape_of_errors(client: TestClient) -> None:
    """Where no page was asked for, and under /v1 always."""
    for path, headers in (("/nowhere", {"Accept": "application/json"}), ("/v1/nowhere", HTML)):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


@given(
    text=st.text(max_size=40),
    name=st.sampled_from(["q", "f.brand", "f.attributes.颜色", "low", "page", "sort", "more"]),
)
def test_no_address_breaks_a_page(client: TestClient, text: str, name: str) -> None:
    """Any text in any place: a page, and only our own markup."""
    page = client.get("/search", params={name: text.encode("utf-8", "replace").decode()})
    assert page.status_code == 200
    assert not Cards(page.text).tags & {"i", "b", "iframe", "object"}


def test_a_cart_holds_what_is_sold_and_ends_in_an_order(client: TestClient) -> None:
    """Add, change, order; the order is told once."""
    client.cookies.clear()
    client.post("/cart/add", data={"item_id": "P00"})
    page = client.post("/cart/add", data={"item_id": "P00"}).text
    assert 'value="2"' in page
    assert "¥39.80" in page
    assert client.post("/cart/add", data={"item_id": "nothing"}).status_code == 404
    thanks = client.post("/cart/checkout").text
    assert 'data-dg-line="P00"' in thanks
    assert "购物车还是空的" in client.get("/cart").text
    assert "data-dg-line" not in client.get("/thanks").text


def test_what_is_sold_out_is_not_ordered(client: TestClient) -> None:
    """P05 cannot be put in; one that is in the cart already stays there. What is gone is not counted."""
    client.cookies.clear()
    assert client.post("/cart/add", data={"item_id": "P05"}).url.path == "/item/P05"
    client.cookies.set("dg_cart", "P05:2|P00:1|nothing:4")
    page = client.get("/cart").text
    assert "¥19.90</strong>" in page[page.index("合计") :]
    assert "购物车，3 件" in page
    thanks = client.post("/cart/checkout").text
    assert re.findall('data-dg-line="([^"]+)"', thanks) == ["P00"]
    assert 'value="P05"' in client.get("/cart").text
    assert client.post("/cart/checkout").url.path == "/cart"
    client.cookies.clear()


@given(st.text(max_size=300))
def test_any_cookie_is_a_cart(text: str) -> None:
    """What cannot be read is not in it; what is in it can be written and read again."""
    cart = Cart.of(text)
    assert Cart.of(cart.text()) == cart
    assert all(0 < number <= 99 for number in cart.lines.values())


def test_a_new_visitor_gets_an_id_of_their_own(client: TestClient) -> None:
    """And keeps it; a cookie that is no id of ours is replaced."""
    client.cookies.clear()
    first = client.get("/").cookies["dg_client"]
    assert "dg_client" not in client.get("/").cookies
    client.cookies.clear()
    answer = client.get("/", headers={"Cookie": "dg_client=<script>"})
    assert answer.cookies["dg_client"] not in {first, "<script>"}


def test_a_shop_that_is_not_built_says_so(tmp_path: Path) -> None:
    """503 in words, on every page; the process stays up."""
    with TestClient(create_app(Settings(home=tmp_path)), headers=HTML) as opened:
        for path in ("/", "/search?q=a", "/cart", "/item/P00"):
            page = opened.get(path)
            assert (page.status_code, "正在准备" in page.text) in ((503, True), (404, False)), path
        assert opened.get("/v1/health/live").status_code == 200


def test_files_are_kept_for_ever_and_nothing_else_is_given(client: TestClient) -> None:
    """The sheet and the pictures; no path leads out of the folder."""
    for path in ("/assets/shop.css", "/assets/shop.js", "/assets/mark.svg", "/pictures/coffee/20/3.svg"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    for path in ("/assets/shapes.svg", "/assets/..%2fsite.py", "/assets/%2e%2e/site.py"):
        assert client.get(path).status_code == 404
