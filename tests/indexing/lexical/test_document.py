"""What of an item is searched, and how it is weighed."""

from __future__ import annotations

from collections import Counter

from indexing.contracts.columns import field_kinds
from indexing.contracts.items import Item
from indexing.contracts.shop import Attribute, Shop
from indexing.lexical.base import LexicalQuery, Term
from indexing.lexical.document import DocumentMaker, document
from indexing.lexical.oracle import OracleIndex
from indexing.text import build_analyser

SHOP = Shop(
    attributes=(
        Attribute("颜色"),
        Attribute("暗语", search=False),
        Attribute("screen", type="number"),
        Attribute("产地", filter=False),
    )
)
ANALYSER = build_analyser(["华为", "手机", "红色", "热卖", "深圳", "秘密"])
ITEM = Item(
    item_id="A1",
    title="手机 Mate60",
    brand="华为",
    category=["数码", "手机"],
    tags=["热卖"],
    price_minor=5,
    attributes={"颜色": ["红色"], "暗语": "秘密", "screen": 6.7, "产地": "深圳", "其他": "别的"},
    description="说明",
)


def test_words_come_from_title_brand_category_searched_attributes_and_tags() -> None:
    """The title's count twice; unsearched, undeclared attributes and the description are not words."""
    counts = Counter(document(7, ITEM, ANALYSER, SHOP).words)
    assert counts["手机"] == 3  # twice in the title, once in the category
    for word in ("华为", "红色", "热卖", "深圳", "数码"):
        assert counts[word] == 1
    assert not {"秘密", "别的", "说明"} & counts.keys()


def test_characters_are_those_of_title_and_brand_with_a_gap_between() -> None:
    """A phrase of the brand is found, and none that begins in the title and ends in the brand."""
    item = Item(item_id="a", title="小米", brand="华为")
    index = OracleIndex(field_kinds(SHOP), [document(0, item, ANALYSER, SHOP)])
    totals = [index.count(LexicalQuery((Term((), (tuple(text),)),))) for text in ("小米", "华为", "米华")]
    assert totals == [1, 1, 0]


def test_values_are_folded_but_ids() -> None:
    """Of the fields that may be filtered, and no others."""
    item = Item(
        item_id="A1",
        title="x",
        brand="ＨＵＡＷＥＩ",
        group_id="G",
        attributes={"颜色": ["紅色"], "产地": "x"},
    )
    made = document(7, item, ANALYSER, SHOP)
    assert made.row == 7
    assert made.values == {
        "item_id": "A1",
        "brand": "huawei",
        "group_id": "G",
        "in_stock": True,
        "attributes.颜色": ["红色"],
    }


def test_a_maker_remembers_nothing_of_the_last_item() -> None:
    """The same documents as one by one, also when texts recur."""
    maker = DocumentMaker(ANALYSER, SHOP)
    others = [ITEM, Item(item_id="B", title="红色", brand="华为", tags=["手机"]), ITEM]
    for row, item in enumerate(others):
        assert maker(row, item) == document(row, item, ANALYSER, SHOP)


def test_an_item_of_hostile_text_makes_a_document() -> None:
    """Control characters, lone surrogates, emoji, and nothing but punctuation."""
    for title in ("\x00\x1f\u200b", "\ud800", "👨‍👩‍👧", "!!!", "a" * 500):
        made = document(0, Item(item_id="a", title=title, brand=title[:200]), ANALYSER, SHOP)
        for token in (*made.words, *made.characters):
            token.encode()
            assert not set(token) & set(" \t\n\r\x0c")
