"""Words found in the shop's own brands, categories and queries."""

import random

from indexing.text import build_analyser
from indexing.text.mining import mine

TITLES = [
    "百雀羚水嫩霜",
    "剑麻猫抓板 耐磨",
    "猫抓板大号",
    "iPhone15 手机壳",
    "iPhone 15 保护套",
    "1.5米床 床垫",
]


def test_brands_are_taken_whole():
    """In both scripts, known to the dictionary or not."""
    assert {"百雀羚", "tplink", "三只松鼠"} <= set(
        mine(TITLES, ["百雀羚", "TP-LINK/普联", "三隻松鼠"], [], [])
    )


def test_new_words_come_from_categories_and_frequent_queries():
    """猫抓板 (scratching board) is no word of the dictionary; titles hold it; five have asked for it."""
    assert mine(TITLES, [], ["宠物 > 猫抓板"], []) == ("猫抓板",)
    assert mine(TITLES, [], [], ["猫抓板"] * 4) == ()
    assert mine(TITLES, [], [], ["猫抓板 新款"] * 5) == ("猫抓板",)


def test_what_falls_into_words_stays_apart():
    """手机壳 as one word would miss 手机保护壳 (phone case)."""
    assert mine(TITLES, [], ["手机壳"], ["手机壳"] * 9) == ()


def test_what_has_synonyms_is_a_word():
    """热水壶 falls into 热水 + 壶, and yet is one thing with other names; 手机 is a word already."""
    assert mine(TITLES, [], [], [], ["热水壶", "手机", "usb线"]) == ("热水壶",)


def test_words_of_no_title_and_tails_of_numbers_are_left():
    """What no title holds helps nobody; 米床 behind 1.5 is a unit and a bed."""
    assert mine(["手机"], [], ["猫抓板"], []) == ()
    assert mine(TITLES, [], [], ["1.5米床"] * 9) == ()


def test_compounds_are_written_both_ways():
    """iphone15 and iphone 15, each often enough: a query for either means the model."""
    queries = ["iphone15"] * 5 + ["iphone 15"] * 5 + ["nike 42"] * 9
    words = mine(TITLES, [], [], queries)
    assert words == ("iphone15",)
    assert [token.text for token in build_analyser(words).query("iphone 15")] == ["iphone15"]


def test_the_order_of_the_log_does_not_matter():
    """The same inputs give the same words."""
    queries = ["猫抓板", "iphone15", "iphone 15", "百雀羚", "手机壳"] * 6
    shuffled = queries[:]
    random.Random(1).shuffle(shuffled)
    assert mine(TITLES, ["小米"], [], queries) == mine(TITLES[::-1], ["小米"], [], shuffled)
