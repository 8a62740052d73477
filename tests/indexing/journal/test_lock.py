"""The lock between writers."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from indexing.contracts.errors import JournalError
from indexing.journal.lock import exclusive


def test_threads_exclude_one_another(tmp_path: Path) -> None:
    """A counter that is read and written in two steps loses nothing."""
    count = 0

    def work() -> None:
        nonlocal count
        for _ in range(50):
            with exclusive(tmp_path / "lock", 20):
                held = count
                time.sleep(0)
                count = held + 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count == 200


def test_who_waits_too_long_is_told(tmp_path: Path) -> None:
    """A lock that is not given up ends in an error in words, and can be had afterwards."""
    path = tmp_path / "lock"
    with exclusive(path, 1), pytest.raises(JournalError, match="held by another process"):  # noqa: SIM117
        with exclusive(path, 0.05):
            pass
    with exclusive(path, 0.05):
        pass


def test_who_waits_is_not_passed_by_who_comes_again(tmp_path: Path) -> None:
    """A writer without a pause lets the one in who waits, at its next turn."""
    path = tmp_path / "lock"
    turns = 0
    stop = threading.Event()

    def greedy() -> None:
        nonlocal turns
        while not stop.is_set():
            with exclusive(path, 10):
                turns += 1
                time.sleep(0.005)

    thread = threading.Thread(target=greedy)
    thread.start()
    try:
        waited = []
        for _ in range(10):
            time.sleep(0.003)  # so that the other has it again
            before = turns
            with exclusive(path, 10):
                waited.append(turns - before)
    finally:
        stop.set()
        thread.join()
    # the turn that was under way, and one that may have stood at the gate first
    assert max(waited) <= 3


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    """A process that dies with the lock does not keep it."""
    path = tmp_path / "lock"
    code = (
        "import sys, time; from pathlib import Path; from indexing.journal.lock import exclusive\n"
        "with exclusive(Path(sys.argv[1]), 5):\n    print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(JournalError), exclusive(path, 0.05):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with exclusive(path, 5):
        pass
