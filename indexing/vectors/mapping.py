"""Arrays on the disk, shared by every process that reads them."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

_one_at_a_time = Lock()
"""numpy reads the head of a file with ``ast``, which fails now and then where two threads are in it ("AST
constructor recursion depth mismatch", python/cpython#106905)."""


def map_array(path: Path, *, write: bool = False) -> npt.NDArray[Any]:
    """A ``.npy`` file, mapped, and read-only unless it is to be written to. Safe in several threads.

    A plain array over the mapped pages: numpy's own class of mapped arrays costs a microsecond a slice.

    Raises:
        OSError: it is not there.
        ValueError: it is not a ``.npy`` file, or shorter than it says.
    """
    with _one_at_a_time:
        try:
            array: npt.NDArray[Any] = np.load(path, mmap_mode="r+" if write else "r")
        except ValueError as error:
            if "empty" not in str(error):
                raise
            array = np.load(path)  # of an empty array nothing can be mapped
        except EOFError as error:  # what numpy says of a file of no bytes
            raise ValueError(f"{path} is empty") from error
    return np.asarray(array)
