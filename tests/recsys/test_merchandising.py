"""Rules in a list."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexing.contracts.filters import Compare
from indexing.contracts.profiles import RecommendProfile
from indexing.contracts.rules import Rule
from recsys import RecommendEngine, RecommendRequest


def _ids(planted, result):
    return [planted.catalogue.id_of(row) for row in result.ranking.rows.tolist()]


def test_a_pin_stands_where_it_was_put_and_is_no_recommendation(planted, now):
    """At its place whatever the sources say, with the reason ``picked``, and named among the rules."""
    engine = RecommendEngine(planted.catalogue)
    base = engine.recommend(RecommendRequest("home", now, limit=10))
    stocked = [
        one
        for kind in (33, 34)
        for one in planted.ids(kind)
        if planted.catalogue.item(planted.catalogue.row_of(one)).in_stock
    ]
    wanted = [one for one in stocked if one not in _ids(planted, base)][:2]
    rule = Rule("r1", "pin", item_ids=wanted, position=3)
    result = engine.recommend(RecommendRequest("home", now, limit=10, rules=(rule,)))
    assert _ids(planted, result)[2:4] == wanted
    assert [reason.code for reason in result.reasons[2:4]] == ["picked", "picked"]
    assert result.rules_applied == ("r1",)
    rest = [one for one in _ids(planted, result) if one not in wanted]
    assert rest == [one for one in _ids(planted, base) if one not in wanted][: len(rest)]


def test_a_pin_obeys_stock_filters_and_hides(planted, now):
    """A product that may not be shown is not pinned, and the rule is not among those applied."""
    catalogue = planted.catalogue
    sold = next(catalogue.id_of(row) for row in range(catalogue.rows) if not catalogue.item(row).in_stock)
    kept = next(catalogue.item(row) for row in range(catalogue.rows) if catalogue.item(row).in_stock)
    engine = RecommendEngine(catalogue)
    pin = Rule("p", "pin", item_ids=[kept.item_id, sold])
    below = Compare("price_minor", "<", float(kept.price_minor))
    hide = Rule("h", "hide", item_ids=[kept.item_id])
    for request in (
        RecommendRequest("home", now, rules=(pin,), filter=below),
        RecommendRequest("home", now, rules=(hide, pin)),
        RecommendRequest("home", now, rules=(pin,), exclude_items=[kept.item_id]),
    ):
        result = engine.recommend(request)
        assert not {kept.item_id, sold} & set(_ids(planted, result))
        assert "p" not in result.rules_applied


def test_two_pins_on_one_place_stand_in_order_of_their_rules(planted, now):
    """The smaller rule id has the place, the other follows."""
    catalogue = planted.catalogue
    one, two = [catalogue.id_of(row) for row in range(catalogue.rows) if catalogue.item(row).in_stock][-2:]
    rules = (Rule("a", "pin", item_ids=[two]), Rule("b", "pin", item_ids=[one]))
    result = RecommendEngine(catalogue).recommend(RecommendRequest("trending", now, rules=rules))
    assert _ids(planted, result)[:2] == [two, one]


def test_hidden_products_do_not_appear_and_the_page_stays_full(planted, now):
    """By id and by filter: a hide is a filter."""
    engine = RecommendEngine(planted.catalogue)
    base = _ids(planted, engine.recommend(RecommendRequest("trending", now, limit=10)))
    rules = (Rule("a", "hide", item_ids=base[:3]), Rule("b", "hide", filter="price_minor < 50000"))
    result = engine.recommend(RecommendRequest("trending", now, limit=10, rules=rules))
    assert len(result.ranking) == 10
    assert not set(_ids(planted, result)) & set(base[:3])
    assert all(item.price_minor >= 50_000 for item in planted.catalogue.items(result.ranking.rows))


def test_a_boost_moves_up_and_a_bury_to_the_end(planted, now):
    """On a list without variety the rest keeps its order."""
    engine = RecommendEngine(planted.catalogue)
    plain = RecommendProfile(same_brand=50, same_category=50)
    base = engine.recommend(RecommendRequest("trending", now, limit=30, profile=plain))
    ids = _ids(planted, base)
    boost = Rule("b", "boost", item_ids=[ids[20]], factor=100.0)
    lifted = engine.recommend(RecommendRequest("trending", now, limit=30, profile=plain, rules=(boost,)))
    assert _ids(planted, lifted)[0] == ids[20]
    assert lifted.rules_applied == ("b",)
    bury = Rule("c", "bury", item_ids=[ids[0]])
    sunk = engine.recommend(RecommendRequest("trending", now, limit=30, profile=plain, rules=(bury,)))
    assert _ids(planted, sunk) == [*ids[1:], planted.catalogue.id_of(base.upcoming.rows[0])]
    both = sunk.ranking.rows.tolist() + sunk.upcoming.rows.tolist()
    assert planted.catalogue.row_of(ids[0]) not in both[:-1]


def test_a_rule_that_cannot_be_read_here_is_passed_over_with_a_note(planted, now):
    """A field that this shop does not have: the list comes all the same, and says what was ignored."""
    rule = Rule("odd", "hide", filter='attributes.colour = "red"')
    result = RecommendEngine(planted.catalogue).recommend(RecommendRequest("home", now, rules=(rule,)))
    assert len(result.ranking) == 20
    notes = [note.detail for note in result.notes if note.code == "rule_ignored"]
    assert len(notes) == 1
    assert "odd" in notes[0]


RULE = st.builds(
    Rule,
    rule_id=st.sampled_from("abcdef"),
    kind=st.sampled_from(["pin", "hide", "boost", "bury"]),
    item_ids=st.lists(
        st.sampled_from([f"p{row:04d}" for row in range(0, 480, 31)] + ["unknown"]), min_size=1, max_size=4
    ),
    position=st.integers(1, 100),
    factor=st.floats(0.01, 100),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    rules=st.lists(RULE, max_size=6, unique_by=lambda rule: rule.rule_id), share=st.sampled_from([0.0, 0.3])
)
def test_any_rules_leave_a_list_whole(planted, now, rules, share):
    """Full, nothing twice, nothing hidden, every pin that may be shown within the page or to come."""
    ordered = tuple(sorted(rules, key=lambda rule: rule.rule_id))
    request = RecommendRequest(
        "home", now, limit=12, rules=ordered, profile=RecommendProfile(explore=share)
    )
    result = RecommendEngine(planted.catalogue).recommend(request)
    rows = result.ranking.rows.tolist() + result.upcoming.rows.tolist()
    assert len(result.ranking) == 12
    assert len(set(rows)) == len(rows)
    shown = {planted.catalogue.id_of(row) for row in rows}
    hidden = {one for rule in rules if rule.kind == "hide" for one in rule.item_ids}
    assert not shown & hidden
    stocked = {item.item_id for item in planted.catalogue.items(np.arange(480)) if item.in_stock}
    pinned = {one for rule in rules if rule.kind == "pin" for one in rule.item_ids if rule.position <= 100}
    assert pinned & stocked - hidden <= shown
    for place, reason in enumerate(result.reasons):
        if reason.code == "picked":
            assert result.propensities[place] == 1.0
