"""The command line as its user meets it: one line of what is wrong, and an exit status that is true."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from indexing.contracts.items import Item
from indexing.journal import open_journal


def daogou(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "daogou", *arguments, "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_journal(tmp_path) as journal:
        journal.catalogue.put([Item("P1", "咖啡机", brand="德龙"), Item("P2", "杯")])
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["publish"], "daogou build"),
        (["publish", "20260101-000000-000-00000000"], "no snapshot"),
        (["rollback"], "nothing has been published"),
        (["rules", "put", "a", "pin"], "item_ids or a filter"),
        (["rules", "put", "a", "pin", "--item", "P9"], "no such product: P9"),
        (["rules", "put", "a", "explode", "--item", "P1"], "'explode'; expected one of pin, hide"),
        (["rules", "put", "a", "pin", "--item", "P1", "--scenario", "nowhere"], "expected one of search"),
        (
            ["rules", "put", "a", "pin", "--item", "P1", "--position", "0"],
            "position is 0; expected int >= 1",
        ),
        (["keys", "sign-user", ""], "user_id has 0 characters"),
        (["rules", "put", "a", "hide", "--filter", "brand >"], "expected"),
        (["rules", "delete", "nothing"], "nothing"),
        (["simulate", "--products", "100", "--shoppers", "10", "--days", "1"], "no simulation made"),
        (["import", "items", "nothing.csv"], "nothing.csv"),
        (["keys", "create", "web", "--scope", "everything"], "everything"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_1(home: Path, arguments: list[str], says: str) -> None:
    """No traceback, and what was given is named."""
    done = daogou(home, *arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_without_a_shop_is_named(tmp_path: Path) -> None:
    """And nothing is made in it."""
    for command in (
        ["rules", "list"],
        ["keys", "create", "a", "--scope", "storefront"],
        ["keys", "sign-user", "u"],
    ):
        done = daogou(tmp_path / "nowhere", *command)
        assert (done.returncode, "there is no shop" in done.stderr) == (1, True)
    assert not (tmp_path / "nowhere").exists()


def test_a_line_that_is_not_understood_ends_with_2(home: Path) -> None:
    """As every command line does."""
    assert daogou(home, "publish", "--colour", "red").returncode == 2


def test_rules_are_put_listed_and_deleted(home: Path) -> None:
    """Texts are folded: 咖啡機 is kept as 咖啡机, coffee machine."""
    assert daogou(home, "rules", "put", "top", "pin", "--item", "P1", "--query", "咖啡機").returncode == 0
    assert '"query":"咖啡机"' in daogou(home, "rules", "list").stdout
    with open_journal(home) as journal:
        assert [rule.kind for rule in journal.control.rules()] == ["pin"]
        assert journal.control.audit()[0].actor.endswith("@command-line")
    assert daogou(home, "rules", "delete", "top").returncode == 0
    assert daogou(home, "rules", "list").stdout == ""


def test_help_starts_without_the_libraries_of_the_jobs() -> None:
    """A command's help imports neither torch nor duckdb nor a web framework."""
    code = (
        "import sys, daogou, typer; sys.argv = ['daogou', '--help']\n"
        "try: daogou.main()\nexcept SystemExit: pass\n"
        "heavy = ('torch', 'duckdb', 'implicit', 'fastapi', 'faiss', 'numba')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")


def test_what_the_disk_refuses_is_one_line(home: Path) -> None:
    """Not a traceback: here a file stands where a folder is wanted."""
    (home / "imports").write_text("")
    (home / "a.csv").write_text("item_id,title\n1,a\n")
    done = daogou(home, "import", "items", str(home / "a.csv"))
    assert done.returncode == 1
    assert done.stderr.startswith("daogou: ")
    assert done.stderr.count("\n") == 1
    assert "imports" in done.stderr
