"""Click-through on a log small enough to count by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indexing.contracts.events import EVENT_SCHEMA
from indexing.contracts.shown import SHOWN_SCHEMA
from offline.evaluate.clickthrough import click_through, wilson

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def shown(request: str, scenario: str, slots: list[tuple[str, str]]) -> dict:
    return {
        "request_id": request,
        "served_at": NOW,
        "scenario": scenario,
        "slots": [
            {"item_id": item, "position": place, "source": source, "score": 1.0, "propensity": 1.0}
            for place, (item, source) in enumerate(slots, start=1)
        ],
    }


def event(name: str, request: str | None, **rest: object) -> dict:
    return {
        "event_id": f"{name}{request}{rest}",
        "event": name,
        "timestamp": NOW,
        "received_at": NOW,
        "request_id": request,
        "origin": "api",
        **rest,
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, schema, rows in (
        (
            "shown",
            SHOWN_SCHEMA,
            [
                shown("r1", "home", [("a", "factors"), ("b", "trend"), ("c", "trend")]),
                shown("r2", "home", [("a", "trend")]),
                shown("r3", "search", [("a", "words")]),
            ],
        ),
        (
            "events",
            EVENT_SCHEMA,
            [
                event("impression", "r1", items=[{"item_id": "a"}, {"item_id": "b"}]),
                event("impression", "r2", item_id="a"),
                event("click", "r1", item_id="a"),
                event("click", "r1", item_id="a", position=1),
                event("click", "r1", item_id="c"),
                event("click", "r9", item_id="a"),
                event("click", None, item_id="a"),
            ],
        ),
    ):
        folder = tmp_path / name / "day=2026-05-01"
        folder.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows, schema), folder / "part.parquet")
    return tmp_path


def test_slots_seen_and_clicked_are_counted(home: Path) -> None:
    """c was clicked and never reported as seen, so it counts nowhere; a twice clicked is once."""
    report = click_through(home)
    counts = {(r.scenario, r.key): (r.shown, r.seen, r.clicked) for r in report.scenarios}
    assert counts == {("home", ""): (4, 3, 1), ("search", ""): (1, 0, 0)}
    assert {(r.key, r.seen, r.clicked) for r in report.sources if r.scenario == "home"} == {
        ("factors", 1, 1),
        ("trend", 2, 0),
    }
    assert [(r.key, r.seen, r.clicked) for r in report.positions if r.scenario == "home"] == [
        ("01", 2, 1),
        ("02", 1, 0),
        ("03", 0, 0),
    ]
    assert report.orphan_clicks == 1


def test_a_shop_without_a_log_has_no_figures(tmp_path: Path) -> None:
    """Empty tables, no error."""
    assert click_through(tmp_path).scenarios == []


def test_the_interval_is_wilson_s() -> None:
    """Against the roots of (p - r)² = z² p (1 - p) / n, which define it."""
    rate, low, high = wilson(7, 50)
    assert low is not None
    assert high is not None
    for edge in (low, high):
        assert (edge - 7 / 50) ** 2 == pytest.approx(1.959964**2 * edge * (1 - edge) / 50, rel=1e-9)
    assert rate == 7 / 50
    assert wilson(0, 0) == (None, None, None)
