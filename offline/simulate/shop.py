"""The whole demo shop, written into its folder: products, thirty days of behaviour, and the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from indexing.contracts.events import EVENT_SCHEMA
from indexing.contracts.items import ITEM_SCHEMA
from indexing.contracts.profiles import Profile
from indexing.contracts.shop import dump_shop
from indexing.contracts.shown import SHOWN_SCHEMA
from offline.simulate.affinity import Affinity
from offline.simulate.crowd import AA, Crowd, crowd_of
from offline.simulate.days import Recorder
from offline.simulate.declaration import DEMO_SHOP
from offline.simulate.frames import Names, events_table, shown_table
from offline.simulate.log import EVENT
from offline.simulate.parameters import Parameters
from offline.simulate.partners import partners_of
from offline.simulate.products import described
from offline.simulate.queries import Query, queries_of
from offline.simulate.results import results_of
from offline.simulate.shelf import Shelf, shelf_of
from offline.simulate.tables import item_batches, write_bytes, write_json, write_table
from offline.simulate.truth import write_truth

Progress = Callable[[str, int, int], None]
MARKER = "simulated.json"
FILE = "part-simulate.parquet"


class Summary(msgspec.Struct, frozen=True):
    """What was written; ``reused``: it was there already, made with the same parameters."""

    hash: str
    products: int
    shoppers: int
    bots: int
    days: int
    queries: int
    events: int
    shown: int
    slots: int
    seen: int
    orders: int
    reused: bool = False


class _Counts(msgspec.Struct):
    events: int = 0
    shown: int = 0
    slots: int = 0
    seen: int = 0
    orders: int = 0


def simulate(
    home: Path,
    *,
    products: int = 20_000,
    shoppers: int = 5_000,
    days: int = 30,
    seed: int = 1,
    last_day: date,
    progress: Progress | None = None,
) -> Summary:
    """Write the demo shop: ``catalogue.parquet``, ``shop.toml``, ``events/``, ``shown/``, ``truth/``.

    The same arguments write the same bytes. A marker is written last; where it names the same
    parameters, nothing is made again. Days of another simulation are removed, other files are not touched.

    Args:
        home: the shop's folder; made where it is absent.
        last_day: last day of the log, in UTC.
        progress: called with what is being done, how far it is, and how far it goes.

    Raises:
        InputError: an argument that is too small.
    """
    parameters = Parameters(products, shoppers, days, seed, last_day)
    if found := read_marker(home, parameters):
        return found
    report = progress or (lambda *_: None)
    (home / MARKER).unlink(missing_ok=True)
    for old in sorted(home.glob(f"*/day=*/{FILE}")):
        old.unlink()
    summary = _write(home, parameters, report)
    write_json(home / MARKER, summary)
    return summary


def read_marker(home: Path, parameters: Parameters) -> Summary | None:
    """The summary of an earlier run with the same parameters whose files are there, else None."""
    try:
        found = msgspec.json.decode((home / MARKER).read_bytes(), type=Summary)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    days = [home / name / f"day={day}" / FILE for name in ("events", "shown") for day in parameters.dates]
    there = all(
        path.exists() for path in (home / "catalogue.parquet", home / "shop.toml", home / "truth", *days)
    )
    return msgspec.structs.replace(found, reused=True) if there and found.hash == parameters.hash else None


def _write(home: Path, parameters: Parameters, report: Progress) -> Summary:
    seed = parameters.seed
    made = []
    for number, pair in enumerate(described(parameters.products, seed, parameters.last_day)):
        made.append(pair)
        if number % 5_000 == 0:
            report("products", number, parameters.products)
    write_table(home / "catalogue.parquet", item_batches(item for item, _ in made), ITEM_SCHEMA)
    write_bytes(home / "shop.toml", dump_shop(DEMO_SHOP).encode())
    report("products", parameters.products, parameters.products)
    shelf = shelf_of(made, parameters.dates, seed)
    queries = queries_of(made, seed)
    del made
    report("shoppers and truth", 0, 1)
    affinity = Affinity(crowd_of(parameters, shelf), shelf, parameters.behaviour)
    partners = partners_of(shelf, seed)
    write_truth(home / "truth", parameters, affinity, queries, partners)
    report("shoppers and truth", 1, 1)
    recorder = Recorder(parameters, affinity, partners, results_of(queries, shelf, seed))
    counts = _write_days(home, parameters, recorder, _names(shelf, affinity.crowd, queries), report)
    return Summary(
        hash=parameters.hash,
        products=parameters.products,
        shoppers=parameters.shoppers,
        bots=affinity.crowd.bots,
        days=parameters.days,
        queries=len(queries),
        events=counts.events,
        shown=counts.shown,
        slots=counts.slots,
        seen=counts.seen,
        orders=counts.orders,
    )


def _write_days(
    home: Path, parameters: Parameters, recorder: Recorder, names: Names, report: Progress
) -> _Counts:
    counts = _Counts()
    for place, date_ in enumerate(parameters.dates):
        report("days", place, parameters.days)
        day = recorder.record(place, _midnight(date_))
        rng = np.random.default_rng([parameters.seed, 103, place])
        events, shown = events_table(day, names, rng), shown_table(day, names)
        write_table(home / "events" / f"day={date_}" / FILE, [events], EVENT_SCHEMA)
        write_table(home / "shown" / f"day={date_}" / FILE, [shown], SHOWN_SCHEMA)
        counts.events += events.num_rows
        counts.shown += shown.num_rows
        counts.slots += int((day.answers["rows"] >= 0).sum())
        counts.seen += int(day.answers["depth"].sum())
        counts.orders += int((day.events["event"] == EVENT["purchase"]).sum())
    report("days", parameters.days, parameters.days)
    return counts


def _names(shelf: Shelf, crowd: Crowd, queries: list[Query]) -> Names:
    profile = Profile().hash
    arms = [
        [{"experiment": AA.name, "arm": AA.arms[arm].name, "profile_hash": profile}] for arm in crowd.arms
    ]
    return Names(
        items=pa.array(shelf.ids),
        prices=shelf.prices,
        shoppers=pa.array(crowd.ids),
        queries=pa.array([query.text for query in queries], pa.string()),
        arms=pa.array(arms, SHOWN_SCHEMA.field("arms").type),
    )


def _midnight(day: date) -> int:
    """Microseconds since 1970."""
    return int(datetime.combine(day, time(), UTC).timestamp()) * 1_000_000
