"""From the journal to Parquet days."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from indexing.contracts.errors import JournalError
from indexing.contracts.events import EVENT_SCHEMA, Line
from indexing.contracts.shown import SHOWN_SCHEMA, Arm, Shown, Slot
from indexing.journal import Incoming, Journal, export, open_journal

Make = Callable[..., Incoming]
DAY = timedelta(days=1)
PURCHASE = {
    "event": "purchase",
    "client_id": "c1",
    "session_id": "s1",
    "request_id": "r1",
    "surface": "cart",
    "position": 3,
    "query": "咖啡",
    "items": [Line("a", 1, 500, 2), Line("b")],
    "value_minor": 1000,
    "order_id": "o1",
    "attributes": {"店": "北京", "first": True, "tags": ["x"]},
}


def rows(home: Path, name: str, day: str) -> list[dict]:
    return [
        row
        for path in sorted((home / name / f"day={day}").iterdir())
        for row in pq.read_table(path).to_pylist()
    ]


def test_an_event_comes_out_as_it_went_in(journal: Journal, incoming: Make, now: datetime) -> None:
    """Every field of the contract, the shopper in the place of the ids."""
    journal.events.append([incoming("e1", timestamp=now - DAY, **PURCHASE), incoming("e2", client_id="c1")])
    report = journal.export()
    assert (report.events.rows, report.events.upto) == (2, 2)
    (path,) = report.events.files
    assert path == journal.home / "events" / "day=2026-11-22" / "part-1-2.parquet"
    schema = pq.read_schema(path)
    assert schema.equals(EVENT_SCHEMA)
    assert schema.metadata == EVENT_SCHEMA.metadata
    full, bare = pq.read_table(path).to_pylist()
    assert json.loads(full.pop("attributes")) == PURCHASE["attributes"]
    assert full == {
        "event_id": "e1",
        "event": "purchase",
        "timestamp": now - DAY,
        "received_at": now,
        "shopper": journal.people.find("c1", None),
        "session_id": "s1",
        "request_id": "r1",
        "surface": "cart",
        "item_id": None,
        "position": 3,
        "query": "咖啡",
        "items": [
            {"item_id": "a", "position": 1, "price_minor": 500, "quantity": 2},
            {"item_id": "b", "position": None, "price_minor": None, "quantity": None},
        ],
        "value_minor": 1000,
        "order_id": "o1",
        "origin": "api",
    }
    assert (bare["event_id"], bare["items"], bare["attributes"]) == ("e2", None, None)


def test_without_consent_no_shopper_is_exported(journal: Journal, incoming: Make) -> None:
    """The event counts, the person does not."""
    journal.events.append([incoming("e1", consent=False, **PURCHASE)])
    journal.export()
    (row,) = rows(journal.home, "events", "2026-11-22")
    assert (row["shopper"], row["session_id"], row["order_id"]) == (None, None, None)
    assert (row["request_id"], row["value_minor"]) == ("r1", 1000)


def test_a_shown_list_comes_out_as_it_went_in(journal: Journal, now: datetime) -> None:
    """Slots, arms and features, on the day that it was served."""
    slots = [
        Slot("a", 1, "item_item", 0.5, 0.25, "A", {"popularity": 0.5, "recency": -1.0}),
        Slot("b", 2, "trend", 1.0),
    ]
    shown = Shown(
        "r1",
        now,
        "home",
        "home",
        "s.1.2",
        slots,
        "f" * 32,
        "手机",
        "in_stock",
        [Arm("aa", "b", "0123")],
        "r0",
    )
    journal.shown.log(shown)
    journal.shown.log(Shown("r2", now - DAY, "search", "search", "s.1.2", []))
    report = journal.export()
    assert [path.parent.name for path in report.shown.files] == ["day=2026-11-21", "day=2026-11-22"]
    schema = pq.read_schema(report.shown.files[0])
    assert schema.equals(SHOWN_SCHEMA)
    assert schema.metadata == SHOWN_SCHEMA.metadata
    (row,) = rows(journal.home, "shown", "2026-11-22")
    assert row == {
        "request_id": "r1",
        "served_at": now,
        "shopper": "f" * 32,
        "surface": "home",
        "scenario": "home",
        "query": "手机",
        "filter": "in_stock",
        "version": "s.1.2",
        "arms": [{"experiment": "aa", "arm": "b", "profile_hash": "0123"}],
        "page_of": "r0",
        "slots": [
            {
                "item_id": "a",
                "position": 1,
                "source": "item_item",
                "team": "A",
                "score": 0.5,
                "propensity": 0.25,
                "features": [("popularity", 0.5), ("recency", -1.0)],
            },
            {
                "item_id": "b",
                "position": 2,
                "source": "trend",
                "team": None,
                "score": 1.0,
                "propensity": 1.0,
                "features": None,
            },
        ],
    }
    (other,) = rows(journal.home, "shown", "2026-11-21")
    assert (other["request_id"], other["slots"], other["arms"]) == ("r2", [], [])


def test_days_are_those_of_arrival(journal: Journal, incoming: Make, now: datetime) -> None:
    """A late event stands on the day that it came; an hour before and after midnight are two days."""
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    hour = timedelta(hours=1)
    journal.events.append(
        [
            incoming("a", received_at=midnight - hour),
            incoming("b", timestamp=now - 9 * DAY, received_at=midnight),
        ]
    )
    journal.export()
    assert [row["event_id"] for row in rows(journal.home, "events", "2026-11-22")] == ["a"]
    assert [row["event_id"] for row in rows(journal.home, "events", "2026-11-23")] == ["b"]


def test_exports_follow_one_another(
    journal: Journal, incoming: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to a number, then the rest, in parts of bounded size; what was exported is not exported again."""
    monkeypatch.setattr(export, "_PART", 4)
    journal.events.append([incoming(f"e{n}") for n in range(10)])
    first = journal.export(until=6)
    assert (first.events.rows, first.events.upto) == (6, 6)
    assert [path.name for path in first.events.files] == ["part-1-4.parquet", "part-5-6.parquet"]
    second = journal.export(until=3)
    assert (second.events.rows, second.events.files) == (0, ())
    third = journal.export()
    assert [path.name for path in third.events.files] == ["part-7-10.parquet"]
    assert [row["event_id"] for row in rows(journal.home, "events", "2026-11-22")] == [
        f"e{n}" for n in range(10)
    ]
    assert journal.export().events == export.Exported(0, 10, ())


def test_a_part_cut_short_is_written_again_without_what_was_erased(
    journal: Journal, incoming: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When an export dies before it is marked, and a shopper is erased, the next one repairs the files:
    also that of a day of which nothing is left."""
    journal.events.append(
        [
            incoming("a", client_id="c1"),
            incoming("b", client_id="c2", received_at=datetime(2026, 11, 23, tzinfo=UTC)),
        ]
    )
    with monkeypatch.context() as patched:
        patched.setattr(export, "_mark", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            journal.export()
    assert len(list(journal.home.glob("events/day=*/*.parquet"))) == 2
    journal.people.erase(client_id="c2")
    journal.events.append([incoming("c")])
    assert [path.name for path in journal.export().events.files] == ["part-1-2.parquet", "part-3-3.parquet"]
    assert [row["event_id"] for row in rows(journal.home, "events", "2026-11-22")] == ["a", "c"]
    assert list(journal.home.glob("events/day=2026-11-23/*")) == []


def test_one_export_at_a_time(journal: Journal, incoming: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second export waits for its turn, and is refused when that does not come."""
    journal.events.append([incoming("a")])
    monkeypatch.setattr(export, "LOCK_TIMEOUT_S", 0.05)
    with (
        export.exclusive(journal.home / "journal" / "events.export.lock", 1),
        pytest.raises(JournalError, match="held by another process"),
    ):
        journal.export()
    assert journal.export().events.rows == 1


def test_prune_takes_only_what_is_old_and_exported(journal: Journal, incoming: Make, now: datetime) -> None:
    """Thirty days after its arrival an exported row leaves the journal; others stay, and numbers go on."""
    old = now - 31 * DAY
    journal.events.append([incoming(f"old{n}", received_at=old, timestamp=old) for n in range(3)])
    journal.events.append([incoming("new")])
    assert journal.prune(now=now).events == 0
    journal.export(until=2)
    assert journal.prune(now=now).events == 2
    journal.export()
    assert (journal.prune(now=now).events, journal.events.count()) == (1, 1)
    assert journal.prune(now=now + 40 * DAY).events == 1
    assert journal.events.append([incoming("next")]).accepted == 1
    assert journal.events.last_sequence() == 5  # numbers are never used twice, or exports would miss rows
    assert journal.export().events.rows == 1


def test_pruning_goes_on_past_its_step(
    journal: Journal, incoming: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many old rows leave in several transactions."""
    monkeypatch.setattr(export, "_PRUNED_AT_ONCE", 10)
    past = datetime(2020, 1, 1, tzinfo=UTC)
    journal.events.append([incoming(f"e{n}", received_at=past, timestamp=past) for n in range(34)])
    journal.export()
    assert journal.prune().events == 34
    assert journal.events.count() == 0


def test_killed_at_every_step_exactly_once(tmp_path: Path) -> None:
    """SIGKILL at each step that leaves a trace: the next export holds each row once, and no litter."""
    script = Path(__file__).with_name("killed_export.py")
    run = subprocess.run(
        [sys.executable, str(script), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    steps = [json.loads(line) for line in run.stdout.splitlines()]
    assert [step["killed"] for step in steps] == [True] * (len(steps) - 1) + [False]
    assert len(steps) > 15
    for step in steps:
        assert step["events"] == sorted([*(f"e{n}" for n in range(20)), "late"])
        assert step["shown"] == sorted(f"r{n}" for n in range(20))
        assert step["others"] == []


def test_export_while_events_arrive(journal: Journal, incoming: Make) -> None:
    """Exports beside a writer in another process's journal miss nothing and double nothing."""
    with open_journal(journal.home) as other:
        for batch in range(10):
            futures = [other.events.append_async([incoming(f"e{batch}-{n}")]) for n in range(20)]
            journal.export()
            assert all(future.result().accepted for future in futures)
    journal.export()
    found = [row["event_id"] for row in rows(journal.home, "events", "2026-11-22")]
    assert sorted(found) == sorted(f"e{batch}-{n}" for batch in range(10) for n in range(20))
