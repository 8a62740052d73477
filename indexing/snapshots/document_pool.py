"""Documents made by several processes: reading items is most of a build's work, and Python does one thing
at a time.

Each worker is ``python -m indexing.snapshots.document_worker``; it is asked over its standard input and
answers over its standard output. When the build dies, however it dies, the pipe ends and so do the workers.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Self

import msgspec

from indexing.contracts.errors import SnapshotError
from indexing.contracts.shop import Shop
from indexing.snapshots.chunks import Chunk, ChunkReader, Made
from indexing.snapshots.frames import read_frame, write_frame
from indexing.text import Analyser

_ALONE_BELOW = 20_000  # items: a worker takes a second to start
_MOST_WORKERS = 8
_WAITING = 2  # chunks for each worker, so that none is idle while the index takes documents

_decode = msgspec.msgpack.Decoder(Made).decode

Make = Callable[[Iterable[Chunk]], Iterator[tuple[Chunk, Made]]]


def document_making(text: Path, analyser: Analyser, shop: Shop, items: int) -> AbstractContextManager[Make]:
    """How the documents of a build are made.

    Args:
        text: where the analyser is saved.
        items: how many there will be about; a small shop needs no workers.
    """
    if items < _ALONE_BELOW:
        return _alone(analyser, shop)
    return _together(text, shop, min(os.cpu_count() or 1, _MOST_WORKERS))


@contextmanager
def _alone(analyser: Analyser, shop: Shop) -> Iterator[Make]:
    read = ChunkReader(analyser, shop)

    def make(chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Made]]:
        for chunk in chunks:
            yield chunk, read(chunk)

    yield make


@contextmanager
def _together(text: Path, shop: Shop, workers: int) -> Iterator[Make]:
    with ExitStack() as stack:
        idle: SimpleQueue[_Worker] = SimpleQueue()
        for _ in range(workers):
            idle.put(stack.enter_context(_Worker(text, shop)))
        threads = stack.enter_context(ThreadPoolExecutor(workers))

        def ask(chunk: Chunk) -> bytes:
            worker = idle.get()
            try:
                return worker.ask(chunk)
            finally:
                idle.put(worker)

        def make(chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Made]]:
            waiting: deque[tuple[Chunk, Future[bytes]]] = deque()
            for chunk in chunks:
                waiting.append((chunk, threads.submit(ask, chunk)))
                if len(waiting) > _WAITING * workers:
                    done, answer = waiting.popleft()
                    yield done, _decode(answer.result())
            for done, answer in waiting:
                yield done, _decode(answer.result())

        yield make


class _Worker:
    """One process. A context manager: it ends when its standard input does."""

    def __init__(self, text: Path, shop: Shop) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "indexing.snapshots.document_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,  # Ctrl-C is for the build, which then ends its workers
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin, self._process.stdout
        write_frame(self._input, msgspec.msgpack.encode((str(text), shop)))

    def ask(self, chunk: Chunk) -> bytes:
        """What is made of a chunk, as msgpack."""
        try:
            write_frame(self._input, msgspec.msgpack.encode(chunk))
            answer = read_frame(self._output)
        except OSError:
            answer = None
        if answer is None:
            raise SnapshotError(
                f"a process that analyses items ended with status {self._process.wait()} (what it said is "
                "above; 137 or -9: killed, perhaps for want of memory)"
            )
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()  # nothing it holds is worth waiting for
        self._process.communicate()
