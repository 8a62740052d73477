"""Documents made by several processes: reading items is most of a build's work, and Python does one thing
at a time.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue

import msgspec

from indexing.contracts.errors import SnapshotError
from indexing.contracts.shop import Shop
from indexing.snapshots.chunks import Chunk, ChunkReader, Made
from indexing.snapshots.frames import Helper, helper, read_frame, write_frame
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
        idle: SimpleQueue[Helper] = SimpleQueue()
        for _ in range(workers):
            worker = stack.enter_context(helper("indexing.snapshots.document_worker"))
            write_frame(worker.input, msgspec.msgpack.encode((str(text), shop)))
            idle.put(worker)
        threads = stack.enter_context(ThreadPoolExecutor(workers))

        def ask(chunk: Chunk) -> bytes:
            worker = idle.get()
            try:
                return _answer(worker, chunk)
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


def _answer(worker: Helper, chunk: Chunk) -> bytes:
    """What is made of a chunk, as msgpack."""
    try:
        write_frame(worker.input, msgspec.msgpack.encode(chunk))
        answer = read_frame(worker.output)
    except OSError:
        answer = None
    if answer is None:
        raise SnapshotError(
            f"a process that analyses items ended with status {worker.process.wait()} (what it said is "
            "above; 137 or -9: killed, perhaps for want of memory)"
        )
    return answer
