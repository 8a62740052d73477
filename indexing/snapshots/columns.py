"""The columns of a snapshot on the disk: written from memory, mapped by every process.

A number field is ``<field>.npy``; a text field is a folder with ``values.arrow`` and ``display.arrow`` (by
code), ``codes.npy`` and, where a row may have several values, ``indptr.npy``, and the rows of each code in
``rows.npy`` and ``starts.npy`` (snapshots of before they were written are read without).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from indexing.contracts.columns import NO_COLUMN, Postings, TextColumn, field_kinds, postings_of
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
        postings = postings_of(column.codes, column.indptr, len(column.values))
        np.save(folder / "rows.npy", postings.rows)
        np.save(folder / "starts.npy", postings.starts)


def _map_text(folder: Path, *, several: bool) -> TextColumn:
    column = TextColumn(
        values=map_sorted(folder / "values.arrow"),
        display=map_texts(folder / "display.arrow"),
        codes=map_array(folder / "codes.npy"),
        indptr=map_array(folder / "indptr.npy") if several else None,
    )
    return replace(column, postings=_map_postings(folder, column)) if several else column


def _map_postings(folder: Path, column: TextColumn) -> Postings | None:
    if not (folder / "rows.npy").exists():
        return None
    rows, starts = map_array(folder / "rows.npy"), map_array(folder / "starts.npy")
    if len(rows) != len(column.codes) or len(starts) != len(column.values) + 1:
        raise ValueError(f"{folder}: rows by code are not those of its codes")
    return Postings(rows, starts, np.empty(0, np.int32))
