"""Which form a file is in is seen by its rows; a bad row costs one row, and says why."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexing.contracts.errors import InputError
from offline.importers.action_log import MOVIELENS, RETAILROCKET, TAOBAO, Published, read_actions

ROCKET = "timestamp,visitorid,event,itemid,transactionid\n"
MOBILE = "user_id,item_id,behavior_type,user_geohash,item_category,time\n"
BEHAVIOUR = "1,2268318,2520377,pv,1511544070\n"


def faults(path: Path, data: Published) -> list[tuple[int, str | None, str]]:
    return [(n, one.field, one.code) for n, one in read_actions(path, data) if isinstance(one, InputError)]


@pytest.mark.parametrize(
    ("data", "text", "event", "category"),
    [
        (RETAILROCKET, ROCKET + "1433221332117,257597,view,355908,\n", "view_item", None),
        (RETAILROCKET, "timestamp,user_id,item_id,event\n1430623510,7,300,view\n", "view_item", None),
        (TAOBAO, BEHAVIOUR, "view_item", "2520377"),
        (TAOBAO, MOBILE + "98047837,232431562,3,,4245,2014-12-06 02\n", "add_to_cart", "4245"),
        (MOVIELENS, "userId,movieId,rating,timestamp\n1,307,3.5,1256677221\n", "purchase", None),
        (MOVIELENS, "1::1193::5::978300760\n", "purchase", None),
        (MOVIELENS, "196\t242\t3\t881250949\n", "purchase", None),
    ],
)
def test_a_form_is_known_by_its_rows(
    tmp_path: Path, data: Published, text: str, event: str, category: str | None
) -> None:
    """Whatever the file is called; gzip, the ends of lines and a byte order mark change nothing."""
    for mark in ("", "\ufeff"):
        for end in ("\n", "\r\n"):
            raw = (mark + text.replace("\n", end)).encode()
            (tmp_path / "log").write_bytes(raw)
            (tmp_path / "log.gz").write_bytes(gzip.compress(raw))
            for name in ("log", "log.gz"):
                ((number, action),) = read_actions(tmp_path / name, data)
                assert not isinstance(action, InputError)
                assert (number, action.event.event, action.category) == (1, event, category)


def test_columns_of_a_head_may_stand_otherwise_and_in_quotes(tmp_path: Path) -> None:
    """With one that nobody asked for."""
    path = tmp_path / "ratings.csv"
    path.write_text('"rating","userId",note,"movieId","timestamp"\n"3.5","1","a, b","307","1256677221"\n')
    ((_, action),) = read_actions(path, MOVIELENS)
    assert not isinstance(action, InputError)
    assert (action.event.client_id, action.event.item_id) == ("1", "307")


BAD_ROCKET = b"""1433221332117,257597,view,355908,
1433221332,257597,view,355908,
-1,257597,view,355908,
4102444800000,257597,view,355908,
1433221332117,,view,355908,
1433221332117,257597,view,,
1433221332117,257597,stare,355908,
1433221332117,257597,view,355908
1433221332117,257597,view,355908,,
1433221332117,257\xff597,view,355908,
"1433221332117,257597,view,355908,
1433221332117,257597,transaction,"355908","4000"
"""


def test_each_bad_row_of_retail_rocket_is_named(tmp_path: Path) -> None:
    """Seconds, before 1970, 2100, nobody, nothing, an unknown event, a cell too few, one too many, a lone
    byte, a quote that is never closed."""
    path = tmp_path / "events.csv"
    path.write_bytes(ROCKET.encode() + BAD_ROCKET)
    assert faults(path, RETAILROCKET) == [
        (2, "timestamp", "bad_time"),
        (3, "timestamp", "bad_time"),
        (4, "timestamp", "bad_time"),
        (5, "visitorid", "missing"),
        (6, "itemid", "missing"),
        (7, "event", "unknown_value"),
        (8, None, "malformed"),
        (9, None, "malformed"),
        (10, "client_id", "not_unicode"),
        (11, None, "malformed"),
    ]


def test_each_bad_row_of_the_others_is_named(tmp_path: Path) -> None:
    """The first row too; blank lines are none."""
    log = tmp_path / "log"
    log.write_text(
        "1,2,3,look,1511544070\n\n" + BEHAVIOUR + "1,2,3,pv,2123321332\n1,2,3,pv\n1,2,,pv,1511544070\n"
    )
    assert faults(log, TAOBAO) == [
        (1, "behavior", "unknown_value"),
        (3, "timestamp", "bad_time"),
        (4, None, "malformed"),
        (5, "category_id", "missing"),
    ]
    log.write_text("1,2,3,pv,160000000000\n")
    assert faults(log, TAOBAO) == [(1, "timestamp", "bad_time")]
    log.write_text(MOBILE + "1,2,5,,4,2014-12-06 02\n1,2,4,,4,2014-12-06\n1,2,4,9a,4,2014-12-06 23\n")
    assert faults(log, TAOBAO) == [(1, "behavior_type", "unknown_value"), (2, "time", "bad_time")]
    log.write_text("1::2::6::978300760\n1::2::4::978300760\n1::2::4\n1:2:4:978300760\n1::2::0::978300760\n")
    assert faults(log, MOVIELENS) == [
        (1, "Rating", "out_of_range"),
        (3, None, "malformed"),
        (4, None, "malformed"),
        (5, "Rating", "out_of_range"),
    ]


@pytest.mark.parametrize("data", [RETAILROCKET, TAOBAO, MOVIELENS])
def test_another_file_is_refused_with_the_forms_that_are_known_and_its_first_line(
    tmp_path: Path, data: Published
) -> None:
    """At once, before a row is asked for."""
    path = tmp_path / "orders.csv"
    path.write_text("order,customer,total\n1,2,3\n")
    with pytest.raises(InputError) as told:
        read_actions(path, data)
    assert told.value.code == "unknown_format"
    assert "'order,customer,total' as its first line" in told.value.detail
    for form in data.forms:
        assert str(form) in told.value.detail


def test_a_packed_file_that_is_damaged_is_refused(tmp_path: Path) -> None:
    """As any file that cannot be read."""
    path = tmp_path / "UserBehavior.csv.gz"
    path.write_bytes(gzip.compress(BEHAVIOUR.encode() * 99)[:-9] + b"damaged!!")
    with pytest.raises(InputError, match="cannot be read"):
        list(read_actions(path, TAOBAO))


CELL = st.text(st.sampled_from('0159,"\n\r;\t:|pv.-\x00\udcff台'), max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, max_size=6).map(",".join), max_size=8))
def test_whatever_stands_between_two_good_rows_both_are_taken(tmp_path: Path, rows: list[str]) -> None:
    """No row takes the one above or below it with it, unless its quote is closed there."""
    text = BEHAVIOUR + "".join(f"{row}\n" for row in rows).replace('"', "'") + BEHAVIOUR
    path = tmp_path / "UserBehavior.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    actions = [one for _, one in read_actions(path, TAOBAO)]
    assert not isinstance(actions[0], InputError)
    assert actions[0] == actions[-1]
    for one in actions:
        assert not isinstance(one, InputError) or one.detail
