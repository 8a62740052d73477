"""Texts in uncompressed Arrow IPC files: written once, mapped by every process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import overload

import pyarrow as pa

from indexing.contracts.strings import SortedStrings

_FIELD = "value"


class MappedTexts(Sequence[str]):
    """Texts by place, decoded when they are asked for; in no particular order."""

    __slots__ = ("_array",)

    def __init__(self, array: pa.LargeStringArray) -> None:
        self._array = array

    @property
    def array(self) -> pa.LargeStringArray:
        """All of them."""
        return self._array

    def __len__(self) -> int:
        return len(self._array)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return MappedTexts(self._array[place]) if place.step in {None, 1} else list(self)[place]
        text: str = self._array[int(place)].as_py()
        return text


def write_texts(path: Path, values: Iterable[str] | pa.LargeStringArray) -> None:
    """Write texts in the order given, as one batch."""
    array = values if isinstance(values, pa.Array) else pa.array(values, pa.large_string())
    schema = pa.schema([pa.field(_FIELD, pa.large_string(), nullable=False)])
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        writer.write_batch(pa.record_batch([array], schema=schema))


def map_texts(path: Path) -> MappedTexts:
    """What :func:`write_texts` wrote."""
    return MappedTexts(_map(path))


def map_sorted(path: Path) -> SortedStrings:
    """What :func:`write_texts` wrote of sorted, unique texts."""
    return SortedStrings(_map(path))


def _map(path: Path) -> pa.LargeStringArray:
    return pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0).column(0)
