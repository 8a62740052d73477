"""Imports end to end: what is taken, what is reported, and that twice is once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from indexing.contracts.errors import ConfigError, InputError
from indexing.contracts.events import EVENT_SCHEMA
from indexing.journal import open_journal
from offline.importers import run_import

ITEMS = [
    {"item_id": "1", "title": "咖啡机", "price_minor": 19900},
    {"item_id": "2", "title": "no price", "price_minor": -1},
    {"item_id": "1", "title": "咖啡机 新款", "price": "188.00"},
    {"title": "no id"},
    {"item_id": "3", "title": "bad \udcff"},
    {"item_id": "4", "title": "杯", "colour": "red"},
]


def lines(path: Path, rows: list[dict]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def events_of(home: Path) -> list[dict]:
    return ds.dataset(home / "events", schema=EVENT_SCHEMA, format="parquet").to_table().to_pylist()


def test_good_items_are_taken_and_bad_ones_reported(tmp_path: Path) -> None:
    """The later row of an id wins; each dropped row stands in the file with field and code."""
    summary = run_import(tmp_path, "items", lines(tmp_path / "items.jsonl", ITEMS))
    assert (summary.read, summary.used, summary.items) == (6, 1, 1)
    with open_journal(tmp_path) as journal:
        item = journal.catalogue.get("1")
        assert item is not None
        assert (item.title, item.price_minor) == ("咖啡机 新款", 18800)
        assert journal.catalogue.get("2") is None
    dropped = [json.loads(line) for line in Path(summary.report).read_text().splitlines()]
    assert [(row["row"], row["field"]) for row in dropped] == [
        (2, "price_minor"),
        (1, "item_id"),
        (4, "item_id"),
        (5, None),  # no JSON text: a lone surrogate
        (6, "colour"),
    ]
    assert {row["row"]: row["code"] for row in dropped}[1] == "duplicate"


EVENTS = [
    {"event": "view_item", "timestamp": "2026-05-01T23:30:00+08:00", "client_id": "c1", "item_id": "1"},
    {"event": "view_item", "timestamp": "2026-05-01T23:30:00+08:00", "client_id": "c1", "item_id": "1"},
    {
        "event": "click",
        "timestamp": "2026-05-02T00:00:00Z",
        "client_id": "c2",
        "item_id": "1",
        "event_id": "e",
    },
    {
        "event": "click",
        "timestamp": "2026-05-02T00:00:01Z",
        "client_id": "c2",
        "item_id": "1",
        "event_id": "e",
    },
    {"event": "explode", "timestamp": "2026-05-02T00:00:01Z", "client_id": "c2"},
    {
        "event": "search",
        "timestamp": "2026-05-02T00:00:02Z",
        "client_id": "c3",
        "consent": False,
        "query": "壶",
    },
]


def test_events_go_to_the_days_of_their_own_time_once(tmp_path: Path) -> None:
    """Identical rows without an id are two events; an id seen twice is one; twice imported is once."""
    path = lines(tmp_path / "log.jsonl", EVENTS)
    first = run_import(tmp_path, "events", path)
    stored = sorted(events_of(tmp_path), key=lambda row: row["event_id"])
    assert (first.read, first.events, first.dropped) == (6, 4, {"duplicate": 1, "unknown_value": 1})
    assert run_import(tmp_path, "events", path).events == 4
    again = sorted(events_of(tmp_path), key=lambda row: row["event_id"])
    assert [row["event_id"] for row in again] == [row["event_id"] for row in stored]
    assert [row["shopper"] for row in again] == [row["shopper"] for row in stored]
    days = sorted(path.parent.name for path in (tmp_path / "events").glob("day=*/*.parquet"))
    assert days == ["day=2026-05-01", "day=2026-05-02"]
    views = [row for row in stored if row["event"] == "view_item"]
    assert len(views) == 2
    assert len({row["shopper"] for row in views}) == 1
    assert all(row["origin"] == "import" for row in stored)


def test_nothing_of_a_person_is_kept_without_consent(tmp_path: Path) -> None:
    """And raw ids stand in no Parquet file at all."""
    run_import(tmp_path, "events", lines(tmp_path / "log.jsonl", EVENTS))
    search = next(row for row in events_of(tmp_path) if row["event"] == "search")
    assert (search["shopper"], search["session_id"]) == (None, None)
    for path in (tmp_path / "events").rglob("*.parquet"):
        assert "'c1'" not in str(ds.dataset(path).to_table().to_pylist())


RETAIL = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,85123A,WHITE  HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
1,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom
1,85123A,WHITE HEART,2,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
2,22752,NEST,x,2010-12-01 09:00:00,7.65,,United Kingdom
3,22752,NEST,1,2011-07-01 09:00:00,7.65,,United Kingdom
C4,22752,NEST,-1,2011-07-02 09:00:00,7.65,,United Kingdom
5,22752,damaged,-7,2011-07-02 09:00:00,7.65,,United Kingdom
6,22752,NEST,1,2011-07-02 09:00:00,0.0,,United Kingdom
7,22752,NEST,1,yesterday,1.0,,United Kingdom
"""


def test_online_retail_s_invoices_become_orders_and_returns(tmp_path: Path) -> None:
    """Two rows of one product are one line; London's summer time is an hour ahead of UTC."""
    path = tmp_path / "retail.csv"
    path.write_text(RETAIL, encoding="utf-8")
    summary = run_import(tmp_path / "shop", "online-retail", path)
    assert (summary.read, summary.items, summary.events) == (9, 2, 3)
    assert summary.dropped == {"bad_time": 1, "no_price": 1, "no_product": 1, "no_sale": 1, "wrong_type": 1}
    stored = {row["order_id"]: row for row in events_of(tmp_path / "shop")}
    assert stored["1"]["items"] == [
        {"item_id": "85123A", "position": None, "price_minor": 255, "quantity": 8}
    ]
    assert (stored["1"]["value_minor"], stored["1"]["event"]) == (8 * 255, "purchase")
    assert (stored["C4"]["event"], stored["3"]["timestamp"]) == (
        "refund",
        datetime(2011, 7, 1, 8, tzinfo=UTC),
    )
    with open_journal(tmp_path / "shop") as journal:
        item = journal.catalogue.get("85123A")
    assert item is not None
    assert (item.title, item.price_minor) == ("WHITE HEART", 255)


def test_a_data_set_in_another_currency_does_not_enter_a_shop(tmp_path: Path) -> None:
    """Nothing is written into it."""
    (tmp_path / "shop.toml").write_text('currency = "CNY"', encoding="utf-8")
    (tmp_path / "retail.csv").write_text(RETAIL, encoding="utf-8")
    with pytest.raises(ConfigError, match="GBP"):
        run_import(tmp_path, "online-retail", tmp_path / "retail.csv")
    assert not (tmp_path / "events").exists()


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Before anything is written."""
    with pytest.raises(InputError, match=r"nothing\.csv"):
        run_import(tmp_path, "items", tmp_path / "nothing.csv")


def test_the_real_phones_are_all_taken(tmp_path: Path, shared_data: Path) -> None:
    """661 phones with brand, category path, price in fen and three attributes."""
    summary = run_import(tmp_path, "leyou", shared_data / "chinese/catalogue")
    assert (summary.items, summary.dropped) == (661, {})
    with open_journal(tmp_path) as journal:
        phone = journal.catalogue.get("2600242")
    assert phone is not None
    assert (phone.price_minor, phone.category, phone.attributes["颜色"]) == (
        84900,
        ["手机", "手机通讯", "手机"],
        "白色",
    )


def test_a_folder_is_all_its_files(tmp_path: Path) -> None:
    """By name; a later file's row of an id wins, an event of two files is one; hidden files are none."""
    folder = tmp_path / "feed"
    (folder / "b").mkdir(parents=True)
    lines(folder / "1.jsonl", [{"item_id": "1", "title": "old"}, {"item_id": "2", "title": "b"}])
    lines(folder / "b/2.jsonl", [{"item_id": "1", "title": "new"}])
    lines(folder / ".3.jsonl", [{"item_id": "3", "title": "hidden"}])
    (folder / "readme.txt").write_text("no rows")
    summary = run_import(tmp_path / "shop", "items", folder)
    assert (summary.read, summary.items, summary.dropped) == (3, 2, {"duplicate": 1})
    assert "2.jsonl" in Path(summary.report).read_text()
    with open_journal(tmp_path / "shop") as journal:
        item = journal.catalogue.get("1")
    assert item is not None
    assert item.title == "new"
    log = tmp_path / "log"
    log.mkdir()
    lines(log / "1.jsonl", EVENTS[:3])
    lines(log / "2.jsonl", EVENTS[2:4])
    assert run_import(tmp_path / "shop", "events", log).events == 3
    assert run_import(tmp_path / "shop", "events", log).events == 3
    assert len(events_of(tmp_path / "shop")) == 3


@pytest.mark.parametrize("text", ["", "item_id,title\n", "\n\n"])
def test_a_file_without_rows_is_an_error(tmp_path: Path, text: str) -> None:
    """Not a success with nothing."""
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv holds no row"):
        run_import(tmp_path / "shop", "items", tmp_path / "a.csv")


def test_the_command_says_the_first_row_of_each_kind_and_ends_with_1_when_not_all_was_read(
    tmp_path: Path,
) -> None:
    """Rows dropped alone are no failure; nothing taken, or a file that breaks off, is."""
    import gzip

    import typer
    from typer.testing import CliRunner

    from offline.commands import mount

    app = typer.Typer()
    mount(app)

    def run(*paths: Path) -> tuple[int, str]:
        given = ["import", "items", *map(str, paths), "--home", str(tmp_path / "shop")]
        result = CliRunner().invoke(app, given)
        return result.exit_code, result.output

    some, none = lines(tmp_path / "some.jsonl", ITEMS), lines(tmp_path / "none.jsonl", ITEMS[3:])
    status, said = run(some)
    assert status == 0
    assert "1 dropped: unknown_field, as row 6: colour is not known" in said
    assert run(some, some)[0] == 0
    assert run(some, none)[0] == 1
    text = "item_id,title\n" + "".join(f"{n},{n * 7919 % 10007}\n" for n in range(20_000))
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(text.encode())[:-5000])
    status, said = run(tmp_path / "cut.csv.gz")
    assert status == 1
    assert "cannot be read after row" in said


def test_what_an_import_that_was_killed_staged_is_no_log(tmp_path: Path) -> None:
    """A build reads the days alone."""
    from offline.jobs.log_reading import open_log

    run_import(tmp_path, "events", lines(tmp_path / "log.jsonl", EVENTS))
    (day,) = (tmp_path / "events").glob("day=2026-05-01")
    stage = tmp_path / "events/.import-0123456789ab"
    stage.mkdir()
    day.rename(stage / day.name)
    log = open_log(tmp_path / "events")
    assert log is not None
    assert log.count_rows() == 2
