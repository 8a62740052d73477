"""Public logs: Retail Rocket, Taobao and MovieLens; what is taken, and what is dropped row by row."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from indexing.contracts.errors import InputError
from indexing.contracts.events import EVENT_SCHEMA
from indexing.journal import open_journal
from offline.importers import run_import

DATA = Path(__file__).parents[4] / "shared" / "data"
HEAD = "timestamp,user_id,item_id,event\n"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def stored(home: Path) -> list[dict[str, Any]]:
    table = ds.dataset(home / "events", schema=EVENT_SCHEMA, format="parquet").to_table()
    return sorted(table.to_pylist(), key=lambda row: (row["timestamp"], row["item_id"] or ""))


def dropped(report: str) -> list[tuple[int, str, str]]:
    lines = map(json.loads, Path(report).read_text(encoding="utf-8").splitlines())
    return [(line["row"], line["field"], line["code"]) for line in lines]


def test_retail_rocket_s_actions_get_our_names(tmp_path: Path) -> None:
    """View, cart and transaction, at their time, by shopper; a product is titled by its number."""
    rows = "1430623510,7,300,view\n1430623535,7,300,addtocart\n1430709940,8,301,transaction\n"
    summary = run_import(tmp_path, "retailrocket", written(tmp_path / "rr.csv", HEAD + rows))
    assert (summary.read, summary.items, summary.events, summary.dropped) == (3, 2, 3, {})
    events = stored(tmp_path)
    assert [(one["event"], one["item_id"]) for one in events] == [
        ("view_item", "300"),
        ("add_to_cart", "300"),
        ("purchase", "301"),
    ]
    assert events[0]["timestamp"] == datetime.fromtimestamp(1430623510, UTC)
    assert events[0]["shopper"] == events[1]["shopper"] != events[2]["shopper"]
    with open_journal(tmp_path) as journal:
        item = journal.catalogue.get("301")
        assert item is not None
        assert (item.title, item.price_minor) == ("301", None)


def test_taobao_s_actions_get_our_names(tmp_path: Path) -> None:
    """Buy, cart, favourite and both kinds of view."""
    kinds = ("buy", "cart", "fav", "pv", "view_of_bought_item")
    rows = "".join(f"{1511539200 + n},1,9,{kind}\n" for n, kind in enumerate(kinds))
    run_import(tmp_path, "taobao", written(tmp_path / "tb.csv", HEAD + rows))
    wanted = ["purchase", "add_to_cart", "add_to_wishlist", "view_item", "view_item"]
    assert [one["event"] for one in stored(tmp_path)] == wanted


BAD = """1430623510,7,300,view
soon,7,300,view
1430623510000,7,300,view
1430623510,,300,view
1430623510,7,,view
1430623510,7,300,stare
1430623510,7,300,view,extra
-1,7,300,view
1430623511,7,301,view
"""


def test_each_bad_row_is_dropped_by_name(tmp_path: Path) -> None:
    """No time, milliseconds, nobody, nothing, an unknown event, too many cells, before 1970."""
    summary = run_import(tmp_path, "retailrocket", written(tmp_path / "rr.csv", HEAD + BAD))
    assert (summary.read, summary.used, summary.items, summary.events) == (9, 2, 2, 2)
    assert dropped(summary.report) == [
        (2, "timestamp", "bad_time"),
        (3, "timestamp", "bad_time"),
        (4, "user_id", "missing"),
        (5, "item_id", "missing"),
        (6, "event", "unknown_value"),
        (7, None, "malformed"),
        (8, "timestamp", "bad_time"),
    ]


def test_a_list_of_ratings_is_taken_once_each(tmp_path: Path) -> None:
    """From the file or its folder; more than 200 items are several events of one order."""
    many = " ".join(map(str, range(450)))
    text = f"0 5 6 5\n\n1 x 7\n2 {many}\n0 9\n3\n"
    folder = tmp_path / "ml"
    folder.mkdir()
    summary = run_import(tmp_path / "home", "movielens", written(folder / "train.txt", text).parent)
    assert (summary.read, summary.items, summary.events) == (5, 450, 4)
    assert dropped(summary.report) == [(3, "line", "malformed"), (5, "user", "duplicate")]
    events = stored(tmp_path / "home")
    sizes = Counter(len(one["items"]) for one in events)
    assert sizes == {2: 1, 200: 2, 50: 1}
    assert {one["event"] for one in events} == {"purchase"}
    assert len({one["order_id"] for one in events}) == 2


ROCKET = """timestamp,visitorid,event,itemid,transactionid
1433221332117,257597,view,355908,
1433221332117,257597,view,355908,
1433222276276,599528,transaction,356475,4000
1433222276277,599528,transaction,81345,4000
1433223236124,121688,transaction,15335,11117
"""


def test_retail_rocket_s_original_is_taken_with_its_orders(tmp_path: Path) -> None:
    """Rows of one transaction are one order; a row that stands there twice happened twice; and importing
    the file again changes nothing."""
    path = written(tmp_path / "events.csv", ROCKET)
    summary = run_import(tmp_path / "shop", "retailrocket", path)
    assert (summary.read, summary.items, summary.events, summary.dropped) == (5, 4, 5, {})
    first = stored(tmp_path / "shop")
    assert [(one["event"], one["item_id"], one["order_id"]) for one in first] == [
        ("view_item", "355908", None),
        ("view_item", "355908", None),
        ("purchase", "356475", "4000"),
        ("purchase", "81345", "4000"),
        ("purchase", "15335", "11117"),
    ]
    assert first[0]["timestamp"] == datetime(2015, 6, 2, 5, 2, 12, 117_000, tzinfo=UTC)
    assert first[0]["event_id"] != first[1]["event_id"]
    assert run_import(tmp_path / "shop", "retailrocket", path) == summary
    again = stored(tmp_path / "shop")
    for one in (*first, *again):
        del one["received_at"]
    assert again == first


def test_retail_rocket_s_folder_says_what_its_products_are(tmp_path: Path) -> None:
    """Products of the log and of the properties; bad rows of every file are told by the file's name."""
    written(tmp_path / "events.csv", ROCKET)
    written(tmp_path / "category_tree.csv", "categoryid,parentid\n1016,213\n213,\n")
    head = "timestamp,itemid,property,value\n"
    part = "1435460400000,355908,categoryid,1016\n1435460400000,355908,790,n552.000\n"
    written(tmp_path / "item_properties_part1.csv", f"{head}{part}")
    written(tmp_path / "item_properties_part2.csv", f"{head}1,9,available,0\n1435460400000,9,available,0\n")
    summary = run_import(tmp_path / "shop", "retailrocket", tmp_path)
    assert (summary.read, summary.items, summary.events) == (5 + 2 + 2 + 2, 5, 5)
    assert dropped(summary.report) == [(1, "timestamp", "bad_time")]
    assert "item_properties_part2.csv" in Path(summary.report).read_text(encoding="utf-8")
    with open_journal(tmp_path / "shop") as journal:
        viewed, gone = journal.catalogue.get("355908"), journal.catalogue.get("9")
    assert viewed is not None
    assert gone is not None
    assert (viewed.title, viewed.category, viewed.in_stock) == ("355908", ["213", "1016"], True)
    assert (gone.category, gone.in_stock) == ([], False)


MOBILE = """user_id,item_id,behavior_type,user_geohash,item_category,time
1,2268318,1,,2520377,2017-11-25 01
"""


@pytest.mark.parametrize(
    "text",
    [
        "1,2268318,2520377,pv,1511544070\n100,15,46,fav,1511544071\n100,15,47,buy,1511544072\n",
        MOBILE + "100,15,2,95q6d6a,46,2017-11-25 02\n100,15,4,,47,2017-11-25 03\n",
    ],
)
def test_taobao_s_originals_say_the_category(tmp_path: Path, text: str) -> None:
    """Of each product, the last that a row says."""
    summary = run_import(tmp_path / "shop", "taobao", written(tmp_path / "log.csv", text))
    assert (summary.read, summary.items, summary.events, summary.dropped) == (3, 2, 3, {})
    wanted = ["view_item", "add_to_wishlist", "purchase"]
    assert [one["event"] for one in stored(tmp_path / "shop")] == wanted
    with open_journal(tmp_path / "shop") as journal:
        items = [journal.catalogue.get(one) for one in ("2268318", "15")]
    assert [item and item.category for item in items] == [["2520377"], ["47"]]


@pytest.mark.parametrize(
    ("log", "text", "films", "about"),
    [
        (
            "ratings.dat",
            "1::7::1::978300760\n2::8::5::978300761\n",
            "movies.dat",
            "7::Café (1995)::Drama\n",
        ),
        (
            "ratings.csv",
            "userId,movieId,rating,timestamp\n1,7,0.5,978300760\n2,8,5.0,978300761\n",
            "movies.csv",
            "movieId,title,genres\n7,Café (1995),Drama\n",
        ),
        (
            "u.data",
            "1\t7\t1\t978300760\n2\t8\t5\t978300761\n",
            "u.item",
            f"7|Café (1995)|||{8 * '|0'}|1{10 * '|0'}\n",
        ),
    ],
)
def test_movielens_s_originals_are_taken_at_the_time_of_the_rating(
    tmp_path: Path, log: str, text: str, films: str, about: str
) -> None:
    """A low one too; a film without a title is known by its number."""
    folder = tmp_path / "ml"
    folder.mkdir()
    written(folder / log, text)
    (folder / films).write_bytes(about.encode("latin-1"))
    summary = run_import(tmp_path / "shop", "movielens", folder)
    assert (summary.read, summary.items, summary.events, summary.dropped) == (3, 2, 2, {})
    assert [
        (one["event"], one["item_id"], one["timestamp"].timestamp()) for one in stored(tmp_path / "shop")
    ] == [
        ("purchase", "7", 978300760),
        ("purchase", "8", 978300761),
    ]
    with open_journal(tmp_path / "shop") as journal:
        seven, eight = journal.catalogue.get("7"), journal.catalogue.get("8")
    assert seven is not None
    assert eight is not None
    assert (seven.title, seven.tags, eight.title) == ("Café (1995)", ["Drama"], "Movie 8")


def test_a_file_in_no_known_form_leaves_the_shop_as_it_is(tmp_path: Path) -> None:
    """No declaration and no event; the lists of a benchmark are among the forms that are named."""
    with pytest.raises(InputError, match=r"user item item.*'a,b'"):
        run_import(tmp_path / "shop", "movielens", written(tmp_path / "log.csv", "a,b\n1,2\n"))
    assert not (tmp_path / "shop/shop.toml").exists()
    assert not (tmp_path / "shop/events").exists()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """In words."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"train\.txt"):
        run_import(tmp_path / "home", "movielens", tmp_path / "empty")


@pytest.mark.slow
def test_real_logs_are_taken_whole(tmp_path: Path) -> None:
    """Retail Rocket's 97,381 rows, with the counts that its publisher gives."""
    path = DATA / "events" / "retailrocket.csv"
    if not path.exists():
        pytest.skip(f"no log at {path}")
    summary = run_import(tmp_path, "retailrocket", path)
    assert (summary.read, summary.events, summary.dropped) == (97_381, 97_381, {})
    counts = Counter(one["event"] for one in stored(tmp_path))
    assert counts == {"view_item": 75_374, "add_to_cart": 12_456, "purchase": 9_551}
    assert len({one["shopper"] for one in stored(tmp_path)}) == 2_174


def test_a_log_in_taobao_s_form_may_be_of_another_year(tmp_path: Path) -> None:
    """Only in the published one, which is of 2017, is a clock that says otherwise wrong."""
    rows = "1,2,3,pv,1600000000\n1,2,3,buy,1600000100\n"
    assert run_import(tmp_path / "2020", "taobao", written(tmp_path / "a.csv", rows)).events == 2
    summary = run_import(
        tmp_path / "2017", "taobao", written(tmp_path / "b.csv", "1,2,3,pv,1511544070\n" + rows)
    )
    assert (summary.events, [code for _, _, code in dropped(summary.report)]) == (1, ["bad_time"] * 2)
