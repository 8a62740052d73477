"""``daogou serve``: holds the sockets, keeps a keeper and the workers alive, drains on SIGTERM."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from prometheus_client.multiprocess import mark_process_dead

from api.accepting import listening_at
from api.children import Child
from api.demo import page_key
from api.metrics import SHARED_FOLDER
from api.secrets import SECRETS, open_secret
from api.settings import Settings
from indexing.contracts.errors import ConfigError
from indexing.journal import open_journal

_LOOK_SECONDS = 0.2
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""The workers are the parallelism; libraries' threads inside them would fight over the same cores."""


def serve(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Run a shop until SIGTERM or SIGINT.

    Args:
        settings: handed on to the children through the environment.
        say: told the address when it answers.

    Raises:
        ConfigError: the address cannot be had, or a secret cannot be read.
    """
    for name in SECRETS:  # every worker wants them: better one line now than workers that die
        open_secret(settings.secrets, name)
    with listen(settings) as sockets, _shared_metrics() as folder:
        with open_journal(settings.home) as journal:
            if settings.storefront:
                page_key(settings, journal)  # made once here, read by every worker
        children = _children(settings, sockets, folder)
        stopping = _stop_signals()
        for child in children:
            child.start()
        address = f"http://{_host(settings)}:{sockets[0].getsockname()[1]}"
        threading.Thread(target=_announce, args=(address, stopping, say), daemon=True).start()
        while not stopping.wait(_LOOK_SECONDS):
            for child in children:
                child.look()
        _end(children, settings.drain_seconds)


@contextmanager
def listen(settings: Settings) -> Iterator[list[socket.socket]]:
    """The sockets of the service, one for each worker; workers come and go behind them.

    Raises:
        ConfigError: the address is taken, or not ours to have.
    """
    with ExitStack() as opened:
        try:
            sockets = opened.enter_context(listening_at(settings.host, settings.port, settings.workers))
        except OSError as error:
            detail = (
                f"cannot listen at {settings.host}:{settings.port}: {error.strerror}; give another --port"
            )
            raise ConfigError(detail, field="port", code="address_in_use") from error
        yield sockets


def _children(settings: Settings, sockets: Sequence[socket.socket], folder: Path) -> list[Child]:
    environment = {**os.environ, **_exported(settings)}
    workers = environment | _ONE_THREAD | {SHARED_FOLDER: str(folder)}
    descriptors = [one.fileno() for one in sockets]
    keeping = [sys.executable, "-m", "indexing.keeper", "--home", str(settings.home), "--with-parent"]
    keeper = Child("keeper", keeping, environment)
    return [keeper] + [
        Child(
            f"worker {number}",
            _worker(own, [other for other in descriptors if other != own]),
            workers,
            descriptors=descriptors,
            on_end=lambda pid: mark_process_dead(pid, str(folder)),  # type: ignore[no-untyped-call]
        )
        for number, own in enumerate(descriptors, 1)
    ]


def _worker(own: int, others: Sequence[int]) -> list[str]:
    command = [sys.executable, "-m", "api.worker", "--parent", str(os.getpid()), "--sockets"]
    return [*command, *map(str, (own, *others))]


def _exported(settings: Settings) -> dict[str, str]:
    """The settings as the environment of a child."""
    given = settings.model_dump(mode="json", exclude={"storefront_key"}, exclude_none=True)
    return {f"DAOGOU_{name.upper()}": str(value) for name, value in given.items()}


def _stop_signals() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    return stopping


def _end(children: list[Child], drain_seconds: int) -> None:
    """Workers first, so that what they still take in has a keeper; each has its time to finish."""
    deadline = time.monotonic() + drain_seconds + 5
    for child in reversed(children):
        child.tell(signal.SIGTERM)
    for child in reversed(children):
        child.wait(deadline - time.monotonic())


def _announce(address: str, stopping: threading.Event, say: Callable[[str], None]) -> None:
    while not stopping.is_set():
        try:
            with urllib.request.urlopen(f"{address}/v1/health/live", timeout=2):  # noqa: S310 - our own
                say(f"Serving at {address}")
                return
        except (urllib.error.URLError, OSError):
            stopping.wait(0.1)


def _host(settings: Settings) -> str:
    """A name that a browser on this machine can open."""
    if settings.host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{settings.host}]" if ":" in settings.host else settings.host


@contextmanager
def _shared_metrics() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="daogou-metrics-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
