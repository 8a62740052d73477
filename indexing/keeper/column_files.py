"""The live columns on the disk: what the keeper changes and every worker maps.

Every array has room for new rows, which lie past what the views of readers hold until they are published:
they are written in place. Price, list price and stock of known rows are changed in place too. A change of
any other value of a known row makes a new file of that array, under the next version, so that what readers
hold never changes; nothing of it is private to a worker.

A number column is the array ``<field>``; a text column ``<field>.codes`` and, where a row may have several
values, ``<field>.indptr``. ``VERSIONS`` is the version of the source of each row, changed in place: 0 is
as the item's body says, 1 none, else ``version + 2``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Floats, TextColumn
from indexing.contracts.memory_columns import MemoryColumns
from indexing.keeper.vocabulary import Vocabulary
from indexing.vectors.mapping import map_array

IN_PLACE = ("price_minor", "list_price_minor", "in_stock")
VERSIONS = "item_versions"

_LEAST_ROOM = 1024
_ROOM = 16  # a sixteenth of what there is

Array = npt.NDArray[Any]
Rows = npt.NDArray[np.int32]


def create_columns(folder: Path, columns: MemoryColumns) -> dict[str, int]:
    """Copy the columns of a snapshot, with room. Returns the version of every array."""
    folder.mkdir()
    arrays = arrays_of(columns) | {VERSIONS: np.zeros(columns.rows, np.int64)}
    for name, values in arrays.items():
        _write(file_of(folder, name, 0), values)
    return dict.fromkeys(arrays, 0)


def arrays_of(columns: MemoryColumns) -> dict[str, Array]:
    """The arrays of columns, by name."""
    arrays: dict[str, Array] = dict(columns.number_columns)
    for field, column in columns.text_columns.items():
        arrays[f"{field}.codes"] = column.codes
        if column.indptr is not None:
            arrays[f"{field}.indptr"] = column.indptr
    return arrays


def file_of(folder: Path, name: str, version: int) -> Path:
    """Where a version of an array lies."""
    return folder / f"{name}.{version}.npy"


def version_codes(versions: list[int | None]) -> npt.NDArray[np.int64]:
    """Versions of items as ``VERSIONS`` has them."""
    return np.array([1 if version is None else version + 2 for version in versions], np.int64)


class ColumnFiles:
    """The write side, of one keeper.

    Args:
        folder: what :func:`create_columns` made.
        versions: of the arrays that are committed; other files are of a keeper that died, and removed.
        rows: how many are committed.
    """

    def __init__(self, folder: Path, versions: Mapping[str, int], rows: int) -> None:
        self._folder = folder
        self.versions = dict(versions)
        self.rows = rows
        self.sweep()
        self._arrays = {name: self._open(name) for name in versions}

    def put(
        self, rows: Rows, values: MemoryColumns, versions: npt.NDArray[np.int64], texts: Vocabulary
    ) -> None:
        """Set the values of rows.

        Args:
            rows: rising; those past the last follow it without a gap.
            values: of these rows, in their order, with codes of their own.
            versions: of their items, as ``VERSIONS`` has them.
            texts: gives the codes that stay.
        """
        known = int(np.searchsorted(rows, self.rows))  # places before it are of rows that are there
        total = max(self.rows, int(rows[-1]) + 1)
        self._numbers(VERSIONS, rows, versions, known, total)
        for field, numbers in values.number_columns.items():
            self._numbers(field, rows, numbers, known, total)
        for field, column in values.text_columns.items():
            codes = texts.codes(field, column)[column.codes] if len(column.values) else column.codes
            if column.indptr is None:
                self._numbers(f"{field}.codes", rows, codes, known, total)
            else:
                self._lists(field, rows, codes, column.indptr, known)
        self.rows = total

    def sweep(self) -> None:
        """Remove the files of other versions; who has one mapped keeps it."""
        wanted = {file_of(self._folder, name, version).name for name, version in self.versions.items()}
        for path in self._folder.iterdir():
            if path.name not in wanted:
                path.unlink()

    def _numbers(self, name: str, rows: Rows, values: Array, known: int, total: int) -> None:
        """One value a row."""
        held = self._arrays[name]
        in_place = name in IN_PLACE or name == VERSIONS
        if total > len(held) or not (in_place or _same(held[rows[:known]], values[:known])):
            held = self._replace(name, held[: self.rows], total)
        held[rows] = values

    def _lists(self, field: str, rows: Rows, codes: Array, indptr: Array, known: int) -> None:
        """Several values a row: new rows are added at the end, a changed row moves all after it."""
        held, starts = self._arrays[f"{field}.codes"], self._arrays[f"{field}.indptr"]
        changed = [
            place
            for place in range(known)
            if not np.array_equal(
                held[starts[rows[place]] : starts[rows[place] + 1]],
                codes[indptr[place] : indptr[place + 1]],
            )
        ]
        if changed:
            pieces = [codes[indptr[place] : indptr[place + 1]] for place in changed]
            held, starts = _spliced(held, starts[: self.rows + 1], rows[changed], pieces)
        used = int(starts[self.rows])
        added = codes[indptr[known] :]
        ends = used + (indptr[known + 1 :] - indptr[known])
        places, codes_end = self.rows + 1 + len(ends), used + len(added)
        if changed or codes_end > len(held):
            held = self._replace(f"{field}.codes", held[:used], codes_end)
        if changed or places > len(starts):
            starts = self._replace(f"{field}.indptr", starts[: self.rows + 1], places)
        held[used:codes_end] = added
        starts[self.rows + 1 : places] = ends

    def _replace(self, name: str, values: Array, least: int) -> Array:
        """A new version of an array that holds ``values`` and has room for ``least``."""
        self.versions[name] += 1
        _write(file_of(self._folder, name, self.versions[name]), values, least=least)
        self._arrays[name] = self._open(name)
        return self._arrays[name]

    def _open(self, name: str) -> Array:
        return map_array(file_of(self._folder, name, self.versions[name]), write=True)


class MappedColumns:
    """The read side: columns of a moment, mapped. Arrays whose version did not change are not mapped again.

    Args:
        folder: of the live columns.
        built: the columns of the snapshot, for kinds and texts.
    """

    def __init__(self, folder: Path, built: MemoryColumns) -> None:
        self._folder = folder
        self._built = built
        self._mapped: dict[str, tuple[int, Array]] = {}

    def at(
        self, versions: Mapping[str, int], rows: int, texts: Mapping[str, TextColumn], changed: Rows
    ) -> MemoryColumns:
        """The columns of ``rows`` rows.

        Args:
            versions: of the arrays.
            texts: by field, the values and spellings (their codes are not looked at), and the rows by code
                as they were built.
            changed: rising, rows with another body than the build's.

        Raises:
            OSError, ValueError: a file is gone or not what it should be.
        """
        numbers: dict[str, Floats] = {
            field: self._array(field, versions)[:rows] for field in self._built.number_columns
        }
        columns = {}
        for field, column in texts.items():
            codes, indptr = self._array(f"{field}.codes", versions), None
            if column.indptr is not None:
                indptr = self._array(f"{field}.indptr", versions)[: rows + 1]
            codes = codes[:rows] if indptr is None else codes[: indptr[-1]]
            postings = column.postings and replace(column.postings, changed=changed)
            columns[field] = TextColumn(column.values, column.display, codes, indptr, postings)
        return MemoryColumns(rows, self._built.kinds, numbers, columns)

    def item_versions(self, versions: Mapping[str, int], rows: int) -> npt.NDArray[np.int64]:
        """``VERSIONS`` of every row."""
        return self._array(VERSIONS, versions)[:rows]

    def _array(self, name: str, versions: Mapping[str, int]) -> Array:
        version = versions[name]
        held = self._mapped.get(name)
        if held is None or held[0] != version:
            held = self._mapped[name] = version, map_array(file_of(self._folder, name, version))
        return held[1]


def _write(path: Path, values: Array, *, least: int = 0) -> None:
    """A file with room. Its blocks are reserved: a full disk is an error here, and no signal later."""
    most = max(len(values), least)
    size = most + max(_LEAST_ROOM, most // _ROOM)
    header = np.lib.format.header_data_from_array_1_0(np.empty(0, values.dtype)) | {"shape": (size,)}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        start = file.tell()
        file.write(np.ascontiguousarray(values).data)
        file.flush()
        os.posix_fallocate(file.fileno(), start, size * values.dtype.itemsize)


def _same(left: Array, right: Array) -> bool:
    return np.array_equal(left, right, equal_nan=left.dtype.kind == "f")


def _spliced(held: Array, starts: Array, rows: Rows, pieces: list[Array]) -> tuple[Array, Array]:
    """Lists with those of ``rows`` (rising) replaced by ``pieces``."""
    counts = np.diff(starts)
    counts[rows] = [len(piece) for piece in pieces]
    parts, last = [], 0
    for row, piece in zip(rows.tolist(), pieces, strict=True):
        parts += [held[last : starts[row]], piece]
        last = starts[row + 1]
    parts.append(held[last : starts[-1]])
    return np.concatenate(parts), np.concatenate([starts[:1], np.cumsum(counts)])
