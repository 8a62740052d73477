"""``daogou serve`` as it really runs: processes, signals, one address."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from api.secrets import open_secret
from indexing.journal import open_journal


@dataclass
class Running:
    """A service in processes of its own."""

    process: subprocess.Popen[str]
    address: str

    def get(self, path: str) -> str:
        """From this machine, without a key."""
        with urllib.request.urlopen(self.address + path, timeout=10) as response:  # noqa: S310
            return str(response.read().decode())

    def workers(self) -> list[psutil.Process]:
        """Those that answer."""
        children = psutil.Process(self.process.pid).children()
        return [one for one in children if "api.worker" in _command(one)]


@pytest.fixture
def running(built: Path, tmp_path: Path) -> Iterator[Running]:
    """On any free port, over a copy of the built shop that is not published yet."""
    shutil.copytree(built / "snapshots", tmp_path / "snapshots")
    shutil.copy(built / "shop.toml", tmp_path / "shop.toml")
    (tmp_path / "journal").mkdir()
    for path in (built / "journal").glob("catalogue*.sqlite"):
        with (
            closing(sqlite3.connect(path)) as one,
            closing(sqlite3.connect(tmp_path / "journal" / path.name)) as two,
        ):
            one.backup(two)
    command = [sys.executable, "-m", "daogou", "serve", "--home", str(tmp_path), "--port", "0"]
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        cwd=Path(__file__).parents[2],
        env=dict(os.environ),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"Serving at (http://\S+)", line)
        assert found, (tmp_path / "log").read_text()
        yield Running(process, found[1])
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
        log.close()


@pytest.mark.slow
def test_it_answers_comes_back_and_ends(running: Running, built: Path, tmp_path: Path) -> None:
    """Two workers behind one address; one that is killed is replaced; SIGTERM ends all of them."""
    assert running.get("/v1/health/live") == '{"status":"ok"}'
    assert _ready(running) == "503"  # nothing is published yet
    _publish(built, tmp_path)
    _until(lambda: all("version" in _ready(running) for _ in range(8)))  # whichever worker answers
    first = {one.pid for one in running.workers()}
    assert len(first) == 2
    os.kill(min(first), signal.SIGKILL)
    _until(lambda: len({one.pid for one in running.workers()} - {min(first)}) == 2)
    assert running.get("/v1/health/live") == '{"status":"ok"}'
    counted = re.findall(
        r'daogou_requests_total\{.*route="/v1/health/live".*\} ([\d.]+)', running.get("/metrics")
    )
    assert float(counted[0]) >= 2
    assert open_secret(tmp_path / "secrets", "demo").startswith(b"dg_")
    pids = [one.pid for one in running.workers()]
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(30) == 0
    assert not any(psutil.pid_exists(pid) for pid in pids)


@pytest.mark.slow
def test_a_change_is_seen_within_a_second(running: Running, built: Path, tmp_path: Path) -> None:
    """A price, a new product, a deleted one: in search and in recommendation, in every worker."""
    key = _operator(tmp_path)
    _publish(built, tmp_path)
    _until(lambda: all("version" in _ready(running) for _ in range(8)))  # whichever worker answers
    ask = {"query": "马克杯 7", "filter": 'item_id = "m07"', "fields": ["price_minor"]}
    new = {"title": "陶瓷 马克杯 崭新", "category": ["家居", "杯子"], "price": "9.90"}
    _call(running, key, "PATCH", "/v1/items/m07", {"price_minor": 1})
    _call(running, key, "PUT", "/v1/items/new-mug", new)
    _call(running, key, "DELETE", "/v1/items/m08")
    changed = time.monotonic()
    lists = {"scenario": "similar", "item_ids": ["m01"], "limit": 100, "filter": 'category = "家居 > 杯子"'}

    def seen() -> bool:
        prices = [
            one["item"]["price_minor"] for one in _call(running, key, "POST", "/v1/search", ask)["items"]
        ]
        found = {
            one["item_id"] for one in _call(running, key, "POST", "/v1/search", {"query": "崭新"})["items"]
        }
        cups = {one["item_id"] for one in _call(running, key, "POST", "/v1/recommend", lists)["items"]}
        return prices == [1] and "new-mug" in found and "new-mug" in cups and "m08" not in cups

    _until(lambda: all(seen() for _ in range(4)))
    assert (
        time.monotonic() - changed < 3
    )  # a second, and what a machine under load takes for twelve answers


@pytest.mark.slow
def test_connections_opened_together_are_shared(running: Running, tmp_path: Path) -> None:
    """A proxy keeps those that it opened at once: each worker answers some of them, and none is lost."""
    _until(lambda: (tmp_path / "log").read_text().count("Application startup complete") == 2)
    host, port = running.address.removeprefix("http://").split(":")
    workers = running.workers()
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.create_connection((host, int(port)), 10)) for _ in range(32)]
        for one in sockets:
            one.sendall(b"GET /v1/health/live HTTP/1.1\r\nhost: shop\r\n\r\n")
        assert all(one.recv(4096).startswith(b"HTTP/1.1 200") for one in sockets)
        ours = {one.getsockname()[1] for one in sockets}
        held = [sum(c.raddr[1] in ours for c in one.net_connections("tcp") if c.raddr) for one in workers]
        assert sum(held) == 32
        assert min(held) >= 4


@pytest.mark.slow
def test_a_worker_that_hangs_keeps_nobody_waiting(running: Running, tmp_path: Path) -> None:
    """What the kernel gives it is answered by another, a second later."""
    _until(lambda: (tmp_path / "log").read_text().count("Application startup complete") == 2)
    hanging = running.workers()[0]
    hanging.suspend()
    try:
        assert {running.get("/v1/health/live") for _ in range(10)} == {'{"status":"ok"}'}
    finally:
        hanging.resume()


@pytest.mark.slow
def test_workers_do_not_outlive_their_supervisor(running: Running) -> None:
    """Nobody would restart or stop them."""
    pids = [one.pid for one in running.workers()]
    running.process.kill()
    _until(lambda: not any(psutil.pid_exists(pid) for pid in pids))


def _command(process: psutil.Process) -> list[str]:
    """Empty for one that is just ending."""
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _operator(home: Path) -> str:
    with open_journal(home) as journal:
        return journal.control.create_key(["storefront", "operator"], "test")[1]


def _call(running: Running, key: str, method: str, path: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(running.address + path, data, headers, method=method)  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        return json.loads(response.read())


def _publish(built: Path, home: Path) -> None:
    name = next((built / "snapshots").glob("2*")).name
    with open_journal(home) as journal:
        journal.control.swap(name, None, "test")


def _ready(running: Running) -> str:
    try:
        return running.get("/v1/health/ready")
    except urllib.error.HTTPError as error:
        error.close()
        return str(error.code)


def _until(condition: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_secret_that_cannot_be_read_is_said_once(tmp_path: Path) -> None:
    """``serve`` ends with one line before it listens; so does a worker that finds it later."""
    secret = tmp_path / "secrets" / "users.key"
    secret.parent.mkdir()
    secret.write_bytes(b"\0")
    with socket.create_server(("127.0.0.1", 0)) as one:
        worker = ["api.worker", "--parent", str(os.getpid()), "--sockets", str(one.fileno())]
        serving = ["daogou", "serve", "--home", str(tmp_path), "--port", "0"]
        for command in (serving, worker):
            done = subprocess.run(
                [sys.executable, "-m", *command],
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
                cwd=Path(__file__).parents[2],
                env={**os.environ, "DAOGOU_HOME": str(tmp_path)},
                pass_fds=[one.fileno()],
            )
            assert done.returncode == 1
            assert "users.key holds no secret" in done.stderr
            assert "Traceback" not in done.stderr
            assert len(done.stderr.splitlines()) == 1
