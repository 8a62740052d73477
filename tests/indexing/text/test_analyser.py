"""The analyser's three modes."""

import threading
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.text import Token, build_analyser, fold


def texts(tokens):
    return [token.text for token in tokens]


def bare(text):
    """Folded, without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", fold(text)) if not unicodedata.combining(c))


def test_index_overlaps_and_query_keeps_the_longest(analyser):
    """智能手机 (smartphone) holds 智能 and 手机, never 能手 (expert)."""
    assert texts(analyser.index("智能手机")) == ["智能手机", "智能", "手机"]
    assert texts(analyser.query("智能手机")) == ["智能手机"]


def test_traditional_and_full_width_are_the_same_words(analyser):
    """智慧 is no matter of script, 手機 and ＴＰ are; offsets are those of the original."""
    assert analyser.query("ＴＰ－ＬＩＮＫ　手機殼") == [
        Token("tplink", 0, 7),
        Token("手机", 8, 10),
        Token("壳", 10, 11),
    ]
    assert analyser.query("tp-link 手机壳") == analyser.query("ＴＰ－ＬＩＮＫ　手機殼")


def test_characters_are_one_by_one_and_latin_whole(analyser):
    """What phrases are made of: positions are the same however a model number is written."""
    expected = ["智", "能", "iphone", "15", "5.5", "寸", "한국"]
    assert texts(analyser.characters("智能iPhone15，5.5寸 한국")) == expected
    assert texts(analyser.characters("智能 iphone 15 5.5 寸 한국")) == expected


def test_offsets_count_original_characters(analyser):
    """Invisible characters, ligatures and emoji before a word move it."""
    title = "🎁\u200b㎏ﬁ 手\u200b机"
    assert [token for token in analyser.query(title) if token.text == "手机"] == [Token("手机", 5, 8)]


@pytest.mark.parametrize(
    "text", ["", " ", "🎁👨‍👩‍👧", "！？。【】", "\x00", "\ud800", "\u200b\ufeff", "*" * 1000]
)
def test_nothing_to_find(analyser, text):
    """Text without a word has no tokens in any mode."""
    assert analyser.index(text) == analyser.query(text) == analyser.characters(text) == []


@settings(max_examples=600)
@given(st.data())
def test_query_tokens_are_among_index_tokens(analyser, english, shop_text, any_text, data):
    """Whatever a text is, a query for all of it finds it."""
    text = data.draw(shop_text | any_text)
    for each in (analyser, english):
        assert set(texts(each.query(text))) <= set(texts(each.index(text)))


@settings(max_examples=600)
@given(st.data())
def test_tokens_are_folded_bounded_and_in_place(analyser, shop_text, any_text, data):
    """A token is folded, without white space, at most 64 characters, and stands within the text."""
    text = data.draw(shop_text | any_text)
    for mode in (analyser.index, analyser.query, analyser.characters):
        for token in mode(text):
            assert token.text == fold(token.text)
            assert 1 <= len(token.text) <= 64
            assert not any(map(str.isspace, token.text))
            assert 0 <= token.start < token.end <= len(text)


@settings(max_examples=600)
@given(st.data())
def test_characters_are_those_of_the_original(analyser, shop_text, data):
    """The original characters of a Han token fold to it; those of another token hold it."""
    text = data.draw(shop_text)
    for token in analyser.characters(text):
        original = bare(text[token.start : token.end])
        assert bare(token.text) in original.replace(",", "") or original.strip() in "*×"


@given(st.data())
def test_query_tokens_do_not_overlap(analyser, data):
    """In plain text each original character belongs to at most one token of a query."""
    words = [
        "手机壳",
        "iPhone",
        "15",
        "256",
        "GB",
        "5.5",
        "寸",
        "T",
        "恤",
        "tp",
        "link",
        "-",
        " ",
        " ",
        "/",
        "一次性塑料袋",
    ]
    text = "".join(data.draw(st.lists(st.sampled_from(words), max_size=10)))
    tokens = analyser.query(text)
    assert all(left.end <= right.start for left, right in pairwise(tokens))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["手机", "龘", "智慧型手機 ", "é手", "🎁", "я", "5寸", "T恤"])
def test_time_is_linear(analyser, piece):
    """A quadratic pass over 100,000 characters would not end within the limit."""
    text = piece * (100_000 // len(piece))
    assert set(texts(analyser.query(text))) <= set(texts(analyser.index(text)))


def test_threads_share_one_analyser():
    """Eight threads see what one sees."""
    shared = build_analyser(["小米"], language="en")
    titles = [
        f"小米{number} 智能手机 mugs{number} running 一次性塑料袋 {number}寸" for number in range(300)
    ]
    alone = build_analyser(["小米"], language="en")
    expected = [alone.index(title) for title in titles]
    seen: list[list[list[Token]]] = []
    threads = [
        threading.Thread(target=lambda: seen.append([shared.index(t) for t in titles])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [expected] * 8
