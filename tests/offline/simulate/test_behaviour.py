"""What the log says hangs together: lists, clicks, carts, orders, refunds, bots."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa

from indexing.contracts.experiments import assign
from indexing.contracts.profiles import Profile
from offline.simulate.crowd import AA
from offline.simulate.engine import SCENARIOS
from offline.simulate.lists import SOURCES
from tests.offline.simulate.conftest import LAST_DAY, Home

Row = dict[str, Any]


def _shown(home: Home) -> dict[str, Row]:
    return {row["request_id"]: row for row in home.shown.to_pylist()}


def test_every_click_stands_in_a_list_shown(home: Home) -> None:
    """Its request is there, to the same shopper, and that product was at that position before."""
    shown = _shown(home)
    clicks = home.of("click").to_pylist()
    assert len(clicks) > 1000
    for click in clicks:
        answer = shown[click["request_id"]]
        slots = {slot["position"]: slot["item_id"] for slot in answer["slots"]}
        assert slots[click["position"]] == click["item_id"]
        assert (answer["shopper"], answer["surface"]) == (click["shopper"], click["surface"])
        assert answer["query"] == click["query"]
        assert answer["served_at"] < click["timestamp"]


def test_impressions_are_the_head_of_their_list(home: Home) -> None:
    """One impression an answer: its first slots, in order; clicks fall on slots seen."""
    shown = _shown(home)
    impressions = home.of("impression").to_pylist()
    assert Counter(row["request_id"] for row in impressions) == Counter(dict.fromkeys(shown, 1))
    seen: dict[str, set[str]] = {}
    for row in impressions:
        slots = shown[row["request_id"]]["slots"]
        lines = [(line["item_id"], line["position"]) for line in row["items"]]
        assert lines == [(slot["item_id"], slot["position"]) for slot in slots[: len(lines)]]
        seen[row["request_id"]] = {item for item, _ in lines}
    assert all(click["item_id"] in seen[click["request_id"]] for click in home.of("click").to_pylist())
    assert sum(len(items) for items in seen.values()) == home.summary.seen


def test_lists_name_scenarios_sources_and_arms(home: Home) -> None:
    """All scenarios and sources occur; propensities are probabilities; the arm is that of the shopper."""
    profile = Profile().hash
    sources, scenarios = set(), set()
    for row in home.shown.to_pylist():
        scenarios.add(row["scenario"])
        sources.update(slot["source"] for slot in row["slots"])
        assert all(0 < slot["propensity"] <= 1 for slot in row["slots"])
        assert len({slot["item_id"] for slot in row["slots"]}) == len(row["slots"]) > 0
        arm = assign(AA, row["shopper"])
        assert arm is not None
        assert row["arms"] == [{"experiment": "aa", "arm": arm.name, "profile_hash": profile}]
    assert scenarios == set(SCENARIOS)
    assert sources == set(SOURCES)


def test_second_pages_follow_first_ones(home: Home) -> None:
    """``page_of`` names the first page of the same query; positions go on, products do not repeat."""
    shown = _shown(home)
    later = [row for row in shown.values() if row["page_of"]]
    assert len(later) > 10  # few queries of a small shop have more than twenty results
    for row in later:
        first = shown[row["page_of"]]
        assert (first["query"], first["shopper"], first["page_of"]) == (row["query"], row["shopper"], None)
        assert first["served_at"] < row["served_at"]
        assert [slot["position"] for slot in row["slots"]] == list(range(21, 21 + len(row["slots"])))
        items = [slot["item_id"] for slot in first["slots"] + row["slots"]]
        assert len(set(items)) == len(items)


def test_orders_add_up(home: Home) -> None:
    """A purchase is worth its lines at the catalogue's prices, and begins at a checkout."""
    columns = ("item_id", "price_minor", "in_stock")
    known = {row["item_id"]: row for row in home.catalogue.select(columns).to_pylist()}
    begun = {row["order_id"]: row["timestamp"] for row in home.of("begin_checkout").to_pylist()}
    purchases = home.of("purchase").to_pylist()
    assert len({row["order_id"] for row in purchases}) == len(purchases) == home.summary.orders > 100
    for row in purchases:
        assert row["value_minor"] == sum(line["price_minor"] * line["quantity"] for line in row["items"])
        assert begun[row["order_id"]] < row["timestamp"]
        for line in row["items"]:
            assert line["price_minor"] == known[line["item_id"]]["price_minor"]
            assert known[line["item_id"]]["in_stock"]


def test_what_is_bought_was_in_the_cart(home: Home) -> None:
    """Every line of a purchase was added to the cart in that session, before."""
    carts: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for row in home.of("add_to_cart").to_pylist():
        carts[row["session_id"]].setdefault(row["item_id"], row["timestamp"])
    for row in home.of("purchase").to_pylist():
        for line in row["items"]:
            assert carts[row["session_id"]][line["item_id"]] < row["timestamp"]


def test_refunds_give_back_what_was_bought(home: Home) -> None:
    """A refund names an earlier order of the same shopper, and products of it."""
    bought = {row["order_id"]: row for row in home.of("purchase").to_pylist()}
    refunds = home.of("refund").to_pylist()
    assert refunds
    for row in refunds:
        order = bought[row["order_id"]]
        assert order["shopper"] == row["shopper"]
        assert order["timestamp"] < row["timestamp"]
        assert {line["item_id"] for line in row["items"]} <= {line["item_id"] for line in order["items"]}
        assert 0 < row["value_minor"] <= order["value_minor"]


def test_nothing_is_shown_before_its_launch(home: Home) -> None:
    """Products launched in the period appear after their day of launch; the newest not at all."""
    launched = dict(
        zip(home.catalogue["item_id"].to_pylist(), home.catalogue["created_at"].to_pylist(), strict=True)
    )
    for row in home.shown.to_pylist():
        assert all(launched[slot["item_id"]] < row["served_at"] for slot in row["slots"])
    first = LAST_DAY - timedelta(days=7)
    assert sum(moment.date() > first for moment in launched.values()) > 5


def test_complements_are_bought_together(home: Home) -> None:
    """Planted pairs stand in one order far more often than orders of that many products would give."""
    planted = {
        tuple(sorted(pair.values())) for pair in home.truth("complements").select([0, 1]).to_pylist()
    }
    orders = [sorted({line["item_id"] for line in row["items"]}) for row in home.of("purchase").to_pylist()]
    counts = Counter(item for order in orders for item in order)
    together = Counter((a, b) for order in orders for i, a in enumerate(order) for b in order[i + 1 :])
    observed = sum(count for pair, count in together.items() if pair in planted)
    # independent orders: a pair meets in P(a) P(b) of them
    expected = sum(counts[a] * counts[b] / len(orders) for a, b in planted)
    assert observed > 30
    assert observed > 8 * expected


def test_bots_are_there_and_can_be_told(home: Home) -> None:
    """Hundreds of clicks at machine speed and no purchase; nobody else clicks twice in half a second."""
    bots = set(home.truth("bots")["shopper"].to_pylist())
    assert len(bots) == home.summary.bots == 3
    times: defaultdict[str, list[float]] = defaultdict(list)
    for row in home.of("click").to_pylist():
        times[row["session_id"] + row["shopper"]].append(row["timestamp"].timestamp())
    fast = set()
    for key, moments in times.items():
        quick = sum(b - a < 0.5 for a, b in pairwise(moments))
        if quick >= 100:
            fast.add(key[32:])
        elif key[32:] not in bots:
            assert quick <= 3
    assert fast == bots
    assert not bots & set(home.of("purchase")["shopper"].to_pylist())


def test_days_differ(home: Home) -> None:
    """The weekend is busier than the days before it, and more is done in the local evening than at dawn."""
    people = home.events.filter(
        pa.compute.invert(
            pa.compute.is_in(home.events["shopper"], home.truth("bots")["shopper"].combine_chunks())
        )
    )
    moments = people["timestamp"].to_pylist()
    days = Counter(moment.date() for moment in moments)
    hours = Counter((moment.hour + 8) % 24 for moment in moments)
    saturday, tuesday = LAST_DAY, LAST_DAY - timedelta(days=4)
    assert days[saturday] > 1.05 * days[tuesday]
    assert hours[21] > 4 * hours[4]


def test_the_promotion_day_is_the_busiest(home: Home) -> None:
    """Without a double date in the period it is the fifth of eight days."""
    days = Counter(moment.date() for moment in home.of("purchase")["timestamp"].to_pylist())
    assert days.most_common(1)[0][0] == LAST_DAY - timedelta(days=3)
