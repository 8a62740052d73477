"""``daogou evaluate`` from the command line, and what it writes down."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from offline.commands import mount
from offline.evaluate.record import hash_of

APP = typer.Typer()
mount(APP)


def test_data_is_measured_and_recorded(tmp_path: Path) -> None:
    """The record names the command, the data by hash, and the scores; no path of this machine."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    train = "\n".join(f"{user} {user % 3} {user % 3 + 3} {user % 3 + 6}" for user in range(90))
    (folder / "train.txt").write_text(train, encoding="utf-8")
    (folder / "test.txt").write_text(
        "\n".join(f"{user} {user % 3 + 9}" for user in range(90)), encoding="utf-8"
    )
    output = tmp_path / "results" / "tiny.json"
    done = CliRunner().invoke(
        APP, ["evaluate", "data", "collaborative", str(folder), "--output", str(output)]
    )
    assert done.exit_code == 0, done.output
    assert "factorisation" in done.output
    kept = json.loads(output.read_text(encoding="utf-8"))
    assert kept["command"] == "daogou evaluate data collaborative tiny"
    assert kept["inputs"]["train.txt"] == hashlib.sha256(train.encode()).hexdigest()
    assert [one["model"] for one in kept["result"]["models"]] == [
        "popularity",
        "item-item",
        "factorisation",
    ]
    assert kept["machine"]["cores"] > 0
    assert str(tmp_path) not in output.read_text(encoding="utf-8")


def test_without_a_command_it_is_the_click_through(demo: Path, tmp_path: Path) -> None:
    """As ever."""
    home = tmp_path / "home"
    shutil.copytree(demo, home)
    (home / "journal").mkdir(mode=0o700)
    done = CliRunner().invoke(APP, ["evaluate", "--home", str(home)])
    assert done.exit_code == 0, done.output
    assert "Click-through by scenario" in done.output


@pytest.mark.parametrize("option", ["--home", "--output"])
def test_what_stands_before_a_command_is_refused_not_passed_over(option: str, tmp_path: Path) -> None:
    """Else the shop of this folder would be measured, not the one that was named."""
    done = CliRunner().invoke(APP, ["evaluate", option, str(tmp_path), "truth"])
    assert done.exit_code == 2
    assert f"{option}: give it after truth" in done.output


def test_a_shop_named_by_the_environment_is_every_command_s(tmp_path: Path) -> None:
    """It stands before no command."""
    done = CliRunner().invoke(APP, ["evaluate", "truth"], env={"DAOGOU_HOME": str(tmp_path)})
    assert done.exit_code == 1
    assert "give it after" not in done.output


def test_a_folder_s_hash_changes_with_its_names_and_its_bytes(tmp_path: Path) -> None:
    """Not with when it was written."""
    (tmp_path / "a").write_text("1", encoding="utf-8")
    first = hash_of(tmp_path)
    (tmp_path / "a").write_text("1", encoding="utf-8")
    assert hash_of(tmp_path) == first
    (tmp_path / "a").write_text("2", encoding="utf-8")
    second = hash_of(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, hash_of(tmp_path)}) == 3


@pytest.mark.slow
def test_the_truth_is_told(demo: Path, tmp_path: Path) -> None:
    """Every part of it, and the record."""
    output = tmp_path / "truth.json"
    given = ["evaluate", "truth", "--held-out", "3", "--per-kind", "5", "--pairs", "1000"]
    done = CliRunner().invoke(APP, [*given, "--home", str(demo), "--output", str(output)])
    assert done.exit_code == 0, done.output
    for part in ("Next purchase", "Complements", "Queries", "Position bias"):
        assert part in done.output
    assert set(json.loads(output.read_text(encoding="utf-8"))["result"]) == {
        "purchases", "together", "search", "bias",
    }  # fmt: skip
