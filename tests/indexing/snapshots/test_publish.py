"""Moving the pointer, and refusing to."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from indexing.contracts.errors import (
    ConflictError,
    PublishRefused,
    SnapshotBroken,
    SnapshotMissing,
)
from indexing.journal import open_journal
from indexing.snapshots import Manifest, compare, list_snapshots, previous, publish, read_manifest, rollback
from tests.indexing.snapshots.conftest import Build


class Memory:
    """A pointer as the control database keeps it."""

    def __init__(self, name: str | None = None, before: str | None = None) -> None:
        self.name = name
        self.ever = {before} if before else set()
        self.audit: list[tuple[str, str, str]] = []

    def pointer(self) -> str | None:
        return self.name

    def served(self) -> frozenset[str]:
        return frozenset(self.ever)

    def swap(self, name: str, expected: str | None, actor: str, detail: str = "") -> int:
        if expected != self.name:
            raise ConflictError("moved")
        self.name = name
        self.ever.add(name)
        self.audit.append((name, actor, detail))
        return len(self.audit)


@pytest.fixture
def manifest(built: Path) -> Manifest:
    return read_manifest(built)


def changed(manifest: Manifest, **fields: object) -> Manifest:
    return msgspec.structs.replace(manifest, **fields)


def test_as_good_is_no_reason(manifest: Manifest) -> None:
    """The same, better, a little worse, another shop declaration, or nothing served: no reason."""
    better = changed(
        manifest, rows=10**6, shop_hash="other", models=[*manifest.models, "trend"], catalogue_seq=9
    )
    for candidate, served in [(manifest, manifest), (better, manifest), (manifest, None)]:
        assert compare(candidate, served) == ()
    assert (
        compare(
            changed(manifest, rows=43, quality={"ndcg": 0.81}), changed(manifest, quality={"ndcg": 1.0})
        )
        == ()
    )


def worse_index(manifest: Manifest, recall: float) -> dict[str, object]:
    report = msgspec.structs.replace(manifest.indexes["factors"], recall=recall)
    return manifest.indexes | {"factors": report}


def test_each_way_of_being_worse_is_a_reason(manifest: Manifest) -> None:
    """Items lost, no items, recall low, a model or an index gone, a quality fallen, an older catalogue."""
    served = changed(manifest, quality={"ndcg": 0.5})
    ways: dict[str, dict[str, object]] = {
        "holds 41 items": {"rows": 41},
        "no item": {"rows": 0},
        "recall of 0.900": {"indexes": worse_index(manifest, 0.9)},
        "model popularity is gone": {"models": ["factors"]},
        "index text is gone": {"indexes": {"factors": manifest.indexes["factors"]}},
        "ndcg fell from 0.5 to 0.39": {"quality": {"ndcg": 0.39}},
        "use rollback": {"catalogue_seq": 6},
    }
    for expected, fields in ways.items():
        reasons = compare(changed(served, **fields), served)
        assert any(expected in reason for reason in reasons), (expected, reasons)


def test_a_recall_below_its_target_is_refused_even_first(manifest: Manifest) -> None:
    """Nothing is served yet: the recall must still be what the build wanted."""
    assert len(compare(changed(manifest, indexes=worse_index(manifest, 0.8)), None)) == 1


def test_publish_and_back(tmp_path: Path, now: datetime, build_snapshot: Build) -> None:
    """First, then a newer one, then back, each with its audit; there is no way back from the oldest."""
    first = build_snapshot(tmp_path, now=now).name
    second = build_snapshot(tmp_path, now=now + timedelta(hours=1)).name
    control = Memory()
    assert publish(tmp_path, control, first, actor="ann").name == first
    publish(tmp_path, control, second, actor="ann")
    assert rollback(tmp_path, control, actor="bob") == first
    assert control.audit == [
        (first, "ann", "publish"),
        (second, "ann", "publish"),
        (first, "bob", "rollback"),
    ]
    with pytest.raises(SnapshotMissing, match="older"):
        rollback(tmp_path, control, actor="bob")
    assert rollback(tmp_path, control, to=second, actor="bob") == second


def test_what_was_only_built_is_passed_over(tmp_path: Path, now: datetime, build_snapshot: Build) -> None:
    """The one in the middle was never served: it may have been refused. By name it can be."""
    names = [build_snapshot(tmp_path, now=now + timedelta(hours=hour)).name for hour in range(3)]
    with open_journal(tmp_path) as journal:
        for name in (names[0], names[2]):
            publish(tmp_path, journal.control, name, actor="ann")
        assert previous(tmp_path, journal.control) == names[0]
        assert rollback(tmp_path, journal.control, actor="bob") == names[0]
        assert previous(tmp_path, journal.control) is None
        assert rollback(tmp_path, journal.control, to=names[1], actor="bob") == names[1]
        assert journal.control.served() == set(names)


def test_with_the_control_database(tmp_path: Path, build_snapshot: Build) -> None:
    """The journal's control is such a pointer."""
    name = build_snapshot(tmp_path).name
    with open_journal(tmp_path) as journal:
        publish(tmp_path, journal.control, name, actor="ann")
        assert journal.control.pointer() == name
        (row,) = journal.control.audit(1)
        assert (row.actor, row.after, row.detail) == ("ann", name, "publish")


def test_worse_is_refused_and_forced(tmp_path: Path, now: datetime, build_snapshot: Build) -> None:
    """Half of the items: refused, nothing changed; with force it is served, and the audit says in what it
    is worse."""
    whole = build_snapshot(tmp_path, now=now).name
    half = build_snapshot(tmp_path, now=now + timedelta(hours=1), rows=30).name
    control = Memory(whole)
    with pytest.raises(PublishRefused) as caught:
        publish(tmp_path, control, half, actor="ann")
    assert caught.value.reasons == ("it holds 30 items, the one served 60",)
    assert (control.name, control.audit) == (whole, [])
    publish(tmp_path, control, half, actor="ann", force=True)
    assert control.audit == [(half, "ann", "forced: it holds 30 items, the one served 60")]


@pytest.mark.parametrize("force", [False, True])
def test_broken_is_never_served(copied: Path, force: bool) -> None:
    """A flipped byte that only its hash can tell: refused, force or not, forward or back."""
    path = copied / "columns" / "price_minor.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    home, control = copied.parents[1], Memory("99991231-000000-000-00000000", before=copied.name)
    with pytest.raises(SnapshotBroken, match="price_minor"):
        publish(home, control, copied.name, actor="ann", force=force)
    with pytest.raises(SnapshotBroken, match="price_minor"):
        rollback(home, control, actor="ann")
    assert control.audit == []


def test_what_is_not_there(copied: Path) -> None:
    """A name nobody knows, a pointer never set."""
    home = copied.parents[1]
    with pytest.raises(SnapshotMissing, match="there are: " + copied.name):
        publish(home, Memory(), "20200101-000000-000-00000000", actor="ann")
    with pytest.raises(SnapshotMissing, match="nothing has been published"):
        rollback(home, Memory(), actor="ann")
    with pytest.raises(SnapshotMissing):
        rollback(home, Memory(copied.name), to="../x", actor="ann")


def test_a_served_snapshot_that_is_gone_or_broken_is_no_obstacle(copied: Path, tmp_path: Path) -> None:
    """The pointer names a folder that was removed, or one whose manifest cannot be read: the candidate is
    published."""
    home, control = copied.parents[1], Memory("20200101-000000-000-00000000")
    publish(home, control, copied.name, actor="ann")
    (home / "snapshots" / "20200101-000000-000-00000000").mkdir()
    control = Memory("20200101-000000-000-00000000")
    publish(home, control, copied.name, actor="ann")
    assert control.name == copied.name
    assert len(list_snapshots(home)) == 2


def test_somebody_else_was_first(copied: Path) -> None:
    """The pointer moves while the candidate is being verified: a conflict, not a lost update."""

    class Moving(Memory):
        def pointer(self) -> str | None:
            seen, self.name = self.name, "moved"
            return seen

    with pytest.raises(ConflictError):
        publish(copied.parents[1], Moving(), copied.name, actor="ann")
