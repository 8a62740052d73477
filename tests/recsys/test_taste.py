"""What actions say."""

from __future__ import annotations

import pytest

from indexing.contracts.items import Item
from recsys.taste import EVENT_WEIGHTS, MOST_STRENGTH, read_taste


@pytest.fixture
def shop(make_catalogue):
    return make_catalogue([Item(f"p{row}", "商品") for row in range(6)])


def test_products_come_by_their_last_touch(shop, did):
    """The newest first, each once; unknown products and events without product are passed over."""
    actions = [*did("view_item", "p3", "p1", "p3", "unknown"), *did("search", None)]
    taste = read_taste(actions, shop)
    assert taste.rows.tolist() == [3, 1]
    assert taste.strength.tolist() == [2.0, 1.0]
    second = 0.6 * 0.7 + 0.4 * 0.98
    assert taste.weights == pytest.approx([2.0, second], rel=1e-3)


def test_stronger_events_weigh_more_up_to_a_bound(shop, did):
    """A purchase more than a cart more than a view; the hundredth view no more than the tenth."""
    actions = [*did("purchase", "p0"), *did("add_to_cart", "p1"), *did("view_item", *["p2"] * 100)]
    taste = read_taste(actions, shop)
    assert taste.strength.tolist() == [
        EVENT_WEIGHTS["purchase"],
        EVENT_WEIGHTS["add_to_cart"],
        MOST_STRENGTH,
    ]
    assert taste.bought.tolist() == [True, False, False]
    assert taste.wanted.tolist() == [True, True, False]


def test_age_counts_from_the_newest_action(shop, did):
    """Fourteen days before the last action a touch weighs half; how long ago that was does not matter."""
    for ago in (0, 300):
        actions = [*did("click", "p0", days_ago=ago), *did("click", "p1", days_ago=ago + 14)]
        assert read_taste(actions, shop).weights == pytest.approx([1.0, (0.6 * 0.7 + 0.4 * 0.98) / 2])


def test_an_action_of_another_century_leaves_the_others_their_say(shop, did):
    """A clock that is ahead by decades: the other product keeps a tenth of its weight."""
    actions = [*did("click", "p0", days_ago=-30_000), *did("click", "p1")]
    assert read_taste(actions, shop).weights == pytest.approx([1.0, (0.6 * 0.7 + 0.4 * 0.98) / 10])


def test_what_is_taken_back_does_not_count(shop, did):
    """A cart emptied, a purchase refunded; a dislike makes a product unwanted altogether."""
    actions = [
        *did("remove_from_cart", "p0"),
        *did("refund", "p1"),
        *did("dislike", "p2"),
        *did("add_to_cart", "p0"),
        *did("purchase", "p1"),
        *did("view_item", "p0", "p2"),
    ]
    taste = read_taste(actions, shop)
    assert taste.rows.tolist() == [0]
    assert taste.strength.tolist() == [1.0]
    assert not taste.wanted.any()
    assert taste.disliked.tolist() == [2]


def test_a_cart_filled_again_counts(shop, did):
    """Only what came before the removal is taken back."""
    actions = [*did("add_to_cart", "p0"), *did("remove_from_cart", "p0"), *did("add_to_cart", "p0")]
    taste = read_taste(actions, shop)
    assert taste.wanted.tolist() == [True]
    assert taste.strength.tolist() == [EVENT_WEIGHTS["add_to_cart"]]


def test_nobody_is_empty(shop, did):
    """No actions, or none that says anything."""
    for actions in ([], did("impression", "p0"), did("login", None)):
        assert len(read_taste(actions, shop)) == 0
