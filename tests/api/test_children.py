"""Child processes: restarted when they die, with a growing pause; killed when they do not end."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api.children import Child


def child(code: str, ended: list[int] | None = None) -> Child:
    """Python that runs ``code``."""
    pids = [] if ended is None else ended
    return Child("test", [sys.executable, "-c", code], dict(os.environ), on_end=pids.append)


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for it."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def looked(one: Child, condition: Callable[[], bool]) -> None:
    """Look, as the supervisor does, until it is so."""

    def look() -> bool:
        one.look()
        return condition()

    until(look)


def test_what_was_killed_comes_back() -> None:
    """With another process id; whoever wants to know is told of the old one."""
    ended: list[int] = []
    one = child("import time; time.sleep(60)", ended)
    one.start()
    assert one.process is not None
    first = one.process.pid
    os.kill(first, signal.SIGKILL)
    looked(one, lambda: one.process is not None and one.process.pid != first)
    assert ended == [first]
    one.tell(signal.SIGTERM)
    one.wait(10)
    assert ended == [first, one.process.pid]


def test_what_dies_at_its_start_is_not_tried_all_the_time() -> None:
    """Half a second, one, two."""
    one = child("raise SystemExit(3)")
    one.start()
    pauses = []
    for deaths in (1, 2):
        looked(one, lambda deaths=deaths: one.deaths == deaths and one.process is None)  # type: ignore[misc]
        pauses.append(one._due_at - time.monotonic())
        if deaths == 1:
            looked(one, lambda: one.process is not None)
    assert 0.2 < pauses[0] <= 0.5 < pauses[1] <= 1.0


def test_what_does_not_end_is_killed(tmp_path: Path) -> None:
    """After its time."""
    ready = tmp_path / "ready"
    ignore = "import signal, time, pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    one = child(f"{ignore}; pathlib.Path({str(ready)!r}).touch(); time.sleep(60)")
    one.start()
    until(ready.exists)
    one.tell(signal.SIGTERM)
    one.wait(0.3)
    assert one.process is not None
    assert one.process.returncode == -signal.SIGKILL


def test_what_never_ran_needs_nothing() -> None:
    """No signal, no waiting."""
    one = child("")
    one.tell(signal.SIGTERM)
    one.wait(1)
    assert one.process is None


@pytest.mark.parametrize("status", [0, 1])
def test_an_end_is_an_end(status: int) -> None:
    """A service has no reason to leave by itself, well or not."""
    one = child(f"raise SystemExit({status})")
    one.start()
    looked(one, lambda: one.deaths == 1)
