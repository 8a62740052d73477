"""The service over HTTP, client and server on the same cores, against an empty route of the same server.

    python -m benchmarks.bench_http [--seconds 5] [--connections 1 16] [--workers 2] [--profile search]

``daogou serve`` answers for a small demo shop, made and built here unless it stands in the folder already
(not timed). Each request is a whole page of the kind: 20 products with facets and highlights, 10
suggestions, a home list of a shopper with a past, products like one, an event that is on the disk when
answered.
``empty`` is ``health/live``. The client is wrk where it is installed.

``--profile ROUTE`` runs one worker in this process instead, asks that route, and says where its time goes,
in the event loop and in the engine's thread.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import os
import pstats
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.clients import load
from indexing.journal import open_journal
from indexing.snapshots import publish
from offline.build import BuildConfig, build
from offline.demo import make_demo

FACETS = ["category", "brand", "price_minor"]
TODAY = date(2026, 1, 31)
ENDPOINTS = {
    "empty": "/v1/health/live",
    "suggest": "/v1/suggest",
    "search": "/v1/search",
    "home": "/v1/recommend",
    "similar": "/v1/recommend",
    "event": "/v1/events",
}


def prepare(home: Path, products: int) -> None:
    """A demo shop, built and published, unless it is there."""
    with open_journal(home) as journal:
        if journal.control.pointer() is not None:
            return
    make_demo(
        home, products=products, shoppers=500, days=10, seed=1, last_day=TODAY, progress=lambda *_: None
    )
    built = build(home, BuildConfig(text_pairs=20_000), progress=lambda *_: None)
    with open_journal(home) as journal:
        publish(home, journal.control, built.name, actor="benchmark")


def make_key(home: Path) -> str:
    """A storefront's key."""
    with open_journal(home) as journal:
        return str(journal.control.create_key(["storefront"], "benchmark", actor="benchmark")[1])


def bodies(home: Path, number: int = 2_000) -> dict[str, list[str]]:
    """What each route is sent, in turn."""
    table = pq.read_table(home / "catalogue.parquet", columns=["item_id", "title", "brand", "category"])
    rng = np.random.default_rng(1)
    products = table.take(rng.integers(0, len(table), number)).to_pylist()
    queries = [f"{one['brand'] or ''} {one['category'][-1]}".strip() for one in products]
    now = datetime.now(UTC).isoformat()
    made: dict[str, list[Any]] = {
        "empty": [],
        "suggest": [{"query": query[: 1 + place % 4]} for place, query in enumerate(queries)],
        "search": [
            {"query": query, "filter": "price_minor < 1000000", "facets": FACETS} for query in queries
        ],
        "home": [{"scenario": "home", "client_id": f"bench-{place % 50}"} for place in range(number)],
        "similar": [{"scenario": "similar", "item_ids": [one["item_id"]]} for one in products],
        "event": [
            {
                "event": "click",
                "timestamp": now,
                "client_id": f"bench-{place % 500}",
                "item_id": one["item_id"],
            }
            for place, one in enumerate(products)
        ],
    }
    return {
        name: [json.dumps(one, ensure_ascii=False) for one in some if one.get("query") != ""]
        for name, some in made.items()
    }


@contextmanager
def serving(home: Path, workers: int) -> Iterator[str]:
    """``daogou serve`` until the end of the context; its address."""
    command = [sys.executable, "-m", "daogou", "serve", "--home", str(home), "--port", "0"]
    process = subprocess.Popen([*command, "--workers", str(workers)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("Serving at "):
                threading.Thread(
                    target=process.stdout.read, daemon=True
                ).start()  # its log must not block it
                yield line.split()[-1]
                return
        raise RuntimeError(f"daogou serve ended with status {process.wait()}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def measure(
    address: str, key: str, sent: dict[str, list[str]], given: argparse.Namespace
) -> dict[str, Any]:
    """Every route at each number of connections, warmed up."""
    load(address + ENDPOINTS["event"], key, sent["event"], connections=4, seconds=1)  # shoppers with a past
    found: dict[str, Any] = {}
    for connections in given.connections:
        routes = {}
        for name, path in ENDPOINTS.items():
            load(address + path, key, sent[name], connections=connections, seconds=1)
            routes[name] = load(
                address + path, key, sent[name], connections=connections, seconds=given.seconds
            )
        empty = routes["empty"]["requests_a_second"]
        for one in routes.values():
            one["of_empty"] = round(one["requests_a_second"] / empty, 3)
        found[f"{connections} connections"] = routes
    return found


def profile(home: Path, key: str, route: str, sent: Sequence[str], seconds: float) -> dict[str, Any]:
    """One worker in this process, under two profilers: of the event loop and of the engine's thread."""
    import uvicorn

    from api.app import create_app
    from api.settings import read_settings

    os.environ.setdefault("OMP_NUM_THREADS", "1")
    app = create_app(read_settings({"home": home, "log_level": "warning"}))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}{ENDPOINTS[route]}"
    profiles = {"event loop": cProfile.Profile(), "engine": cProfile.Profile()}

    async def run() -> dict[str, Any]:
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.05)
        await asyncio.to_thread(load, url, key, sent, connections=4, seconds=1)
        lane = app.state.shop.lane._executor  # noqa: SLF001 - a profiler sees the thread that enables it
        await asyncio.wrap_future(lane.submit(profiles["engine"].enable))
        profiles["event loop"].enable()
        found = await asyncio.to_thread(load, url, key, sent, connections=4, seconds=seconds)
        profiles["event loop"].disable()
        await asyncio.wrap_future(lane.submit(profiles["engine"].disable))
        server.should_exit = True
        await task
        return found

    found = asyncio.run(run())
    for name, one in profiles.items():
        sys.stderr.write(f"--- {name}, {route}\n")
        pstats.Stats(one, stream=sys.stderr).sort_stats("tottime").print_stats(35)
    return found


def main() -> None:
    """Prepare, serve, ask; or profile. JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "daogou-bench")
    parser.add_argument("--profile", choices=ENDPOINTS)
    given = parser.parse_args()
    home = given.folder / f"http-{given.products}"
    prepare(home, given.products)
    key, sent = make_key(home), bodies(home)
    if given.profile:
        report = profile(home, key, given.profile, sent[given.profile], given.seconds)
    else:
        with serving(home, given.workers) as address:
            report = measure(address, key, sent, given)
    print(json.dumps({"products": given.products, "workers": given.workers} | report, indent=1))


if __name__ == "__main__":
    main()
