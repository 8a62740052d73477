"""The doctor finds each broken state, says what to do, and never breaks anything itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from indexing.contracts.items import Item
from indexing.contracts.shop import Shop, dump_shop
from indexing.journal import open_journal
from indexing.snapshots import publish, read_manifest
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


BROKEN = {
    "flipped byte": lambda home: corrupt(next((snapshot(home) / "columns").glob("*.npy"))),
    "missing file": lambda home: (snapshot(home) / "text/analyser.json").unlink(),
    "snapshot gone": lambda home: shutil.rmtree(snapshot(home)),
    "no manifest": lambda home: (snapshot(home) / "manifest.json").unlink(),
    "half a manifest": lambda home: (snapshot(home) / "manifest.json").write_text("{"),
    "bad declaration": lambda home: (home / "shop.toml").write_text("currency = 1"),
    "damaged journal": lambda home: (home / "journal/control.sqlite").write_bytes(b"no database" * 999),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named_with_advice(home: Path, name: str) -> None:
    """One finding at least is broken, each says what to do, and no check hides another."""
    BROKEN[name](home)
    broken = found(home, "broken")
    assert broken
    assert all(finding.advice for finding in broken)
    assert found(home, "ok")


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
    (folder / "cursor.key").write_text("secret")
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
