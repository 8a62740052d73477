"""Which change readers may see: two numbers in a mapped file.

A reader takes the generation, loads what it names, and looks again: when the generation is another by then,
what was loaded may be of two commits and is thrown away. While the keeper commits it is odd.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexing.vectors.mapping import map_array

_SEQ, _GENERATION = 0, 1


class State:
    """``state.npy``, mapped. Aligned numbers of eight bytes are read and written whole."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        self._path = path
        mapped = map_array(path, write=write)
        if mapped.shape != (2,) or mapped.dtype != np.int64:
            raise ValueError(f"{path}: two numbers were expected, not {mapped.dtype} of {mapped.shape}")
        self._values = mapped
        self._inode = path.stat().st_ino

    @classmethod
    def create(cls, path: Path, seq: int) -> None:
        """Make the file, not yet readable."""
        np.save(path, np.array([seq, 1], np.int64))

    @property
    def seq(self) -> int:
        """The last change that is readable."""
        return int(self._values[_SEQ])

    @property
    def generation(self) -> int:
        """Another after every commit; odd while one is under way."""
        return int(self._values[_GENERATION])

    def begin(self, generation: int) -> None:
        """From now on readers wait for ``generation``, which is even."""
        self._values[_GENERATION] = generation - 1

    def publish(self, seq: int, generation: int) -> None:
        """Everything up to ``seq`` is there."""
        self._values[_SEQ] = seq
        self._values[_GENERATION] = generation

    def is_current(self) -> bool:
        """False when the file has been replaced by another, or removed. Costs 2 µs."""
        try:
            return self._path.stat().st_ino == self._inode
        except OSError:
            return False
