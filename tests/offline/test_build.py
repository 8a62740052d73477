"""A build of a small shop: from an empty one to one with a log, and what its snapshot answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from indexing.contracts.errors import InputError
from indexing.contracts.items import Item
from indexing.contracts.shop import Attribute, Shop, dump_shop
from indexing.journal import open_journal
from indexing.snapshots import Snapshot, list_snapshots, publish, rollback, verify
from offline.build import BuildConfig, build
from offline.importers import run_import
from search import SearchEngine, SearchRequest, SuggestRequest

NOW = datetime(2026, 5, 20, tzinfo=UTC)
QUICK = BuildConfig(train=False)
KINDS = {
    "咖啡机": ["家电", "厨房", "咖啡机"],
    "手机壳": ["数码", "配件", "手机壳"],
    "连衣裙": ["服饰", "女装"],
}


def catalogue(number: int = 60) -> list[Item]:
    """Coffee machines, phone cases and dresses, of three brands."""
    names = list(KINDS)
    return [
        Item(
            f"P{i:03}",
            f"{('飞利浦', '小米', '德龙')[i % 3]} {names[i % 3]} HR{7000 + i}",
            brand=("飞利浦 PHILIPS", "小米/MI", "德龙")[i % 3],
            category=KINDS[names[i % 3]],
            price_minor=1000 * (i + 1),
            attributes={"颜色": ("红", "黑")[i % 2]},
            created_at=NOW - timedelta(days=i),
        )
        for i in range(number)
    ]


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that is not shown."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "shop.toml").write_text(dump_shop(Shop(attributes=(Attribute("颜色"),))), encoding="utf-8")
    with open_journal(tmp_path) as journal:
        journal.catalogue.put(catalogue())
    return tmp_path


def with_log(home: Path) -> None:
    """Sixty shoppers who look at two things of a kind, and buy a machine with a case."""
    rows: list[dict] = []
    for who in range(60):
        rows += [
            {
                "event": "click",
                "timestamp": (NOW - timedelta(hours=who, minutes=step)).isoformat(),
                "client_id": f"c{who}",
                "session_id": f"s{who}",
                "item_id": f"P{(who % 3 + 3 * ((who // 3 + step) % 10)):03}",
            }
            for step in range(4)
        ]
        rows += [
            {"event": "search", "timestamp": NOW.isoformat(), "client_id": f"c{who}", "query": word}
            for word in (("咖啡机", "kafeiji") if who < 30 else ())
        ]
        rows.append(
            {
                "event": "purchase",
                "timestamp": NOW.isoformat(),
                "client_id": f"c{who}",
                "order_id": f"o{who}",
                "items": [{"item_id": "P000"}, {"item_id": "P001"}],
            }
        )
    path = home / "log.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    run_import(home, "events", path)


def test_a_shop_without_a_log_is_searched_and_says_what_it_lacks(home: Path) -> None:
    """Words, columns, facets and suggestions; no model that needs events."""
    built = build(home, QUICK, progress=nothing)
    assert built.manifest.rows == 60
    assert built.manifest.models == ["lexicon"]
    assert "no events" in "\n".join(built.summary())
    verify(built.path)
    snapshot = Snapshot.open(built.path)
    found = SearchEngine(snapshot).search(SearchRequest(query="飞利浦咖啡機"))
    assert found.total == 20
    assert SearchEngine(snapshot).suggest(SuggestRequest("kafei")).suggestions[0].text == "咖啡机"
    snapshot.close()


def test_a_log_becomes_models(home: Path) -> None:
    """What is bought together is found; pinyin that many typed is never suggested."""
    with_log(home)
    built = build(home, QUICK, progress=nothing)
    assert set(built.manifest.models) == {"co_purchase", "item_item", "lexicon", "popularity", "trend"}
    snapshot = Snapshot.open(built.path)
    together = np.load(built.path / "models/co_purchase/neighbours.npy")
    assert together[snapshot.row_of("P000"), 0] == snapshot.row_of("P001")
    lexicon = built.manifest.configuration["reports"]["lexicon"]
    assert (lexicon["queries"], lexicon["unknown_queries"]) == (1, 1)
    texts = [one.text for one in SearchEngine(snapshot).suggest(SuggestRequest("kafeiji")).suggestions]
    assert "咖啡机" in texts
    assert "kafeiji" not in texts
    snapshot.close()


def test_two_builds_of_one_shop_hold_the_same(home: Path) -> None:
    """The same inputs and seed: the same files but for their times."""
    with_log(home)
    first, second = (build(home, QUICK, progress=nothing).manifest for _ in range(2))
    for name in ("models/trend/scores.npy", "models/item_item/neighbours.npy", "items/bodies.arrow"):
        assert first.files[name] == second.files[name], name
    assert first.inputs == second.inputs


def test_an_empty_catalogue_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """In words, and no snapshot is left."""
    with pytest.raises(InputError, match="import items first"):
        build(tmp_path, QUICK, progress=nothing)
    assert list_snapshots(tmp_path) == []
    assert list((tmp_path / "snapshots").glob("*.building")) == []


def test_what_is_built_is_published_and_rolled_back(home: Path) -> None:
    """The pointer moves forward and back, with an audit row each time."""
    first, second = (build(home, QUICK, progress=nothing).name for _ in range(2))
    with open_journal(home) as journal:
        publish(home, journal.control, first, actor="test")
        publish(home, journal.control, second, actor="test")
        assert journal.control.pointer() == second
        assert rollback(home, journal.control, actor="test") == first
        assert journal.control.pointer() == first
        assert len(journal.control.audit()) == 3


@pytest.mark.slow
def test_a_trained_build_has_vectors_that_know_their_shop(home: Path) -> None:
    """Factors and text vectors; a machine's nearest titles are machines."""
    with_log(home)
    built = build(home, BuildConfig(text_pairs=2_000, factors=8), progress=nothing)
    assert {"factors", "text"} <= set(built.manifest.models)
    assert set(built.manifest.indexes) == {"factors", "text"}
    snapshot = Snapshot.open(built.path)
    text = snapshot.vectors("text")
    assert text is not None
    hits = text.search(text.vectors(np.array([0], np.int32))[0], 10)
    kinds = [snapshot.item(int(row)).category[-1] for row in hits.rows]
    assert kinds.count("咖啡机") >= 8
    snapshot.close()
