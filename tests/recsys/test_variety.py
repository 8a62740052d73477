"""Variants, windows and room for the new."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.items import Item
from indexing.contracts.ranking import ranking
from recsys.variety import appended, fold_variants, keys_of, spread, with_fresh

KEYS = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 4)), max_size=30)


def _list(count, source="a", first=0):
    return ranking(np.arange(first, first + count), -np.arange(count, dtype=float), source=source)


def _slow_spread(kinds, most, window, count):
    """Each place takes the first row that breaks the fewest limits."""
    left, order = list(range(len(kinds))), []
    while left and len(order) < count:
        recent = order[max(0, len(order) - window + 1) :]
        broken = [
            sum(
                kinds[place][key] >= 0
                and sum(kinds[one][key] == kinds[place][key] for one in recent) >= most[key]
                for key in range(2)
            )
            for place in left
        ]
        order.append(left.pop(broken.index(min(broken))))
    return order + left


@given(
    kinds=KEYS,
    most=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    window=st.integers(1, 7),
    count=st.integers(0, 30),
)
def test_spread_agrees_with_the_slow_way(kinds, most, window, count):
    """The same order, nothing lost, scores never rise down the list."""
    found = _list(len(kinds))
    limits = [(np.array([kind[key] for kind in kinds], np.int32), most[key]) for key in range(2)]
    result = spread(found, limits, window=window, count=count)
    assert result.rows.tolist() == _slow_spread(kinds, most, window, count)
    assert (np.diff(result.scores) <= 0).all()


def test_spread_without_limits_keeps_the_list():
    """Nothing to spread."""
    found = _list(4)
    assert spread(found, [], window=3, count=4) is found


@given(groups=st.lists(st.integers(-1, 4), max_size=20), taken=st.lists(st.integers(0, 4), max_size=2))
def test_the_best_variant_of_each_group_stays(groups, taken):
    """Rows without a group stay, groups in ``taken`` go, order is kept."""
    keys = np.array(groups, np.int32)
    kept = fold_variants(_list(len(groups)), keys, taken=taken).rows.tolist()
    seen = set(taken)
    expected = []
    for row, group in enumerate(groups):
        if group < 0 or group not in seen:
            expected.append(row)
            seen.add(group)
    assert kept == expected


@given(
    old=st.integers(0, 40),
    new=st.lists(st.integers(0, 60), max_size=20, unique=True),
    share=st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]),
    count=st.integers(0, 40),
)
def test_new_rows_have_their_share(old, new, share, count):
    """Of any stretch of 1 / share places one is new while there are new ones; nothing is lost or twice;
    the others keep their order."""
    found = _list(old)
    fresh = ranking(new, -np.arange(len(new), dtype=float), source="fresh")
    result = with_fresh(found, fresh, share=share, count=count)
    rows = result.rows.tolist()
    assert len(set(rows)) == len(rows)
    assert set(range(old)) <= set(rows) <= set(range(old)) | set(new)
    assert [row for row in rows if row not in new] == [row for row in range(old) if row not in new]
    assert (np.diff(result.scores) <= 0).all()
    if not share or not old:
        return
    stretch = round(1 / share)
    for start in range(min(count, len(rows)) - stretch + 1):
        window = rows[start : start + stretch]
        if not set(window) & set(new):  # then all new ones stand before, or the old ones ran out
            assert set(new) <= set(rows[:start])


def test_a_new_row_put_in_its_place_says_that_it_is_new():
    """Its source is ``fresh`` where it was due, and the old one where it stood anyway."""
    found, fresh = _list(4), ranking([3, 9], [2.0, 1.0], source="fresh")
    result = with_fresh(found, fresh, share=0.5, count=4)
    assert result.rows.tolist() == [0, 3, 1, 9, 2]
    assert [result.source_of(place) for place in range(5)] == ["a", "fresh", "a", "fresh", "a"]


def test_a_row_s_category_is_its_leaf(make_catalogue):
    """The last of its paths; -1 without category, brand or group."""
    items = [
        Item("p0", "商品", category=["家电", "厨房", "咖啡机"], brand="小米", group_id="g"),
        Item("p1", "商品", category=["家电", "厨房"]),
        Item("p2", "商品"),
        Item("p3", "商品", category=["食品", "咖啡机"], brand="小米"),
    ]
    columns = make_catalogue(items).columns
    rows = np.arange(4, dtype=np.int32)
    names = columns.text("category").values
    leaves = [names[code] if code >= 0 else None for code in keys_of(columns, "category", rows).tolist()]
    assert leaves == ["家电 > 厨房 > 咖啡机", "家电 > 厨房", None, "食品 > 咖啡机"]
    brands = keys_of(columns, "brand", rows).tolist()
    assert brands[0] == brands[3] >= 0
    assert brands[1] == brands[2] == -1
    assert [key >= 0 for key in keys_of(columns, "group", rows).tolist()] == [True, False, False, False]


def test_appended_rows_stand_below():
    """Sources are kept, scores never rise."""
    both = appended(_list(2), ranking([7], [100.0], source="b"))
    assert both.rows.tolist() == [0, 1, 7]
    assert both.source_of(2) == "b"
    assert (np.diff(both.scores) <= 0).all()
