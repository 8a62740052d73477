"""New connections, shared by the workers.

Each worker has a listening socket of its own at the one address, among which the kernel shares connections
out. Of one socket for all, whoever wakes first takes all that wait: a proxy opens its connections together
and keeps them, so one worker would answer everything.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager

import uvicorn

_BACKLOG = 2048
_PATIENCE_SECONDS = 1.0
"""What another worker has not taken after this waits for one that is starting, hangs, or died."""


@contextmanager
def listening_at(host: str, port: int, count: int) -> Iterator[list[socket.socket]]:
    """Sockets that listen at one address, inheritable.

    Args:
        port: 0 for any that is free.

    Raises:
        OSError: the address is taken, or not ours to have.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:  # sockets that share a port would also share it with a stranger's
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        port = probe.getsockname()[1]
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket(family)) for _ in range(count)]
        for one in sockets:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            one.bind((host, port))
            one.set_inheritable(True)
        for one in sockets:
            one.listen(_BACKLOG)
        yield sockets


@asynccontextmanager
async def helping(server: uvicorn.Server, others: Sequence[socket.socket]) -> AsyncIterator[None]:
    """Also take connections that wait too long at the sockets of other workers.

    Args:
        server: which answers them when it has started, until it is told to stop.
        others: listening sockets.
    """
    loop = asyncio.get_running_loop()
    opening: set[asyncio.Task[object]] = set()

    def watch(other: socket.socket) -> None:
        if not server.should_exit:
            loop.add_reader(other, notice, other)

    def notice(other: socket.socket) -> None:
        loop.remove_reader(other)
        loop.call_later(_PATIENCE_SECONDS, take, other)

    def take(other: socket.socket) -> None:
        if server.started and not server.should_exit:
            for connection in _waiting(other):
                task = loop.create_task(loop.connect_accepted_socket(_protocol_of(server), connection))
                opening.add(task)
                task.add_done_callback(opening.discard)
        watch(other)

    for other in others:
        other.setblocking(False)
        watch(other)
    try:
        yield
    finally:
        for other in others:
            loop.remove_reader(other)


def _waiting(listening: socket.socket) -> Iterator[socket.socket]:
    """All that wait; none where another process was quicker, or no more files may be opened."""
    try:
        while True:
            connection, _ = listening.accept()
            connection.setblocking(False)
            yield connection
    except OSError:
        return


def _protocol_of(server: uvicorn.Server) -> Callable[[], asyncio.Protocol]:
    """As ``uvicorn.Server.startup`` makes it."""

    def make() -> asyncio.Protocol:
        made: asyncio.Protocol = server.config.http_protocol_class(  # type: ignore[call-arg]
            config=server.config, server_state=server.server_state, app_state=server.lifespan.state
        )
        return made

    return make
