"""Lists end to end, on a shop whose tastes are planted."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexing.contracts.errors import InputError
from indexing.contracts.filters import Compare, In
from indexing.contracts.items import Item
from indexing.contracts.profiles import RecommendProfile
from recsys import SCENARIOS, RecommendEngine, RecommendRequest

FIXTURES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def _rows(result):
    return result.ranking.rows.tolist()


def test_three_clicks_change_the_home_page_and_it_says_why(planted, did, now):
    """After three clicks on products of one kind, four of the first ten are of it or its complements,
    named as the reason, and the window still holds at most three of a category."""
    engine = RecommendEngine(planted.catalogue)
    kind = 5
    before = engine.recommend(RecommendRequest("home", now, limit=20))
    clicks = did("click", *planted.ids(kind)[:3])
    after = engine.recommend(RecommendRequest("home", now, limit=20, actions=clicks))
    wanted = {kind, planted.complements[kind]}
    of_kind = [int(planted.kind_of[row]) for row in _rows(after)]
    assert sum(one in wanted for one in of_kind[:10]) >= 4
    assert sum(int(planted.kind_of[row]) in wanted for row in _rows(before)[:10]) < 4
    clicked = {planted.catalogue.row_of(one) for one in planted.ids(kind)[:3]}
    named = [reason for reason in after.reasons[:10] if reason.code == "because_viewed"]
    assert len(named) >= 4
    assert {reason.because for reason in named} <= clicked
    for start in range(len(of_kind) - 5):
        window = of_kind[start : start + 6]
        assert max(window.count(one) for one in window) <= 3


def test_a_list_has_no_row_twice_on_this_page_or_the_next_ones(planted, did, now):
    """The rows to come are new ones, at most a hundred."""
    engine = RecommendEngine(planted.catalogue)
    for scenario in SCENARIOS:
        request = RecommendRequest(
            scenario,
            now,
            limit=10,
            item_ids=planted.ids(3)[:1],
            actions=did("view_item", *planted.ids(9)[:4]),
        )
        result = engine.recommend(request)
        rows = _rows(result) + result.upcoming.rows.tolist()
        assert len(set(rows)) == len(rows)
        assert len(result.upcoming) <= 100
        assert len(result.reasons) == len(result.ranking) == len(result.propensities)
        assert len(result.upcoming_reasons) == len(result.upcoming)


def test_the_context_is_never_recommended(planted, now):
    """Neither on its product page nor in the cart; excluded products neither."""
    engine = RecommendEngine(planted.catalogue)
    cart, other = planted.ids(2)[:3], planted.ids(2)[4]
    for scenario in ("similar", "bought_together", "cart"):
        request = RecommendRequest(
            scenario, now, limit=100, item_ids=cart, exclude_items=[other, "unknown"]
        )
        shown = {planted.catalogue.id_of(row) for row in _rows(engine.recommend(request))}
        assert not shown & {*cart, other}


def test_similar_products_are_of_the_kind_and_complements_go_with_it(planted, now):
    """The head of ``similar`` is the product's own kind, of ``bought_together`` its complement."""
    engine = RecommendEngine(planted.catalogue)
    kind = 11
    context = planted.ids(kind)[:1]
    similar = engine.recommend(RecommendRequest("similar", now, limit=6, item_ids=context))
    assert [int(planted.kind_of[row]) for row in _rows(similar)] == [kind] * 6
    assert {reason.code for reason in similar.reasons} <= {"similar", "also_viewed"}
    together = engine.recommend(RecommendRequest("bought_together", now, limit=6, item_ids=context))
    assert {int(planted.kind_of[row]) for row in _rows(together)} == {planted.complements[kind]}
    row = planted.catalogue.row_of(context[0])
    assert {(reason.code, reason.because) for reason in together.reasons} == {("bought_together", row)}
    assert set(_rows(together)) <= set(planted.together[row])


def test_bought_and_disliked_products_do_not_come_back_home(planted, did, now):
    """Bought and disliked never; viewed ones only after everything else."""
    engine = RecommendEngine(planted.catalogue)
    ids = planted.ids(20)
    actions = [*did("dislike", ids[0]), *did("view_item", *ids[1:4]), *did("purchase", *ids[4:7])]
    result = engine.recommend(RecommendRequest("home", now, limit=100, actions=actions))
    shown = {planted.catalogue.id_of(row) for row in _rows(result) + result.upcoming.rows.tolist()}
    assert not shown & set(ids[:7])
    only = In("item_id", tuple(ids))
    result = engine.recommend(RecommendRequest("home", now, limit=100, actions=actions, filter=only))
    shown = [planted.catalogue.id_of(row) for row in _rows(result)]
    stocked = [one for one in ids if planted.catalogue.item(planted.catalogue.row_of(one)).in_stock]
    assert set(shown) == set(stocked) - {ids[0], *ids[4:7]}
    seen = [one for one in ids[1:4] if one in stocked]
    assert set(shown[len(shown) - len(seen) :]) == set(seen)


def test_recently_viewed_is_what_was_viewed_in_order(planted, did, now):
    """The last one first, nothing else, sold out or not."""
    engine = RecommendEngine(planted.catalogue)
    ids = [planted.ids(kind)[0] for kind in (30, 3, 17)]
    actions = [*did("view_item", *ids), *did("view_item", ids[0], "unknown", days_ago=2)]
    result = engine.recommend(RecommendRequest("recently_viewed", now, actions=actions))
    assert [planted.catalogue.id_of(row) for row in _rows(result)] == ids
    assert len(engine.recommend(RecommendRequest("recently_viewed", now)).ranking) == 0


def test_a_stranger_sees_what_is_sought_after_and_what_is_new(planted, now):
    """Full pages without any action, with a note; a tenth of the places are new products."""
    engine = RecommendEngine(planted.catalogue)
    result = engine.recommend(RecommendRequest("home", now, limit=20))
    assert len(result.ranking) == 20
    assert "cold" in {note.code for note in result.notes}
    assert {reason.code for reason in result.reasons} <= {"trending", "fresh"}
    new = [
        row for row in _rows(result) if now - planted.catalogue.item(row).created_at < timedelta(days=30)
    ]
    assert len(new) >= 2


def test_new_products_come_by_launch_date(planted, now):
    """``new`` for a stranger is the launch dates, downwards."""
    engine = RecommendEngine(planted.catalogue)
    profile = RecommendProfile(same_brand=50, same_category=50)
    result = engine.recommend(RecommendRequest("new", now, limit=20, profile=profile))
    fresh = [
        row for row, reason in zip(_rows(result), result.reasons, strict=True) if reason.code == "fresh"
    ]
    stocked = [row for row in range(planted.catalogue.rows) if planted.catalogue.item(row).in_stock]
    newest = sorted(stocked, key=lambda row: planted.catalogue.item(row).created_at, reverse=True)
    assert len(fresh) == 20
    assert fresh == newest[:20]


def test_unknown_scenario_is_an_input_error(planted, now):
    """It says which ones there are."""
    with pytest.raises(InputError, match="recently_viewed") as caught:
        RecommendEngine(planted.catalogue).recommend(RecommendRequest("sideways", now))
    assert caught.value.code == "unknown_scenario"


@FIXTURES
@given(
    scenario=st.sampled_from([name for name in SCENARIOS if name != "recently_viewed"]),
    below=st.integers(0, 100_000),
    limit=st.integers(1, 100),
    kinds=st.lists(st.integers(0, 39), max_size=4),
    context=st.lists(st.integers(0, 39), max_size=3),
)
def test_a_page_is_full_whenever_it_can_be(  # noqa: PLR0917 - fixtures and drawn values
    planted, did, now, scenario, below, limit, kinds, context
):
    """As many rows as asked, or every row that may be shown; all of them match the filter."""
    engine = RecommendEngine(planted.catalogue)
    condition = Compare("price_minor", "<", float(below))
    context_ids = [planted.ids(kind)[0] for kind in context]
    request = RecommendRequest(
        scenario,
        now,
        limit=limit,
        item_ids=context_ids,
        filter=condition,
        actions=did("view_item", *[planted.ids(kind)[1] for kind in kinds]),
    )
    rows = _rows(engine.recommend(request))
    mask = planted.catalogue.mask(condition)
    stock = np.array([item.in_stock for item in planted.catalogue.items(np.arange(planted.catalogue.rows))])
    mask = mask & stock
    mask[planted.catalogue.rows_of(context_ids)] = False
    assert mask[rows].all()
    assert len(rows) == min(limit, int(mask.sum()))


@FIXTURES
@given(
    groups=st.lists(st.sampled_from([None, "a", "b", "c"]), min_size=1, max_size=12),
    limit=st.integers(1, 12),
)
def test_variants_of_one_product_stand_once(make_catalogue, now, groups, limit):
    """One row of each group, and as many rows as there are groups; without any model at all."""
    items = [Item(f"p{row:02d}", "商品", group_id=group) for row, group in enumerate(groups)]
    engine = RecommendEngine(make_catalogue(items))
    result = engine.recommend(RecommendRequest("home", now, limit=limit))
    found = [groups[row] for row in _rows(result)]
    named = [group for group in found if group]
    assert len(set(named)) == len(named)
    singles = groups.count(None)
    assert len(found) == min(limit, singles + len({group for group in groups if group}))


def test_without_models_every_list_is_full_and_says_what_was_skipped(make_catalogue, now, did):
    """A shop on its first day: no events, no models."""
    items = [Item(f"p{row:02d}", "商品") for row in range(9)]
    engine = RecommendEngine(make_catalogue(items))
    for scenario in SCENARIOS:
        request = RecommendRequest(scenario, now, limit=5, item_ids=["p03"], actions=did("click", "p01"))
        result = engine.recommend(request)
        assert len(result.ranking) == (1 if scenario == "recently_viewed" else 5)
    home = engine.recommend(RecommendRequest("home", now, limit=5))
    skipped = [note.detail for note in home.notes if note.code == "source_skipped"]
    asked = set(RecommendProfile().sources["home"])
    assert {detail.split(":")[0] for detail in skipped} == asked - {"fresh"}


def test_an_empty_shop_and_a_shop_of_dead_rows_answer_nothing(make_catalogue, now):
    """No rows, no crash."""
    for catalogue in (make_catalogue([]), make_catalogue([Item("p0", "商品")], dead=[0])):
        for scenario in SCENARIOS:
            engine, request = RecommendEngine(catalogue), RecommendRequest(scenario, now, item_ids=["p0"])
            assert not engine.still_allowed(request, np.array([-1], np.int32)).any()
            result = engine.recommend(request)
            assert len(result.ranking) == len(result.upcoming) == 0


@pytest.mark.parametrize("dated", [True, False])
def test_a_product_added_since_the_build_is_found_by_its_text_and_as_new(
    planted, make_catalogue, did, now, dated
):
    """It has no factors, neighbours or counts; its text vector brings it up, and its launch date: without
    one it was launched when it came."""
    items = [planted.catalogue.item(row) for row in range(planted.catalogue.rows)]
    launch = now - timedelta(hours=1) if dated else None
    added = Item("z-new", "新品", category=["root", "part1", "kind5"], created_at=launch)
    catalogue = make_catalogue([*items, added], live=1)
    vectors = planted.catalogue.vectors("text").vectors(np.arange(planted.catalogue.rows, dtype=np.int32))
    seed = planted.catalogue.row_of(planted.ids(5)[0])
    catalogue.put_index("text", np.vstack([vectors, vectors[seed]]))
    catalogue.put_index("factors", planted.catalogue.vectors("factors").vectors(np.arange(len(items))))
    engine = RecommendEngine(catalogue)
    row = catalogue.row_of("z-new")
    new = engine.recommend(RecommendRequest("new", now, limit=3))
    assert new.ranking.rows[0] == row
    similar = engine.recommend(
        RecommendRequest("similar", now, limit=3, item_ids=planted.ids(5)[:1], explain=True)
    )
    at = similar.ranking.rows.tolist().index(row)
    assert similar.ranks[at] == {"content": 1}
    clicks = did("click", *planted.ids(5)[:3])
    home = engine.recommend(RecommendRequest("home", now, limit=20, actions=clicks))
    assert row in _rows(home)


@pytest.mark.parametrize("ago", [0, 4000])
def test_what_is_announced_hides_nothing_that_is_new(make_catalogue, models, now, ago):
    """Seven hundred launches lie ahead, three are of yesterday: ``new`` shows those three first, in a shop
    of today and in one that serves an old log."""
    then = now - timedelta(days=ago)
    dates = [now + timedelta(days=9)] * 700 + [then - timedelta(days=1)] * 3 + [then - timedelta(days=90)]
    items = [Item(f"p{row:03d}", "商品", created_at=date) for row, date in enumerate(dates)]
    models.scores("trend", np.ones(len(items)), now=then)
    found = RecommendEngine(make_catalogue(items)).recommend(RecommendRequest("new", now, limit=4))
    assert _rows(found)[:3] == [700, 701, 702]
    assert [reason.code for reason in found.reasons].count("fresh") == 3


def test_a_launch_that_was_moved_since_the_build_counts_where_it_stands_now(make_catalogue, models, now):
    """A shop that serves an old log: new is measured from the last launch, of the view that is asked."""
    then = now - timedelta(days=4000)
    models.scores("trend", np.ones(2), now=then)

    def shop(days: int):
        moved = Item("p0", "商品", created_at=then + timedelta(days=days))
        return make_catalogue([moved, Item("p1", "商品", created_at=then - timedelta(days=25))])

    def new(engine: RecommendEngine) -> list[int]:
        found = engine.recommend(RecommendRequest("new", now, limit=2))
        return [
            row for row, reason in zip(_rows(found), found.reasons, strict=True) if reason.code == "fresh"
        ]

    engine = RecommendEngine(shop(-40))
    assert new(engine) == [1]
    assert new(engine.on(shop(20))) == [0]


def test_a_variant_of_what_is_disliked_is_not_shown(make_catalogue, now, did):
    """Lists hold one variant of a product: who dislikes it does not mean the colour."""
    items = [Item(f"p{row}", "商品", group_id=group) for row, group in enumerate(["a", "a", "b", "b"])]
    engine = RecommendEngine(make_catalogue(items))
    for scenario in ("home", "similar", "trending"):
        request = RecommendRequest(scenario, now, actions=did("dislike", "p0"))
        assert _rows(engine.recommend(request)) == [2]


def test_rows_to_come_are_checked_again_when_their_page_is_asked(planted, did, now):
    """What was sold, hidden, excluded, disliked, bought or is unknown by then is left out."""
    engine = RecommendEngine(planted.catalogue)
    sold = next(row for row in range(planted.catalogue.rows) if not planted.catalogue.item(row).in_stock)
    kept = next(row for row in range(planted.catalogue.rows) if planted.catalogue.item(row).in_stock)
    rows = np.array([kept, sold, -1], np.int32)
    assert engine.still_allowed(RecommendRequest("home", now), rows).tolist() == [True, False, False]
    gone = RecommendRequest("home", now, exclude_items=[planted.catalogue.id_of(kept)])
    assert not engine.still_allowed(gone, rows).any()
    for event in ("dislike", "purchase"):
        done = RecommendRequest("home", now, actions=did(event, planted.catalogue.id_of(kept)))
        assert not engine.still_allowed(done, rows).any()


def test_explain_says_at_which_rank_each_source_had_a_row(planted, did, now):
    """Ranks begin at 1 and name only sources of the profile."""
    engine = RecommendEngine(planted.catalogue)
    actions = did("click", *planted.ids(5)[:3])
    result = engine.recommend(RecommendRequest("home", now, actions=actions, explain=True))
    assert len(result.ranks) == len(result.ranking)
    assert {name for ranks in result.ranks for name in ranks} <= {
        "factors",
        "item_item",
        "content",
        "trend",
        "fresh",
    }
    assert min(rank for ranks in result.ranks for rank in ranks.values()) == 1
    assert engine.recommend(RecommendRequest("home", now, actions=actions)).ranks == ()


def test_the_same_request_gives_the_same_answer(planted, did, now):
    """No hidden state, no clock."""
    engine = RecommendEngine(planted.catalogue)
    request = RecommendRequest(
        "home",
        now,
        actions=did("click", *planted.ids(5)[:3]),
        profile=RecommendProfile(explore=0.2),
        seed=3,
    )
    first, second = engine.recommend(request), engine.on(planted.catalogue).recommend(request)
    assert _rows(first) == _rows(second)
    assert first.propensities.tolist() == second.propensities.tolist()
