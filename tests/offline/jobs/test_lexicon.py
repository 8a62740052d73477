"""The query lexicon of a small shop: what enters, what does not, and which names mean one brand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indexing.contracts.events import EVENT_SCHEMA
from indexing.contracts.items import ITEM_SCHEMA
from indexing.contracts.shown import SHOWN_SCHEMA
from indexing.text import Analyser, build_analyser
from offline.jobs.lexicon import LexiconConfig, LexiconJobReport, aliases, lexicon
from search.lexicon import Lexicon

NOW = datetime(2026, 5, 1, tzinfo=UTC)
MACHINE, BEAN = ["家电", "咖啡机"], ["食品", "咖啡豆"]


def catalogue(rows: Sequence[tuple[str, str | None, list[str]]]) -> pa.Table:
    items = [
        {"item_id": f"P{i}", "title": title, "brand": brand, "category": category, "in_stock": True}
        for i, (title, brand, category) in enumerate(rows)
    ]
    return pa.Table.from_pylist(items, ITEM_SCHEMA)


SHOP = catalogue(
    [
        ("飞利浦PHILIPS 咖啡机 HR7633", "飞利浦", MACHINE),
        ("PHILIPS/飞利浦 咖啡机 黑色", "飞利浦", MACHINE),
        ("德龙DeLonghi 咖啡机", "德龙", MACHINE),
        ("意大利 The North Face 北面 咖啡豆", "北面", BEAN),
    ]
)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return build_analyser(["飞利浦", "咖啡机", "咖啡豆"])


def write(home: Path, searches: dict[str, int], clicks: Sequence[tuple[str, str]] = ()) -> None:
    """Searches by so many different shoppers each; clicks on items of answers to queries."""
    events = [
        {"event": "search", "query": query, "shopper": f"{query}{who}"}
        for query, shoppers in searches.items()
        for who in range(shoppers)
    ]
    events += [
        {"event": "click", "request_id": query, "item_id": item, "shopper": "a"} for query, item in clicks
    ]
    stamped = [
        {"event_id": str(i), "timestamp": NOW, "received_at": NOW, "origin": "api"} | row
        for i, row in enumerate(events)
    ]
    lists = [
        {"request_id": query, "served_at": NOW, "scenario": "search", "query": query, "slots": []}
        for query in searches
    ]
    for name, schema, rows in (("events", EVENT_SCHEMA, stamped), ("shown", SHOWN_SCHEMA, lists)):
        folder = home / name / "day=2026-05-01"
        folder.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows, schema), folder / "a.parquet")


def made(home: Path, analyser: Analyser, table: pa.Table = SHOP) -> tuple[Lexicon, LexiconJobReport]:
    words = {token.text for title in table["title"].to_pylist() for token in analyser.index(title)}
    report = lexicon(
        home,
        table,
        np.linspace(0, 1, len(table), dtype=np.float32),
        home / "lexicon",
        analyser=analyser,
        in_catalogue=words.__contains__,
        config=LexiconConfig(products=2),
    )
    return Lexicon.open(home / "lexicon"), report


def texts(found: Lexicon) -> set[str]:
    return {found.text(place) for place in range(len(found.strengths))}


def test_a_query_enters_when_enough_typed_it_and_the_shop_has_its_words(
    tmp_path: Path, analyser: Analyser
) -> None:
    """Four shoppers are too few; pinyin and typos are in no product, however many type them."""
    write(tmp_path, {"黑色咖啡机": 5, "德龙 咖啡机": 4, "kafeiji": 50, "咖啡几": 50})
    found, report = made(tmp_path, analyser)
    assert (report.queries, report.unknown_queries) == (1, 2)
    held = texts(found)
    assert "黑色咖啡机" in held
    assert held.isdisjoint({"德龙 咖啡机", "kafeiji", "咖啡几"})


def test_brands_categories_and_the_most_popular_products_enter(tmp_path: Path, analyser: Analyser) -> None:
    """Two products at most here: the most popular ones."""
    found, report = made(tmp_path, analyser)
    assert (report.brands, report.categories, report.products, report.queries) == (3, 4, 2, 0)
    assert {"飞利浦", "德龙", "咖啡机", "家电"} <= texts(found)
    assert "德龙DeLonghi 咖啡机" in texts(found)
    assert "飞利浦PHILIPS 咖啡机 HR7633" not in texts(found)


def test_a_query_leads_where_its_clicks_went(tmp_path: Path, analyser: Analyser) -> None:
    """Three of five on machines; four clicks would be too few."""
    clicks = [("咖啡", "P0")] * 3 + [("咖啡", "P3")] * 2 + [("黑色", "P1")] * 4
    write(tmp_path, {"咖啡": 9, "黑色": 9}, clicks)
    found, report = made(tmp_path, analyser)
    assert report.led == 1
    assert found.categories_of("咖啡") == pytest.approx({"家电 > 咖啡机": 0.6, "食品 > 咖啡豆": 0.4})


@pytest.mark.parametrize(
    ("brand", "names"),
    [
        ("华为（HUAWEI）", ["华为（HUAWEI）", "华为", "HUAWEI"]),
        ("小米/MI", ["小米/MI", "小米", "MI"]),
        ("MI 小米", ["MI 小米", "小米", "MI"]),
        ("飞利浦", ["飞利浦"]),
        ("Apple", ["Apple"]),
        ("3M", ["3M"]),
        ("", [""]),
    ],
)
def test_a_brand_in_two_scripts_has_both_names(brand: str, names: list[str]) -> None:
    """小米: Xiaomi. One script alone has one name."""
    assert aliases(brand) == names


def test_titles_say_a_brand_s_other_name(tmp_path: Path, analyser: Analyser) -> None:
    """飞利浦 is PHILIPS; once is no proof, and The is no name of The North Face (北面)."""
    made(tmp_path, analyser)
    groups = (tmp_path / "lexicon/synonyms.json").read_text(encoding="utf-8")
    assert groups == '[["飞利浦","philips"]]'
