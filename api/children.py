"""Child processes that are kept alive: started, watched, restarted with a growing pause, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

_log = structlog.get_logger("api.serve")
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_LIVED_WELL = 60.0
"""A child that lived so long did not die of its start: the next one starts at once."""


@dataclass(slots=True)
class Child:
    """One process and the next ones in its place.

    Attributes:
        command: what runs.
        descriptors: kept open in it.
        on_end: told the process id of one that ended.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    descriptors: Sequence[int] = ()
    on_end: Callable[[int], None] = lambda _pid: None
    process: subprocess.Popen[bytes] | None = None
    deaths: int = field(default=0)
    _started_at: float = 0.0
    _due_at: float = 0.0

    def start(self) -> None:
        """Start it now; spawned, never forked: a fork after OpenMP work hangs."""
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            self.command, env=dict(self.environment), pass_fds=self.descriptors, start_new_session=True
        )
        self._started_at = time.monotonic()
        _log.info("started", child=self.name, pid=self.process.pid)

    def look(self) -> None:
        """Restart it when it has died and its pause is over."""
        now = time.monotonic()
        if self.process is not None and (status := self.process.poll()) is not None:
            self._ended(self.process.pid, status, now)
        if self.process is None and now >= self._due_at:
            self.start()

    def _ended(self, pid: int, status: int, now: float) -> None:
        lived = now - self._started_at
        self.deaths = 1 if lived > _LIVED_WELL else self.deaths + 1
        pause = 0.0 if lived > _LIVED_WELL else min(_FIRST_PAUSE * 2 ** (self.deaths - 1), _LONGEST_PAUSE)
        self.process = None
        self._due_at = now + pause
        why = signal.Signals(-status).name if status < 0 else f"exit status {status}"
        _log.error(
            "died", child=self.name, pid=pid, why=why, lived_s=round(lived, 1), again_in_s=round(pause, 1)
        )
        self.on_end(pid)

    def tell(self, number: signal.Signals) -> None:
        """Send a signal, when it runs."""
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, number)

    def wait(self, seconds: float) -> None:
        """Wait for its end; kill it when that takes too long."""
        if self.process is None:
            return
        try:
            self.process.wait(max(seconds, 0.1))
        except subprocess.TimeoutExpired:
            _log.error("killed, for it did not end", child=self.name, pid=self.process.pid)
            self.process.kill()
            self.process.wait()
        self.on_end(self.process.pid)
