"""Progress that says what is being done and how far it is: bars on a terminal, lines in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Bars:
    """Called as ``bars(stage, done, total)``, total 0 where it is not known; a new stage closes the one
    before. Use it as a context."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._live = self._console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description:<28}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._live,
        )
        self._stage: str | None = None
        self._task: TaskID | None = None
        self._since = time.monotonic()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._progress.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._finish()
            self._stage, self._since = stage, time.monotonic()
            self._task = self._progress.add_task(stage, total=total or None)
        assert self._task is not None
        self._progress.update(self._task, completed=done, total=total or None)

    def _finish(self) -> None:
        if self._stage is None or self._task is None:
            return
        task = self._progress.tasks[self._task]
        whole = task.total or task.completed
        self._progress.update(self._task, completed=whole, total=whole)
        if not self._live:
            seconds = time.monotonic() - self._since
            sys.stderr.write(f"  {self._stage:<28} {int(whole):>10,}  {seconds:6.1f} s\n")
            sys.stderr.flush()
        self._stage = self._task = None
