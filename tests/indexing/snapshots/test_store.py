"""What is kept and what goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing.contracts.errors import SnapshotMissing
from indexing.snapshots import find, list_snapshots, newest, prune, sweep
from indexing.snapshots.store import building


@pytest.fixture
def names(tmp_path: Path) -> list[str]:
    """Five folders that look like snapshots, the oldest first."""
    names = [f"2026112{day}-103000-000-0000000{day}" for day in range(1, 6)]
    for name in reversed(names):
        (tmp_path / "snapshots" / name / "items").mkdir(parents=True)
        (tmp_path / "snapshots" / name / "items" / "x").write_bytes(b"1234")
    for other in ("notes", "20261130-103000-000.building", "20261130-103000-000-0000000a.removing"):
        (tmp_path / "snapshots" / other).mkdir()
    (tmp_path / "snapshots" / "20261129-103000-000-00000009").write_text("a file")
    return names


def test_only_finished_snapshots_are_listed(tmp_path: Path, names: list[str]) -> None:
    """By age; what is being built or removed, and what somebody put there, is none."""
    assert [one.name for one in list_snapshots(tmp_path)] == names
    last = newest(tmp_path)
    assert last is not None
    assert (last.name, last.bytes) == (names[-1], 4)
    assert find(tmp_path, names[2]).path == tmp_path / "snapshots" / names[2]


def test_an_empty_home(tmp_path: Path) -> None:
    """No folder, no snapshot, no error."""
    assert list_snapshots(tmp_path) == []
    assert newest(tmp_path) is None
    assert prune(tmp_path) == []
    with pytest.raises(SnapshotMissing, match="there are: none"):
        find(tmp_path, "x")


@pytest.mark.parametrize("name", ["", "..", "notes", "20261130-103000-000.building", "../snapshots"])
def test_what_is_no_name_finds_nothing(tmp_path: Path, names: list[str], name: str) -> None:
    """Names are looked up among those listed, never joined to a path."""
    with pytest.raises(SnapshotMissing):
        find(tmp_path, name)


def test_prune_keeps_the_newest_and_what_is_in_use(tmp_path: Path, names: list[str]) -> None:
    """The oldest go, unless they are served; leftovers go too, other folders stay."""
    assert prune(tmp_path, 2, in_use=[names[0]]) == names[1:3]
    assert [one.name for one in list_snapshots(tmp_path)] == [names[0], *names[3:]]
    assert (tmp_path / "snapshots" / "notes").is_dir()
    assert not list((tmp_path / "snapshots").glob("*.building"))
    assert not list((tmp_path / "snapshots").glob("*.removing"))
    assert prune(tmp_path, 2, in_use=[names[0]]) == []


def test_nothing_is_swept_under_a_build(tmp_path: Path, names: list[str]) -> None:
    """While somebody holds the lock, nothing is known to be dead."""
    with building(tmp_path):
        assert sweep(tmp_path) == []
    assert len(sweep(tmp_path)) == 2
