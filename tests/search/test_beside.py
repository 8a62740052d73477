"""Work beside a request: in its thread, or where that is busy in the request's own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from threading import Event
from typing import TypeVar

import pytest

from search.beside import Beside

T = TypeVar("T")


def begun(work: Callable[[], T]) -> Beside[T]:
    """Work that the thread is about already."""
    begins = Event()

    def run() -> T:
        begins.set()
        return work()

    beside = Beside(run)
    assert begins.wait(10)
    return beside


def test_another_thread_does_it() -> None:
    """While the request goes on."""
    going_on = Event()

    def work() -> str:
        assert going_on.wait(10)
        return threading.current_thread().name

    beside = begun(work)
    going_on.set()
    assert beside.result().startswith("search-beside")


def test_a_busy_thread_is_not_waited_for() -> None:
    """What it did not begin the request does by itself, once."""
    done = Event()
    first = begun(lambda: done.wait(10))
    ran: list[str] = []
    Beside(lambda: ran.append(threading.current_thread().name)).result()
    assert ran == [threading.current_thread().name]
    done.set()
    assert first.result()
    assert begun(lambda: 1).result() == 1
    assert len(ran) == 1


def test_errors_come_with_the_result() -> None:
    """Not before, and the thread lives on."""

    def fail() -> None:
        raise ValueError("no")

    beside = begun(fail)
    with pytest.raises(ValueError, match="no"):
        beside.result()
    assert begun(lambda: 1).result() == 1
