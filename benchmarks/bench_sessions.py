"""Events to sessions and to what is looked at together: our jobs against DuckDB on the same Parquet files.

    python -m benchmarks.bench_sessions [--events 1000000 5000000 20000000] [--items 100000]

Both read the log, drop repeated events, find the products, end a session after thirty minutes of silence,
gather each session's products with the weight of what was done, add up pairs, score them, and write the
fifty best neighbours of each product. Ours does what a build does (bots are looked for, too); DuckDB gets
temporary tables, two threads, hashed keys instead of texts, half of the pairs (they are symmetric) and top
lists by ``arg_max``. Each runs in a process of its own, which reports its time and its peak memory;
importing and compiling are not timed. ``agreement`` is the share of neighbours that both name.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from indexing.contracts.events import EVENT_SCHEMA
from indexing.contracts.strings import SortedStrings

START = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
DAY, SECOND = 86_400_000_000, 1_000_000
DAYS, TOPIC, MEAN_LENGTH, EVENTS_EACH = 30, 60, 7, 25
NAMES = pa.array(["click", "view_item", "add_to_cart", "purchase"])
SHARES = (0.62, 0.25, 0.09, 0.04)
KEPT = 500  # products whose neighbours are compared

Numbers = npt.NDArray[np.int64]


def write_log(folder: Path, events: int, items: int, seed: int) -> None:
    """A day a file, in the order of time: sessions around topics, products by Zipf's law, a thousandth of
    the events sent twice."""
    rng = np.random.default_rng(seed)
    ids = item_ids(items)
    done = 0
    for day in range(DAYS):
        numbers = range(done, events * (day + 1) // DAYS)
        part = folder / f"day={day:02}"
        part.mkdir(parents=True)
        table = _day(rng, ids, day, numbers, max(events // EVENTS_EACH, 1))
        pq.write_table(table, part / "part.parquet")
        done = numbers.stop


def item_ids(items: int) -> pa.Array:
    """Sorted."""
    return pa.array([f"item-{place:07}" for place in range(items)], pa.large_string())


def _day(rng: np.random.Generator, ids: pa.Array, day: int, events: range, shoppers: int) -> pa.Table:
    size = len(events)
    sessions = size // MEAN_LENGTH + 1
    lengths = 1 + rng.geometric(1 / MEAN_LENGTH, sessions)
    of = np.repeat(np.arange(sessions), lengths)[:size]
    of = np.concatenate([of, rng.integers(0, sessions, size - len(of))])
    of.sort()
    begin = rng.integers(0, DAY - 3_600 * SECOND, sessions)
    gaps = rng.integers(4 * SECOND, 240 * SECOND, size)
    walked = np.cumsum(gaps)
    starts = np.searchsorted(of, np.arange(sessions))
    when = START + day * DAY + begin[of] + walked - walked[np.minimum(starts, size - 1)][of]
    shopper = rng.integers(0, shoppers, sessions)[of]
    row = _rows(rng, of, sessions, len(ids))
    order = np.argsort(when, kind="stable")
    sent = np.arange(size)
    sent[1:][rng.random(size - 1) < 0.001] -= 1  # the one before, once more
    columns = {
        "event_id": pa.array(np.array(events)).cast(pa.string()),
        "event": NAMES.take(pa.array(rng.choice(len(NAMES), size, p=SHARES))),
        "timestamp": pa.array(when[order], pa.timestamp("us", "UTC")),
        "received_at": pa.array(when[order], pa.timestamp("us", "UTC")),
        "shopper": pa.array(shopper[order]).cast(pa.string()),
        "item_id": ids.take(pa.array(row[order])).cast(pa.string()),
        "origin": pa.array(["simulate"]).take(pa.array(np.zeros(size, np.int8))),
    }
    arrays = [columns.get(f.name, pa.nulls(size, f.type)) for f in EVENT_SCHEMA]
    return pa.table(arrays, schema=EVENT_SCHEMA).take(pa.array(sent))


def _rows(rng: np.random.Generator, of: Numbers, sessions: int, items: int) -> Numbers:
    """Four fifths around the session's topic, the rest anywhere; both by Zipf's law."""
    topic = np.minimum(rng.zipf(1.2, sessions) - 1, items // TOPIC - 1)[of] * TOPIC
    near = np.minimum(rng.zipf(1.4, len(of)) - 1, TOPIC - 1)
    anywhere = np.minimum((items * rng.random(len(of)) ** 2.5).astype(np.int64), items - 1)
    rows: Numbers = np.where(rng.random(len(of)) < 0.8, topic + near, anywhere)
    return rows


def ours(log: Path, items: int, to: Path) -> dict[str, Any]:
    """``clean`` and ``session_neighbours``, as a build calls them."""
    from offline.jobs.clean import clean
    from offline.jobs.cooccurrence import session_neighbours

    ids = SortedStrings(item_ids(items))
    with tempfile.TemporaryDirectory() as small:  # compiles
        write_log(Path(small) / "log", 3_000, items, 0)
        session_neighbours(clean(Path(small) / "log", ids)[0], Path(small) / "out")
    started = time.perf_counter()
    found, cleaned = clean(log, ids)
    between = time.perf_counter()
    session_neighbours(found, to)
    seconds = time.perf_counter() - started
    return _said(seconds, cleaned.sessions, np.load(to / "neighbours.npy")) | {
        "clean_s": round(between - started, 2)
    }


_SQL = """
CREATE TEMP TABLE touches AS
    SELECT any_value(hash(shopper)) AS shopper, any_value(row)::INTEGER AS row,
           any_value(epoch_us(timestamp)) AS time, any_value(weight)::FLOAT AS weight
    FROM read_parquet($files, hive_partitioning = false)
    JOIN catalogue USING (item_id) JOIN weights USING (event)
    GROUP BY hash(event_id);
CREATE TEMP TABLE placed AS
    SELECT row, weight,
           sum(begins) OVER (ORDER BY shopper, time ROWS UNBOUNDED PRECEDING)::INTEGER AS session
    FROM (SELECT *, time - lag(time, 1, -4000000000000000000)
                    OVER (PARTITION BY shopper ORDER BY time) > $gap AS begins
          FROM touches);
DROP TABLE touches;
CREATE TEMP TABLE entries AS
    SELECT session, row, max(weight) AS weight FROM placed GROUP BY session, row ORDER BY session;
DROP TABLE placed;
CREATE TEMP TABLE factors AS
    SELECT session, (greatest(count(*) - 1, 1) ** -0.5)::FLOAT AS factor FROM entries GROUP BY session;
CREATE TEMP TABLE norms AS
    SELECT row, sqrt(sum(weight * weight * factor)) AS norm
    FROM entries JOIN factors USING (session) GROUP BY row;
CREATE TEMP TABLE pairs AS
    SELECT a.row AS i, b.row AS j, sum(a.weight * b.weight * factor) AS together,
           count(*) AS shared
    FROM entries a JOIN entries b ON a.session = b.session AND a.row < b.row
    JOIN factors f ON f.session = a.session GROUP BY ALL;
COPY (
    SELECT i AS row, arg_max(j, score, 50) AS near FROM (
        SELECT i, j, (1 - $doubt / shared) * together / (m.norm * n.norm + $shrink) AS score
        FROM (SELECT * FROM pairs UNION ALL SELECT j, i, together, shared FROM pairs) p
        JOIN norms m ON m.row = i JOIN norms n ON n.row = j)
    GROUP BY i ORDER BY i
) TO '$out' (FORMAT parquet);
"""


def duckdb_peer(log: Path, items: int, to: Path) -> dict[str, Any]:
    """The same as SQL."""
    import duckdb

    from offline.jobs.cooccurrence import SESSIONS

    to.mkdir()
    files = [str(path) for path in sorted(log.glob("**/*.parquet"))]
    out = to / "near.parquet"
    settings: dict[str, Any] = {"threads": 2, "preserve_insertion_order": False}
    settings["temp_directory"] = str(to / "spill")
    with duckdb.connect(config=settings) as base:
        base.register(
            "ids", pa.table({"item_id": item_ids(items), "row": np.arange(items, dtype=np.int32)})
        )
        base.register(
            "named", pa.table({"event": [*SESSIONS.weights], "weight": [*SESSIONS.weights.values()]})
        )
        started = time.perf_counter()
        base.execute("CREATE TEMP TABLE catalogue AS SELECT * FROM ids")
        base.execute("CREATE TEMP TABLE weights AS SELECT * FROM named")
        text = _SQL.replace("$files", str(files)).replace("$gap", str(30 * 60 * SECOND))
        text = text.replace("$doubt", str(SESSIONS.doubt)).replace("$shrink", str(SESSIONS.shrink))
        base.execute(text.replace("$out", str(out)))
        seconds = time.perf_counter() - started
        sessions = base.execute("SELECT count(*) FROM factors").fetchall()[0][0]
    table = pq.read_table(out)
    near = np.full((items, 50), -1, np.int32)
    for row, found in zip(table["row"].to_pylist(), table["near"].to_pylist(), strict=True):
        near[row, : len(found)] = found
    return _said(seconds, sessions, near)


def _said(seconds: float, sessions: int, near: npt.NDArray[np.int32]) -> dict[str, Any]:
    return {
        "seconds": round(seconds, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000,
        "sessions": sessions,
        "with_neighbours": int((near[:, 0] >= 0).sum()),
        "near": [[one for one in row if one >= 0] for row in near[:KEPT].tolist()],
    }


PARTS = {"ours": ours, "duckdb": duckdb_peer}


def compare(events: int, items: int, seed: int) -> dict[str, Any]:
    """One size: a log, both parts one after the other."""
    with tempfile.TemporaryDirectory(prefix="bench-sessions-") as folder:
        log = Path(folder) / "log"
        write_log(log, events, items, seed)
        said = {part: _apart(part, log, items, Path(folder) / part) for part in PARTS}
    near = {part: [set(row) for row in one.pop("near")] for part, one in said.items()}
    both = sum(len(a & b) for a, b in zip(near["ours"], near["duckdb"], strict=True))
    either = sum(max(len(a), len(b)) for a, b in zip(near["ours"], near["duckdb"], strict=True))
    return {
        "events": events,
        **said,
        "agreement": round(both / max(either, 1), 4),
        "time_ratio": round(said["ours"]["seconds"] / said["duckdb"]["seconds"], 3),
        "memory_ratio": round(said["ours"]["peak_mb"] / said["duckdb"]["peak_mb"], 3),
    }


def _apart(part: str, log: Path, items: int, to: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.bench_sessions", "--part", part, "--log", str(log)]
    command += ["--items", str(items), "--to", str(to)]
    said: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return said


def main() -> None:
    """Compare each size; print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 5_000_000, 20_000_000])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--log", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--to", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        print(json.dumps(PARTS[given.part](given.log, given.items, given.to)))
        return
    sizes = [compare(events, given.items, given.seed) for events in given.events]
    print(json.dumps({"items": given.items, "sizes": sizes}, indent=1))


if __name__ == "__main__":
    main()
