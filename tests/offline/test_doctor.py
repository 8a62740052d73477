"""The doctor finds each broken state, says what to do, and never breaks anything itself."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from indexing.contracts.items import Item
from indexing.contracts.shop import Shop, dump_shop
from indexing.journal import open_journal
from indexing.snapshots import list_snapshots, publish, read_manifest
from offline.build import BuildConfig, build
from offline.doctor import Finding, examine


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that is not shown."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with nothing wrong."""
    home = tmp_path_factory.mktemp("whole")
    (home / "shop.toml").write_text(dump_shop(Shop()), encoding="utf-8")
    with open_journal(home) as journal:
        journal.catalogue.put([Item(f"P{i}", f"咖啡机 {i}") for i in range(9)])
        journal.control.create_key(["storefront"], "web", actor="test")
    built = build(home, BuildConfig(train=False), progress=nothing)
    with open_journal(home) as journal:
        publish(home, journal.control, built.name, actor="test")
    return home


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(whole, tmp_path / "shop"))


def found(home: Path, state: str) -> list[Finding]:
    return [finding for finding in examine(home) if finding.state == state]


def snapshot(home: Path) -> Path:
    return next(path for path in (home / "snapshots").iterdir() if path.is_dir())


def test_a_whole_shop_has_nothing_wrong(home: Path) -> None:
    """Every finding is ok, and the command ends with 0."""
    assert [finding for finding in examine(home) if finding.state != "ok"] == []


def corrupt(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(bytes(body))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO schema_version VALUES (99, 0)")


def older(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE counter SET value = 1")


def unreadable(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO documents VALUES ('rule', 'sale', x'7b22ff')")


def unreadable_product(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE items SET body = x'7b22ff' WHERE seq = 1")


BROKEN = {
    "flipped byte": lambda home: corrupt(next((snapshot(home) / "columns").glob("*.npy"))),
    "missing file": lambda home: (snapshot(home) / "text/analyser.json").unlink(),
    "snapshot gone": lambda home: shutil.rmtree(snapshot(home)),
    "no manifest": lambda home: (snapshot(home) / "manifest.json").unlink(),
    "half a manifest": lambda home: (snapshot(home) / "manifest.json").write_text("{"),
    "bad declaration": lambda home: (home / "shop.toml").write_text("currency = 1"),
    "declaration is a folder": lambda home: [(home / "shop.toml").unlink(), (home / "shop.toml").mkdir()],
    "damaged journal": lambda home: (home / "journal/control.sqlite").write_bytes(b"no database" * 999),
    "damaged catalogue": lambda home: (home / "journal/catalogue.sqlite").write_bytes(b"no database" * 999),
    "damaged events": lambda home: (home / "journal/events.sqlite").write_bytes(b"no database" * 999),
    "damaged shown": lambda home: (home / "journal/shown.sqlite").write_bytes(b"no database" * 999),
    "no journal": lambda home: shutil.rmtree(home / "journal"),
    "a newer journal": lambda home: newer(home / "journal/control.sqlite"),
    "a rule that is none": lambda home: unreadable(home / "journal/control.sqlite"),
    "a product that is none": lambda home: unreadable_product(home / "journal/catalogue.sqlite"),
    "a broken day": lambda home: write(home / "events/day=2026-01-01/part-1-2.parquet", "PAR1"),
    "an empty secret": lambda home: write(home / "secrets/cursor.key", ""),
    "live is a file": lambda home: write(home / "live", ""),
    "snapshots is a file": lambda home: [shutil.rmtree(home / "snapshots"), write(home / "snapshots", "")],
    "an older catalogue": lambda home: older(home / "journal/catalogue.sqlite"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named_with_advice(home: Path, name: str) -> None:
    """One finding at least is broken, each says what to do, and no check hides another."""
    BROKEN[name](home)
    broken = found(home, "broken")
    assert broken
    assert all(finding.advice for finding in broken)
    assert found(home, "ok")


@pytest.mark.parametrize("name", ["control", "catalogue", "events", "shown"])
def test_a_damaged_file_of_the_journal_is_mended_as_the_advice_says(home: Path, name: str) -> None:
    """It is moved away, what was in it made again; the others, and the snapshots, were never in danger."""
    path = home / f"journal/{name}.sqlite"
    with open_journal(home) as journal:
        journal.events.count()
        journal.shown.count()
    path.write_bytes(b"no database" * 999)
    (finding,) = found(home, "broken")
    assert f"mv {path}*" in finding.advice
    for file in (home / "journal").glob(f"{name}.sqlite*"):
        file.unlink()
    if name == "catalogue":
        assert found(home, "broken") or found(home, "warning")
        with open_journal(home) as journal:
            journal.catalogue.put([Item(f"P{i}", f"咖啡机 {i}") for i in range(9)])
    if name == "control":
        (advice,) = [one.advice for one in found(home, "warning") if "published" in one.what]
        with open_journal(home) as journal:
            publish(home, journal.control, advice.split()[-1], actor="test")
    assert found(home, "broken") == []


def test_the_snapshot_that_is_advised_is_whole(home: Path) -> None:
    """The newest is broken too: the one before it is named."""
    more = [build(home, BuildConfig(train=False), progress=nothing).name for _ in range(2)]
    names = [list_snapshots(home)[0].name, *more]
    for name in (names[0], names[2]):
        (home / "snapshots" / name / "text/analyser.json").unlink()
    (finding,) = found(home, "broken")
    assert finding.advice == f"daogou publish {names[1]} --force"


def test_a_lock_is_no_reason_to_move_a_file_away(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is a newer daogou's file."""
    monkeypatch.setattr("indexing.journal.dialect._BUSY_S", 0.01)
    with closing(sqlite3.connect(home / "journal/catalogue.sqlite", isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        (finding,) = found(home, "broken")
    assert "locked" in finding.what
    assert "mv" not in finding.advice


def test_a_snapshot_of_a_newer_daogou_is_named(home: Path) -> None:
    """In words, not as damage."""
    path = snapshot(home) / "manifest.json"
    manifest = msgspec.json.decode(path.read_bytes())
    manifest["format"] += 1
    path.write_bytes(msgspec.json.encode(manifest))
    assert any("newer" in finding.what for finding in found(home, "broken"))


def test_secrets_that_others_may_read_are_broken(home: Path) -> None:
    """And the command that mends it is given."""
    folder = home / "secrets"
    folder.mkdir(mode=0o700)
    (folder / "cursor.key").write_text("0" * 64)
    (folder / "cursor.key").chmod(0o644)
    (finding,) = found(home, "broken")
    assert "cursor.key" in finding.what
    assert "chmod" in finding.advice


def test_notes_are_no_faults(home: Path) -> None:
    """A changed declaration and a dead build are said; nothing is broken."""
    (home / "shop.toml").write_text(dump_shop(Shop(name="其他")), encoding="utf-8")
    (home / "snapshots/20260101-000000-000.building").mkdir()
    said = " ".join(finding.what for finding in found(home, "warning"))
    assert "shop.toml changed" in said
    assert "20260101" in said
    assert found(home, "broken") == []


def test_an_empty_folder_is_told_how_to_begin(tmp_path: Path) -> None:
    """And one that is not there."""
    assert any("daogou import" in finding.advice for finding in examine(tmp_path))
    assert found(tmp_path / "nowhere", "broken")[0].advice


def test_the_command_ends_with_1_when_something_is_broken(home: Path) -> None:
    """And with 0 when not."""
    import typer

    from offline.commands import mount

    app = typer.Typer()
    mount(app)
    assert CliRunner().invoke(app, ["doctor", "--home", str(home)]).exit_code == 0
    assert read_manifest(snapshot(home)).rows == 9
    corrupt(next((snapshot(home) / "items").glob("*.arrow")))
    broken = CliRunner().invoke(app, ["doctor", "--home", str(home)])
    assert broken.exit_code == 1
    assert "BROKEN" in broken.output
