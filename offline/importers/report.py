"""What an import took, what it dropped and why: a summary, and a file with a line for each row dropped."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from indexing.contracts.errors import InputError


class Dropped(msgspec.Struct, frozen=True):
    """A row that was not taken. ``row`` is its 1-based number in ``source``."""

    source: str
    row: int
    field: str | None
    code: str
    detail: str


class Summary(msgspec.Struct, frozen=True):
    """Counts of an import: ``read`` = rows taken (``used``) + rows dropped; ``dropped`` counts by code, and
    ``examples`` has the first row of each."""

    read: int
    used: int
    items: int
    events: int
    dropped: dict[str, int]
    examples: dict[str, str]
    report: str


class Report:
    """Collects what was dropped into ``imports/<name>.jsonl``; use it as a context.

    Args:
        path: the file of dropped rows; written as the import goes, replaced whole at its end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.dropped: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self.read = self.items = self.events = 0
        self._part = path.with_suffix(".part")
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        self._file.close()
        self._part.replace(self.path)

    def drop(self, source: str, row: int, error: InputError) -> None:
        """Write down that a row was dropped, and why."""
        assert self._file is not None
        self.dropped[error.code] += 1
        line = Dropped(source, row, error.field, error.code, _plain(error.detail))
        self._examples.setdefault(error.code, f"row {row}: {line.detail}")
        self._file.write(msgspec.json.encode(line) + b"\n")

    def summary(self) -> Summary:
        """The counts so far."""
        return Summary(
            read=self.read,
            used=self.read - self.dropped.total(),
            items=self.items,
            events=self.events,
            dropped=dict(sorted(self.dropped.items())),
            examples=self._examples,
            report=str(self.path),
        )


def _plain(text: str) -> str:
    """Lone surrogates cannot be written as UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode()
