"""Arrays that grow at their end, while a log is read."""

from __future__ import annotations

from mmap import mmap
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T", bound=np.generic)


class Column(Generic[T]):
    """Parts, one after the other, in one array from the start: joined at the end they would stand in memory
    twice, and fresh memory is dearer than a copy (2.5 of 9 seconds for 20 million events).

    Args:
        kind: of the array.
        size: how much is expected; what is not filled costs no memory, and what is more moves once.
    """

    def __init__(self, kind: type[T], size: int) -> None:
        self._values = _zeros(kind, size)
        self._count = 0
        self._given = False

    def add(self, part: npt.NDArray[T]) -> None:
        """Put ``part`` at the end."""
        self.skip(len(part))
        self._values[self._count - len(part) : self._count] = part
        self._given = True

    def skip(self, count: int) -> None:
        """Put ``count`` zeros at the end."""
        end = self._count + count
        if end > len(self._values):
            wider = _zeros(self._values.dtype.type, max(end, 2 * len(self._values)))
            wider[: self._count] = self._values[: self._count]
            self._values = wider
        self._count = end

    def array(self) -> npt.NDArray[T]:
        """All that was put."""
        return self._values[: self._count]

    def if_given(self) -> npt.NDArray[T] | None:
        """The same; None when all of it was skipped."""
        return self.array() if self._given else None


def _zeros(kind: type[T], size: int) -> npt.NDArray[T]:
    """Memory straight from the system. numpy asks for huge pages, and where files fill the memory the
    system first has to make room for them: 10 seconds of processor time instead of 8 for 20 million
    events."""
    memory = mmap(-1, max(size, 1) * np.dtype(kind).itemsize)
    return np.frombuffer(memory, kind, size)
