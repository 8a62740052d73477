"""Sorted strings in an Arrow array: find one, find a prefix, take by place.

One structure for ids, vocabularies and suggestions. It lives in a mapped file, so a million ids cost
a worker next to no private memory (as a dict: 137 MB each); a look-up is a binary search, about 3 µs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_NONE = -1

_STEP, _FEW = 128, 8_192
"""One string of so many is kept on the heap, half a megabyte of a million ids, and each of a few (brands,
categories): ``bisect`` compares those without a call of Python each, which is two thirds of a search."""


class _Keys:
    """The array's UTF-8 bytes by place, as ``bisect`` wants them."""

    __slots__ = ("_data", "_length", "_offsets")

    def __init__(self, array: pa.LargeStringArray) -> None:
        _, offsets, data = array.buffers()
        self._offsets = memoryview(offsets).cast("q")[array.offset :] if offsets else None
        self._data = memoryview(data) if data else memoryview(b"")
        self._length = len(array)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: int) -> bytes:
        assert self._offsets is not None
        return bytes(self._data[self._offsets[place] : self._offsets[place + 1]])


class SortedStrings:
    """Unique strings in code point order.

    Args:
        array: an Arrow array of ``large_string``, sorted, without nulls; kept, not copied.
    """

    __slots__ = ("_keys", "_marks", "array")

    def __init__(self, array: pa.LargeStringArray) -> None:
        self.array = array
        self._keys = _Keys(array)
        self._marks: list[bytes] | None = None

    @classmethod
    def of(cls, values: Iterable[str]) -> SortedStrings:
        """Sort and make unique."""
        return cls(pa.array(sorted(set(values)), pa.large_string()))

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self._keys):
            raise IndexError(place)
        return self._keys[place].decode()

    def __iter__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self)))

    def find(self, value: str) -> int:
        """Place of ``value``, -1 when it is absent.

        >>> SortedStrings.of(["b", "a"]).find("b")
        1
        """
        key = value.encode("utf-8", "surrogatepass")
        place = self._at_least(key)
        return place if place < len(self._keys) and self._keys[place] == key else _NONE

    def find_all(self, values: Iterable[str]) -> npt.NDArray[np.int32]:
        """Places of many, int32, -1 where absent, in the order given."""
        return np.fromiter((self.find(value) for value in values), np.int32)

    def prefix(self, prefix: str) -> tuple[int, int]:
        """Half-open range of places whose strings begin with ``prefix``.

        >>> SortedStrings.of(["ab", "abc", "b"]).prefix("ab")
        (0, 2)
        """
        key = prefix.encode("utf-8", "surrogatepass")
        # 0xff never occurs in UTF-8, so key + 0xff follows everything that begins with key
        return self._at_least(key), self._at_least(key + b"\xff")

    def _at_least(self, key: bytes) -> int:
        """Place of the first string that is not below ``key``."""
        marks, step = self._marks, 1 if len(self._keys) <= _FEW else _STEP
        if marks is None:  # by the first look-up: to open a file reads none of it
            marks = self._marks = [self._keys[place] for place in range(0, len(self._keys), step)]
        end = bisect_left(marks, key) * step
        if step == 1:
            return end
        return bisect_left(self._keys, key, max(0, end - step), min(end, len(self._keys)))
