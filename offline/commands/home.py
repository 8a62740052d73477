"""Where the shop lives, and how commands end."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from indexing.journal import Journal

DEFAULT = "./daogou-data"
Home = Annotated[
    Path,
    typer.Option(envvar="DAOGOU_HOME", help="The shop's folder.", show_default=DEFAULT, file_okay=False),
]
HOME = Path(os.curdir) / "daogou-data"


def say(text: str) -> None:
    """A line of the plain summary, on stdout."""
    sys.stdout.write(text + "\n")


def actor() -> str:
    """Who runs the command, for the audit."""
    return f"{os.environ.get('SUDO_USER') or os.environ.get('USER') or 'somebody'}@command-line"


def journal_of(home: Path) -> Journal:
    """The journal of a shop that is there.

    Raises:
        JournalError: there is none: the folder is another one, or nothing was imported yet.
    """
    from indexing.contracts.errors import JournalError
    from indexing.journal import open_journal

    if not (home / "journal").is_dir():
        raise JournalError(
            f"there is no shop in {home}: set DAOGOU_HOME, or begin with daogou import or daogou simulate"
        )
    return open_journal(home)
