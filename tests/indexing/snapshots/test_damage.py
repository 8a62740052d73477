"""Every kind of file of a snapshot, truncated, flipped or gone, is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexing.contracts.errors import SnapshotBroken
from indexing.snapshots import Snapshot, verify
from indexing.snapshots.manifest import read_manifest
from tests.indexing.snapshots.conftest import Build

KINDS = (
    "items/ids.arrow",
    "items/bodies.arrow",
    "columns/price_minor.npy",
    "columns/attributes.weight_g.npy",
    "columns/brand/values.arrow",
    "columns/brand/display.arrow",
    "columns/brand/codes.npy",
    "columns/category/indptr.npy",
    "columns/category/rows.npy",
    "columns/tags/starts.npy",
    "columns/attributes.颜色/codes.npy",
    "text/analyser.json",
    "lexical/meta.json",
    "lexical/*.idx",
    "lexical/*.term",
    "lexical/*.fast",
    "vectors/text/vectors.npy",
    "vectors/text/index.json",
    "vectors/factors/index.faiss",
    "models/popularity/scores.npy",
    "models/factors/items.npy",
)


def one(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    assert found, f"{pattern} is not in a snapshot: the test is out of date"
    return found[0]


def test_a_whole_snapshot_passes(built: Path) -> None:
    """Deep or not, what was built is whole."""
    assert verify(built) == verify(built, deep=False) == read_manifest(built)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_byte_is_found_by_its_hash(copied: Path, kind: str) -> None:
    """One bit anywhere: verify names the file."""
    path = one(copied, kind)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(SnapshotBroken) as caught:
        verify(copied)
    assert path.relative_to(copied).as_posix() in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cut", ["half", "empty", "longer", "gone"])
def test_another_length_is_found_when_opening(copied: Path, kind: str, cut: str) -> None:
    """Opening already refuses: a mapped file that is short would kill its reader later."""
    path = one(copied, kind)
    content = path.read_bytes()
    path.unlink()
    if cut != "gone":
        path.write_bytes(
            {"half": content[: len(content) // 2], "empty": b"", "longer": content + b"x"}[cut]
        )
    for check in (Snapshot.open, verify):
        with pytest.raises(SnapshotBroken) as caught:
            check(copied)
        assert path.relative_to(copied).as_posix() in str(caught.value)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("models")])
def test_garbage_of_the_right_length_is_refused_when_opening(copied: Path, kind: str) -> None:
    """Headers overwritten: whichever library reads it, the error is ours, never its own. (What is only
    numbers has no header to tell; hashes find that.)"""
    path = one(copied, kind)
    path.write_bytes(b"\x93garbage" + bytes(path.stat().st_size - 8))
    with pytest.raises(SnapshotBroken):
        verify(copied, deep=False)


def test_a_folder_renamed_by_hand_is_refused(copied: Path) -> None:
    """Name and manifest must agree: answers carry the name."""
    other = copied.rename(copied.with_name("20200101-000000-000-00000000"))
    with pytest.raises(SnapshotBroken, match="holds the manifest of"):
        verify(other)


def test_files_of_two_snapshots_do_not_pass(copied: Path, tmp_path: Path, build_snapshot: Build) -> None:
    """A folder swapped for that of another build is found even when hashes are not compared."""
    other = build_snapshot(tmp_path / "other", rows=40)
    for part in ("items", "columns", "lexical", "vectors"):
        shutil.rmtree(copied / part)
        shutil.copytree(other / part, copied / part)
        with pytest.raises(SnapshotBroken):
            verify(copied, deep=False)
