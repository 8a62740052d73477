"""Messages to a process and back: over a pipe, their length in four bytes, then they themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

_LENGTH = 4


class Helper(NamedTuple):
    """A process that is asked over its standard input and answers over its standard output."""

    process: subprocess.Popen[bytes]
    input: IO[bytes]
    output: IO[bytes]


@contextmanager
def helper(module: str) -> Iterator[Helper]:
    """``python -m module``, ended with the context, and when this process dies, for then its pipe ends.

    Ctrl-C is for this process alone, which then ends it.
    """
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Helper(process, process.stdin, process.stdout)
    finally:
        process.kill()  # nothing it holds is worth waiting for
        process.communicate()


def write_frame(stream: IO[bytes], message: bytes) -> None:
    """Send one message."""
    stream.write(len(message).to_bytes(_LENGTH, "little"))
    stream.write(message)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next message, None when the other side is gone."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head, "little")
    message = stream.read(length)
    return message if len(message) == length else None
