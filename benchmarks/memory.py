"""How much memory a piece of work holds at its peak, its child processes included."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

import psutil

_EVERY_S = 0.1


class PeakMemory:
    """Context: samples the resident memory of this process and its children.

    Pages that several processes share are counted for each; pages of mapped files count while they are in
    memory. Peaks shorter than a tenth of a second may be missed.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._process = psutil.Process()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    @property
    def megabytes(self) -> int:
        return round(self.peak / 1e6)

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
            self.peak = max(self.peak, sum(map(_resident, self._family())))

    def _family(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:  # it ended since it was listed
        return 0
