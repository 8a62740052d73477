"""Exactly the original characters that matched."""

import html
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.text import fold, highlight, mark


def marked(analyser, text, words=(), phrases=()):
    return [text[start:end] for start, end in highlight(analyser, text, set(words), phrases)]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("華為智慧型手機", ["手机"], ["手機"]),  # traditional
        ("ＴＰ－ＬＩＮＫ 路由器", ["tplink"], ["ＴＰ－ＬＩＮＫ"]),  # full width: router
        ("iPhone 15 Pro", ["iphone15"], ["iPhone 15"]),
        ("5.5寸屏 10㎏", ["5.5inch", "10kg"], ["5.5寸", "10㎏"]),
        ("智能手机壳", ["智能", "手机"], ["智能手机"]),  # touching marks become one
        ("手\u200b机 手机", ["手机"], ["手\u200b机", "手机"]),
        ("手机", ["能手"], []),
        ("手机", [], []),
    ],
)
def test_words(analyser, text, words, expected):
    """Also when what matched is written otherwise."""
    assert marked(analyser, text, words) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [(("慧", "型"), ["慧型"]), (("iphone", "15"), ["iPhone", "15"]), (("型", "慧"), []), ((), [])],
)
def test_phrases(analyser, phrase, expected):
    """Neighbouring characters in this order, each marked by itself where white space divides them."""
    assert marked(analyser, "智慧型手機 iPhone 15", (), [phrase]) == expected


@settings(max_examples=500)
@given(st.data())
def test_exactly_what_matched_is_marked(analyser, shop_text, any_text, data):
    """The marked characters are those of the tokens in ``words`` and of the phrases, and no others."""
    text = data.draw(shop_text | any_text)
    tokens, characters = analyser.index(text), analyser.characters(text)
    words = set(data.draw(st.lists(st.sampled_from([t.text for t in tokens] or ["手机"]), max_size=3)))
    at = data.draw(st.integers(0, max(len(characters) - 1, 0)))
    phrase = tuple(token.text for token in characters[at : at + data.draw(st.integers(0, 3))])
    expected = {place for t in tokens if t.text in words for place in range(t.start, t.end)}
    for begin in range(len(characters) - len(phrase) + 1):
        window = characters[begin : begin + len(phrase)]
        if phrase and tuple(token.text for token in window) == phrase:
            expected |= {place for token in window for place in range(token.start, token.end)}
    spans = highlight(analyser, text, words, [phrase])
    assert {place for start, end in spans for place in range(start, end)} == expected
    assert all(left[1] < right[0] for left, right in pairwise(spans))


@settings(max_examples=300)
@given(st.data())
def test_what_is_marked_is_made_of_matched_tokens(analyser, data):
    """In text of one script and plain words a span folds to what was sought."""
    words = ["手机", "手機", "ＩＰＨＯＮＥ", "耳机", "小米", "，", " "]
    text = "".join(data.draw(st.lists(st.sampled_from(words), max_size=8)))
    for start, end in highlight(analyser, text, {"手机", "iphone"}):
        assert re.fullmatch("(手机|iphone)+", fold(text[start:end]))


@settings(max_examples=300)
@given(st.data())
def test_marks_are_escaped_and_reversible(analyser, shop_text, data):
    """Without its marks the HTML is the escaped text: nothing of the title is ever markup."""
    text = data.draw(shop_text.map(lambda shop: f"<b onclick='x'>{shop}</mark>&amp;\""))
    spans = highlight(analyser, text, {token.text for token in analyser.index(text)[::2]})
    marked_up = mark(text, spans)
    bare = marked_up.replace("<mark>", "").replace("</mark>", "")
    assert bare == html.escape(text)
    assert marked_up.count("<mark>") == marked_up.count("</mark>") == len(spans)


def test_mark():
    """Quotes, too, since a title may stand in an attribute."""
    assert mark("a<b\"'", [(0, 1), (2, 3)]) == "<mark>a</mark>&lt;<mark>b</mark>&quot;&#x27;"
    assert mark("", []) == ""
