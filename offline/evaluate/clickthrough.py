"""Click-through by scenario, source and position: the shown lists joined to what shoppers did.

The unit is a slot that was seen: a slot of ``shown`` named by an ``impression`` with its ``request_id``.
It was clicked when a ``click`` names the same ``request_id`` and item. A slot that nobody reported as
seen counts nowhere, so a client that sends no impressions shows no click-through instead of a low one.
Intervals are Wilson's (1927) at 95 %; repeated clicks on a slot count once.
"""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import duckdb

_Z = 1.959964
DEEPEST = 20


class Rate(msgspec.Struct, frozen=True):
    """Clicks over slots seen, with the 95 % interval. ``key`` is empty for a whole scenario."""

    scenario: str
    key: str
    shown: int
    seen: int
    clicked: int
    rate: float | None
    low: float | None
    high: float | None


class ClickThrough(msgspec.Struct, frozen=True):
    """Three views of one table, and what could not be joined.

    Attributes:
        orphan_clicks: clicks whose ``request_id`` stands in no shown list.
    """

    scenarios: list[Rate]
    sources: list[Rate]
    positions: list[Rate]
    orphan_clicks: int


def wilson(clicked: int, seen: int) -> tuple[float | None, float | None, float | None]:
    """Rate with its 95 % interval; None for all three when nothing was seen.

    >>> tuple(round(x, 3) for x in wilson(10, 100))
    (0.1, 0.055, 0.174)
    """
    if seen == 0:
        return None, None, None
    rate, z2 = clicked / seen, _Z * _Z
    centre = (rate + z2 / (2 * seen)) / (1 + z2 / seen)
    half = _Z / (1 + z2 / seen) * sqrt(rate * (1 - rate) / seen + z2 / (4 * seen * seen))
    return rate, max(0.0, centre - half), min(1.0, centre + half)


def click_through(home: Path) -> ClickThrough:
    """Join every exported day of ``shown`` and ``events``. Both folders may be empty."""
    import duckdb

    shown, events = sorted(home.glob("shown/day=*/*.parquet")), sorted(home.glob("events/day=*/*.parquet"))
    if not shown or not events:
        return ClickThrough([], [], [], 0)
    base = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    with base:
        _join(base, [str(path) for path in shown], [str(path) for path in events])
        orphans = base.execute(
            "SELECT count(*) FROM clicks WHERE request_id NOT IN (SELECT request_id FROM slots)"
        ).fetchone()
        return ClickThrough(
            _rates(base, "''", "TRUE"),
            _rates(base, "source", "TRUE"),
            _rates(base, "lpad(position::VARCHAR, 2, '0')", f"position <= {DEEPEST}"),
            int(orphans[0]) if orphans else 0,
        )


def _join(base: duckdb.DuckDBPyConnection, shown: list[str], events: list[str]) -> None:
    """``joined``: a row per slot with whether it was seen and clicked."""
    base.execute(
        """CREATE TEMP TABLE slots AS
           SELECT request_id, scenario, slot.item_id AS item_id, min(slot.source) AS source,
                  min(slot.position) AS position
           FROM (SELECT request_id, scenario, unnest(slots) AS slot FROM read_parquet(?))
           GROUP BY ALL""",
        [shown],
    )
    base.execute(
        """CREATE TEMP TABLE touched AS
           SELECT request_id, event, item_id FROM read_parquet(?, hive_partitioning = false)
           WHERE event IN ('impression', 'click') AND request_id IS NOT NULL AND item_id IS NOT NULL
           UNION
           SELECT request_id, event, line.item_id FROM (
               SELECT request_id, event, unnest(items) AS line
               FROM read_parquet(?, hive_partitioning = false)
               WHERE event IN ('impression', 'click') AND request_id IS NOT NULL)""",
        [events, events],
    )
    base.execute("CREATE TEMP VIEW clicks AS SELECT * FROM touched WHERE event = 'click'")
    base.execute(
        """CREATE TEMP TABLE joined AS
           SELECT s.*, i.item_id IS NOT NULL AS seen,
                  i.item_id IS NOT NULL AND c.item_id IS NOT NULL AS clicked
           FROM slots s
           LEFT JOIN (SELECT * FROM touched WHERE event = 'impression') i USING (request_id, item_id)
           LEFT JOIN clicks c USING (request_id, item_id)"""
    )


def _rates(base: duckdb.DuckDBPyConnection, key: str, condition: str) -> list[Rate]:
    """``key`` and ``condition`` are expressions of this file, never input."""
    rows = base.execute(
        f"""SELECT scenario, {key} AS key, count(*) AS shown, count(*) FILTER (seen) AS seen,
                   count(*) FILTER (clicked) AS clicked
            FROM joined WHERE {condition} GROUP BY ALL ORDER BY scenario, key"""
    ).fetchall()
    return [
        Rate(scenario, name, shown, seen, clicked, *wilson(clicked, seen))
        for scenario, name, shown, seen, clicked in rows
    ]
