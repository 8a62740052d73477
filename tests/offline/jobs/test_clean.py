"""The log, cleaned."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexing.contracts.errors import InputError
from indexing.contracts.events import EVENT_NAMES
from indexing.contracts.strings import SortedStrings
from offline.jobs.clean import CleanConfig, clean

IDS = SortedStrings.of([f"p{number}" for number in range(20)])


def _row(item_id):
    return IDS.find(item_id)


def test_no_log_and_an_empty_log_give_no_interactions(tmp_path, write_log):
    """Nothing to read is not an error."""
    for folder in (tmp_path / "absent", write_log([])):
        found, report = clean(folder, IDS)
        assert len(found) == len(found.seen) == report.events == 0
        assert found.end is None
        assert report.first is None


def test_an_event_counts_once_and_only_for_products_that_are_known(write_log):
    """The second appearance of an event id and products without a row are dropped and counted."""
    look = {"event": "click", "shopper": "s1"}
    log = write_log(
        [
            look | {"event_id": "same", "item_id": "p1"},
            look | {"event_id": "same", "item_id": "p1"},
            look | {"item_id": "gone"},
            look | {"item_id": "p2"},
            {"event": "search", "shopper": "s1", "query": "手机"},
        ]
    )
    found, report = clean(log, IDS)
    assert found.row.tolist() == [_row("p1"), _row("p2")]
    assert (report.events, report.duplicates, report.unknown_items, report.touches) == (5, 1, 1, 2)


def test_a_list_counts_for_each_of_its_products(write_log):
    """``items`` of an order and of an impression are taken apart, positions and order kept."""
    lines = [{"item_id": "p3", "position": 1}, {"item_id": "gone"}, {"item_id": "p4", "position": 2}]
    log = write_log(
        [
            {"event": "impression", "shopper": "s1", "items": lines},
            {"event": "purchase", "shopper": "s1", "items": lines, "order_id": "o1"},
            {"event": "purchase", "shopper": "s1", "item_id": "p5", "order_id": "o2"},
        ]
    )
    found, report = clean(log, IDS)
    assert found.row.tolist() == [_row("p3"), _row("p4"), _row("p5")]
    assert found.order.tolist() == [0, 0, 1]
    assert found.seen.row.tolist() == [_row("p3"), _row("p4")]
    assert found.seen.position.tolist() == [1, 2]
    assert report.unknown_items == 2


def test_sessions_are_given_or_end_with_half_an_hour_of_silence(write_log):
    """A given session holds whatever the silence; a guest without session belongs to none."""
    log = write_log(
        [
            {"event": "click", "shopper": "a", "item_id": "p1", "minute": 0},
            {"event": "click", "shopper": "a", "item_id": "p2", "minute": 30},
            {"event": "click", "shopper": "a", "item_id": "p3", "minute": 61},
            {"event": "click", "shopper": "b", "item_id": "p4", "minute": 1},
            {"event": "click", "shopper": "c", "session_id": "x", "item_id": "p5", "minute": 0},
            {"event": "click", "shopper": "c", "session_id": "x", "item_id": "p6", "minute": 500},
            {"event": "click", "session_id": "y", "item_id": "p7", "minute": 2},
            {"event": "click", "item_id": "p8", "minute": 3},
        ]
    )
    found, report = clean(log, IDS)
    session = {IDS[row]: code for row, code in zip(found.row.tolist(), found.session.tolist(), strict=True)}
    assert session["p1"] == session["p2"]
    assert session["p5"] == session["p6"]
    assert session["p8"] == -1
    different = {session[item] for item in ("p1", "p3", "p4", "p5", "p7")}
    assert len(different) == report.sessions == 5
    shopper = {IDS[row]: code for row, code in zip(found.row.tolist(), found.shopper.tolist(), strict=True)}
    assert shopper["p7"] == shopper["p8"] == -1


def test_purchases_of_one_day_are_one_order_where_none_is_named(write_log):
    """By shopper and day; a guest's purchase without order is alone."""
    buy = {"event": "purchase", "shopper": "a"}
    log = write_log(
        [
            buy | {"item_id": "p1", "minute": 0},
            buy | {"item_id": "p2", "minute": 100},
            buy | {"item_id": "p3", "minute": 24 * 60},
            {"event": "purchase", "item_id": "p4", "minute": 5},
        ]
    )
    found, _ = clean(log, IDS)
    order = {IDS[row]: code for row, code in zip(found.row.tolist(), found.order.tolist(), strict=True)}
    assert order["p1"] == order["p2"] != order["p3"]
    assert order["p4"] == -1


@pytest.mark.parametrize(
    ("gap_seconds", "count", "machine"), [(0.5, 60, True), (20.0, 60, False), (0.5, 10, False)]
)
def test_clicks_at_machine_speed_are_dropped(write_log, gap_seconds, count, machine):
    """Sixty clicks half a second apart are no person; ten, or slow ones, may be."""
    events = [
        {
            "event": "click",
            "shopper": "fast",
            "item_id": f"p{place % 20}",
            "minute": place * gap_seconds / 60,
        }
        for place in range(count)
    ]
    events.append({"event": "click", "shopper": "calm", "item_id": "p1", "minute": 2})
    found, report = clean(write_log(events), IDS)
    assert report.bots == machine
    assert report.bot_touches == (count if machine else 0)
    assert len(found) == 1 + (0 if machine else count)


def test_a_click_and_the_page_that_it_opens_are_one_look(write_log):
    """Forty products, each clicked and viewed 0.3 seconds later, one every half minute: a person."""
    events = []
    for place in range(40):
        look = {"shopper": "a", "item_id": f"p{place % 20}"}
        events.append(look | {"event": "click", "minute": place / 2})
        events.append(look | {"event": "view_item", "minute": place / 2 + 0.005})
    assert clean(write_log(events), IDS)[1].bots == 0


def test_a_log_that_knows_only_the_day_has_no_machines(write_log):
    """A hundred clicks at one and the same moment are the log's precision, not speed."""
    events = [{"event": "click", "shopper": "a", "item_id": f"p{n % 20}", "minute": 0} for n in range(100)]
    _, report = clean(write_log(events), IDS)
    assert report.bots == 0


def test_whoever_clicks_without_seeing_is_a_machine_where_pages_report_what_they_show(write_log):
    """Two hundred clicks without an impression, among shoppers who have some."""
    blind = [{"event": "click", "shopper": "bot", "item_id": f"p{n % 20}", "minute": n} for n in range(200)]
    others = [{"event": "impression", "shopper": f"s{n}", "item_id": "p1"} for n in range(3)]
    assert clean(write_log(blind + others), IDS)[1].bots == 1


def test_whoever_clicks_without_seeing_is_a_person_where_pages_do_not_report(write_log):
    """A log without impressions says nothing by their absence."""
    blind = [{"event": "click", "shopper": "bot", "item_id": f"p{n % 20}", "minute": n} for n in range(200)]
    assert clean(write_log(blind), IDS)[1].bots == 0


def test_a_clock_that_is_ahead_is_not_believed(write_log):
    """An event dated after it was received counts as of then; the end of the log is not in its future."""
    log = write_log(
        [
            {"event": "click", "shopper": "a", "item_id": "p1", "minute": 0},
            {
                "event": "click",
                "shopper": "a",
                "item_id": "p2",
                "minute": 5,
                "timestamp": datetime(2090, 1, 1, tzinfo=UTC),
            },
        ]
    )
    found, report = clean(log, IDS)
    assert np.diff(found.time).tolist() == [5 * 60 * 1_000_000]
    assert found.end == found.time.max()
    assert report.last < "2027"


def test_days_are_read_as_one_log(write_log):
    """A list, a session and an order that only a later day knows; an event sent again on another day."""
    day = 24 * 60
    lines = [{"item_id": "p3", "position": 1}, {"item_id": "p4", "position": 2}]
    log = write_log(
        [
            {"event": "click", "shopper": "a", "item_id": "p1", "minute": 0, "event_id": "same"},
            {"event": "search", "shopper": "a", "minute": 1},
            {"event": "click", "shopper": "b", "items": lines, "minute": day},
            {"event": "click", "shopper": "a", "item_id": "p1", "minute": day, "event_id": "same"},
            {"event": "click", "shopper": "a", "item_id": "p2", "minute": 2 * day, "session_id": "x"},
            {"event": "purchase", "shopper": "b", "item_id": "p5", "minute": 2 * day, "order_id": "o"},
        ]
    )
    found, report = clean(log, IDS)
    assert (report.events, report.duplicates) == (6, 1)
    assert found.row.tolist() == [_row(item) for item in ("p1", "p2", "p3", "p4", "p5")]
    assert found.shopper.tolist() == [0, 0, 1, 1, 1]
    assert found.order.tolist() == [-1, -1, -1, -1, 0]
    assert report.sessions == 4


def test_a_file_that_is_no_log_is_named(write_log):
    """Not a library's exception."""
    log = write_log([{"event": "click", "shopper": "a", "item_id": "p1"}])
    (log / "day=2026-01-06").mkdir()
    (log / "day=2026-01-06" / "part.parquet").write_bytes(b"not parquet")
    with pytest.raises(InputError, match="2026-01-06") as caught:
        clean(log, IDS)
    assert caught.value.code == "broken"


def test_a_period_leaves_out_what_is_before_and_after(write_log):
    """``since`` belongs to it, ``until`` does not."""
    log = write_log([{"event": "click", "shopper": "a", "item_id": f"p{n}", "minute": n} for n in range(5)])
    start = clean(log, IDS)[0].time.min()
    first = datetime.fromtimestamp(start / 1e6, UTC)
    config = CleanConfig(since=first + timedelta(minutes=1), until=first + timedelta(minutes=3))
    assert clean(log, IDS, config=config)[0].row.tolist() == [_row("p1"), _row("p2")]


EVENT = st.fixed_dictionaries(
    {
        "event": st.sampled_from(EVENT_NAMES),
        "event_id": st.sampled_from([f"e{n}" for n in range(30)]),
        "shopper": st.sampled_from([None, "a", "b", "用户"]),
        "session_id": st.sampled_from([None, None, "x"]),
        "item_id": st.sampled_from([None, "p1", "p2", "gone", ""]),
        "order_id": st.sampled_from([None, "o"]),
        "minute": st.integers(0, 200),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(events=st.lists(EVENT, max_size=25))
def test_cleaning_agrees_with_the_slow_way(events, tmp_path_factory, write_log):
    """Which products of which events are kept, by which shopper, in which order."""
    log = write_log(sorted(events, key=lambda event: event["minute"] // (24 * 60)))
    found, report = clean(log, IDS)
    shutil.rmtree(log)
    touches = {"click", "view_item", "add_to_wishlist", "add_to_cart", "purchase"}
    seen: set[str] = set()
    expected = []
    for event in events:
        if event["event"] not in touches | {"impression"}:
            continue
        fresh = event["event_id"] not in seen
        seen.add(event["event_id"])
        if fresh and event["event"] in touches and event["item_id"] in {"p1", "p2"}:
            expected.append((event["shopper"], event["minute"], event["item_id"], event["event"]))
    assert report.events == len(events)
    assert len(found) == len(expected)
    names = sorted(
        (IDS[row], EVENT_NAMES[code])
        for row, code in zip(found.row.tolist(), found.event.tolist(), strict=True)
    )
    assert names == sorted((item, name) for _, _, item, name in expected)
    assert (np.diff(found.shopper[found.shopper >= 0]) >= 0).all()
    for code in range(found.shoppers):
        assert (np.diff(found.time[found.shopper == code]) >= 0).all()
    assert int((found.shopper < 0).sum()) == sum(shopper is None for shopper, *_ in expected)
