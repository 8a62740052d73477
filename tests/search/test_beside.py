"""Work beside a request: in its thread, or where that is busy in the request's own."""

from __future__ import annotations

import threading
from threading import Event

import pytest

from search.beside import Beside


def test_another_thread_does_it() -> None:
    """While the request goes on."""
    going_on = Event()

    def work() -> str:
        assert going_on.wait(10)
        return threading.current_thread().name

    beside = Beside(work)
    going_on.set()
    assert beside.result().startswith("search-beside")


def test_a_busy_thread_is_not_waited_for() -> None:
    """What it did not begin the request does by itself, once."""
    done = Event()
    first = Beside(lambda: done.wait(10))
    ran: list[str] = []
    second = Beside(lambda: ran.append(threading.current_thread().name))
    second.result()
    assert ran == [threading.current_thread().name]
    done.set()
    assert first.result()
    assert len(ran) == 1


def test_errors_come_with_the_result() -> None:
    """Not before, and the thread lives on."""

    def fail() -> None:
        raise ValueError("no")

    beside = Beside(fail)
    with pytest.raises(ValueError, match="no"):
        beside.result()
    assert Beside(lambda: 1).result() == 1
