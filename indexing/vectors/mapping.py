"""Arrays on the disk, shared by every process that reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


def map_array(path: Path) -> npt.NDArray[Any]:
    """A ``.npy`` file, mapped and read-only.

    A plain array over the mapped pages: numpy's own class of mapped arrays costs a microsecond a slice.

    Raises:
        OSError: it is not there.
        ValueError: it is not a ``.npy`` file, or shorter than it says.
    """
    try:
        array: npt.NDArray[Any] = np.load(path, mmap_mode="r")
    except ValueError as error:
        if "empty" not in str(error):
            raise
        array = np.load(path)  # of an empty array nothing can be mapped
    except EOFError as error:  # what numpy says of a file of no bytes
        raise ValueError(f"{path} is empty") from error
    return np.asarray(array)
