"""``daogou serve`` as it really runs: processes, signals, one address."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from api.secrets import open_secret


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
    """On any free port, over the built shop's snapshot."""
    (tmp_path / "snapshots").symlink_to(built / "snapshots")
    (tmp_path / "journal").mkdir()
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
    with pytest.raises(urllib.error.HTTPError) as caught:
        running.get("/v1/health/ready")
    assert caught.value.code == 503  # nothing published yet
    _publish(built, tmp_path)
    _until(lambda: "version" in _ready(running))
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


def _publish(built: Path, home: Path) -> None:
    from indexing.journal import open_journal

    name = next((built / "snapshots").glob("2*")).name
    with open_journal(home) as journal:
        journal.control.swap(name, None, "test")


def _ready(running: Running) -> str:
    try:
        return running.get("/v1/health/ready")
    except urllib.error.HTTPError:
        return ""


def _until(condition: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.1)
