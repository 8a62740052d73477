"""How much memory a piece of work holds at its peak, child processes included, and what its stages take."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any, Self

import psutil

_EVERY_S = 0.1


class PeakMemory:
    """Context: samples the resident memory of this process and its children.

    Pages that several processes share are counted for each; pages of mapped files count while they are in
    memory. Peaks shorter than a tenth of a second may be missed.

    Attributes:
        peak: bytes.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._stage = ""
        self._since = time.perf_counter()
        self._seconds: dict[str, float] = {}
        self._peaks: dict[str, int] = {}
        self._process = psutil.Process()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    @property
    def megabytes(self) -> int:
        return round(self.peak / 1e6)

    def tell(self, stage: str, _done: int = 0, _total: int = 0) -> None:
        """What is at work now; of the form in which a build tells its progress."""
        self._look()
        now = time.perf_counter()
        self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now

    def stages(self) -> dict[str, dict[str, Any]]:
        """``seconds`` and ``peak_mb`` of each stage told, in the order of their beginnings."""
        self.tell("")
        return {
            name: {"seconds": round(spent, 2), "peak_mb": round(self._peaks.get(name, 0) / 1e6)}
            for name, spent in self._seconds.items()
            if name
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._done.wait(_EVERY_S):
            self._look()

    def _look(self) -> None:
        held, stage = sum(map(_resident, self._family())), self._stage
        self.peak = max(self.peak, held)
        self._peaks[stage] = max(self._peaks.get(stage, 0), held)

    def _family(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:  # it ended since it was listed
        return 0
