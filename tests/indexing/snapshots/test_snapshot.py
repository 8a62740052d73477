"""An open snapshot answers as the items say."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from indexing.contracts import filter_mask, filter_parser
from indexing.contracts.columns import NO_COLUMN, field_kinds
from indexing.contracts.errors import SnapshotBroken, SnapshotMissing, SnapshotNewer
from indexing.contracts.items import Item
from indexing.contracts.memory_columns import MemoryColumns, columns_of
from indexing.contracts.shop import Shop
from indexing.lexical import OracleIndex, document
from indexing.lexical.base import LexicalQuery, Term
from indexing.snapshots import Catalogue, Snapshot
from indexing.snapshots.columns import map_columns, write_columns
from indexing.text import Analyser, fold


def test_items_by_row_and_by_id(snapshot: Snapshot, items: list[Item]) -> None:
    """Rows are the places of the sorted ids, and every item comes back whole."""
    assert snapshot.rows == snapshot.built_rows == len(items)
    assert [snapshot.id_of(row) for row in range(snapshot.rows)] == [item.item_id for item in items]
    rows = np.array([5, 0, 59, 5], np.int32)
    assert snapshot.items(rows) == [items[row] for row in rows]
    assert snapshot.item(30) == items[30]
    ids = ["p0059", "nothing", "", "p0000", "\ud800"]
    assert snapshot.rows_of(ids).tolist() == [59, -1, -1, 0, -1]
    assert [snapshot.row_of(item_id) for item_id in ids] == [59, -1, -1, 0, -1]


@pytest.mark.parametrize("row", [-1, 60, 10**6])
def test_rows_out_of_range(snapshot: Snapshot, row: int) -> None:
    """A row that there is not is an error, never another item."""
    with pytest.raises(IndexError):
        snapshot.item(row)
    with pytest.raises(IndexError):
        snapshot.id_of(row)


def test_columns_are_those_of_the_items(snapshot: Snapshot, items: list[Item], shop: Shop) -> None:
    """Every column on the disk equals the one made in memory, values, spellings and codes."""
    truth, found = columns_of(items, shop, fold), snapshot.columns
    assert found.rows == truth.rows
    assert found.kinds == field_kinds(shop)
    for name, kind in field_kinds(shop).items():
        if name in NO_COLUMN:
            continue
        if kind in {"text", "texts"}:
            ours, theirs = found.text(name), truth.text(name)
            assert list(ours.values) == list(theirs.values)
            assert list(ours.display) == list(theirs.display)
            assert ours.codes.tolist() == theirs.codes.tolist()
            assert (ours.indptr is None) == (theirs.indptr is None)
            for row in range(len(items)):
                assert ours.of_row(row).tolist() == theirs.of_row(row).tolist()
            assert (ours.postings is None) == (kind == "text")
        else:
            np.testing.assert_array_equal(found.numbers(name), truth.numbers(name))


def test_columns_without_rows_by_code(tmp_path: Path, items: list[Item], shop: Shop) -> None:
    """Snapshots of before there were any are read, and filter alike; those of other codes are refused."""
    write_columns(tmp_path, columns_of(items, shop, fold))
    new = map_columns(tmp_path, shop, len(items))
    (tmp_path / "tags" / "rows.npy").unlink()
    old = map_columns(tmp_path, shop, len(items))
    assert new.text("tags").postings is not None
    assert old.text("tags").postings is None
    condition = filter_parser.parse('tags IN ("新品", "热卖")', field_kinds(shop), fold=fold)
    masks = [filter_mask.mask(condition, one, lambda _: np.empty(0, np.int32)) for one in (new, old)]
    assert masks[0].any()
    np.testing.assert_array_equal(*masks)
    np.save(tmp_path / "category" / "starts.npy", np.zeros(1, np.int64))
    with pytest.raises(ValueError, match="rows by code"):
        map_columns(tmp_path, shop, len(items))


@pytest.mark.parametrize(
    "text",
    [
        "price_minor < 2000 AND in_stock",
        'brand IN ("HUAWEI", "小米") AND NOT tags = "新品"',
        'attributes.颜色 = "红" OR attributes.weight_g > 60',
        'item_id IN ("p0001", "p0002", "x")',
        "EXISTS rating AND NOT attributes.防水",
    ],
)
def test_filters(snapshot: Snapshot, items: list[Item], shop: Shop, text: str) -> None:
    """A mask over mapped columns is the one over columns in memory, and the engine counts as many."""
    condition = filter_parser.parse(text, field_kinds(shop), fold=fold)
    ids = [item.item_id for item in items]

    def rows_of(wanted: list[str]) -> np.ndarray:
        return np.array([ids.index(one) if one in ids else -1 for one in wanted], np.int32)

    truth = filter_mask.mask(condition, columns_of(items, shop, fold), rows_of)  # type: ignore[arg-type]
    assert 0 < truth.sum() < len(items)
    assert snapshot.mask(condition).tolist() == truth.tolist()
    assert snapshot.lexical.count(LexicalQuery(filter=condition)) == truth.sum()


def test_everything_lives(snapshot: Snapshot) -> None:
    """No filter keeps every row, and the mask that is shared cannot be written to."""
    assert snapshot.mask(None).all()
    assert snapshot.alive().shape == (60,)
    with pytest.raises(ValueError, match="read-only"):
        snapshot.alive()[0] = False


def test_words_are_found(snapshot: Snapshot, items: list[Item], shop: Shop, analyser: Analyser) -> None:
    """The lexical index finds what the oracle over the same documents finds."""
    truth = OracleIndex(field_kinds(shop))
    truth.put(document(row, item, analyser, shop) for row, item in enumerate(items))
    truth.commit()
    query = LexicalQuery((Term(words=(("咖啡机", 1.0),)),))
    assert snapshot.lexical.count(query) == truth.count(query) == 20


def test_models_and_vectors(snapshot: Snapshot, built: Path) -> None:
    """Those that were built are there, any other name is None, also one that leads out of the folder."""
    assert snapshot.model("popularity") == built / "models" / "popularity"
    assert snapshot.model("trend") is None
    assert snapshot.model("../text") is None
    assert snapshot.vectors("nothing") is None
    for name in ("text", "factors"):
        index = snapshot.vectors(name)
        assert index is not None
        vector = index.vectors(np.array([17], np.int32))[0]
        assert 17 in index.search(vector, 10).rows


def test_it_is_a_catalogue(snapshot: Snapshot, shop: Shop) -> None:
    """It says what it is, as the protocol wants (checked by mypy too)."""
    catalogue: Catalogue = snapshot
    assert catalogue.snapshot_name == snapshot.path.name
    assert catalogue.catalogue_seq == 7
    assert catalogue.shop == shop
    assert [token.text for token in catalogue.analyser.query("智能手机")] == ["智能手机"]


def test_the_manifest_says_what_was_built(snapshot: Snapshot, now: datetime, built: Path) -> None:
    """Name, time, sizes, files, indexes, models and versions."""
    manifest = snapshot.manifest
    assert re.fullmatch(r"20261122-103000-123-[0-9a-f]{8}", manifest.name)
    assert manifest.created_at == now
    assert manifest.rows == 60
    assert manifest.models == ["factors", "popularity"]
    assert manifest.indexes["factors"].method == "hnsw"
    assert manifest.indexes["text"].method == "exact"
    assert manifest.text_fingerprint == snapshot.analyser.fingerprint
    assert manifest.timings.keys() == {"items", "verify"}
    assert manifest.libraries["tantivy"]
    on_disk = {
        path.relative_to(built).as_posix(): path.stat().st_size
        for path in built.rglob("*")
        if path.is_file() and path.suffix != ".lock" and path.name != "manifest.json"
    }
    assert {name: entry.bytes for name, entry in manifest.files.items()} == on_disk
    assert sum(manifest.sizes.values()) == sum(on_disk.values())
    assert manifest.sizes.keys() == {"items", "columns", "lexical", "text", "vectors", "models"}


def test_columns_are_mapped(snapshot: Snapshot) -> None:
    """Columns cannot be written to: they are pages of the file."""
    assert isinstance(snapshot.columns, MemoryColumns)
    for array in snapshot.columns.number_columns.values():
        assert not array.flags.writeable
        assert isinstance(array.base, np.memmap)


def test_missing_and_newer(copied: Path, tmp_path: Path) -> None:
    """Each has its own error."""
    with pytest.raises(SnapshotMissing, match="no snapshot"):
        Snapshot.open(tmp_path / "nowhere")
    manifest = copied / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2, "new": {}'))
    with pytest.raises(SnapshotNewer, match="format 2"):
        Snapshot.open(copied)


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b'{"format": "x"}', b'{"format": 1}', b"\xff\xfe"]
)
def test_broken_manifests(copied: Path, content: bytes | None) -> None:
    """Absent or unreadable: the snapshot is broken."""
    (copied / "manifest.json").unlink()
    if content is not None:
        (copied / "manifest.json").write_bytes(content)
    with pytest.raises(SnapshotBroken, match="manifest"):
        Snapshot.open(copied)


def test_a_closed_snapshot_lets_go_of_its_files(built: Path) -> None:
    """After close nothing of the snapshot is mapped by the process any more."""
    program = """
import gc, pathlib, sys
from indexing.snapshots import Snapshot
path = pathlib.Path(sys.argv[1])
def mapped():
    gc.collect()
    return sum(str(path) in line for line in pathlib.Path("/proc/self/maps").read_text().splitlines())
snapshot = Snapshot.open(path)
snapshot.item(3); snapshot.mask(None)
opened = mapped()
snapshot.close()
print(opened, mapped())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(built)], capture_output=True, text=True, check=True, timeout=60
    )
    opened, closed = map(int, done.stdout.split())
    assert opened > 20
    assert closed == 0
