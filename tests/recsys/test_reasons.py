"""Reasons are true to their source."""

from __future__ import annotations

import numpy as np
import pytest

from recsys import TEXTS, Reason, RecommendEngine, RecommendRequest, reason_text, rows_named


def test_every_code_has_a_text_in_both_languages():
    """And names its product in both or in neither."""
    for texts in TEXTS.values():
        assert set(texts) == {"zh-CN", "en"}
        assert len({"{title}" in text for text in texts.values()}) == 1


def test_texts_name_the_product_that_caused_them():
    """Whatever stands in the title; without a title a text that is true all the same."""
    reason = Reason("because_viewed", 3)
    assert reason_text(reason, language="zh-CN", title="咖啡机 {title}") == "因为你看过咖啡机 {title}"
    assert reason_text(reason, language="en", title="X") == "Because you viewed X"
    assert reason_text(reason, language="zh-CN") == "猜你喜欢"
    assert reason_text(Reason("trending"), language="en") == "Trending now"
    assert rows_named([reason, Reason("also_viewed", 5), Reason("trending"), reason]) == [3]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("click", "because_viewed"),
        ("view_item", "because_viewed"),
        ("add_to_wishlist", "because_wished"),
        ("add_to_cart", "because_carted"),
        ("purchase", "because_bought"),
    ],
)
def test_the_reason_says_what_was_done_with_the_product_it_names(planted, did, now, event, code):
    """Viewed, saved, put into the cart, bought; and the row named is one of the shopper's own."""
    ids = planted.ids(7)[:3]
    actions = did(event, *ids)
    result = RecommendEngine(planted.catalogue).recommend(RecommendRequest("home", now, actions=actions))
    named = [reason for reason in result.reasons if reason.because >= 0]
    assert {reason.code for reason in named} == {code}
    assert {reason.because for reason in named} <= {planted.catalogue.row_of(one) for one in ids}


def test_a_neighbour_s_cause_truly_has_it_as_a_neighbour(planted, did, now):
    """For every row of item-item and co-purchase on a page, in each scenario that asks them."""
    actions = [*did("view_item", *planted.ids(4)[:3]), *did("add_to_cart", *planted.ids(15)[:2])]
    context = planted.ids(21)[:2]
    checked = 0
    for scenario in ("home", "similar", "bought_together", "cart"):
        request = RecommendRequest(scenario, now, limit=40, actions=actions, item_ids=context)
        result = RecommendEngine(planted.catalogue).recommend(request)
        tables = {"item_item": planted.neighbours, "co_purchase": planted.together}
        for place, (row, reason) in enumerate(
            zip(result.ranking.rows.tolist(), result.reasons, strict=True)
        ):
            table = tables.get(result.ranking.source_of(place))
            if table is not None:
                assert row in table[reason.because]
                checked += 1
    assert checked > 20


def test_what_is_called_new_is_new_and_what_trends_has_events(planted, now):
    """Every ``fresh`` row was launched within thirty days; every ``trending`` row has a score."""
    engine = RecommendEngine(planted.catalogue)
    scores = np.load(planted.catalogue.model("trend") / "scores.npy")
    for scenario in ("home", "new", "trending"):
        result = engine.recommend(RecommendRequest(scenario, now, limit=40))
        for row, reason in zip(result.ranking.rows.tolist(), result.reasons, strict=True):
            if reason.code == "fresh":
                assert (now - planted.catalogue.item(row).created_at).days <= 30
            if reason.code == "trending":
                assert scores[row] > 0
