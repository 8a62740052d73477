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
