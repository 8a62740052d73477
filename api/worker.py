"""One API process: ``python -m api.worker --socket N --parent PID``, started by ``api.serve``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence

import structlog
import uvicorn

from api.accepting import helping
from api.app import create_app
from api.logs import configure_logs
from api.protocol import Protocol
from api.settings import read_settings
from indexing.contracts.errors import DaogouError

_log = structlog.get_logger("api.worker")
_KEEP_ALIVE_SECONDS = 75
"""Longer than a proxy keeps its own connections idle: it must be the one that closes them."""


def main() -> None:
    """Serve on an inherited socket until told to stop, and help at those of the other workers."""
    parser = argparse.ArgumentParser(prog="api.worker")
    parser.add_argument(
        "--sockets", type=int, nargs="+", required=True, help="file descriptors that listen, its own first"
    )
    parser.add_argument("--parent", type=int, required=True, help="process id of whoever started this one")
    given = parser.parse_args()
    own, *others = (socket.socket(fileno=descriptor) for descriptor in given.sockets)
    settings = read_settings()
    configure_logs(form=settings.log_format, level=settings.log_level)
    try:
        app = create_app(settings)
    except DaogouError as error:
        _log.error("cannot start", why=str(error))
        sys.exit(1)
    config = uvicorn.Config(
        app,
        http=Protocol,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:  # uvloop's, where there is one
        runner.run(serve(uvicorn.Server(config), own, others, parent=given.parent))


async def serve(
    server: uvicorn.Server, own: socket.socket, others: Sequence[socket.socket], *, parent: int
) -> None:
    """Answer until SIGTERM or SIGINT, or until the process that started this one is gone."""
    async with _orphan_watch(server, parent), _settling(server), helping(server, others):
        await server.serve(sockets=[own])


@contextlib.asynccontextmanager
async def _orphan_watch(server: uvicorn.Server, parent: int) -> AsyncIterator[None]:
    """Nobody restarts or stops a worker whose supervisor was killed, so it ends by itself.

    ``parent`` is told, not looked up: the supervisor may have died while this process was still importing.
    """

    async def watch() -> None:
        while os.getppid() == parent:
            await asyncio.sleep(1.0)
        server.should_exit = True

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()


@contextlib.asynccontextmanager
async def _settling(server: uvicorn.Server) -> AsyncIterator[None]:
    """What starting made lives as long as the process: the collector need not look at it again."""

    async def settle() -> None:
        while not server.started:
            await asyncio.sleep(0.1)
        gc.collect()
        gc.freeze()

    task = asyncio.create_task(settle())
    try:
        yield
    finally:
        task.cancel()


if __name__ == "__main__":
    main()
