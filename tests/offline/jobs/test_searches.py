"""Which products were touched after which query."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from indexing.contracts.shown import SHOWN_SCHEMA
from indexing.contracts.strings import SortedStrings
from offline.jobs.searches import read_searches

IDS = SortedStrings.of(["p1", "p2", "p3"])


def _found(searches):
    return [
        (searches.queries[query], IDS[row])
        for query, row in zip(searches.query.tolist(), searches.row.tolist(), strict=True)
    ]


def test_a_touch_has_its_own_query_or_that_of_its_answer(write_log, tmp_path):
    """The event's own query first, then the search event of the same request, then the shown list; queries
    are folded; products and requests that are not known are left out."""
    shown = tmp_path / "shown" / "day=2026-01-05"
    shown.mkdir(parents=True)
    answer = {
        "request_id": "r2",
        "served_at": datetime(2026, 1, 5, tzinfo=UTC),
        "scenario": "search",
        "query": "耳機",
        "slots": [],
    }
    pq.write_table(pa.Table.from_pylist([answer], schema=SHOWN_SCHEMA), shown / "part.parquet")
    click = {"event": "click", "shopper": "a"}
    log = write_log(
        [
            click | {"item_id": "p1", "query": "ＰＨＯＮＥ"},
            click | {"item_id": "p2", "request_id": "r1"},
            {"event": "search", "shopper": "a", "request_id": "r1", "query": "手机"},
            click | {"item_id": "p3", "request_id": "r2"},
            click | {"item_id": "p3", "request_id": "r1", "query": "phone"},
            click | {"item_id": "p3", "request_id": "unknown"},
            click | {"item_id": "gone", "request_id": "r1"},
            click | {"item_id": "p1", "query": "  "},
            {"event": "impression", "shopper": "a", "item_id": "p1", "request_id": "r1"},
        ]
    )
    found = _found(read_searches(log, tmp_path / "shown", IDS))
    assert found == [("phone", "p1"), ("手机", "p2"), ("耳机", "p3"), ("phone", "p3")]


def test_no_log_has_no_searches(tmp_path):
    """Neither events nor shown lists."""
    found = read_searches(tmp_path / "events", tmp_path / "shown", IDS)
    assert (found.queries, len(found.query), len(found.row)) == ([], 0, 0)
