"""``python -m indexing.keeper --home HOME``: keep a shop's live catalogue until SIGTERM."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

import structlog

from indexing.contracts.errors import DaogouError
from indexing.keeper.keeper import Keeper


def main() -> int:
    """Run the keeper. Returns the exit status: 0 when it was told to stop, 1 when it could not start."""
    parser = argparse.ArgumentParser(prog="python -m indexing.keeper", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("DAOGOU_HOME", "daogou-data")))
    parser.add_argument("--with-parent", action="store_true", help="end when the starting process does")
    given = parser.parse_args()
    _configure_logs(os.environ.get("DAOGOU_LOG_FORMAT", "json"), os.environ.get("DAOGOU_LOG_LEVEL", "info"))
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    if given.with_parent:
        threading.Thread(target=_watch, args=(os.getppid(), stopping), daemon=True).start()
    if not given.home.is_dir():
        sys.stderr.write(f"there is no shop in {given.home}: import items or generate a demo shop first\n")
        return 1
    try:
        Keeper(given.home).run(stopping)
    except (DaogouError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _watch(parent: int, stopping: threading.Event) -> None:
    """Nobody stops a keeper whose supervisor was killed, and it would keep out the next one."""
    while os.getppid() == parent and not stopping.wait(1.0):
        pass
    stopping.set()


def _configure_logs(form: str, level: str) -> None:
    """One line each to stderr, as the other processes of the service write theirs."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if form == "json"
            else structlog.dev.ConsoleRenderer(colors=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(number),
        cache_logger_on_first_use=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
