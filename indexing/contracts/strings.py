"""Sorted strings in an Arrow array: find one, find a prefix, take by place.

One structure for ids, vocabularies and suggestions. It lives in a mapped file, so a million ids cost
a worker next to no private memory (as a dict: 137 MB each); a look-up is a binary search, about 3 µs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_NONE = -1

_STEP, _FEW = 32, 8_192
"""One string of so many is kept on the heap, two megabytes of a million ids, and each of a few (brands,
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

    def place_of(self, key: bytes, start: int, stop: int) -> int | None:
        """Place of ``key`` between ``start`` and ``stop``, -1 when it is absent, None when its bytes are
        first found elsewhere than as a whole string."""
        assert self._offsets is not None
        first = self._offsets[start]
        within = bytes(self._data[first : self._offsets[stop]]).find(key)
        if within < 0:
            return _NONE
        place = bisect_left(self._offsets, first + within, start, stop)
        begin, end = self._offsets[place], self._offsets[place + 1]
        return place if begin == first + within and end - begin == len(key) else None


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
        place = self._among_few(key) if len(self._keys) > _FEW else None
        if place is not None:
            return place
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

    def _among_few(self, key: bytes) -> int | None:
        """Place of ``key``, by looking for its bytes in those of the strings between two marks, which takes
        two thirds of comparing a few of them; None where they are first found within another string."""
        start = (bisect_right(self._marks or self._marked(), key) - 1) * _STEP
        if start < 0:
            return _NONE
        return self._keys.place_of(key, start, min(start + _STEP, len(self._keys)))

    def _marked(self) -> list[bytes]:
        """Made by the first look-up: to open a file reads none of it."""
        step = 1 if len(self._keys) <= _FEW else _STEP
        self._marks = [self._keys[place] for place in range(0, len(self._keys), step)]
        return self._marks

    def _at_least(self, key: bytes) -> int:
        """Place of the first string that is not below ``key``."""
        step = 1 if len(self._keys) <= _FEW else _STEP
        end = bisect_left(self._marks or self._marked(), key) * step
        if step == 1:
            return end
        return bisect_left(self._keys, key, max(0, end - step), min(end, len(self._keys)))
