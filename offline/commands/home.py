"""Where the shop lives, and how commands end."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

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
