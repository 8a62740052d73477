"""Texts as 64-bit numbers, and numbers as dense codes: what turns twenty million ids into arrays.

Hashes instead of dictionaries of strings: each batch is turned into numbers and forgotten. With 20 million
different ids the chance that any two share a hash is 1 in 90,000.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit

Hashes = npt.NDArray[np.uint64]

_MIX = np.uint64(0x9E3779B97F4A7C15)
_STIR = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_SMALL = 1 << 12
_PARTS = 512  # of 20 million numbers each then fits into the second cache
_UPPER = np.uint64(64 - 9)


def hash_strings(array: pa.Array | pa.ChunkedArray) -> Hashes:
    """A number for each text, the same on every machine; 0 where the text is null.

    Args:
        array: of any string type, dictionaries included.
    """
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if array.null_count == len(array):
        return np.zeros(len(array), np.uint64)
    if not pa.types.is_string(array.type):
        array = array.cast(pa.large_string())
    _, offsets, data = array.buffers()
    width = np.int32 if pa.types.is_string(array.type) else np.int64
    places = np.frombuffer(offsets, width)[array.offset : array.offset + len(array) + 1]
    octets = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    hashes: Hashes = _hash(octets, places)
    if array.null_count:
        hashes[array.is_null().to_numpy(zero_copy_only=False)] = 0
    return hashes


@njit(cache=True, nogil=True)
def _stir(value):  # type: ignore[no-untyped-def]  # numba infers
    value = (value ^ (value >> _HALF)) * _STIR
    value = (value ^ (value >> _HALF)) * _STIR
    return value ^ (value >> _HALF)


@njit(cache=True, nogil=True)
def _hash(octets, places):  # type: ignore[no-untyped-def]
    """Eight octets at a time, stirred; the length is part of it, so that trailing zeros count."""
    count = len(places) - 1
    hashes = np.empty(count, np.uint64)
    for i in range(count):
        start, end = np.int64(places[i]), np.int64(places[i + 1])
        value = np.uint64(end - start) * _MIX + _MIX
        at = start
        while at < end:
            word = np.uint64(0)
            stop = min(at + 8, end)
            for place in range(at, stop):
                word = (word << np.uint64(8)) | np.uint64(octets[place])
            value = _stir(value ^ word) + _MIX
            at = stop
        value = _stir(value)
        hashes[i] = value if value != 0 else np.uint64(1)
    return hashes


def combine(left: Hashes, right: npt.NDArray[np.integer]) -> Hashes:
    """A number for each pair, never 0."""
    mixed: Hashes = _combine(left, right.astype(np.uint64))
    return mixed


@njit(cache=True, nogil=True)
def _combine(left, right):  # type: ignore[no-untyped-def]
    mixed = np.empty(len(left), np.uint64)
    for i in range(len(left)):
        value = _stir(_stir(left[i] + _MIX) ^ right[i])
        mixed[i] = value if value != 0 else np.uint64(1)
    return mixed


def dense_codes(hashes: Hashes) -> tuple[npt.NDArray[np.int32], Hashes]:
    """Codes 0, 1, 2 … by order of first appearance; -1 for hash 0.

    Returns:
        codes int32 of the shape of ``hashes``, and the hash of each code.
    """
    codes, values = _dense_codes(hashes)
    return codes, values


@njit(cache=True, nogil=True)
def _dense_codes(hashes):  # type: ignore[no-untyped-def]
    """Open addressing; the table doubles when half full. A slot holds code + 1."""
    size = _SMALL
    slots = np.zeros(size, np.int32)
    values = np.empty(size, np.uint64)
    count = 0
    codes = np.empty(len(hashes), np.int32)
    for i in range(len(hashes)):
        value = hashes[i]
        if value == 0:
            codes[i] = -1
            continue
        if 2 * count >= size:
            size *= 2
            slots = np.zeros(size, np.int32)
            wider = np.empty(size, np.uint64)
            wider[:count] = values[:count]
            values = wider
            for code in range(count):
                at = values[code] & np.uint64(size - 1)
                while slots[at] != 0:
                    at = (at + np.uint64(1)) & np.uint64(size - 1)
                slots[at] = code + 1
        at = value & np.uint64(size - 1)
        while slots[at] != 0 and values[slots[at] - 1] != value:
            at = (at + np.uint64(1)) & np.uint64(size - 1)
        if slots[at] == 0:
            values[count] = value
            count += 1
            slots[at] = count
        codes[i] = slots[at] - 1
    return codes, values[:count].copy()


@njit(cache=True, nogil=True)
def _room(count):  # type: ignore[no-untyped-def]
    """Slots for so many numbers: a power of two, at most half of them taken."""
    size = _SMALL
    while size < 2 * count:
        size *= 2
    return size


class Lookup:
    """Places of known texts by hash.

    Args:
        array: unique texts; a place in it is what :meth:`find` gives.
    """

    def __init__(self, array: pa.Array) -> None:
        self._hashes = hash_strings(array)
        self._slots = _fill(self._hashes, int(_room(len(self._hashes))))

    def find(self, hashes: Hashes) -> npt.NDArray[np.int32]:
        """int32, -1 where unknown or null."""
        found: npt.NDArray[np.int32] = _find(self._slots, self._hashes, hashes)
        return found


@njit(cache=True, nogil=True)
def _fill(hashes, size):  # type: ignore[no-untyped-def]
    slots = np.zeros(size, np.int32)
    for i in range(len(hashes)):
        at = hashes[i] & np.uint64(size - 1)
        while slots[at] != 0:
            at = (at + np.uint64(1)) & np.uint64(size - 1)
        slots[at] = i + 1
    return slots


@njit(cache=True, nogil=True)
def _find(slots, known, hashes):  # type: ignore[no-untyped-def]
    last = np.uint64(len(slots) - 1)
    found = np.empty(len(hashes), np.int32)
    for i in range(len(hashes)):
        found[i] = -1
        if hashes[i] == 0:
            continue
        at = hashes[i] & last
        while slots[at] != 0:
            if known[slots[at] - 1] == hashes[i]:
                found[i] = slots[at] - 1
                break
            at = (at + np.uint64(1)) & last
    return found


def repeats(hashes: Hashes) -> npt.NDArray[np.bool_]:
    """True for every appearance of a number but its first; never for 0.

    Args:
        hashes: below 2³¹ of them.
    """
    found: npt.NDArray[np.bool_] = _repeats(hashes)
    return found


@njit(cache=True, nogil=True)
def _repeats(hashes):  # type: ignore[no-untyped-def]
    """Parted by their upper bits, then a set by open addressing for each part: a set of all of them would
    miss every cache."""
    starts = np.zeros(_PARTS + 1, np.int64)
    for value in hashes:
        starts[np.int64(value >> _UPPER) + 1] += 1
    slots = np.zeros(_room(starts.max()), np.uint64)
    last = np.uint64(len(slots) - 1)
    starts = np.cumsum(starts)
    at = starts[:-1].copy()
    values = np.empty(len(hashes), np.uint64)
    places = np.empty(len(hashes), np.int32)
    for i in range(len(hashes)):
        upper = np.int64(hashes[i] >> _UPPER)
        values[at[upper]] = hashes[i]
        places[at[upper]] = i
        at[upper] += 1
    found = np.zeros(len(hashes), np.bool_)
    for part in range(_PARTS):
        slots[:] = 0
        for i in range(starts[part], starts[part + 1]):
            slot = values[i] & last
            while slots[slot] != 0 and slots[slot] != values[i]:
                slot = (slot + np.uint64(1)) & last
            found[places[i]] = slots[slot] != 0  # a number 0 leaves its slot empty
            slots[slot] = values[i]
    return found
