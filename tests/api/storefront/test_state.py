"""Result page addresses: both ways, and from strangers."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from api.storefront.money import money
from api.storefront.site import HERE
from api.storefront.state import LAST_PAGE, State
from api.storefront.words import WORDS

FIELDS = ("category", "brand", "attributes.颜色")
states = st.builds(
    State,
    query=st.text("手机 a", max_size=9).map(lambda text: " ".join(text.split())),
    refine=st.dictionaries(
        st.sampled_from(FIELDS),
        st.lists(st.text("小米&=%", min_size=1), min_size=1, unique=True).map(tuple),
    ),
    low=st.none() | st.integers(0, 10**9),
    high=st.none() | st.integers(0, 10**9),
    in_stock=st.booleans(),
    sort=st.sampled_from(["", "price_minor:asc", "rating:desc"]),
    page=st.integers(1, LAST_PAGE),
)


@given(states, st.sampled_from([0, 2, 3]))
def test_an_address_says_the_page(state: State, digits: int) -> None:
    """Written and read again, whatever the values hold."""
    pairs = parse_qsl(urlsplit(state.url(digits)).query, keep_blank_values=True)
    assert State.read(QueryParams(pairs), fields=FIELDS, minor_digits=digits) == state


@given(
    st.lists(st.tuples(st.sampled_from(["q", "page", "sort", "low", "high", "f.brand", "f.x"]), st.text()))
)
def test_any_address_is_read(pairs: list[tuple[str, str]]) -> None:
    """Nothing raises, and nothing comes through that was not declared."""
    state = State.read(QueryParams(pairs), fields=FIELDS, minor_digits=2)
    assert set(state.refine) <= set(FIELDS)
    assert 1 <= state.page <= LAST_PAGE
    assert len(state.query) <= 200


@pytest.mark.parametrize("page", ["", "0", "-3", "x", "²", "9" * 5000])
def test_a_page_that_is_none_is_the_first_or_the_last(page: str) -> None:
    """Superscripts are digits to Python and not to us."""
    state = State.read(QueryParams({"page": page}), fields=(), minor_digits=2)
    assert state.page == 1


def test_toggling_twice_is_nothing() -> None:
    """A facet value is chosen and let go; the page starts again."""
    state = State(query="手机", page=4)
    chosen = state.toggled("brand", "小米")
    assert (chosen.refine, chosen.page) == ({"brand": ("小米",)}, 1)
    assert chosen.toggled("brand", "小米") == State(query="手机")
    assert chosen.only("brand", "华为").refine == {"brand": ("华为",)}
    assert chosen.without("brand").refine == {}


def test_price_limits_are_a_filter() -> None:
    """In minor units, both ends included."""
    state = State.read(QueryParams("low=9.99&high=1,200&in_stock=1"), fields=(), minor_digits=2)
    assert state.filter() == "price_minor >= 999 AND price_minor <= 120000 AND in_stock"
    assert State().filter() is None


@pytest.mark.parametrize(
    ("minor", "currency", "digits", "text"),
    [
        (0, "CNY", 2, "¥0"),
        (5, "CNY", 2, "¥0.05"),
        (123456789, "CHF", 2, "CHF 1,234,567.89"),
        (7, "JPY", 0, "¥7"),
    ],
)
def test_money(minor: int, currency: str, digits: int, text: str) -> None:
    """Exact, grouped, without needless decimals."""
    assert money(minor, currency, digits) == text


def test_every_language_has_every_word() -> None:
    """With the same blanks to fill."""
    import string

    blanks = {
        language: {
            key: sorted(b for _, b, _, _ in string.Formatter().parse(text) if b)
            for key, text in words.items()
        }
        for language, words in WORDS.items()
    }
    assert blanks["zh-CN"] == blanks["en"]


def test_an_english_shop_has_no_chinese_on_its_pages() -> None:
    """Neither in its words nor in the templates, which hold no words at all."""
    texts = [*WORDS["en"].values(), *(p.read_text("utf-8") for p in (HERE / "templates").iterdir())]
    assert [text for text in texts if re.search("[\u3000-\u9fff\uff00-\uffef]", text)] == []
