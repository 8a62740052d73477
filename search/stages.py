"""The stages of one answer: how long each took, how much time is left, and what was skipped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from search.result import Note


class Stages:
    """Timings and notes of one request.

    A deadline is looked at between stages and chooses cheaper ways beforehand; nothing that runs is ever
    abandoned.

    Args:
        deadline_ms: from now; None: no hurry.
    """

    __slots__ = ("_notes", "_start", "deadline_ms", "timings_ms")

    def __init__(self, deadline_ms: float | None = None) -> None:
        self._start = perf_counter()
        self.deadline_ms = deadline_ms
        self.timings_ms: dict[str, float] = {}
        self._notes: dict[str, Note] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; one that runs twice is added up."""
        begin = perf_counter()
        try:
            yield
        finally:
            took = (perf_counter() - begin) * 1000
            self.timings_ms[name] = round(self.timings_ms.get(name, 0.0) + took, 3)

    def allows(self, stage: str, about_ms: float) -> bool:
        """Whether there is time for a stage of about that length; a note says when there is not."""
        if self.deadline_ms is None:
            return True
        left = self.deadline_ms - (perf_counter() - self._start) * 1000
        if left >= about_ms:
            return True
        self.note(
            f"{stage}_skipped",
            f"{max(left, 0):.1f} ms were left before the deadline of {self.deadline_ms:g} ms",
        )
        return False

    def note(self, code: str, detail: str) -> None:
        """Say something once."""
        self._notes.setdefault(code, Note(code, detail))

    @property
    def notes(self) -> tuple[Note, ...]:
        """In the order in which they came up."""
        return tuple(self._notes.values())

    @property
    def total_ms(self) -> float:
        """Since the request began."""
        return round((perf_counter() - self._start) * 1000, 3)
