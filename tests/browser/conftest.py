"""A served demo shop, and Chromium to walk through it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from offline.build import BuildConfig, build
from offline.demo import make_demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that is not shown."""


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo shop, built and published."""
    from indexing.journal import open_journal
    from indexing.snapshots import publish

    home = tmp_path_factory.mktemp("shop")
    make_demo(
        home, products=3000, shoppers=600, days=8, seed=3, last_day=date(2026, 11, 20), progress=nothing
    )
    built = build(home, BuildConfig(text_pairs=20_000), progress=nothing)
    with open_journal(home) as journal:
        publish(home, journal.control, built.name, actor="test")
    return home


@pytest.fixture(scope="session")
def address(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of the service, as ``daogou serve`` starts it: a keeper and two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "serve.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "daogou", "serve", "--home", str(demo_home), "--port", str(port)]
        patient = {**os.environ, "DAOGOU_DEADLINE_MS": "60000"}  # nothing is left out on a slow machine
        service = subprocess.Popen(command, stdout=output, stderr=output, env=patient)
        try:
            wait_for(f"http://127.0.0.1:{port}", service, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            service.terminate()
            service.wait(30)


def wait_for(url: str, service: subprocess.Popen[bytes], log: Path) -> None:
    """Until it can answer."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/v1/health/ready", timeout=5)  # noqa: S310 - loopback
        except (urllib.error.URLError, OSError):
            assert service.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            return
    pytest.fail(log.read_text()[-3000:])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium through playwright; skipped where it is not installed."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium: .ci/browser installs it where it may")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A new visitor's page; anything the browser complains about fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    assert complaints == []
