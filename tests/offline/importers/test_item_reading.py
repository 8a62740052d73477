"""Several processes read what one reads."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indexing.contracts.errors import DaogouError, InputError
from indexing.contracts.shop import Shop
from offline.importers import item_reading
from offline.importers.item_reading import read_changes
from offline.importers.item_rows import Read
from offline.importers.shares import CHUNK, Share, chunk_of

ROWS = 3 * CHUNK + 100
SHOP = Shop()


def write(path: Path) -> Path:
    """A bad price now and then; a group of rows ends within a chunk."""
    rows: list[dict[str, Any]] = [
        {"item_id": str(n), "title": f"杯 {n}", "price_minor": -1 if n % 9_999 == 7 else n}
        for n in range(ROWS)
    ]
    if path.suffix == ".parquet":
        table = pa.Table.from_pylist(rows)
        pq.write_table(table, path, row_group_size=10_000, write_page_checksum=True)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return path


def both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Read], list[Read]]:
    alone = list(read_changes(path, SHOP))
    monkeypatch.setattr(item_reading, "LONG", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    return alone, list(read_changes(path, SHOP))


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl", "a.csv"])
def test_the_same_rows_in_the_same_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """With the same faults."""
    alone, together = both(write(tmp_path / name), monkeypatch)
    assert [one.row for one in together] == list(range(1, ROWS + 1))
    assert together == alone
    assert sum(one.fault is not None for one in together) == 5


def test_where_a_file_breaks_off_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the process whose row it is, and the rows before are good."""
    path = write(tmp_path / "a.parquet")
    at = pq.ParquetFile(path).metadata.row_group(3).column(1).data_page_offset + 60
    whole = bytearray(path.read_bytes())
    whole[at : at + 200] = b"\xff" * 200
    path.write_bytes(whole)
    alone, together = both(path, monkeypatch)
    assert together == alone
    codes = [one.fault.code for one in together if one.fault]
    assert codes[-1] == "unreadable"
    assert codes.count("unreadable") == 1


def test_a_file_that_cannot_be_read_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of the process is that of the import."""
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    monkeypatch.setattr(item_reading, "LONG", 0)
    with pytest.raises(InputError, match=r"a\.parquet cannot be read"):
        list(read_changes(path, SHOP))


def test_a_process_that_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is an error that says so: what it had not read is not taken for read."""
    dying = tmp_path / "python"
    dying.write_text("#!/bin/sh\nhead -c 20 >/dev/null\nexit 7\n", encoding="utf-8")
    dying.chmod(0o755)
    monkeypatch.setattr(item_reading, "LONG", 0)
    monkeypatch.setattr(sys, "executable", str(dying))
    with pytest.raises(DaogouError, match="ended with status 7"):
        list(read_changes(write(tmp_path / "a.jsonl"), SHOP))


def test_every_row_is_of_one_share() -> None:
    """And a range of rows of those that have one of them."""
    shares = [Share(part, 3) for part in range(3)]
    for row in (1, CHUNK, CHUNK + 1, 2 * CHUNK, 7 * CHUNK + 5):
        owners = [share for share in shares if share.has(row)]
        assert owners == [shares[chunk_of(row) % 3]]
        assert owners[0].has_any(row, row)
    assert [share.has_any(CHUNK, CHUNK + 1) for share in shares] == [True, True, False]
