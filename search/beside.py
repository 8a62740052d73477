"""Work of the index beside a request: a thread of its own, while the request goes on in Python.

tantivy works without the interpreter, so what it counts for the facets costs a page nothing while its
products are ranked. What the thread could not begin at once is done by the request itself, when it is
needed: a busy machine is no slower for it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Generic, TypeVar

T = TypeVar("T")

_HANDING_OVER_S = 0.001
"""How long a request waits for the thread to begin. Without waiting it would not: the request holds the
interpreter for milliseconds on end."""

_thread = ThreadPoolExecutor(1, thread_name_prefix="search-beside")


class Beside(Generic[T]):
    """Begins ``work`` in the thread.

    Args:
        work: mostly a call that leaves the interpreter to others. It may be run by the thread or by
            whoever asks for the result.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._begun = Event()
        self._future = _thread.submit(self._run)
        self._begun.wait(_HANDING_OVER_S)

    def result(self) -> T:
        """What ``work`` returned, or raises what it raised."""
        return self._work() if self._future.cancel() else self._future.result()

    def _run(self) -> T:
        self._begun.set()
        return self._work()
