"""The columns of a snapshot on the disk: written from memory, mapped by every process.

A number field is ``<field>.npy``; a text field is a folder with ``values.arrow`` and ``display.arrow`` (by
code), ``codes.npy`` and, where a row may have several values, ``indptr.npy``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexing.contracts.columns import NO_COLUMN, TextColumn, field_kinds
from indexing.contracts.memory_columns import MemoryColumns
from indexing.contracts.shop import Shop
from indexing.snapshots.arrow_texts import map_sorted, map_texts, write_texts
from indexing.vectors.mapping import map_array

_TEXT = frozenset({"text", "texts"})


def write_columns(folder: Path, columns: MemoryColumns) -> None:
    """Write every column into a folder, made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in columns.number_columns.items():
        np.save(folder / f"{name}.npy", values)
    for name, column in columns.text_columns.items():
        _write_text(folder / name, column)


def map_columns(folder: Path, shop: Shop, rows: int) -> MemoryColumns:
    """Map what :func:`write_columns` wrote for the same shop.

    Raises:
        OSError, ValueError: a file is not there, or not what it should be.
    """
    kinds = {name: kind for name, kind in field_kinds(shop).items() if name not in NO_COLUMN}
    numbers = {name: map_array(folder / f"{name}.npy") for name, kind in kinds.items() if kind not in _TEXT}
    texts = {
        name: _map_text(folder / name, several=kind == "texts")
        for name, kind in kinds.items()
        if kind in _TEXT
    }
    lengths = {name: len(values) for name, values in numbers.items()}
    for name, column in texts.items():
        lengths[name] = len(column.codes) if column.indptr is None else len(column.indptr) - 1
    if wrong := {name: length for name, length in lengths.items() if length != rows}:
        raise ValueError(f"{folder}: columns of {rows} rows were expected, not {wrong}")
    return MemoryColumns(rows, field_kinds(shop), numbers, texts)


def _write_text(folder: Path, column: TextColumn) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_texts(folder / "values.arrow", column.values.array)
    write_texts(folder / "display.arrow", column.display)
    np.save(folder / "codes.npy", column.codes)
    if column.indptr is not None:
        np.save(folder / "indptr.npy", column.indptr)


def _map_text(folder: Path, *, several: bool) -> TextColumn:
    return TextColumn(
        values=map_sorted(folder / "values.arrow"),
        display=map_texts(folder / "display.arrow"),
        codes=map_array(folder / "codes.npy"),
        indptr=map_array(folder / "indptr.npy") if several else None,
    )
